/// How the command ended.
enum ExitStatus: Int32 {
    /// No rule is broken.
    case clean = 0
    /// A rule is broken; or, with `--strict`, something is doubtful.
    case violations = 1
    /// The command was used incorrectly.
    case wrongUsage = 2
    /// An input cannot be read, or is not what it claims to be. Takes precedence over `violations`.
    case unreadable = 3
    /// Nothing was judged in any input: no conversation was found, or none could be examined. `violations` and
    /// `unreadable` take precedence over it.
    case nothingJudged = 4
}
