import WebSocketFrames

/// What is wrong with the form of a head, whatever its fields say.
struct HeadFaults: Sendable {
    /// Lines that are not fields, and contradictory lengths of a body: one clause for each kind of fault.
    private(set) var malformed: [String] = []
    /// The names of fields that may occur only once, and occur more often.
    let repeated: [String]
    /// The names of fields that are present but empty, although they must have a value.
    let empty: [String]

    /// - Parameters:
    ///   - head: a whole head.
    ///   - single: the fields that may occur only once, as they are spelled in the RFC.
    ///   - filled: the fields that must not be empty.
    init(_ head: [UInt8], single: [String], filled: [String]) {
        repeated = single.filter { HTTPHead.values(of: Self.lowercased($0), in: head).count > 1 }
        empty = filled.filter { name in
            let name = Self.lowercased(name)
            return !HTTPHead.values(of: name, in: head).isEmpty && HTTPHead.elements(of: name, in: head).isEmpty
        }
        var kinds: Set<Fault> = []
        HTTPHead.forEachLine(of: head) { line in
            guard line.startIndex > 0, let fault = Fault(in: line), kinds.insert(fault).inserted else { return }
            malformed.append(fault.clause(about: line))
        }
        if !HTTPHead.values(of: "transfer-encoding", in: head).isEmpty {
            guard !HTTPHead.values(of: "content-length", in: head).isEmpty else { return }
            malformed.append("it has both Content-Length and Transfer-Encoding (RFC 9112 §6.2)")
        } else if !HTTPBody.hasReadableLength(head) {
            malformed.append("its Content-Length is not a number, or there are two that differ (RFC 9112 §6.3)")
        }
    }

    private static func lowercased(_ name: String) -> String {
        String(decoding: name.utf8.map(\.lowercased), as: UTF8.self)
    }

    /// What is wrong with a line after the first.
    private enum Fault {
        case null, loneReturn, noColon, spaceBeforeColon, badName, folded

        init?(in line: ArraySlice<UInt8>) {
            guard let first = line.first else { return nil }
            if line.contains(0) {
                self = .null
            } else if line.contains(ASCII.carriageReturn) {
                self = .loneReturn
            } else if first == ASCII.space || first == ASCII.tab {
                self = .folded
            } else if let colon = line.firstIndex(of: ASCII.colon) {
                let name = line[..<colon]
                if let last = name.last, last == ASCII.space || last == ASCII.tab {
                    self = .spaceBeforeColon
                } else if name.isEmpty || !name.allSatisfy(Self.isOfName) {
                    self = .badName
                } else {
                    return nil
                }
            } else {
                self = .noColon
            }
        }

        func clause(about line: ArraySlice<UInt8>) -> String {
            switch self {
            case .null: "there is a NUL in the line \(Fault.quoted(line)) (RFC 9110 §5.5)"
            case .loneReturn:
                "there is a carriage return without a line feed in the line \(Fault.quoted(line)) (RFC 9112 §2.2)"
            case .noColon: "the line \(Fault.quoted(line)) has no colon (RFC 9112 §5)"
            case .spaceBeforeColon: "there is white space before the colon of \(Fault.quoted(line)) (RFC 9112 §5.1)"
            case .badName: "the line \(Fault.quoted(line)) does not begin with a field's name (RFC 9110 §5.1)"
            case .folded: "the line \(Fault.quoted(line)) continues the one before, which is obsolete (RFC 9112 §5.2)"
            }
        }

        private static func quoted(_ line: ArraySlice<UInt8>) -> String {
            "\"\(HTTPHead.printable(line, limit: 60))\""
        }

        private static func isOfName(_ byte: UInt8) -> Bool {
            byte.isWordByte || "!#$%&'*+-.^`|~".utf8.contains(byte)
        }
    }
}
