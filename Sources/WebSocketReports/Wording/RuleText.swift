/// The texts of the rule table, as reports need them.
enum RuleText {
    /// The items of a list that stands a line each.
    static func lines(of text: StaticString) -> [String] {
        text.description.split(separator: "\n").map(String.init)
    }
}
