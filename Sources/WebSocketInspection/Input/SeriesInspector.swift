public import WebSocketCaptures

/// Judges several captures as one: what `tcpdump -C` or a ring buffer wrote to one file after the other, or what
/// several machines captured at the same time.
///
/// Packets are merged by time, and numbered in that order, as `mergecap` does. Findings are as those of an
/// ``Inspector``, whose source is the first file.
///
/// ```swift
/// guard case .packet(let time) = CaptureBeginning(of: bytes.span, isWhole: true) else { return }
/// let file = SeriesInspector.File(name: "a.pcap", firstTime: time)
/// var inspector = SeriesInspector(InspectionSettings(), files: [file])
/// while inspector.nextFile != nil {
///     try inspector.feed(bytes.span) { print($0) }  // the next bytes of that file
///     inspector.endFile { print($0) }  // at its end
/// }
/// inspector.finish { print($0) }
/// ```
public struct SeriesInspector: ~Copyable {
    /// One of the files.
    public struct File: Sendable {
        /// Its name in errors.
        public var name: String
        /// The time of its first packet (``CaptureBeginning``).
        public var firstTime: CaptureTime

        /// Creates a description of a file.
        public init(name: String, firstTime: CaptureTime) {
            self.name = name
            self.firstTime = firstTime
        }
    }

    /// The files.
    public let files: [File]
    private var capture: CaptureInspector

    /// Creates an inspector at the start of all files.
    ///
    /// - Parameters:
    ///   - settings: how to judge them.
    ///   - files: the files, in ascending order of the times of their first packets.
    ///   - hops: the ledger in which the other hops of their conversations are searched for; nil for no search.
    public init(_ settings: InspectionSettings, files: [File], hops: HopLedger? = nil) {
        precondition(
            zip(files, files.dropFirst()).allSatisfy { $0.firstTime <= $1.firstTime },
            "files are in ascending order of their first times")
        self.files = files
        let source = files.first?.name ?? "-"
        capture = CaptureInspector(
            series: files.map(\.firstTime), source: source, settings: settings,
            judge: ConversationJudge(settings, source: source, hops: hops))
    }

    /// The index in ``files`` of the file of which the next bytes are needed; nil if all have ended.
    public var nextFile: Int? { capture.nextFile }

    /// Judges the next bytes of the file ``nextFile``.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes of that file.
    ///   - visit: receives each finding.
    /// - Throws: what is wrong with the file, after it has been reported: the file has ended, and the others are read
    ///   nevertheless.
    public mutating func feed(_ bytes: Span<UInt8>, _ visit: (Finding) -> Void) throws(InputError) {
        try attempt(visit) { capture throws(InputFault) in try capture.feed(bytes, visit) }
    }

    /// Ends the file ``nextFile``. If it may not end there, an error is reported.
    ///
    /// - Parameter visit: receives each finding.
    public mutating func endFile(_ visit: (Finding) -> Void) {
        try? attempt(visit) { capture throws(InputFault) in try capture.endFile(visit) }
    }

    /// Ends the file ``nextFile``, which cannot be read any further for a reason that the caller knows.
    ///
    /// - Parameters:
    ///   - message: the reason.
    ///   - visit: receives each finding, and the error.
    public mutating func failFile(_ message: String, _ visit: (Finding) -> Void) {
        try? attempt(visit) { capture throws(InputFault) in
            try? capture.endFile(visit)
            throw InputFault(message: message)
        }
    }

    /// Ends all files, whether or not they have been read to their ends.
    ///
    /// - Parameter visit: receives the remaining findings.
    public mutating func finish(_ visit: (Finding) -> Void) { try? capture.finish(visit) }

    private mutating func attempt(
        _ visit: (Finding) -> Void, _ body: (inout CaptureInspector) throws(InputFault) -> Void
    ) throws(InputError) {
        guard let index = nextFile else { return }
        do throws(InputFault) {
            try body(&capture)
        } catch {
            let error = InputError(source: files[index].name, message: error.message)
            visit(.error(error))
            throw error
        }
    }
}
