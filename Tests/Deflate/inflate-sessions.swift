// Inflates sessions from standard input and prints the results, which `against-zlib` compares with zlib's.
//
//   a session   window bits (1 byte), takeover (1), messages (2), then each message: its length (4) and its bytes
//   an answer   for each message: the fault or 0 (1 byte), bytes inflated (4), their Adler-32 (4), the fault's offset (4)
//
// All numbers are little-endian. Each session is inflated twice, whole and in chunks of varying size; the answer is 255 if
// the two differ.

import Foundation
import PerMessageDeflate

struct Answer: Equatable {
    var fault: UInt8 = 0
    var count: UInt32 = 0
    var sum: UInt32 = 1
    var offset: UInt32 = 0

    mutating func add(_ piece: Span<UInt8>) {
        var low = sum & 0xFFFF
        var high = sum >> 16
        for index in piece.indices {
            low = (low &+ UInt32(piece[index])) % 65521
            high = (high &+ low) % 65521
        }
        sum = high << 16 | low
        count &+= UInt32(piece.count)
    }
}

func answers(_ messages: [[UInt8]], _ context: DeflateContext, chunk: Int) -> [Answer] {
    var inflater = MessageInflater(context)
    return messages.map { message in
        var answer = Answer()
        do throws(InflateFault) {
            var start = 0
            while start < message.count {
                let end = min(message.count, start + chunk)
                try inflater.inflate(message.span.extracting(start..<end)) { piece in
                    answer.add(piece)
                    return nil
                }
                start = end
            }
            try inflater.endMessage()
        } catch {
            try? inflater.endMessage()
            answer.fault = error.reason.rawValue
            answer.offset = UInt32(truncatingIfNeeded: error.offset)
        }
        return answer
    }
}

@main
struct InflateSessions {
    static func main() {
        let input = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
        var output: [UInt8] = []
        var index = 0
        func number(_ width: Int) -> Int {
            defer { index += width }
            return (0..<width).reduce(0) { $0 | Int(input[index + $1]) << ($1 * 8) }
        }
        while index < input.count {
            let context = DeflateContext(windowBits: number(1), takesOver: number(1) != 0)
            let messages = (0..<number(2)).map { _ in
                let count = number(4)
                index += count
                return Array(input[(index - count)..<index])
            }
            var whole = answers(messages, context, chunk: .max / 2)
            if whole != answers(messages, context, chunk: 1 + index % 37) { whole[0].fault = 255 }
            for answer in whole {
                output.append(answer.fault)
                for field in [answer.count, answer.sum, answer.offset] {
                    for place in 0..<4 { output.append(UInt8(truncatingIfNeeded: field >> UInt32(place * 8))) }
                }
            }
        }
        FileHandle.standardOutput.write(Data(output))
    }
}
