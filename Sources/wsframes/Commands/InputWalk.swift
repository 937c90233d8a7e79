/// The inputs that the user's operands name: files as they are, folders visited in sorted order.
enum InputWalk {
    /// One input, or why there is none.
    enum Entry {
        case standardInput
        /// A file, named by the user or found in a folder.
        case file(FilePath, isNamed: Bool)
        case unreadable(FilePath, message: String)

        /// Whether the user named it, and did not only name its folder.
        var isNamed: Bool { if case .file(_, false) = self { false } else { true } }
    }

    /// Calls `visit` for each input in order.
    static func walk(_ operands: [FilePath], visit: (Entry) -> Void) {
        for operand in operands {
            if operand.text == "-" {
                visit(.standardInput)
            } else if System.kind(of: operand) == .folder {
                if walkFolder(operand, visit: visit) == 0 {
                    visit(.unreadable(operand, message: "the folder holds no file to judge"))
                }
            } else {
                visit(.file(operand, isNamed: true))
            }
        }
    }

    /// Visits the files in a folder. Hidden files, documents (`*.md`), links to folders, and anything that is neither
    /// file nor folder are skipped.
    ///
    /// - Returns: the number of entries that were visited.
    private static func walkFolder(_ root: FilePath, visit: (Entry) -> Void) -> Int {
        var visited = 0
        // The paths still to be visited, the next one last: folders of any depth need no recursion.
        var stack = [root]
        while let path = stack.popLast() {
            switch System.kind(of: path) {
            case .folder where path == root || !System.isLink(path):
                do {
                    let names = try System.names(inFolder: path)
                        .filter { !$0.text.hasPrefix(".") && !$0.text.hasSuffix(".md") }
                    stack += names.reversed().map { path.appending($0) }
                } catch {
                    visit(.unreadable(path, message: error.message))
                    visited += 1
                }
            case .file:
                visit(.file(path, isNamed: false))
                visited += 1
            case nil:
                visit(.unreadable(path, message: "cannot be reached: \(SystemError.last.message)"))
                visited += 1
            default: break
            }
        }
        return visited
    }
}
