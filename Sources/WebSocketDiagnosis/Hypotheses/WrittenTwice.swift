internal import WebSocketFrames

/// Bytes that a sender wrote twice.
enum WrittenTwice {
    static let name = "bytes-written-twice"

    /// The most bytes that are searched for a second time.
    private static let maximumCount = 512
    /// How far before the place where a frame was expected to search for them.
    private static let maximumDistance = 4 << 20

    /// Returns where the superfluous bytes repeat the ones before them.
    ///
    /// If the repetition continues, it is natural: the same message again and again, or one value in all bytes.
    static func repetition(of count: Int, before base: Int, in place: LocatedFrame, _ scene: HypothesisScene) -> Int? {
        guard (4...maximumCount).contains(count) else { return nil }
        let first = max(place.start - count, base - maximumDistance, 0) + count
        guard first <= base, base + count <= scene.bytes.count else { return nil }
        let bytes = scene.bytes
        // The number of consecutive bytes that equal those `count` before them.
        var row = 0
        var found: Int?
        for index in max(first - count, count)..<bytes.count {
            if bytes[index] == bytes[index - count] {
                row += 1
                if row > count + chance { found = nil }
            } else {
                if let found { return found }
                row = 0
            }
            let second = index + 1 - count
            if row == count, second >= first, second <= base, varies(bytes[(second - count)..<second], place),
                !scene.areFrames(second - count, second)
            {
                found = second
            } else if second > base + chance, found == nil {
                return nil
            }
        }
        return found
    }

    /// Returns how strong the evidence of repeated bytes is, in bits: less if they could be repeated anyway.
    ///
    /// Texts repeat their words, and so do whole messages unless a key hides it; a key does not hide a repetition
    /// after a multiple of its four bytes.
    static func evidence(of count: Int, before second: Int, in place: LocatedFrame, _ scene: HypothesisScene) -> Int {
        let bytes = scene.bytes[(second - count)..<second]
        // They contain the beginning of a frame with this header: the next message may be the same one.
        let header = scene.bytes[scene.known(place.start, place.payloadStart)]
        if !place.header.isMasked, bytes.count > header.count, place.start >= 0,
            bytes.dropFirst(max(place.start - bytes.startIndex, 0)).firstIndex(of: header) != nil
        {
            return 0
        }
        let hides = place.header.isMasked && !count.isMultiple(of: 4) && !isText(bytes)
        return hides ? 8 * min(count, 6) : min(count - 4, 40)
    }

    /// Returns whether the bytes have more than two different values, masked or not: a single value is naturally
    /// repeated.
    private static func varies(_ bytes: ArraySlice<UInt8>, _ place: LocatedFrame) -> Bool {
        Set(bytes).count > 2 && Set(place.unmasked(bytes)).count > 2
    }

    /// Returns whether the bytes are text, which may begin and end inside a character.
    private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
        CleanText.holds(bytes.dropFirst(bytes.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count), isCut: true)
    }

    /// Finds an earlier frame of which the bytes around a place repeat the beginning and what follows it up to here.
    ///
    /// - Returns: where they first occur; nil if there is no such frame.
    static func frames(before resume: Int, _ scene: HypothesisScene) -> Int? {
        let bytes = scene.bytes
        for place in scene.suspects.map(\.place) where place.start >= 0 && place.start < resume {
            let distance = resume - place.start
            guard (4...maximumCount).contains(distance) else { continue }
            var (lower, upper) = (resume, resume)
            while upper < bytes.count, upper - resume <= distance + chance, bytes[upper] == bytes[upper - distance] {
                upper += 1
            }
            while lower > distance, resume - lower <= distance + chance, bytes[lower - 1] == bytes[lower - 1 - distance]
            {
                lower -= 1
            }
            let row = upper - lower
            if row >= distance, row <= distance + chance, upper > resume, Set(bytes[lower..<upper]).count > 2 {
                return lower - distance
            }
        }
        return nil
    }

    /// The number of further bytes that may be equal by chance.
    private static let chance = 4

    /// Explains a frame that was begun, and then written again from its first byte.
    static func frameAgain(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        guard place.start >= 0, place.end <= scene.bytes.count, place.end - place.start > 4 else { return [] }
        let length = place.end - place.start
        let bytes = scene.bytes
        for again in (place.start + 2)..<place.end where bytes[again] == bytes[place.start] {
            guard again + length <= bytes.count else { break }
            // Everything up to there must equal the beginning of what was written then.
            let known = again - place.start
            guard bytes[place.start..<(place.start + known)].elementsEqual(bytes[again..<(again + known)]),
                scene.chains.mayResume(at: again + length)
            else { continue }
            return [
                scene.hypothesis(
                    WrittenTwice.name, suspect, resume: again,
                    // Two frames with the same masking key are one frame. Headers are often equal by chance.
                    evidence: place.header.isMasked && known >= 6 ? 48 : min(known, 16), cost: 6,
                    choices: length, atMost: place.header.isMasked ? .certain : .likely,
                    says:
                        "the frame at \(scene.place(place.start)) was begun, then written again from its first byte at "
                        + "\(scene.place(again)), and legal frames follow")
            ]
        }
        return []
    }

    /// Explains a payload that was written again after itself, once or more often: its writer did not know that the
    /// write had succeeded.
    static func payloadAgain(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        let length = place.end - place.payloadStart
        guard place.payloadStart >= 0, length > 8, place.end < scene.bytes.count else { return [] }
        let bytes = scene.bytes
        let payload = bytes[place.payloadStart..<min(place.end, bytes.count)]
        guard varies(payload.prefix(64), place) else { return [] }
        var times = 0
        var end = place.end
        while end + length <= bytes.count, bytes[end..<(end + length)].elementsEqual(payload) {
            times += 1
            end += length
        }
        guard times > 0 else { return [] }
        return [
            scene.hypothesis(
                name, suspect, resume: end, state: scene.state(after: suspect), evidence: 8 * min(length, 8),
                cost: 4,
                says:
                    "the whole payload of the frame at \(scene.place(place.start)), \(Wording.count(length, "byte")), was "
                    + "written \(times == 1 ? "once" : "\(Wording.grouped(times)) times") more after itself, from "
                    + "\(scene.place(place.end)) on")
        ]
    }
}
