/// How the command ended.
enum ExitStatus: Int32 {
    /// Nothing is violated.
    case clean = 0
    /// A rule is broken; or, with `--strict`, something is doubtful.
    case violations = 1
    /// The command was called in a wrong way.
    case wrongUsage = 2
    /// An input cannot be read, or is not what it claims. It wins over `violations`.
    case unreadable = 3
    /// Nothing was judged in any input: no conversation was found, or none could be looked into. `violations` and
    /// `unreadable` win over it.
    case nothingJudged = 4
}
