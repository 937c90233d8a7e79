import SeededRandom
import Testing
import WebSocketDiagnosis
import WebSocketFrames

/// Texts of many scripts whose payload is masked with a key that is not in the stream.
@Suite struct MaskedScriptTests {
    private static let scripts = [
        "Cyrillic": "привет сообщение комната пользователь ошибка время который может быть только",
        "Greek": "καλημέρα μήνυμα χρήστης λάθος ώρα ημέρα και στο αυτό είναι",
        "Chinese": "你好 我们 的是 中国 时间 用户 消息 错误 不能 已经 因为",
        "Japanese": "こんにちは ありがとう です ました ユーザー 時間 東京 メッセージ",
        "Korean": "안녕하세요 사용자 시간 메시지 오류 우리는 한국 입니다",
        "Arabic": "مرحبا بالعالم رسالة مستخدم خطأ وقت يوم هذا الذي على",
        "Hebrew": "שלום עולם הודעה משתמש שגיאה זמן יום",
        "Thai": "สวัสดี ข้อความ ผู้ใช้ เวลา วัน ห้อง",
        "emoji": "ok😀 great🎉 nice👍 👩‍👩‍👧 🚀go later😂",
        "Latin": "Zürich schön für Straße Übung café déjà naïve",
    ]

    @Test(arguments: scripts.keys.sorted()) func json(script: String) throws {
        var random = SplitMix64(seed: 0x5C21)
        for count in Sample.cases([1_000, 2_000, 70_000], debug: [1_000, script == "Korean" ? 70_000 : 2_000]) {
            let used = random.bytes(4)
            let found = try #require(Self.diagnosis(of: json(of: script, count, &random), maskedWith: used))
            #expect(found.name == "mask-of-another-key", "\(count): \(found)")
            #expect(found.certainty == .certain, "\(count)")
            let digits = used.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
            #expect(found.message.contains("unmasked with " + digits.joined(separator: " ")), "\(found.message)")
        }
    }

    /// A short text, or one without ASCII, fits several keys: none is claimed.
    @Test(arguments: scripts.keys.sorted()) func tooFewBytesToDecide(script: String) {
        var random = SplitMix64(seed: 0x5C22)
        let words = Self.scripts[script]?.filter { $0 > "\u{7F}" } ?? ""
        let pure = Array(String(repeating: words, count: 40).utf8.prefix(1_200))
        for text in [Array(json(of: script, 60, &random).prefix(60)), pure] {
            let found = Self.diagnosis(of: text, maskedWith: [0x5C, 0x21, 0xE8, 0x77])
            #expect(
                found?.name != "mask-of-another-key" || found?.certainty == .possible, "\(String(describing: found))")
        }
    }

    /// Not text under any key, though its high bits follow a pattern.
    @Test(arguments: [false, true]) func notText(isOwnKey: Bool) {
        var random = SplitMix64(seed: 0x5C23)
        let own = Self.own
        var payloads: [[UInt8]] = []
        for count in [200, 1_200] {
            payloads.append(random.bytes(count))
            payloads.append((0..<count).map { _ in UInt8(random.below(16)) })
            payloads.append((0..<(count / 4)).flatMap { _ in [UInt8(0x41 + random.below(26)), 0xD0, 0x80, 0x20] })
            payloads.append((0..<(count / 2)).flatMap { _ in [random.byte(), UInt8(random.below(4))] })
            payloads.append(
                Self.scripts.values.sorted().flatMap { $0.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } })
        }
        for payload in payloads {
            let found = Self.diagnosis(of: payload, maskedWith: isOwnKey ? own : [0x5C, 0x21, 0xE8, 0x77])
            #expect(found?.name != "mask-of-another-key", "\(String(describing: found))")
        }
    }

    private static let own: [UInt8] = [0x3A, 0xC1, 0x05, 0x96]

    private func json(of script: String, _ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        let words = Self.scripts[script]?.split(separator: " ").map(String.init) ?? []
        var text = "{\"type\":\"list\",\"items\":["
        while text.utf8.count < count {
            let some = (0...random.below(4)).map { _ in words[random.below(words.count)] }.joined(separator: " ")
            text += "{\"name\":\"\(some)\",\"n\":\(random.below(1_000))},"
        }
        return Array((text.dropLast() + "]}").utf8)
    }

    private static func diagnosis(of payload: [UInt8], maskedWith key: [UInt8]) -> Diagnosis? {
        let whole = MadeFrame.bytes(0x81, payload, key: own)
        let frame = whole.dropLast(payload.count) + MadeFrame.masked(payload, key)
        let after = (1...3).flatMap {
            MadeFrame.bytes(0x81, Array("{\"n\":\($0),\"of\":3}".utf8), key: [9, 8, 7, UInt8($0)])
        }
        return Evidence(stream: frame + after, validator: FrameValidator(sender: .client)).flatMap(Diagnosis.of)
    }
}
