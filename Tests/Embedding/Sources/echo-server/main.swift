import NIOCore
import NIOListener
import NIOWebSocketFrames
import PerMessageDeflate
import ServerOptions
import WebSocketFrames

let options = ServerOptions.ofThisProcess()
var limits = Limits(message: UInt64(options.maximumMessage))
if let maximum = options.maximumFrame { limits.frame = UInt64(maximum) }
var server = WebSocketServer(limits: limits)
let deflate = DeflateParameters(
    clientMaxWindowBits: options.clientWindowBits, serverMaxWindowBits: options.serverWindowBits,
    clientNoContextTakeover: !options.clientTakesOver, serverNoContextTakeover: !options.serverTakesOver)
server.handshake = ServerHandshake(subprotocols: ["echo"], deflate: deflate)
server.counts = .none  // An echo stores nothing for each frame.
server.closeTimeout = .seconds(Int64(options.closeTimeout))
server.handshakeTimeout = server.closeTimeout
try NIOListener.run(options) { [server] channel in
    try server.configure(channel) { _ in Echo(options) }
}
