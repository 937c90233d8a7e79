import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketInspection
import WebSocketReports

extension NoticeFinding {
    /// A notice of an invented kind.
    init(
        origin: StreamOrigin, name: String, message: String, packetPosition: PacketPosition? = nil,
        diagnosis: Diagnosis? = nil
    ) {
        let kind = NoticeKind(name, .stream, "made up", means: "Nothing.", checks: [])
        self.init(
            origin: origin, Notice(kind, about: origin.sender, message, at: packetPosition), diagnosis: diagnosis
        )
    }
}
