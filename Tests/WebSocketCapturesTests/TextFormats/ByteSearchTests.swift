import Testing

@testable import WebSocketCaptures

@Suite("searching for a byte, eight at a time")
struct ByteSearchTests {
    @Test("at every place, from every place, among similar bytes")
    func everyPlace() {
        for neighbour in [0x0B, 0x09, 0x8A, 0x00, 0xFF, 0x0A] as [UInt8] {
            for count in 0...20 {
                for place in 0...count {
                    var bytes = [UInt8](repeating: neighbour, count: count)
                    if place < count { bytes[place] = 0x0A }
                    for start in 0...count {
                        let right = bytes[start...].firstIndex(of: 0x0A) ?? count
                        #expect(bytes.span.firstIndex(of: 0x0A, from: start) == right)
                    }
                }
            }
        }
    }
}
