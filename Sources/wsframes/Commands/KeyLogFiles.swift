import WebSocketCaptures

/// The key logs named with `--keylog`: read once, and again from where they ended if a secret used to decrypt TLS is
/// missing.
struct KeyLogFiles: KeyLogSource {
    private struct Open {
        let file: FileHandle
        var offset: UInt64
    }

    private var files: [Open] = []
    private static let pieceSize = 1 << 17

    /// Returns the keys for an input.
    static func keys(_ arguments: ParsedArguments, complain: (String) -> Void) throws(UsageError) -> TLSKeys {
        var files = KeyLogFiles()
        var log = KeyLog()
        for name in arguments.words("--keylog") {
            let path = try path(named: name)
            do {
                try files.read(FileHandle(path), into: &log)
            } catch {
                throw UsageError(
                    message: "the key log \(quoted(path.text)) cannot be read: \(error.message)",
                    hint: "SSLKEYLOGFILE=keys.log has a program write one")
            }
        }
        if log.misunderstood > 0 {
            let count = log.misunderstood
            complain(
                count == 1
                    ? "1 line of the key logs holds no TLS secret, and is skipped"
                    : "\(count) lines of the key logs hold no TLS secret, and are skipped")
        }
        if log.dropped > 0 {
            complain(
                "the key logs hold more than \(KeyLog.maximumSecrets) secrets; the oldest \(log.dropped) are not used")
        }
        return TLSKeys(log: log, source: files.files.isEmpty ? nil : files) { SystemCryptography.library }
    }

    private static func path(named name: String) throws(UsageError) -> FilePath {
        guard name == "env" else { return FilePath(name) }
        guard let path = System.environment("SSLKEYLOGFILE"), !path.isEmpty else {
            throw UsageError(
                message: "--keylog env takes the file that SSLKEYLOGFILE names, and that is not set",
                hint: "write --keylog FILE")
        }
        return FilePath(path)
    }

    /// Reads a file to its end. A file that may grow is kept open.
    private mutating func read(_ file: FileHandle, into log: inout KeyLog) throws(SystemError) {
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        var offset: UInt64 = 0
        while true {
            let count = try file.read(into: &piece, from: 0)
            guard count > 0 else { break }
            offset += UInt64(count)
            log.read(piece.span.extracting(0..<count))
        }
        // Its last line may be incomplete; the rest of it follows later.
        if file.size != nil { files.append(Open(file: file, offset: offset)) } else { log.finish() }
    }

    mutating func readMore() -> [UInt8] {
        for index in files.indices {
            var piece = [UInt8](repeating: 0, count: Self.pieceSize)
            guard let count = try? files[index].file.read(into: &piece, at: files[index].offset), count > 0 else {
                continue
            }
            files[index].offset += UInt64(count)
            return Array(piece.prefix(count))
        }
        return []
    }
}
