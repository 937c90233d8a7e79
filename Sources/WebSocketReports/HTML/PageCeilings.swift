import WebSocketInspection

/// What a page holds at most, so that a browser can show it whatever the capture holds. What is left out is counted, and
/// the page says so.
///
/// Together they keep a page below about 30,000 rows of frames, which is some tens of megabytes. (A drawing to scale, of
/// which there is one a conversation in full, has at most four strokes a step: ``TimeScale/mostSteps``.)
enum PageCeilings {
    /// Conversations shown in full. Broken ones are kept before doubtful ones, and these before clean ones.
    static let conversationsInFull = 200
    /// Frames of all conversations together, before the selection becomes narrow.
    static let frames = 10_000
    /// Rows of the list of conversations. Those with findings are kept before clean ones.
    static let rows = 2_000
    /// Violations of one conversation shown in full: more come only where judging goes on after the first.
    static let violations = 20
    /// Notices of one conversation, and of one input.
    static let notices = 100
    /// Messages of one conversation that can be read, and bytes of one.
    static let messages = 200
    static let messageBytes = 32 << 10
    /// Bytes of messages of the whole page: of conversations after that none are shown.
    static let allMessageBytes = 8 << 20
    /// Notices about whole inputs, and inputs that could not be read, on the whole page.
    static let remarks = 1_000
    /// Pairs of hops shown side by side. Those that differ are not kept before the others: there are few of them.
    static let hops = 50
    /// Characters of a name that the peers or the user chose: a target, a host, a file.
    static let nameLength = 300

    /// The beginning of a name.
    static func clipped(_ name: String) -> String {
        let scalars = name.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: nameLength, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return name }
        return String(scalars[..<end]) + "…"
    }
}
