import WebSocketCaptures
import WebSocketInspection
import WebSocketReports

extension JudgeCommand {
    /// The number of bytes of each file that are read to find its first packet.
    private static let prefixSize = 1 << 20
    /// Many files may be open at once.
    private static let bufferSize = 1 << 16

    /// Judges all inputs as one capture, by the time of their packets.
    mutating func judgeSeries() {
        var series: [(path: FilePath, time: CaptureTime)] = []
        InputWalk.walk(operands) { entry in
            do throws(InputError) {
                switch try Self.beginning(of: entry) {
                case (let path, .packet(let time)): series.append((path, time))
                case (_, .noPacket): break
                case (_, .noCapture) where !entry.isNamed:
                    skippedCount += 1
                    return
                case (let path, .undated), (let path, .noCapture):
                    throw InputError(
                        source: path.text,
                        message: "is not a capture with a packet in its first MiB, and cannot be joined to others")
                }
                totals.inputs += 1
            } catch {
                give(.error(error))
            }
        }
        guard !series.isEmpty else { return }
        // The sort is stable.
        series.sort { $0.time < $1.time }
        judge(series)
    }

    private static func beginning(of entry: InputWalk.Entry) throws(InputError) -> (FilePath, CaptureBeginning) {
        switch entry {
        case .standardInput:
            throw InputError(source: "-", message: "standard input cannot be joined to files")
        case .unreadable(let path, let message): throw InputError(source: path.text, message: message)
        case .file(let path, _):
            guard System.kind(of: path) != .other else {
                // Its position among the others would be known only after its beginning had been read.
                throw InputError(
                    source: path.text, message: "is not a file: what can be read only once cannot be joined")
            }
            do throws(SystemError) {
                let prefix = try FileHandle(path).readAll(upTo: prefixSize)
                return (path, CaptureBeginning(of: prefix.span, isWhole: prefix.count < prefixSize))
            } catch {
                throw .unopened(path, error)
            }
        }
    }

    private mutating func judge(_ series: [(path: FilePath, time: CaptureTime)]) {
        let files = series.map { SeriesInspector.File(name: $0.path.text, firstTime: $0.time) }
        var inspector = SeriesInspector(settings, files: files, hops: hops)
        var open: [Int: OpenFile] = [:]
        var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        var progress = Progress(of: nil, named: "\(files.count) files", console)
        var size: UInt64 = 0
        while let index = inspector.nextFile, !console.isOver {
            func show(_ finding: Finding) {
                progress.clear()
                give(finding)
            }
            do {
                var file = if let file = open[index] { file } else { try OpenFile(series[index].path) }
                let count = try file.read(into: &buffer)
                open[index] = file
                size += UInt64(count)
                if count > 0 {
                    try inspector.feed(buffer.span.extracting(..<count), show)
                } else if !console.isOver {
                    open[index] = nil
                    if let message = InputReading.shrinking(from: file.size, to: file.readCount) {
                        inspector.failFile(message, show)
                    } else {
                        inspector.endFile(show)
                    }
                }
            } catch {
                open[index] = nil
                // Any other error has been reported.
                if let error = error as? SystemError {
                    inspector.failFile("cannot be read: \(error.message)", show)
                }
            }
            progress.show(size)
        }
        progress.clear()
        inspector.finish { give($0) }
    }
}

/// A file of a series that is being read.
private struct OpenFile {
    private let handle: FileHandle
    let size: UInt64
    private(set) var readCount: UInt64 = 0

    init(_ path: FilePath) throws(SystemError) {
        handle = try FileHandle(path)
        size = handle.size ?? 0
    }

    mutating func read(into buffer: inout [UInt8]) throws(SystemError) -> Int {
        let count = try handle.read(into: &buffer, from: 0)
        readCount += UInt64(count)
        return count
    }
}
