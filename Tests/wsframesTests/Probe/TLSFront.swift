import Foundation
import WebSocketFrames

@testable import wsframes

/// Terminates TLS for a server of the test with the system's libssl, in a thread for each connection.
@safe final class TLSFront: Sendable {
    let port: UInt16
    private let isStopped = StopFlag()

    /// - Returns: nil if the system has no libssl.
    init?(before server: UInt16, certificate: String, key: String) throws {
        guard let library = LibSSL(certificate: certificate, key: key) else { return nil }
        let listener = try Socket.listening(
            at: SocketEndpoint.resolve("127.0.0.1", port: 0, forListening: true), named: "the test's TLS")
        port = listener.port ?? 0
        // The library writes to sockets whose peer may be gone.
        signal(SIGPIPE, SIG_IGN)
        let isStopped = isStopped
        Thread.detachNewThread {
            while !isStopped.isSet {
                guard Socket.wait(for: [(listener, false)], seconds: 0.1)[0].canRead else { continue }
                while let accepted = try? listener.accepting() {
                    Thread.detachNewThread { Self.serve(accepted, library, server, isStopped) }
                }
            }
        }
    }

    deinit { isStopped.set() }

    private static func serve(_ client: Socket, _ library: LibSSL, _ port: UInt16, _ isStopped: StopFlag) {
        guard let endpoint = try? SocketEndpoint.resolve("127.0.0.1", port: port).first,
            let server = try? Socket.connecting(to: endpoint), let session = LibSSL.Session(library, client)
        else { return }
        _ = Socket.wait(for: [(server, true)], seconds: 10)
        var (toClient, toServer): ([UInt8], [UInt8]) = ([], [])
        while !isStopped.isSet {
            let ready = Socket.wait(for: [(client, !toClient.isEmpty), (server, false)], seconds: 0.1)
            if ready[0].canRead {
                var isEnded = false
                while let bytes = session.read(&isEnded) { toServer += bytes }
                if isEnded { return }
            }
            while !toServer.isEmpty, let count = server.send(toServer[...]), count > 0 { toServer.removeFirst(count) }
            var isOver = false
            if ready[1].canRead {
                switch server.receive() {
                case .bytes(let bytes): toClient += bytes
                case .end, .reset: isOver = true
                case .nothing: break
                }
            }
            while !toClient.isEmpty, let count = session.write(toClient) { toClient.removeFirst(count) }
            if isOver { return session.end() }
        }
    }
}

/// The few functions of libssl that a server needs, looked up by name.
@safe private final class LibSSL: @unchecked Sendable {
    typealias Pointer = OpaquePointer?
    private typealias File = @convention(c) (Pointer, UnsafePointer<CChar>, Int32) -> Int32
    private let handle: UnsafeMutableRawPointer
    private let context: OpaquePointer

    init?(certificate: String, key: String) {
        var found: UnsafeMutableRawPointer?
        for name in ["libssl.so.3", "libssl.so.1.1", "libssl.so.4"] where unsafe found == nil {
            unsafe found = dlopen(name, RTLD_NOW)
        }
        guard let handle = unsafe found else { return nil }
        unsafe self.handle = handle
        func find<Function>(_ name: String, _: Function.Type) -> Function? {
            unsafe dlsym(handle, name).map { unsafe unsafeBitCast($0, to: Function.self) }
        }
        guard let method = unsafe find("TLS_server_method", (@convention(c) () -> Pointer).self),
            let make = unsafe find("SSL_CTX_new", (@convention(c) (Pointer) -> Pointer).self),
            let useCertificate = unsafe find("SSL_CTX_use_certificate_file", File.self),
            let useKey = unsafe find("SSL_CTX_use_PrivateKey_file", File.self),
            let context = unsafe make(method()),
            // 1, SSL_FILETYPE_PEM.
            unsafe useCertificate(context, certificate, 1) == 1, unsafe useKey(context, key, 1) == 1
        else { return nil }
        unsafe self.context = context
    }

    fileprivate func find<Function>(_ name: String, _: Function.Type) -> Function? {
        unsafe dlsym(handle, name).map { unsafe unsafeBitCast($0, to: Function.self) }
    }

    /// The server's side of one connection.
    @safe final class Session {
        private typealias Transfer = @convention(c) (Pointer, UnsafeMutableRawPointer?, Int32) -> Int32
        private let session: OpaquePointer
        private let readSome: Transfer
        private let writeSome: Transfer
        private let error: @convention(c) (Pointer, Int32) -> Int32
        private let shutDown: @convention(c) (Pointer) -> Int32
        private let free: @convention(c) (Pointer) -> Void

        init?(_ library: LibSSL, _ socket: Socket) {
            guard let make = unsafe library.find("SSL_new", (@convention(c) (Pointer) -> Pointer).self),
                let setDescriptor = unsafe library.find(
                    "SSL_set_fd", (@convention(c) (Pointer, Int32) -> Int32).self),
                let setServer = unsafe library.find("SSL_set_accept_state", (@convention(c) (Pointer) -> Void).self),
                let readSome = unsafe library.find("SSL_read", Transfer.self),
                let writeSome = unsafe library.find("SSL_write", Transfer.self),
                let error = unsafe library.find("SSL_get_error", (@convention(c) (Pointer, Int32) -> Int32).self),
                let control = unsafe library.find(
                    "SSL_ctrl", (@convention(c) (Pointer, Int32, Int, UnsafeMutableRawPointer?) -> Int).self),
                let shutDown = unsafe library.find("SSL_shutdown", (@convention(c) (Pointer) -> Int32).self),
                let free = unsafe library.find("SSL_free", (@convention(c) (Pointer) -> Void).self),
                let session = unsafe make(library.context)
            else { return nil }
            unsafe (self.session, self.readSome, self.writeSome) = (session, readSome, writeSome)
            unsafe (self.error, self.shutDown, self.free) = (error, shutDown, free)
            _ = unsafe setDescriptor(session, socket.descriptor)
            unsafe setServer(session)
            // 33 is SSL_CTRL_MODE: allow partial writes, and retries from a moved buffer.
            _ = unsafe control(session, 33, 3, nil)
        }

        deinit { unsafe free(session) }

        /// The bytes received, after completing the handshake; nil if there are none. Sets `isEnded` if no more will come.
        func read(_ isEnded: inout Bool) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: 16_384)
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe readSome(session, $0.baseAddress, 16_384) }
            if count > 0 { return Array(bytes.prefix(Int(count))) }
            // 2 and 3: it needs to read or write first.
            isEnded = ![2, 3].contains(unsafe error(session, count))
            return nil
        }

        /// How many bytes were written; nil if none can be at present.
        func write(_ bytes: [UInt8]) -> Int? {
            var part = Array(bytes.prefix(16_384))
            let size = Int32(part.count)
            let count = unsafe part.withUnsafeMutableBytes { unsafe writeSome(session, $0.baseAddress, size) }
            return count > 0 ? Int(count) : nil
        }

        func end() { _ = unsafe shutDown(session) }
    }
}
