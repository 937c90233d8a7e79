/// What `strace -xx` prints about calls that read or write: the bytes in quotes, of one descriptor and one direction.
///
///     write(7, "\x81\x05\x68\x65\x6c\x6c\x6f", 7) = 7
///     recvfrom(7, "\x83\x02\x68\x69", 4096, 0, NULL, NULL) = 4
struct SystemCalls: LinewiseHexForm {
    var held: [UInt8] = []
    /// The descriptor that all calls have, and whether they send.
    private var stream: (descriptor: UInt64, isSent: Bool)?
    /// Whether the trace is of a whole program, which reads files as well: then only sockets count.
    private var isOfProgram = false
    private var sockets: Set<UInt64> = []

    private static let calls: [(name: String, isSent: Bool)] = [
        ("write(", true), ("writev(", true), ("send(", true), ("sendto(", true), ("sendmsg(", true),
        ("pwrite64(", true),
        ("read(", false), ("readv(", false), ("recv(", false), ("recvfrom(", false), ("recvmsg(", false),
    ]

    /// Returns whether a text has such a call, with its bytes as `\x81`, before any line that is not of a trace.
    static func areThere(_ text: Span<UInt8>) -> Bool {
        var start = 0
        while start < text.count {
            let end = text.firstIndex(of: ASCII.lineFeed, from: start)
            let line = text.extracting(start..<end)
            if call(in: line) != nil, line.contains("\"\\x") { return true }
            guard line.contains("(") || line.contains("+++") || line.contains("---") else { return false }
            start = end + 1
        }
        return false
    }

    /// Returns where the arguments of a call begin, after a process's number or a time.
    private static func call(in line: Span<UInt8>) -> (arguments: Int, isSent: Bool)? {
        var start = 0
        // At most two words precede it.
        for _ in 0..<4 {
            for call in calls where line.has(call.name, at: start) {
                return (start + call.name.utf8.count, call.isSent)
            }
            while start < line.count, line[start] != ASCII.space { start += 1 }
            while start < line.count, line[start] == ASCII.space { start += 1 }
        }
        return nil
    }

    mutating func read(_ line: Span<UInt8>, number: Int, into bytes: inout [UInt8]) throws(TextError) {
        guard let call = Self.call(in: line) else { return noteOtherCall(line) }
        func fault(_ column: Int, _ message: String) -> TextError {
            TextError(TextPosition(line: number, column: column + 1), message)
        }
        var index = call.arguments
        guard let descriptor = DecimalText.number(in: line, &index) else { return }
        // Before anything else, a program reads its libraries.
        isOfProgram = isOfProgram || line.contains("\"\\x7f\\x45\\x4c\\x46")
        let isNamedSocket = ["recv", "send"].contains { line.contains($0) } || line.has("<TCP", at: index)
        guard !isOfProgram || isNamedSocket || sockets.contains(descriptor) else { return }
        let (read, end) = try Self.quoted(line, from: index, fault)
        guard !read.isEmpty else { return }
        var result = end
        while result < line.count, !line.has(") = ", at: result) { result += 1 }
        result += 4
        // A call that failed, or has not returned, transferred nothing.
        guard let count = DecimalText.number(in: line, &result), count > 0 else { return }
        let stream = self.stream ?? (descriptor, call.isSent)
        self.stream = stream
        guard stream == (descriptor, call.isSent) else {
            throw fault(
                0,
                "another \(stream.descriptor == descriptor ? "direction" : "descriptor") than in the calls before it: "
                    + "put the calls of each into a file of their own")
        }
        guard count <= UInt64(read.count) else {
            throw fault(end, "strace printed \(read.count) of \(count) bytes: trace again with -s 1000000")
        }
        bytes.append(contentsOf: read.prefix(Int(count)))
    }

    /// Notes another call: for those that open something, what it is.
    private mutating func noteOtherCall(_ line: Span<UInt8>) {
        var result = line.count
        while result > 0, line[result - 1].isDecimalDigit { result -= 1 }
        var index = result
        let opensSocket = line.contains("socket(AF_INET") || line.contains("accept(") || line.contains("accept4(")
        if opensSocket, result >= 2, let descriptor = DecimalText.number(in: line, &index) {
            sockets.insert(descriptor)
        }
        if ["execve(", "openat(", "open(", "mmap("].contains(where: { line.contains($0) }) { isOfProgram = true }
    }

    /// Returns the bytes of all quotes of a call, concatenated, and where the last quote ends.
    private static func quoted(
        _ line: Span<UInt8>, from start: Int, _ fault: (Int, String) -> TextError
    ) throws(TextError) -> (bytes: [UInt8], end: Int) {
        var bytes: [UInt8] = []
        var index = start
        var end = start
        while index < line.count, !line.has(") = ", at: index) {
            guard line[index] == ASCII.doubleQuote else {
                index += 1
                continue
            }
            index += 1
            while index < line.count, line[index] != ASCII.doubleQuote {
                guard line.has("\\x", at: index), index + 3 < line.count, line[index + 2].isHexDigit,
                    line[index + 3].isHexDigit
                else { throw fault(index, "\(line[index].shown) where \\x and two digits must come: trace with -xx") }
                bytes.append(HexDigits.value(of: line[index + 2]) << 4 | HexDigits.value(of: line[index + 3]))
                index += 4
            }
            index += 1
            end = min(index, line.count)
        }
        return (bytes, end)
    }
}
