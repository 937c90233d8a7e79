import WebSocketFrames
import WebSocketProbe

/// The cases: every `.hex` and `.case` file below a folder `Fixtures`.
struct ProbeCorpus {
    /// The longest file, in bytes.
    private static let maximumFileLength = 1 << 24

    private let folder: FilePath
    private let only: [String]
    private let limit: Int

    /// - Parameter limit: the longest message that a case may send, in bytes.
    /// - Throws: an error if no folder is given and none of the usual places has it.
    init(_ given: String?, only: [String], limit: Int) throws(SystemFault) {
        self.only = only
        self.limit = limit
        if let given {
            folder = FilePath(given)
            guard System.kind(of: folder) == .folder else {
                throw SystemFault(message: "\(printable(given)): not a folder")
            }
            return
        }
        guard let place = Self.places.first(where: { System.kind(of: FilePath($0 + "/probe")) == .folder }) else {
            throw SystemFault(
                message: "the cases were not found in Fixtures here, nor in Fixtures or share/wsframes/Fixtures beside "
                    + "the program or above it: --cases names the corpus, a checkout's folder Fixtures")
        }
        folder = FilePath(place)
    }

    /// The current folder, then those beside the program and above it: in a checkout it is in .build, installed in
    /// bin.
    private static var places: [String] {
        var places = ["Fixtures"]
        var folders = (System.executable?.text ?? "").split(separator: "/", omittingEmptySubsequences: false)
        while folders.count > 1 {
            folders.removeLast()
            let path = folders.joined(separator: "/")
            places += [path + "/Fixtures", path + "/share/wsframes/Fixtures"]
        }
        return places
    }

    /// Returns the cases for those roles, sorted by name.
    func cases(for roles: Set<Endpoint>) throws(SystemFault) -> [ProbeCase] {
        var found: [ProbeCase] = []
        var stack = [folder]
        while let path = stack.popLast() {
            guard System.kind(of: path) == .folder else {
                if let probe = try read(path), roles.contains(probe.target), probe.largestMessage <= limit,
                    // Both ends are played here if a proxy is probed.
                    roles.count > 1 || !probe.needs.contains(.proxy)
                {
                    found.append(probe)
                }
                continue
            }
            do throws(SystemError) {
                stack += try System.names(inFolder: path).map { path.appending($0) }
            } catch {
                throw SystemFault(message: "\(path.text): \(error.message)")
            }
        }
        found.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        // A complete name means that case only, and not others that begin with it.
        let names = Set(found.map(\.name))
        return found.filter { probe in
            only.isEmpty
                || only.contains { word in
                    names.contains(word)
                        ? probe.name == word : probe.name.contains(word) || probe.section.hasSuffix("§" + word)
                }
        }
    }

    private func read(_ path: FilePath) throws(SystemFault) -> ProbeCase? {
        let name = String(path.text.dropFirst(folder.text.count).drop { $0 == "/" })
        guard name.hasSuffix(".case") || (name.hasPrefix("rfc") && name.hasSuffix(".hex")) else { return nil }
        // Only the name of a section requires more than the file's own name.
        guard only.isEmpty || only.contains(where: { name.contains($0) || $0.first?.isNumber == true }) else {
            return nil
        }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileHandle(path).readAll(upTo: Self.maximumFileLength)
        } catch {
            throw SystemFault(message: "\(path.text): \(error.message)")
        }
        if name.hasSuffix(".hex") { return ProbeCase(fixture: bytes, path: name) }
        do throws(CaseFileError) {
            return try ProbeCase(file: String(decoding: bytes, as: UTF8.self), path: name)
        } catch {
            throw SystemFault(message: "\(path.text), line \(error.line): \(error.message)")
        }
    }
}
