/// The word that a line begins with: `ok`, `broken`, `cut off`, `notice`, `ending`, `facts` or `error`.
enum ReportLabel {
    /// The column at which the text after the word begins.
    static let width = 8
}
