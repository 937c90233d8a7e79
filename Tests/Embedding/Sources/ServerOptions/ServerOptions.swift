/// The options of the servers on the command line.
public struct ServerOptions: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port to listen on; 0 lets the system pick one.
    public var port = 0
    /// The longest message in bytes.
    public var maximumMessage = 16 << 20
    /// The longest payload of one frame in bytes; nil for no limit other than that of messages.
    public var maximumFrame: Int?
    /// The largest client window that the server agrees to, as the base-2 logarithm of bytes.
    public var clientWindowBits = 15
    /// The server's own window, likewise.
    public var serverWindowBits = 15
    /// Whether the server agrees to context takeover by the client.
    public var clientTakesOver = true
    /// Whether the server uses context takeover itself.
    public var serverTakesOver = true
    /// The number of threads that serve connections; nil for one per core.
    public var threads: Int?
    /// The number of seconds that a client may take to close after a Close.
    public var closeTimeout = 30
    /// A message of exactly this text makes the handler throw.
    public var throwOn: [UInt8]?
    /// A message of exactly this text makes the server begin the closing handshake.
    public var closeOn: [UInt8]?

    /// How to run a server.
    public static let usage = """
        --host ADDRESS     listen there (127.0.0.1)
        --port N           listen there; 0 picks a port (0)
        --max-message N    the longest message in bytes (16777216)
        --max-frame N      the longest payload of one frame in bytes (no limit of its own)
        --client-window-bits N, --server-window-bits N    the largest windows agreed to, 8…15 (15)
        --client-takeover N, --server-takeover N          0: no context takeover is agreed to (1)
        --threads N        threads that serve connections (one a core; the poll server has one)
        --close-timeout N  seconds that a client may take to close after a Close (30)
        --throw-on TEXT    the handler throws when a message is just this
        --close-on TEXT    the server closes, with code 1001, when a message is just this
        """

    /// What is wrong with a command line.
    public struct Misuse: Error, CustomStringConvertible {
        /// A description for people.
        public let description: String
    }

    /// Parses a command line without the program's name.
    public init(_ arguments: some Sequence<String>) throws(Misuse) {
        var rest = arguments.makeIterator()
        while let name = rest.next() {
            guard let value = rest.next() else { throw Misuse(description: "\(name) needs a value") }
            switch name {
            case "--host": host = value
            case "--port": port = Int(try Self.number(value, for: name, in: 0...65535))
            case "--max-message": maximumMessage = try Self.number(value, for: name, in: 0...Int.max)
            case "--max-frame": maximumFrame = try Self.number(value, for: name, in: 0...Int.max)
            case "--client-window-bits": clientWindowBits = try Self.number(value, for: name, in: 8...15)
            case "--server-window-bits": serverWindowBits = try Self.number(value, for: name, in: 8...15)
            case "--client-takeover": clientTakesOver = try Self.number(value, for: name, in: 0...1) == 1
            case "--server-takeover": serverTakesOver = try Self.number(value, for: name, in: 0...1) == 1
            case "--threads": threads = try Self.number(value, for: name, in: 1...256)
            case "--close-timeout": closeTimeout = try Self.number(value, for: name, in: 1...3600)
            case "--throw-on": throwOn = Array(value.utf8)
            case "--close-on": closeOn = Array(value.utf8)
            default: throw Misuse(description: "no option \(name)")
            }
        }
    }

    private static func number(_ text: String, for name: String, in range: ClosedRange<Int>) throws(Misuse) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw Misuse(description: "\(name) needs a number in \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }
}

/// The error that a handler of the example servers throws on request.
public struct RequestedFailure: Error {
    /// Creates the error.
    public init() {}
}
