/// How a stream is judged after a violation, and what is shown of it.
struct ContinuationPolicy {
    /// Whether to report violations after the first one, if the frame's end is known.
    var reportsAll = false
    /// Whether to continue judging after a violation, whether or not further ones are reported.
    var continues = false
    /// Whether to show the payloads of data frames.
    var showsPayloads = false
    /// Whether to digest the content of messages.
    var digests = false
}
