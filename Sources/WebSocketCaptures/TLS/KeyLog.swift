/// The secrets of a key log in NSS format (RFC 9850), passed in pieces of any size: `LABEL CLIENT_RANDOM SECRET`, one
/// per line, in hex.
///
/// Comments, empty lines, and lines with labels that decrypt no records are skipped. Any other line, and one whose
/// secret has a length that no hash of TLS has, is counted as not understood. No line needs more than a fixed number
/// of bytes, and no more than ``maximumSecrets`` are kept, the newest; both limit the memory that a log can cost.
///
/// No part of a secret is ever in a description: it leaves this module in no form.
public struct KeyLog: Sendable {
    /// The labels whose secrets decrypt records.
    enum Label: UInt8, CaseIterable {
        /// The master secret of TLS 1.2, under the client random of its handshake.
        case masterSecret
        case clientEarly
        case clientHandshake
        case serverHandshake
        case clientApplication
        case serverApplication

        /// The label as it is written in a log.
        var name: StaticString {
            switch self {
            case .masterSecret: "CLIENT_RANDOM"
            case .clientEarly: "CLIENT_EARLY_TRAFFIC_SECRET"
            case .clientHandshake: "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
            case .serverHandshake: "SERVER_HANDSHAKE_TRAFFIC_SECRET"
            case .clientApplication: "CLIENT_TRAFFIC_SECRET_0"
            case .serverApplication: "SERVER_TRAFFIC_SECRET_0"
            }
        }

        fileprivate static let names: [(bytes: [UInt8], label: Label)] = allCases.map { label in
            (Array(label.name.description.utf8), label)
        }
    }

    /// An upper bound on the length of a line with a secret: a label of up to 31 letters, 64 digits, and 96 more.
    static let longestLine = 256

    /// The most secrets that are kept. A gigabyte of the shortest lines that matter, of 154 bytes, has 7 million.
    /// They take about 600 MB, since four secrets belong to a connection.
    public static let maximumSecrets = 8_000_000

    /// The number of secrets that were found, of those that decrypt records.
    public private(set) var count = 0
    /// The number of lines that are neither comments nor in the expected format, or whose secret has an impossible
    /// length.
    public private(set) var misunderstood: UInt64 = 0
    /// The number of secrets that were dropped in favour of newer ones: half of the ceiling at once.
    public private(set) var dropped: UInt64 = 0

    /// Secrets by connection.
    private struct Secrets {
        /// One secret. Those of a connection are chained, the newest first.
        private struct Entry {
            let label: Label
            let byteCount: UInt8
            let next: Int32
            let secret: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)
        }

        private var newest: [ClientRandom: Int32] = [:]
        private var entries: [Entry] = []

        /// The most secrets of a connection that are examined. Only a forged log has more than one for each label.
        private static let maximumSecretsOfConnection = 256

        var count: Int { entries.count }

        func knows(_ random: ClientRandom) -> Bool { newest[random] != nil }

        func secret(_ label: Label, of random: ClientRandom) -> [UInt8]? {
            var index = newest[random] ?? -1
            var steps = 0
            while index >= 0, steps < Self.maximumSecretsOfConnection {
                steps += 1
                let entry = entries[Int(index)]
                if entry.label == label { return Self.bytes(of: entry) }
                index = entry.next
            }
            return nil
        }

        mutating func add(_ secret: [UInt8], _ label: Label, _ random: ClientRandom) {
            func word(_ index: Int) -> UInt64 {
                secret.dropFirst(index * 8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            }
            entries.append(
                Entry(
                    label: label, byteCount: UInt8(secret.count), next: newest[random] ?? -1,
                    secret: (word(0), word(1), word(2), word(3), word(4), word(5))))
            newest[random] = Int32(entries.count - 1)
        }

        private static func bytes(of entry: Entry) -> [UInt8] {
            let secret = entry.secret
            let bytes = [secret.0, secret.1, secret.2, secret.3, secret.4, secret.5].flatMap { word in
                stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
            }
            return Array(bytes.prefix(Int(entry.byteCount)))
        }
    }

    /// Half of the ceiling is for the newest secrets. When it is used up, the older half is forgotten.
    private var young = Secrets()
    private var old = Secrets()
    private let half: Int
    private var line: [UInt8] = []
    /// Whether the line has more bytes than any that matters.
    private var isTooLong = false

    /// Creates an empty log.
    public init() { self.init(maximumSecrets: Self.maximumSecrets) }

    /// Creates an empty log with another ceiling.
    init(maximumSecrets: Int) { half = max(1, maximumSecrets / 2) }

    /// Reads the next piece of a log.
    public mutating func read(_ piece: Span<UInt8>) {
        for index in piece.indices {
            let byte = piece[index]
            if byte == ASCII.lineFeed || byte == ASCII.carriageReturn {
                endLine()
            } else if line.count < Self.longestLine {
                line.append(byte)
            } else {
                isTooLong = true
            }
        }
    }

    /// Ends a log, whose last line needs no line feed.
    public mutating func finish() {
        endLine()
    }

    /// Returns the secret of a connection; nil if the log has none.
    func secret(_ label: Label, of random: ClientRandom) -> [UInt8]? {
        young.secret(label, of: random) ?? old.secret(label, of: random)
    }

    /// Returns whether there is any secret of a connection.
    func knows(_ random: ClientRandom) -> Bool { young.knows(random) || old.knows(random) }

    // MARK: Lines

    private mutating func endLine() {
        defer {
            line.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        guard let first = line.first(where: { !$0.isWhiteSpace }), first != ASCII.hash else { return }
        guard !isTooLong else {
            misunderstood &+= 1
            return
        }
        let words = line.split(separator: ASCII.space, maxSplits: 3)
        guard words.count == 3, words[0].allSatisfy(Self.isLabel) else {
            misunderstood &+= 1
            return
        }
        // Other labels do not decrypt records.
        guard let label = Label.names.first(where: { words[0].elementsEqual($0.bytes) })?.label else { return }
        let secret = Self.bytes(ofHex: words[2])
        guard let secret, let random = Self.bytes(ofHex: words[1]), random.count == ClientRandom.byteCount,
            secret.count == 48 || secret.count == 32 && label != .masterSecret
        else {
            misunderstood &+= 1
            return
        }
        add(secret, label, ClientRandom(random[...]))
    }

    private mutating func add(_ secret: [UInt8], _ label: Label, _ random: ClientRandom) {
        guard self.secret(label, of: random) != secret else { return }
        if young.count == half {
            dropped &+= UInt64(old.count)
            old = young
            young = Secrets()
        }
        young.add(secret, label, random)
        count += 1
    }

    private static func isLabel(_ byte: UInt8) -> Bool {
        byte.isWordByte && byte.lowercased != byte || byte == 0x5F || byte.isDecimalDigit
    }

    private static func bytes(ofHex digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count % 2 == 0, digits.allSatisfy(\.isHexDigit) else { return nil }
        return stride(from: digits.startIndex, to: digits.endIndex, by: 2).map {
            HexDigits.value(of: digits[$0]) << 4 | HexDigits.value(of: digits[$0 + 1])
        }
    }
}
