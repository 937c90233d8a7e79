import WebSocketFrames
import WebSocketInspection
import WebSocketReports

/// Writes each message to a file in one folder, with an index of them.
///
/// Names consist of numbers alone, so nothing in an input can lead out of the folder. Existing files are not
/// overwritten, and a file that could not be written completely is removed again.
struct Extraction {
    private let folder: FilePath
    private let index: FileHandle
    /// The inputs, in the order in which they arrived: their numbers are in the names.
    private var sources: [String] = []
    private(set) var count: UInt64 = 0
    /// The reason why it has stopped; a clause without a full stop.
    private(set) var failure: String?

    /// Creates the folder if necessary, and begins the index in it.
    init(into folder: FilePath) throws(UsageError) {
        self.folder = folder
        do throws(SystemError) {
            try System.makeFolder(folder)
            index = try FileHandle(creatingNew: folder.appending(FilePath("index.jsonl")))
        } catch {
            throw UsageError(
                message: "cannot extract into \(quoted(folder.text)): index.jsonl: \(error.message)",
                hint: "give a folder that is empty, or not there yet")
        }
    }

    /// Writes the message; does nothing after a failure.
    mutating func write(_ message: MessageFinding) {
        guard failure == nil else { return }
        let name = FilePath(name(of: message))
        do throws(SystemError) {
            try write(message.bytes, to: folder.appending(name))
            try index.write(Array(JSONLinesReport.row(for: message, extractedTo: name.text).utf8))
            count += 1
        } catch {
            failure = "\(name.text): \(error.message)"
        }
    }

    private func write(_ bytes: [UInt8], to path: FilePath) throws(SystemError) {
        let file = try FileHandle(creatingNew: path)
        do throws(SystemError) {
            try file.write(bytes)
        } catch {
            // Half a message would look like a whole one.
            System.removeFile(path)
            throw error
        }
    }

    /// Returns `conversation-3.client.12.txt`; with several inputs `input-1.conversation-3.client.12.txt`.
    private mutating func name(of message: MessageFinding) -> String {
        let source = sources.firstIndex(of: message.origin.source) ?? sources.count
        if source == sources.count { sources.append(message.origin.source) }
        let input = source == 0 ? "" : "input-\(source)."
        let sender = message.origin.sender?.name ?? "unknown"
        let isText = message.opcode == .text && (!message.isCompressed || message.isInflated)
        let ending = isText ? "txt" : message.isCompressed && !message.isInflated ? "deflate" : "bin"
        return "\(input)conversation-\(message.origin.connection ?? 0).\(sender).\(message.index).\(ending)"
    }
}
