// An echo server of FlyingFox: echo-flyingfox PORT
import FlyingFox
import FlyingSocks

struct Echo: WSMessageHandler {
    func makeMessages(for client: AsyncStream<WSMessage>) async throws -> AsyncStream<WSMessage> {
        AsyncStream { answers in
            Task {
                for await message in client {
                    // FlyingFox answers the Close by itself.
                    if case .close = message { break }
                    answers.yield(message)
                }
                answers.finish()
            }
        }
    }
}

let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: UInt16(CommandLine.arguments[1]) ?? 0))
await server.appendRoute("GET /", to: .webSocket(Echo()))
try await server.run()
