/// The kinds of inputs.
public enum InputKind: Sendable, Hashable {
    /// The bytes of a stream, unchanged.
    case raw
    /// Bytes written as text: ``HexDecoder`` reads them.
    case hex
    /// Both sides of conversations written as text: ``ExportReader`` reads them.
    case export
    /// Packets with their headers written as text: ``CapturedConversations`` reads them, if the caller says so.
    case packetText
    /// A capture in libpcap's format.
    case pcap
    /// A capture in the pcapng format.
    case pcapng
    /// Something known without a stream that could be read, with what it is and what to do: `compressed with gzip:
    /// decompress it first`.
    case unsupported(String)
}
