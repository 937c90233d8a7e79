// The fence around the system's TLS library: one of the files of the command line that contain `unsafe`. Its
// interface is Swift: arrays and messages. Each call gets pointers that live as long as the call, and their lengths.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// libssl of OpenSSL 1.1 or newer, loaded when a connection first needs it.
///
/// Safe to use from anywhere: it holds addresses of functions of a library that is never unloaded, and one context
/// that nothing changes any more. That justifies @safe and @unchecked.
@safe struct TLSLibrary: @unchecked Sendable {
    fileprivate typealias Pointer = OpaquePointer?
    fileprivate typealias Step = @convention(c) (Pointer) -> Int32
    fileprivate typealias Transfer = @convention(c) (Pointer, UnsafeMutableRawPointer?, Int32) -> Int32

    private let context: OpaquePointer
    fileprivate let makeSession: @convention(c) (Pointer) -> Pointer
    fileprivate let freeSession: @convention(c) (Pointer) -> Void
    fileprivate let setDescriptor: @convention(c) (Pointer, Int32) -> Int32
    fileprivate let setClient: @convention(c) (Pointer) -> Void
    fileprivate let setHost: @convention(c) (Pointer, UnsafePointer<CChar>?) -> Int32
    fileprivate let control: @convention(c) (Pointer, Int32, Int, UnsafeMutableRawPointer?) -> Int
    fileprivate let setProtocols: @convention(c) (Pointer, UnsafePointer<UInt8>?, UInt32) -> Int32
    fileprivate let setVerify: @convention(c) (Pointer, Int32, UnsafeMutableRawPointer?) -> Void
    fileprivate let shakeHands: Step
    fileprivate let shutDown: Step
    fileprivate let read: Transfer
    fileprivate let write: Transfer
    fileprivate let error: @convention(c) (Pointer, Int32) -> Int32
    fileprivate let verifyResult: @convention(c) (Pointer) -> Int
    fileprivate let verifyText: @convention(c) (Int) -> UnsafePointer<CChar>?
    fileprivate let clearErrors: @convention(c) () -> Void
    fileprivate let lastError: @convention(c) () -> UInt
    fileprivate let errorText: @convention(c) (UInt) -> UnsafePointer<CChar>?

    /// The library; nil if there is none.
    static let shared = unsafe firstLibrary(names) { unsafe TLSLibrary($0) }

    #if canImport(Darwin)
        // The libraries of macOS itself under these names may not be used; Homebrew's may.
        private static let names = ["/opt/homebrew/lib/libssl.3.dylib", "/usr/local/lib/libssl.3.dylib"]
    #else
        private static let names = ["libssl.so.3", "libssl.so.1.1", "libssl.so.4", "libssl.so"]
    #endif

    /// What to do if there is none.
    static let advice =
        "no TLS library was found for wss: install OpenSSL's libssl (Debian and Ubuntu: apt-get install libssl3; Fedora and "
        + "RHEL: dnf install openssl-libs; Alpine: apk add libssl3; macOS: brew install openssl)"

    /// - Parameter handle: a library. The result is nil unless it has every function.
    @unsafe private init?(_ handle: UnsafeMutableRawPointer) {
        // Each type is that of the function's declaration in OpenSSL's ssl.h, err.h and x509_vfy.h, unchanged since
        // 1.1; long is Int. A handle also finds the functions of libcrypto, which libssl needs.
        func function<Function>(_ name: String, _: Function.Type) -> Function? {
            unsafe dlsym(handle, name).map { unsafe unsafeBitCast($0, to: Function.self) }
        }
        typealias Make = @convention(c) (Pointer) -> Pointer
        guard let method = unsafe function("TLS_client_method", (@convention(c) () -> Pointer).self),
            let makeContext = unsafe function("SSL_CTX_new", Make.self),
            let setPaths = unsafe function("SSL_CTX_set_default_verify_paths", Step.self),
            let makeSession = unsafe function("SSL_new", Make.self),
            let freeSession = unsafe function("SSL_free", (@convention(c) (Pointer) -> Void).self),
            let setDescriptor = unsafe function("SSL_set_fd", (@convention(c) (Pointer, Int32) -> Int32).self),
            let setClient = unsafe function("SSL_set_connect_state", (@convention(c) (Pointer) -> Void).self),
            let setHost = unsafe function(
                "SSL_set1_host", (@convention(c) (Pointer, UnsafePointer<CChar>?) -> Int32).self),
            let control = unsafe function(
                "SSL_ctrl", (@convention(c) (Pointer, Int32, Int, UnsafeMutableRawPointer?) -> Int).self),
            let setProtocols = unsafe function(
                "SSL_set_alpn_protos", (@convention(c) (Pointer, UnsafePointer<UInt8>?, UInt32) -> Int32).self),
            let setVerify = unsafe function(
                "SSL_set_verify", (@convention(c) (Pointer, Int32, UnsafeMutableRawPointer?) -> Void).self),
            let shakeHands = unsafe function("SSL_do_handshake", Step.self),
            let shutDown = unsafe function("SSL_shutdown", Step.self),
            let read = unsafe function("SSL_read", Transfer.self),
            let write = unsafe function("SSL_write", Transfer.self),
            let error = unsafe function("SSL_get_error", (@convention(c) (Pointer, Int32) -> Int32).self),
            let verifyResult = unsafe function("SSL_get_verify_result", (@convention(c) (Pointer) -> Int).self),
            let verifyText = unsafe function(
                "X509_verify_cert_error_string", (@convention(c) (Int) -> UnsafePointer<CChar>?).self),
            let clearErrors = function("ERR_clear_error", (@convention(c) () -> Void).self),
            let lastError = function("ERR_get_error", (@convention(c) () -> UInt).self),
            let errorText = unsafe function(
                "ERR_reason_error_string", (@convention(c) (UInt) -> UnsafePointer<CChar>?).self),
            let context = unsafe makeContext(method())
        else { return nil }
        _ = unsafe setPaths(context)
        unsafe (self.context, self.makeSession, self.freeSession) = (context, makeSession, freeSession)
        unsafe (self.setDescriptor, self.setClient, self.setHost) = (setDescriptor, setClient, setHost)
        unsafe (self.control, self.setProtocols, self.setVerify) = (control, setProtocols, setVerify)
        unsafe (self.shakeHands, self.shutDown, self.read, self.write) = (shakeHands, shutDown, read, write)
        unsafe (self.error, self.verifyResult, self.verifyText) = (error, verifyResult, verifyText)
        unsafe (self.clearErrors, self.lastError, self.errorText) = (clearErrors, lastError, errorText)
    }

