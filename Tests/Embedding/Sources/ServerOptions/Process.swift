#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

extension ServerOptions {
    /// The options of this process. A command line that cannot be parsed ends it with status 2.
    public static func ofThisProcess() -> ServerOptions {
        do {
            return try ServerOptions(CommandLine.arguments.dropFirst())
        } catch {
            print("\(error)\n\n\(usage)")
            exit(2)
        }
    }

    /// Prints where a server listens: the one line that it prints.
    public static func announce(host: String, port: Int) {
        print("listening on \(host):\(port)")
        fflush(nil)  // Flushes every open stream, as needed if the output is not a terminal.
    }
}
