internal import WebSocketFrames

/// Bytes that a sender wrote again.
enum WrittenTwice {
    static let name = "bytes-written-twice"

    /// More bytes than these are not looked for a second time.
    private static let maximumCount = 512
    /// How far before the place where a frame was expected they are looked for.
    private static let maximumDistance = 4 << 20

    /// Where as many bytes as are too many repeat the ones before them.
    ///
    /// What goes on to repeat itself does so by nature: the same message again and again, or one value in all bytes.
    static func repetition(of count: Int, before base: Int, in place: FramePlace, _ scene: HypothesisScene) -> Int? {
        guard (4...maximumCount).contains(count) else { return nil }
        let first = max(place.start - count, base - maximumDistance, 0) + count
        guard first <= base, base + count <= scene.bytes.count else { return nil }
        let bytes = scene.bytes
        // As many bytes in a row as equal those `count` before them.
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

    /// What it says that bytes stand there twice, in bits: less where they would do so anyway.
    ///
    /// Texts repeat their words, and so do whole messages where no key hides it; a key hides nothing that comes again after
    /// a multiple of its four bytes.
    static func evidence(of count: Int, before second: Int, in place: FramePlace, _ scene: HypothesisScene) -> Int {
        let bytes = scene.bytes[(second - count)..<second]
        // A frame with this header begins in them: the next message may be the same one.
        let header = scene.bytes[scene.known(place.start, place.payloadStart)]
        if !place.header.isMasked, bytes.count > header.count, place.start >= 0,
            bytes.dropFirst(max(place.start - bytes.startIndex, 0)).firstIndex(of: header) != nil
        {
            return 0
        }
        let hides = place.header.isMasked && !count.isMultiple(of: 4) && !isText(bytes)
        return hides ? 8 * min(count, 6) : min(count - 4, 40)
    }

    /// More than two different bytes stand there, whatever they are masked with: one value comes again by nature.
    private static func varies(_ bytes: ArraySlice<UInt8>, _ place: FramePlace) -> Bool {
        Set(bytes).count > 2 && Set(place.unmasked(bytes)).count > 2
    }

    /// Text, which may begin and end inside a character.
    private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
        CleanText.holds(bytes.dropFirst(bytes.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count), isCut: true)
    }

    /// The bytes before a place and at it are those of an earlier frame's beginning, and of what comes after it up to here.
    ///
    /// - Returns: where they stand first; nil if it is not so.
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

    /// So many bytes more may be the same by chance.
    private static let chance = 4

    /// A frame was begun, and then written again from its first byte.
    static func frameAgain(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        guard place.start >= 0, place.end <= scene.bytes.count, place.end - place.start > 4 else { return [] }
        let length = place.end - place.start
        let bytes = scene.bytes
        for again in (place.start + 2)..<place.end where bytes[again] == bytes[place.start] {
            guard again + length <= bytes.count else { break }
            // All that was begun is the beginning of what was written then.
            let known = again - place.start
            guard bytes[place.start..<(place.start + known)].elementsEqual(bytes[again..<(again + known)]),
                scene.chains.mayResume(at: again + length)
            else { continue }
            return [
                scene.hypothesis(
                    WrittenTwice.name, suspect, resume: again,
                    // Two frames with one masking key are one frame. Headers are soon the same.
                    evidence: place.header.isMasked && known >= 6 ? 48 : min(known, 16), cost: 6,
                    choices: length, atMost: place.header.isMasked ? .certain : .likely,
                    says:
                        "the frame at \(scene.place(place.start)) was begun, then written again from its first byte at "
                        + "\(scene.place(again)), and legal frames follow")
            ]
        }
        return []
    }

    /// A payload was written again after itself, once or more often: the write of it was not known to have succeeded.
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
