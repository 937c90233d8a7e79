internal import WebSocketFrames

// Payloads that are masked, but not with the key in their header from its first byte on (RFC 6455 §5.3).

enum MisappliedKey {
    /// Text of fewer bytes may be clean by chance.
    private static let minimumBytes = 10
    /// From this many bytes on it is certain.
    private static let sure = 16
    /// The most bytes between the one at which the key loses its position and the first that is not text.
    private static let lag = 96
    /// The number of frames before the offending one whose keys are tried.
    private static let keysBefore = 8

    /// The key is applied from another of its bytes: from the start of the payload, or from some byte on.
    static func outOfPhase(_ context: ViolationContext) -> Match? {
        guard let payload = Payload(context), Set(payload.key).count > 1 else { return nil }
        let where_ = "the \(payload.name) at \(context.place(context.start))"
        for shift in 1...3 where payload.isText({ payload.key[($0 + shift) % 4] }) {
            // Zeros between key and payload also shift it: they belong to a header that was too long.
            if payload.begins(withZeros: 4 - shift) { continue }
            let turned = (0..<4).map { payload.key[($0 + shift) % 4] }
            // A key that is right in some of its bytes also produces something like text.
            if let solved = payload.solved(), solved != turned { continue }
            let others = payload.otherKeys.map(\.key) + (1...3).map { by in (0..<4).map { payload.key[($0 + by) % 4] } }
            if others.contains(where: { payload.sense($0) > payload.sense(turned) }) { continue }
            return payload.match(
                payload.count,
                "the payload of \(where_) is masked from byte \(shift + 1) of its key on instead of the first: read that "
                    + "way, it is \(payload.quoted { payload.key[($0 + shift) % 4] }). The position in the key has to begin anew "
                    + "with every frame.")
        }
        // Lost or superfluous bytes shift the key as well, but then the frame does not end where its header says.
        guard context.step.confirmsWell, let fault = payload.fault, fault > 0 else { return nil }
        for piece in (max(fault - lag, 1)...fault).reversed() where piece % 4 != 0 && payload.count > piece {
            let anew: (Int) -> UInt8 = { payload.key[($0 % piece) % 4] }
            guard payload.isText(anew, from: piece) else { continue }
            return payload.match(
                payload.count - piece,
                "the payload of \(where_) is masked in pieces of \(Wording.count(piece, "byte")), each from the first byte of "
                    + "its key on: read that way, byte \(Wording.grouped(piece)) and those after it are "
                    + "\(payload.quoted(from: piece, anew)). The position in the key must carry over from piece to piece."
            )
        }
        for jump in (max(fault - lag, 1)...fault).reversed() where payload.count > jump {
            for shift in 1...3 {
                let jumped: (Int) -> UInt8 = { payload.key[($0 + ($0 < jump ? 0 : shift)) % 4] }
                guard payload.isText(jumped, from: jump) else { continue }
                return payload.match(
                    payload.count - jump,
                    "from byte \(Wording.grouped(jump)) on the payload of \(where_) is masked with the wrong byte of its key, "
                        + "\(shift) further than it should be: read that way, it continues with "
                        + "\(payload.quoted(from: jump, jumped)).")
            }
        }
        return nil
    }

    /// The payload is masked with other bytes than those in its header: known ones, or ones found by their result.
    static func anotherKey(_ context: ViolationContext) -> Match? {
        guard let payload = Payload(context) else { return nil }
        let where_ = "the \(payload.name) at \(context.place(context.start))"
        let own = Wording.hex(payload.key)
        let known = payload.otherKeys.filter { other in
            other.key != payload.key && payload.isText { other.key[$0 % 4] }
        }
        if let (key, words) = known.max(by: { payload.sense($0.key) < payload.sense($1.key) }) {
            return payload.match(
                payload.count,
                "the header of \(where_) has the key \(own), and its payload is masked with \(words): read that way, it is "
                    + "\(payload.quoted { key[$0 % 4] }).")
        }
        guard let key = payload.solved() else { return nil }
        return Match(
            certainty: payload.closes({ key[$0 % 4] }) ? .certain : .likely,
            message: "the header of \(where_) has the key \(own), and its payload is text if it is unmasked with "
                + "\(Wording.hex(key)): \(payload.quoted { key[$0 % 4] }). The key that masks is not the one that is written."
        )
    }

