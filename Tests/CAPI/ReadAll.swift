public import WebSocketFrames

// No part of the library: `FrameReader.read`, which no function of the C API calls, compiled with the rest so that it is
// held to the same. What would allocate does not compile.

/// How many bytes of payload there are; nil if a rule is broken.
public func payloadBytes(of bytes: inout MutableSpan<UInt8>, with reader: inout FrameReader) -> Int? {
    var count = 0
    do throws(Violation) {
        try reader.read(&bytes) { slice, payload in
            count &+= payload.count
        } control: { frame in
            count &+= frame.payload.count
        }
    } catch {
        return nil
    }
    return count
}
