import NIOCore
import NIOListener
import NIOWebSocketFrames
import ServerOptions
import WebSocketFrames

let options = ServerOptions.ofThisProcess()
var limits = Limits(message: UInt64(options.maximumMessage))
if let maximum = options.maximumFrame { limits.frame = UInt64(maximum) }
let upgrader = WebSocketUpgrader(limits: limits, closeTimeout: .seconds(Int64(options.closeTimeout))) { _ in
    Echo(options)
}
try NIOListener.run(options, upgrader: upgrader)