    /// The masked payload of a text frame that is not UTF-8, as far as it is available.
    private struct Payload {
        let name: String
        let key: [UInt8]
        /// The payload as it was sent.
        private let raw: ArraySlice<UInt8>
        private let isWhole: Bool
        /// Whether it may begin inside a character.
        private let continues: Bool
        private let isFinal: Bool
        /// The index in the payload of the byte at which it is no longer UTF-8.
        let fault: Int?
        /// The keys of the frames before it.
        let keysBefore: [[UInt8]]

        var count: Int { raw.count }

        init?(_ context: ViolationContext) {
            guard context.rule == .textNotUTF8, context.messageOffset == nil, let violation = context.violation,
                let place = context.frameInStream, place.header.isMasked, place.header.reservedBits.isEmpty,
                context.isInStep || !context.evidence.reachesEnd
            else { return nil }
            let bytes = context.evidence.bytes
            let header = place.header
            raw = place.rawPayload(in: bytes)
            guard raw.count >= MisappliedKey.minimumBytes else { return nil }
            key = place.keyBytes
            isWhole = place.end <= bytes.count
            name = "\(header.opcode.name) frame"
            continues = header.opcode == .continuation
            isFinal = header.isFinal
            let distance = violation.offset &- violation.frameOffset
            let index = Int(clamping: distance) - header.count
            fault = raw.indices.contains(raw.startIndex + index) ? index : nil
            keysBefore = Self.keys(before: place.start, context)
        }

        private static func keys(before start: Int, _ context: ViolationContext) -> [[UInt8]] {
            var keys: [[UInt8]] = []
            if context.evidence.offset == 0 {
                var at = 0
                while at < start, let place = LocatedFrame(at: at, in: context.evidence.bytes), place.end <= start {
                    if place.header.isMasked { keys.append(place.keyBytes) }
                    if keys.count > 2 * MisappliedKey.keysBefore { keys.removeFirst(MisappliedKey.keysBefore) }
                    at = place.end
                }
            } else {
                for record in context.evidence.earlierFrames where record.header.isComplete {
                    keys.append(LocatedFrame(header: record.header, start: 0).keyBytes)
                }
            }
            return keys.filter { $0.count == 4 && $0 != [0, 0, 0, 0] }.suffix(MisappliedKey.keysBefore).reversed()
        }

        /// Returns whether it is text if each byte is unmasked with `key` of its index.
        func isText(_ key: (Int) -> UInt8, from start: Int = 0) -> Bool {
            guard raw.count - start >= MisappliedKey.minimumBytes else { return false }
            // Most keys fail within a few bytes.
            for index in start..<min(start + 64, raw.count) {
                let byte = raw[raw.startIndex + index] ^ key(index)
                guard byte >= 0x80 || CleanText.isASCII(byte) else { return false }
            }
            let text = unmasked(from: 0, raw.count, key)
            let rest = continues ? text.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count : 0
            return CleanText.holds(text[rest...], isCut: !isWhole || !isFinal) && makesSense(text[start...], key)
        }

        /// Returns whether it consists mostly of letters, digits and common punctuation: chance produces as many of
        /// the others.
        private func makesSense(_ text: ArraySlice<UInt8>, _ key: (Int) -> UInt8) -> Bool {
            let sample = text.prefix(4_096)
            let least = closes(key) ? 30 : sample.count < 48 ? 42 : 36
            func makesSense(_ bytes: [UInt8]) -> Bool {
                bytes.reduce(0) { $0 + ($1 < 0x80 ? Self.weight($1) : 5) } * 10 >= bytes.count * least
            }
            // A key with three right bytes produces letters in three characters of four.
            let columns = (0..<4).map { column in
                stride(from: sample.startIndex + column, to: sample.endIndex, by: 4).map { sample[$0] }
            }
            return makesSense(Array(sample)) && (sample.count < 64 || columns.allSatisfy(makesSense))
        }

        /// Other bytes that may have been used as its key.
        var otherKeys: [(key: [UInt8], words: String)] {
            [(key.reversed(), "the bytes of its key in reverse order")]
                + keysBefore.flatMap { before in
                    let name = Wording.hex(before)
                    let both = zip(before, key).map { $0 ^ $1 }
                    return [
                        (both, "its own key and then with that of an earlier frame, \(name)"),
                        (before, "the key of a frame before it, \(name)"),
                    ]
                }
        }

