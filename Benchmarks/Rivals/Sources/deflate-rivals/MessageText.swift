import RivalRandom

/// The contents of messages: text as servers send it, different in every message, and the same in every run.
enum MessageText: String, CaseIterable {
    case json, chat, html

    private static let words = """
        the of and to in a is that for it was on as with are this have from at not be they you or had but what when there \
        can your said each which she how if will up other about out many then them these some her would make like him into \
        time has look two more write go see number way could people my than first water been call who its now find long \
        down day did get come made may part connection message server client user update price order status room channel
        """.split(separator: " ").map(String.init)

    /// Makes a text of `count` bytes.
    func make(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        var text = ""
        while text.utf8.count < count { text += piece(&random) }
        return Array(text.utf8.prefix(count))
    }

    private func piece(_ random: inout SplitMix64) -> String {
        switch self {
        case .json:
            #"{"id":\#(random.below(1_000_000)),"type":"\#(word(&random))","price":\#(random.below(100_000)).\#(random.below(100)),"#
                + #""user":{"name":"\#(word(&random))","active":\#(random.oneIn(2))},"tags":["\#(word(&random))","\#(word(&random))"]},"#
        case .chat:
            (0..<random.within(3...14)).map { _ in word(&random) }.joined(separator: " ") + ". "
        case .html:
            #"<li class="item \#(word(&random))" data-id="\#(random.below(100_000))"><a href="/\#(word(&random))/\#(word(&random))">"#
                + "\(word(&random)) \(word(&random))</a></li>\n"
        }
    }

    private func word(_ random: inout SplitMix64) -> String {
        Self.words[min(random.below(Self.words.count), random.below(Self.words.count))]
    }
}
