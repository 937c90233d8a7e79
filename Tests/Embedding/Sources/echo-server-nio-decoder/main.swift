import NIOCore
import NIOHTTP1
import NIOListener
import NIOWebSocket
import ServerOptions

// The same as `echo-server`, with SwiftNIO's own parts: its decoder, encoder and error handler, which the upgrader
// adds to the pipeline, its back-pressure, and its aggregator of fragments.
let options = ServerOptions.ofThisProcess()
let upgrader = NIOWebSocketServerUpgrader(
    maxFrameSize: min(options.maximumFrame ?? .max, options.maximumMessage, Int(UInt32.max)),
    automaticErrorHandling: true,
    shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
    upgradePipelineHandler: { channel, _ in
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(BackPressureHandler(), position: .first)
            try channel.pipeline.syncOperations.addHandler(
                NIOWebSocketFrameAggregator(
                    minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: .max,
                    maxAccumulatedFrameSize: options.maximumMessage))
            try channel.pipeline.syncOperations.addHandler(EchoFrames(options))
        }
    })
try NIOListener.run(options) { channel in
    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
        withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
}