        /// Returns how much it looks like text with a key.
        func sense(_ key: [UInt8]) -> Int {
            let text = unmasked(from: 0, min(raw.count, 4_096)) { key[$0 % 4] }
            return text.reduce(0) { $0 + ($1 < 0x80 ? Self.weight($1) : 5) }
        }

        /// Returns whether its first `count` bytes were sent as zeros.
        func begins(withZeros count: Int) -> Bool { raw.prefix(count).allSatisfy { $0 == 0 } }

        func match(_ proof: Int, _ message: String) -> Match {
            Match(certainty: proof >= MisappliedKey.sure ? .certain : .likely, message: message)
        }

        func quoted(from start: Int = 0, _ key: (Int) -> UInt8) -> String {
            Wording.quoted(unmasked(from: start, min(start + 96, raw.count), key))
        }

        /// Returns whether it is a JSON value from its first byte to its last.
        func closes(_ key: (Int) -> UInt8) -> Bool {
            guard isWhole, let first = raw.first, let last = raw.last else { return false }
            let pair = (first ^ key(0), last ^ key(raw.count - 1))
            return pair == (0x7B, 0x7D) || pair == (0x5B, 0x5D)
        }

        /// Returns the key that turns it into text, if there is one.
        func solved() -> [UInt8]? {
            guard raw.count >= 64 else { return nil }
            if let found = solvedByLetters() { return found }
            var search = UTF8KeySearch(raw.prefix(4_096), weight: Self.weight)
            guard let found = search?.key(), found != key, isText({ found[$0 % 4] }) else { return nil }
            return found
        }

        /// Returns the same, found by the frequency of letters in every fourth byte.
        private func solvedByLetters() -> [UInt8]? {
            let sample = raw.prefix(4_096)
            var found: [UInt8] = []
            for class_ in 0..<4 {
                var counts = [Int](repeating: 0, count: 256)
                var index = sample.startIndex + class_
                while index < sample.endIndex {
                    counts[Int(sample[index])] += 1
                    index += 4
                }
                // The first bytes of another script's characters are frequent, and all alike: they are not letters.
                let most = counts.sorted(by: >).prefix(2).reduce(0, +)
                guard most * 2 <= counts.reduce(0, +) else { return nil }
                var best: (score: Int, key: UInt8)?
                for candidate in UInt8.min...UInt8.max {
                    var score = 0
                    for (value, count) in counts.enumerated() where count > 0 {
                        score += count * Self.weight(UInt8(value) ^ candidate)
                    }
                    if score > best?.score ?? 0 { best = (score, candidate) }
                }
                guard let best else { return nil }
                found.append(best.key)
            }
            // Small numbers all become letters by XOR with one byte: they are not text.
            let differences = Set(zip(found, key).map { $0 ^ $1 })
            guard differences.count > 1, found != key, isText({ found[$0 % 4] }) else { return nil }
            let text = unmasked(from: 0, sample.count, { found[$0 % 4] })
            let letters = text.count { CleanText.isLetter($0) }
            let breaks = text.count { $0 == 0x20 || $0 == 0x22 || $0 == 0x2C }
            return letters * 3 >= text.count && breaks * 16 >= text.count ? found : nil
        }

        /// Returns how strongly a byte suggests text.
        private static func weight(_ byte: UInt8) -> Int {
            switch byte {
            case 0x20: 7
            case 0x61, 0x65, 0x69, 0x6E, 0x6F, 0x72, 0x73, 0x74: 6
            case 0x22, 0x63, 0x64, 0x68, 0x6C, 0x6D, 0x75: 5
            case 0x2C, 0x3A: 4
            case 0x30...0x39, 0x61...0x7A: 3
            case 0x41...0x5A, 0x2E, 0x5B, 0x5D, 0x7B, 0x7D: 2
            default: CleanText.isASCII(byte) ? 1 : byte >= 0x80 ? -3 : -12
            }
        }

        private func unmasked(from start: Int, _ end: Int, _ key: (Int) -> UInt8) -> [UInt8] {
            (start..<end).map { raw[raw.startIndex + $0] ^ key($0) }
        }
    }
}
