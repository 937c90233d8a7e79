import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

extension InspectionSettings {
    /// Creates the settings that the arguments specify.
    ///
    /// - Parameter complain: receives warnings about key logs.
    init(_ arguments: ParsedArguments, complain: (String) -> Void = { _ in }) throws(UsageError) {
        if arguments.has("--deflate"), arguments.has("--no-deflate") {
            throw UsageError(message: "--deflate and --no-deflate exclude each other", hint: "leave out one of them")
        }
        self.init()
        if arguments.has("--sender") {
            sender = .said(arguments.word("--sender").flatMap { word in Endpoint.allCases.first { $0.name == word } })
        }
        deflate = arguments.has("--deflate") ? true : arguments.has("--no-deflate") ? false : nil
        maximumFrame = arguments.number("--max-frame")
        maximumMessage = arguments.number("--max-message")
        input = arguments.word("--input").flatMap(Input.init(rawValue:)) ?? .auto
        hasKeyLog = arguments.has("--keylog")
        keys = try KeyLogFiles.keys(arguments, complain: complain)
        cryptographyAdvice = SystemCryptography.advice
        reportsAll = arguments.has("--all")
        conversations.webSocketPorts = Set(arguments.numbers("--websocket-port").map { UInt16(clamping: $0) })
    }
}
