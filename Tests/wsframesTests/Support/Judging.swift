import Testing

/// The rows for a stream that is given as hex text, judged with some options.
func judge(
    _ hex: String, _ options: String..., status: Int32? = nil, _ location: SourceLocation = #_sourceLocation
) throws -> [Row] {
    try judge(.text(hex), options, status: status, location)
}

/// The rows for a stream that is given as bytes, judged with some options.
func judge(
    _ bytes: [UInt8], _ options: String..., status: Int32? = nil, _ location: SourceLocation = #_sourceLocation
) throws -> [Row] {
    try judge(.bytes(bytes), options, status: status, location)
}

private func judge(
    _ input: Command.Input, _ options: [String], status: Int32?, _ location: SourceLocation
) throws -> [Row] {
    let outcome = try Command.run(["validate", "--format", "jsonl", "-"] + options, stdin: input, location)
    #expect(outcome.errors == "", sourceLocation: location)
    let rows = try outcome.rows(location)
    #expect(rows.allSatisfy { $0.fitsContract }, "\(rows)", sourceLocation: location)
    if let status { #expect(outcome.status == status, sourceLocation: location) }
    return rows
}
