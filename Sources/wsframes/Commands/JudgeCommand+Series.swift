import WebSocketCaptures
import WebSocketInspection
import WebSocketReports

extension JudgeCommand {
    /// The number of bytes of each file that are read to find its first packet.
    private static let prefixSize = 1 << 20

    /// Judges all inputs as one capture, in the order of their first packets.
    mutating func judgeSeries() {
        var files: [(path: FilePath, time: CaptureTime?)] = []
        var faults: [(FilePath, String)] = []
        InputWalk.walk(operands) { entry in
            switch entry {
            case .standardInput: faults.append((FilePath("-"), "standard input cannot be joined to files"))
            case .unreadable(let path, let message): faults.append((path, message))
            case .file(let path, _) where System.kind(of: path) == .other:
                // Its position among the others would be known only after its beginning had been read.
                faults.append((path, "is no file, and what can be read only once cannot be joined"))
            case .file(let path, _):
                do throws(SystemError) {
                    let prefix = try FileHandle(path).readAll(upTo: Self.prefixSize)
                    var time = CapturedConversations.firstTime(of: prefix.span)
                    // A file without packets may be anywhere, but gives the series no name.
                    if time == nil, prefix.count < Self.prefixSize, CapturedConversations.isEmpty(prefix.span) {
                        time = CaptureTime(nanoseconds: .max)
                    }
                    files.append((path, time))
                } catch {
                    faults.append((path, "cannot be opened: \(error.message)"))
                }
            }
        }
        for (path, message) in faults { give(.error(InputError(source: path.text, message: message))) }
        for file in files where file.time == nil {
            give(
                .error(
                    InputError(
                        source: file.path.text,
                        message: "is no capture with a packet in its first MiB, so that it cannot be joined to others"))
            )
        }
        let series = files.filter { $0.time != nil }.enumerated()
            .sorted { ($0.element.time?.nanoseconds ?? 0, $0.offset) < ($1.element.time?.nanoseconds ?? 0, $1.offset) }
            .map(\.element.path)
        guard let first = series.first else { return }
        totals.inputs += UInt64(series.count)
        var inspector = Inspector(settings, source: first.text, hops: hops, isSeries: true)
        for (index, path) in series.enumerated() {
            guard !console.isOver else { break }
            do throws(SystemError) {
                let file = try FileHandle(path)
                var progress = Progress(of: file.size, named: path.text, console)
                defer { progress.clear() }
                // The inspector reports what is wrong with the previous one.
                if index > 0 { try? inspector.beginNextFile(named: path.text) { give($0) } }
                InputReading.read(file, into: &inspector, isLast: false, until: { console.isOver }) {
                    progress.show($0)
                } _: {
                    progress.clear()
                    give($0)
                }
            } catch {
                give(.error(InputError(source: path.text, message: "cannot be opened: \(error.message)")))
            }
        }
        inspector.finish { give($0) }
    }
}
