/// How sure a diagnosis is.
public enum DiagnosisCertainty: String, Sendable, Hashable, CaseIterable {
    /// Nothing else could plausibly have produced these bytes.
    case certain
    /// It explains the bytes, and little else does.
    case likely
    /// It explains the bytes, but so would other causes.
    case possible
}
