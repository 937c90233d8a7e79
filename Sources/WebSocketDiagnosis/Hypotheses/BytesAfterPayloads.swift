internal import WebSocketFrames

/// The same few bytes after each of several payloads, which no header counts: the NUL that ends a C string, or a line
/// break.
enum BytesAfterPayloads {
    private static let endings: [(bytes: [UInt8], words: String)] = [
        ([0x00], "a NUL, as at the end of a string in C,"),
        ([0x00, 0x00], "two NULs, as at the end of a string of 16-bit characters,"),
        ([0x0A], "a line feed"),
        ([0x0D, 0x0A], "a line break"),
        ([0x0D], "a carriage return"),
    ]
    /// The number of frames in a row from which on it is no coincidence.
    private static let minimumFrames = 2
    private static let maximumFrames = 64

    static func of(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        let bytes = scene.bytes
        guard place.start >= 0, place.end < bytes.count, suspect.back <= 1 else { return [] }
        var found: [Hypothesis] = []
        for (ending, words) in endings where bytes[place.end...].starts(with: ending) {
            var at = place.end + ending.count
            var frames = 1
            var resume = at
            while frames < maximumFrames, scene.chains.mayResume(at: at), at < bytes.count,
                case .whole(_, let end, _) = scene.chains.frame(at: at, .unknown),
                end == bytes.count || bytes[end...].starts(with: ending)
            {
                frames += 1
                resume = at
                at = min(end + ending.count, bytes.count)
            }
            guard frames > minimumFrames else { continue }
            found.append(
                scene.hypothesis(
                    "bytes-behind-payloads", suspect, resume: scene.chains.mayResume(at: at) ? at : resume,
                    evidence: 8 * min(frames - 1, 8) + (scene.chains.mayResume(at: at) ? 0 : 40), cost: 4,
                    choices: endings.count, atMost: frames > 3 ? .certain : .likely,
                    says:
                        "after the payload of the frame at \(scene.place(place.start)) and of the "
                        + "\(Wording.count(frames - 1, "frame")) that follow \(ending == [0x00, 0x00] ? "are" : "is") \(words) "
                        + "that no length counts (\(Wording.hex(ending)))"))
        }
        return found
    }
}
