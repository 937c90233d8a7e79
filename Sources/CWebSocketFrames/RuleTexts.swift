// The texts of the rule table for C. String literals are constants that end with NUL and live as long as the program.

public import CWebSocketFramesHeader
import WebSocketFrames

/// Returns the name: `reserved-bits`.
@c(wsf_rule_name) @implementation
public func wsf_rule_name(_ rule: wsf_rule) -> UnsafePointer<CChar>? { unsafe text(rule) { $0.name } }

/// Returns the section that states the rule: `RFC 6455 §5.2`.
@c(wsf_rule_section) @implementation
public func wsf_rule_section(_ rule: wsf_rule) -> UnsafePointer<CChar>? { unsafe text(rule) { $0.section } }

/// Returns what breaks the rule, in one clause.
@c(wsf_rule_broken_when) @implementation
public func wsf_rule_broken_when(_ rule: wsf_rule) -> UnsafePointer<CChar>? { unsafe text(rule) { $0.brokenWhen } }

/// Returns the sentence of the standard that states the rule.
@c(wsf_rule_sentence) @implementation
public func wsf_rule_sentence(_ rule: wsf_rule) -> UnsafePointer<CChar>? { unsafe text(rule) { $0.sentence } }

/// Returns the purpose of the rule.
@c(wsf_rule_meaning) @implementation
public func wsf_rule_meaning(_ rule: wsf_rule) -> UnsafePointer<CChar>? { unsafe text(rule) { $0.meaning } }

/// Returns what usually makes an endpoint break it.
@c(wsf_rule_causes) @implementation
public func wsf_rule_causes(_ rule: wsf_rule) -> UnsafePointer<CChar>? { unsafe text(rule) { $0.causes } }

/// Returns what to check next.
@c(wsf_rule_checks) @implementation
public func wsf_rule_checks(_ rule: wsf_rule) -> UnsafePointer<CChar>? { unsafe text(rule) { $0.checks } }

private func text(_ rule: wsf_rule, _ part: (RuleEntry) -> StaticString) -> UnsafePointer<CChar>? {
    guard let rule = Rule(rawValue: rule) else { return nil }
    let text = part(rule.entry)
    // Safe: the literal is constant memory, terminated by NUL, for as long as the program runs; char is one byte.
    return unsafe UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}
