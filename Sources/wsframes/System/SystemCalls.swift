// The fence around the operating system: with Sockets, Threads, SystemCryptography and SystemTLS the only file of the
// command line that contains `unsafe`. Its interface is Swift: arrays, optionals and messages. Each call gets a
// pointer that lives as long as the call, and its length.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system's message for a failed call: "No such file or directory".
struct SystemError: Error {
    let code: Int32

    static var last: SystemError { SystemError(code: errno) }
    static let noSuchFile = SystemError(code: ENOENT)
    static let timedOut = SystemError(code: ETIMEDOUT)

    var isBrokenPipe: Bool { code == EPIPE }

    var message: String {
        // strerror returns a C string that is never null and stays valid until it is called again.
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}

/// An open file or pipe, closed when the last reference to it is gone.
final class FileHandle: ByteSource, Sendable {
    private let descriptor: Int32
    private let isOwned: Bool

    static let standardInput = FileHandle(descriptor: 0, isOwned: false)
    static let standardOutput = FileHandle(descriptor: 1, isOwned: false)
    static let standardError = FileHandle(descriptor: 2, isOwned: false)

    private init(descriptor: Int32, isOwned: Bool) {
        self.descriptor = descriptor
        self.isOwned = isOwned
    }

    /// Opens a file for reading.
    init(_ path: FilePath) throws(SystemError) {
        // The bytes end with a zero, and live as long as the call.
        let descriptor = unsafe open(path.terminated, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        self.descriptor = descriptor
        self.isOwned = true
    }

    /// Creates a file, or empties an existing one.
    init(creating path: FilePath) throws(SystemError) {
        // The bytes end with a zero, and live as long as the call.
        let descriptor = unsafe open(path.terminated, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .last }
        self.descriptor = descriptor
        self.isOwned = true
    }

    /// Creates a file that does not exist yet, neither as a file nor as a link.
    init(creatingNew path: FilePath) throws(SystemError) {
        // The bytes end with a zero, and live as long as the call.
        let descriptor = unsafe open(path.terminated, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .last }
        self.descriptor = descriptor
        self.isOwned = true
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    var isPipe: Bool { kind == S_IFIFO }

    /// The file's current size; nil for pipes, terminals and devices, which have none.
    var size: UInt64? {
        guard let status, kind == S_IFREG else { return nil }
        return UInt64(clamping: status.st_size)
    }

    private var kind: mode_t? { status.map { $0.st_mode & S_IFMT } }

    private var status: stat? {
        var status = stat()
        // `status` is a whole stat structure, written by the call.
        return unsafe fstat(descriptor, &status) == 0 ? status : nil
    }

    /// Reads into `buffer[start...]` as much as has arrived and fits; waits if nothing has arrived.
    ///
    /// - Returns: the number of bytes that were read; 0 at the end of the input.
    func read(into buffer: inout [UInt8], from start: Int) throws(SystemError) -> Int {
        let room = buffer.count - start
        guard room > 0 else { return 0 }
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                // `room` bytes from `start` on are inside the buffer, which cannot move while this closure runs.
                guard let base = bytes.baseAddress else { return 0 }
                return unsafe systemRead(descriptor, base + start, room)
            }
            if count >= 0 { return count }
            guard errno == EINTR else { throw .last }
            // A signal means that the input should end here.
            if System.isInterrupted { return 0 }
        }
    }

    /// Reads from `offset` on into `buffer`, without affecting the position of other reads.
    ///
    /// - Returns: the number of bytes that were read; 0 at the end of the file.
    func read(into buffer: inout [UInt8], at offset: UInt64) throws(SystemError) -> Int {
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            // The whole buffer, which cannot move while this closure runs.
            unsafe pread(descriptor, bytes.baseAddress, bytes.count, off_t(clamping: offset))
        }
        guard count >= 0 else { throw .last }
        return count
    }

    /// Waits until there is something to read, or the end, for no longer than `seconds`.
    func waitForBytes(seconds: Double) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // `request` is one whole pollfd structure, read and written by the call.
        return unsafe poll(&request, 1, Int32(seconds * 1000)) != 0 && !System.isInterrupted
    }

    /// Reads to the end, or up to `most` bytes.
    func readAll(upTo most: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < most {
            let count = try read(into: &piece, from: 0)
            if count == 0 { break }
            bytes += piece.prefix(count)
        }
        return bytes
    }

    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                // The bytes from `written` on are inside the array, which cannot move while this closure runs.
                guard let base = buffer.baseAddress else { return 0 }
                return unsafe systemWrite(descriptor, base + written, bytes.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .last
            }
            written += count
        }
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    unsafe read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
    unsafe write(descriptor, buffer, count)
}

/// A path as the system represents it: any bytes, which need not be text.
struct FilePath: Equatable {
    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Copies a C string.
    @unsafe init(cString: UnsafePointer<CChar>) {
        // The caller guarantees that it ends with a zero byte.
        bytes = unsafe UnsafeBufferPointer(start: cString, count: strlen(cString)).map { UInt8(bitPattern: $0) }
    }

