/// How a stream is judged after a violation, and what of it is shown.
struct ContinuationPolicy {
    /// Report violations after the first one, where the frame's end is known.
    var reportsAll = false
    /// Go on to judge after a violation, whether or not more of them are reported.
    var goesOn = false
    /// Show what data frames carry.
    var showsPayloads = false
    /// Digest what messages carry.
    var digests = false
}