    fileprivate func session() -> OpaquePointer? { unsafe makeSession(context) }
}

/// The client's side of TLS on a socket that does not block.
@safe final class TLSSession {
    private let library: TLSLibrary
    private let socket: Socket
    private let session: OpaquePointer

    /// Whether TLS can continue only when the socket is writable.
    private(set) var wantsToWrite = false

    /// - Parameters:
    ///   - host: the name that the certificate must be valid for.
    ///   - checksCertificate: false to accept any certificate.
    /// - Throws: an error if there is no TLS library.
    init(over socket: Socket, host: String, checksCertificate: Bool) throws(SystemFault) {
        guard let library = TLSLibrary.shared else { throw SystemFault(message: TLSLibrary.advice) }
        guard let session = unsafe library.session() else { throw SystemFault(message: "TLS cannot be started") }
        self.library = library
        self.socket = socket
        unsafe self.session = session
        // The session is freed with this object; the socket lives as long. The library copies the name and the list.
        _ = unsafe library.setDescriptor(session, socket.descriptor)
        unsafe library.setClient(session)
        _ = unsafe library.setHost(session, host)
        // 33, SSL_CTRL_MODE: a write may be partial, and the bytes may have moved when it is repeated.
        _ = unsafe library.control(session, 33, 3, nil)
        // 1, SSL_VERIFY_PEER.
        unsafe library.setVerify(session, checksCertificate ? 1 : 0, nil)
        let protocols: [UInt8] = [8] + Array("http/1.1".utf8)
        _ = unsafe library.setProtocols(session, protocols, UInt32(protocols.count))
        let isAddress = host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        if !isAddress {
            var name = Array(host.utf8) + [0]
            // 55, SSL_CTRL_SET_TLSEXT_HOSTNAME; it copies the name, which ends with a zero.
            _ = unsafe name.withUnsafeMutableBytes { unsafe library.control(session, 55, 0, $0.baseAddress) }
        }
    }

    deinit { unsafe library.freeSession(session) }

    /// Continues the TLS handshake.
    ///
    /// - Returns: whether it is done; if not, call it again when the socket is ready.
    /// - Throws: the reason why there is no trusted connection.
    func shakeHands() throws(SystemFault) -> Bool {
        library.clearErrors()
        let status = unsafe library.shakeHands(session)
        if status == 1 {
            wantsToWrite = false
            return true
        }
        if mustWait(after: status) { return false }
        let result = unsafe library.verifyResult(session)
        // Both texts are C strings of the library that are never freed.
        if result != 0, let text = unsafe library.verifyText(result) {
            throw SystemFault(
                message:
                    "the server's certificate is not trusted: \(unsafe String(cString: text)) (SSL_CERT_FILE names "
                    + "certificates to trust, --insecure takes any)")
        }
        if let text = unsafe library.errorText(library.lastError()) {
            throw SystemFault(message: "no TLS connection: \(unsafe String(cString: text))")
        }
        throw SystemFault(message: "no TLS connection: the server ends it")
    }

    /// Reads what has arrived.
    func receive() -> Socket.Received {
        library.clearErrors()
        var count: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, filled in
            // The buffer has that capacity, cannot move while this closure runs, and contains what the call has
            // written.
            count = unsafe library.read(session, UnsafeMutableRawPointer(buffer.baseAddress), Int32(buffer.count))
            filled = Int(max(count, 0))
        }
        if count > 0 { return .bytes(bytes) }
        if mustWait(after: count) { return .nothing }
        // 5, SSL_ERROR_SYSCALL: TCP's own error. An end of TCP without a close_notify is not a reset.
        return unsafe library.error(session, count) == 5 && errno == ECONNRESET ? .reset : .end
    }

    /// Sends as much of `bytes` as is accepted.
    ///
    /// - Returns: the number of bytes that were accepted; nil if the connection is broken.
    func send(_ bytes: ArraySlice<UInt8>) -> Int? {
        library.clearErrors()
        let count = unsafe bytes.withUnsafeBytes { buffer in
            // The slice cannot move while this closure runs; the library only reads it.
            unsafe library.write(
                session, UnsafeMutableRawPointer(mutating: buffer.baseAddress), Int32(min(buffer.count, 1 << 20)))
        }
        if count > 0 { return Int(count) }
        return mustWait(after: count) ? 0 : nil
    }

    /// Announces that nothing more will be sent.
    func halfClose() {
        library.clearErrors()
        _ = unsafe library.shutDown(session)
    }

    /// 2 and 3, SSL_ERROR_WANT_READ and SSL_ERROR_WANT_WRITE.
    private func mustWait(after status: Int32) -> Bool {
        let error = unsafe library.error(session, status)
        wantsToWrite = error == 3
        return error == 2 || error == 3
    }
}
