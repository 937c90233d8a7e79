import WebSocketInspection

/// The most that a page contains, to let a browser show it whatever the capture contains. What is left out is
/// counted, and the page says so.
///
/// Together they keep a page below about 30,000 rows of frames, which is some tens of megabytes. (A drawing to scale,
/// one for each conversation in full, has at most four strokes for each step: ``TimeScale/maximumSteps``.)
enum PageCeilings {
    /// Conversations shown in full. Broken ones take precedence over doubtful ones, and those over clean ones.
    static let conversationsInFull = 200
    /// Frames of all conversations together, before the selection becomes narrow.
    static let frames = 10_000
    /// Rows of the list of conversations. Those with findings take precedence over clean ones.
    static let rows = 2_000
    /// Violations of one conversation shown in full; there is more than one only if judging continues after the
    /// first.
    static let violations = 20
    /// Notices of one conversation, and of one input.
    static let notices = 100
    /// Messages of one conversation that can be read, and bytes of one message.
    static let messages = 200
    static let messageBytes = 32 << 10
    /// Bytes of messages on the whole page: beyond that, conversations are shown without messages.
    static let allMessageBytes = 8 << 20
    /// Notices about whole inputs, and inputs that could not be read, on the whole page.
    static let remarks = 1_000
    /// Pairs of hops shown side by side. Those that differ do not take precedence: there are few of them.
    static let hops = 50
    /// Characters of a name that the peers or the user chose: a target, a host, a file.
    static let nameLength = 300

    /// Returns the beginning of a name.
    static func clipped(_ name: String) -> String {
        let scalars = name.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: nameLength, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return name }
        return String(scalars[..<end]) + "…"
    }
}
