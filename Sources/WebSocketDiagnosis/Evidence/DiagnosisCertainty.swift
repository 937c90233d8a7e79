/// How sure a diagnosis is.
public enum DiagnosisCertainty: String, Sendable, Hashable, CaseIterable {
    /// Nothing else could plausibly have made these bytes.
    case certain
    /// It explains the bytes, and little else does.
    case likely
    /// It explains the bytes, as other things would.
    case possible
}
