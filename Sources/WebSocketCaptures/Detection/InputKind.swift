/// What kind of input a file is.
public enum InputKind: Sendable, Hashable {
    /// The bytes of a stream as they were.
    case raw
    /// Bytes written out as text: ``HexDecoder`` reads them.
    case hex
    /// Both sides of conversations written out as text: ``ExportReader`` reads them.
    case export
    /// Packets with their headers written out as text: ``CapturedConversations`` reads them, where that is said.
    case packetText
    /// A capture in libpcap's format.
    case pcap
    /// A capture in the pcapng format.
    case pcapng
    /// Something known that holds no stream one could read, with what it is and what to do: `compressed with gzip:
    /// decompress it first`.
    case unsupported(String)
}
