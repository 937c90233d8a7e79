// A WebSocket server on poll(2), with no package but the parser: one thread, one buffer to read into, one value per
// client. `Client.swift` shows the API; the rest is what every server on sockets has.

import ServerOptions

do {
    var server = try PollLoop(ServerOptions.ofThisProcess())
    server.run()
} catch {
    print(error)
}
