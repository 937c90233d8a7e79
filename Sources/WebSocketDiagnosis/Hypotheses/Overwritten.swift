internal import WebSocketFrames

/// A buffer that was filled with the next frame before all of this one had been sent.
enum Overwritten {
    static func of(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        guard suspect.back == 0, !scene.context.isAtHeader, place.end < scene.bytes.count, place.payloadStart >= 0,
            case .whole(_, let end, _) = scene.chains.frame(at: place.end, .unknown), end - place.end >= minimumCount
        else { return [] }
        let opening = scene.bytes[place.end..<(place.end + minimumCount)]
        let last = min(scene.fault, place.end - minimumCount)
        guard place.payloadStart <= last else { return [] }
        for start in place.payloadStart...last where scene.bytes[start] == opening.first {
            guard scene.bytes[start..<(start + minimumCount)].elementsEqual(opening) else { continue }
            let count = zip(scene.bytes[start..<place.end], scene.bytes[place.end..<end]).prefix { $0 == $1 }.count
            guard count == min(place.end - start, end - place.end) else { continue }
            return [
                scene.hypothesis(
                    "buffer-overwritten", suspect, resume: place.end, evidence: 8 * minimumCount, cost: 4,
                    choices: place.end - place.payloadStart,
                    says:
                        "from \(scene.place(start)) on the payload of the frame at \(scene.place(place.start)) is the next "
                        + "frame: the same \(Wording.count(count, "byte")), \(Wording.hex(opening)), occur again at "
                        + "\(scene.place(place.end)), where that frame belongs. The buffer was filled again before all of "
                        + "it was sent")
            ]
        }
        return []
    }

    /// Fewer bytes than these may be equal by chance.
    private static let minimumCount = 6
}
