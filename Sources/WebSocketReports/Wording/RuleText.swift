/// The texts of the rule table, as reports need them.
enum RuleText {
    /// Returns the items of a list that has one per line.
    static func lines(of text: StaticString) -> [String] {
        text.description.split(separator: "\n").map(String.init)
    }
}