    /// The path for printing: bytes that are not UTF-8 are replaced.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The path with the terminating zero byte that C requires.
    fileprivate var terminated: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }

    /// Returns `name` in the folder at this path.
    func appending(_ name: FilePath) -> FilePath {
        FilePath(bytes: bytes + (bytes.last == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]) + name.bytes)
    }
}

/// What a path refers to.
enum PathKind {
    case file, folder, other
}

enum System {
    /// Returns what is at `path`, following links; nil if nothing can be reached.
    static func kind(of path: FilePath) -> PathKind? {
        var status = stat()
        // The bytes end with a zero, and live as long as the call; `status` is written by it.
        guard unsafe stat(path.terminated, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// Returns whether `path` itself is a symbolic link, wherever it leads.
    static func isLink(_ path: FilePath) -> Bool {
        var status = stat()
        // As above.
        return unsafe lstat(path.terminated, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Returns the contents of a folder, sorted by the bytes of the names; without `.` and `..`.
    static func names(inFolder path: FilePath) throws(SystemError) -> [FilePath] {
        // A directory stream lives from opendir to closedir, and an entry until the next readdir: its name is copied
        // at once. d_name ends with a zero byte.
        guard let folder = unsafe opendir(path.terminated) else { throw .last }
        defer { unsafe closedir(folder) }
        var names: [FilePath] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe FilePath(cString: $0) }
            }
            if name.text != "." && name.text != ".." { names.append(name) }
        }
        return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    /// Creates a folder, and those above it, if they do not exist.
    static func makeFolder(_ path: FilePath) throws(SystemError) {
        guard kind(of: path) != .folder else { return }
        if let slash = path.bytes.dropLast().lastIndex(of: UInt8(ascii: "/")), slash > 0 {
            try makeFolder(FilePath(bytes: Array(path.bytes[..<slash])))
        }
        // As above.
        guard unsafe mkdir(path.terminated, 0o777) == 0 else { throw .last }
    }

    /// Removes a file; a failure is ignored.
    static func removeFile(_ path: FilePath) {
        // As above.
        _ = unsafe unlink(path.terminated)
    }

    /// The file that this program was started from; nil if the system does not say.
    static var executable: FilePath? {
        // The first argument may be a bare name; Linux knows the full path. The result of realpath is copied and
        // freed.
        for path in [FilePath("/proc/self/exe"), FilePath(CommandLine.arguments.first ?? "")] {
            guard path.text.contains("/"), let real = unsafe realpath(path.terminated, nil) else { continue }
            defer { unsafe free(real) }
            return unsafe FilePath(cString: real)
        }
        return nil
    }

    /// The command's arguments as they were given, without the program's name.
    static var arguments: [FilePath] {
        // argv contains argc pointers to C strings, which live as long as the process.
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            unsafe CommandLine.unsafeArgv[index].map { unsafe FilePath(cString: $0) }
        }
    }

    static func environment(_ name: String) -> String? {
        // The result of getenv is copied before anything could change the environment: nothing here does.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Makes a pipe that is closed early an error of `write`, instead of the end of the process.
    static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Whether the user has asked for the end, with Ctrl-C or a signal. A second one ends the process at once.
    static var isInterrupted: Bool { unsafe interruptCount != 0 }

    static func catchInterrupts() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            // The handler only sets a number, which is allowed in one, and a second signal is not caught. Calls that
            // wait are interrupted and return.
            unsafe action.__sigaction_handler.sa_handler = { _ in
                unsafe interruptCount = 1
                _ = signal(SIGINT, SIG_DFL)
                _ = signal(SIGTERM, SIG_DFL)
                _ = signal(SIGHUP, SIG_DFL)
            }
            // `action` is a whole structure, read by the call.
            _ = unsafe sigaction(number, &action, nil)
        }
    }

    /// The seconds of a clock that never goes back.
    static var seconds: Double {
        var time = timespec()
        // `time` is written by the call.
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The nanoseconds since 1970.
    static var nanosecondsSince1970: UInt64 {
        var time = timespec()
        // `time` is written by the call.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }

    static var terminalWidth: Int? {
        for descriptor in [1, 2] as [Int32] {
            var size = winsize()
            // `size` is a whole winsize structure, written by the call.
            if unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        }
        return nil
    }

    static func exit(with status: ExitStatus) -> Never {
        #if canImport(Glibc)
            Glibc.exit(status.rawValue)
        #elseif canImport(Musl)
            Musl.exit(status.rawValue)
        #else
            Darwin.exit(status.rawValue)
        #endif
    }
}

// Written by a signal handler and read everywhere: a number that is set in one step.
private nonisolated(unsafe) var interruptCount: Int32 = 0

/// Returns the first of some libraries that the system has and that has everything needed; nil if there is none.
///
/// - Parameters:
///   - names: the names for the dynamic linker.
///   - make: receives the handle of a library, which stays open for ever.
@unsafe func firstLibrary<Library>(_ names: [String], _ make: (UnsafeMutableRawPointer) -> Library?) -> Library? {
    for name in names {
        // The name is a C string for the duration of the call.
        if let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL), let library = unsafe make(handle) { return library }
    }
    return nil
}
