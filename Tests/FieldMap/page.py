"""results.json → MAP.md: implementations × rules, followed by the results that are not strict, with their evidence."""

# The table shows the worst result of each group.
RANKS = ["dies", "hangs", "lax", "refuses", "other code", "cut off", "late", "strict"]
SIGNS = {"dies": "✝", "hangs": "∞", "lax": "✗", "refuses": "⊘", "other code": "≠", "cut off": "✂", "late": "✓", "strict": "✓"}
MEANINGS = {
    "strict": "as the RFC says, at once or when more bytes have come", "lax": "accepts what must be refused",
    "refuses": "refuses what must be accepted", "other code": "closes with another code", "cut off": "ends without a Close",
    "hangs": "neither closes nor answers", "dies": "takes no further connection"}

# For these results the file only has counts per column, so that it stands out which cases are not fine.
FINE = ("late", "strict")

# Columns for rules, and for cases that are not about a rule.
RULES = {
    "mask": ["unmasked-client-frame", "masked-server-frame"], "RSV": ["reserved-bits", "misplaced-rsv1"],
    "opcode": ["reserved-opcode"], "length": ["non-minimal-length", "length-overflow"],
    "control": ["oversized-control", "fragmented-control"],
    "fragments": ["unexpected-continuation", "interleaved-message"], "UTF-8": ["text-not-utf8"],
    "closing": ["invalid-close-code", "truncated-close-code", "close-reason-not-utf8", "data-after-close"],
}
TOPICS = {
    "mask": ["rfc6455-5.1-", "rfc6455-5.3-"], "fragments": ["rfc6455-5.4-", "probe/fragments/"], "UTF-8": ["rfc6455-8.1-"],
    "closing": ["rfc6455-5.5.1-", "rfc6455-7.4-", "probe/closing/"], "pings": ["probe/pings/", "probe/clients/", "rfc6455-5.5-"],
    "handshake": ["probe/handshake/", "handshake/"], "deflate": ["rfc7692-"],
}
HEADINGS = ["mask", "RSV", "opcode", "length", "control", "fragments", "UTF-8", "closing", "pings", "handshake", "deflate", "sizes"]


def rule_of(name: str) -> str | None:
    """The rule that a case breaks, from its name: section/reject.RULE.case."""
    file = name.split("/")[-1]
    return file.split(".")[1] if file.startswith("reject.") else None


def counted(results) -> dict:
    """Results with the names of their cases, as the file has them."""
    kept = {}
    for kind, names in sorted(results.items()):
        kept[kind] = sorted(names)
        if kind in FINE:
            kept[kind] = {}
            for heading in HEADINGS:
                count = sum(column_of(name) == heading for name in names)
                if count:
                    kept[kind][heading] = count
    return kept


def column_of(name: str) -> str:
    rule = rule_of(name)
    if rule:
        return next(heading for heading, rules in RULES.items() if rule in rules)
    return next((heading for heading, starts in TOPICS.items() if name.startswith(tuple(starts))), "sizes")


# How much it matters if a rule is not enforced.
WEIGHT = {
    "masked-server-frame": "security: masking keeps scripts from writing requests that caches understand (RFC 6455 §10.3)",
    "unmasked-client-frame": "security: masking keeps scripts from writing requests that caches understand (RFC 6455 §10.3)",
    "text-not-utf8": "security: what is passed on as text is none",
    "close-reason-not-utf8": "pedantry, unless the reason is shown or logged",
    "non-minimal-length": "security in the small: two readers may see different frames where one is stricter",
    "length-overflow": "security: a length that is read as negative, or waited for for ever",
    "reserved-bits": "interoperability: an extension that was not agreed goes unnoticed",
    "misplaced-rsv1": "interoperability: an extension that was not agreed goes unnoticed",
    "reserved-opcode": "interoperability: what is meant is lost without a word",
    "fragmented-control": "interoperability: control frames are put together differently",
    "oversized-control": "security in the small: a control frame of any size has to be kept",
    "interleaved-message": "interoperability: a message is lost or mixed with another",
    "unexpected-continuation": "interoperability: a message is lost or mixed with another",
    "invalid-close-code": "pedantry: the connection ends anyway",
    "truncated-close-code": "pedantry: the connection ends anyway",
    "data-after-close": "pedantry: the connection ends anyway",
}

# The same for cases that are not about a rule: what the section says and, by column, how much it matters.
SENTENCES = {
    "RFC 6455 §4.1": "Once the client's opening handshake has been sent, the client MUST wait for a response from the server before "
    "sending any further data.",
    "RFC 6455 §4.2.1": "If the server, while reading the handshake, finds that the client did not send a handshake that matches the "
    "description below […], the server MUST stop processing the client's handshake and return an HTTP response with an appropriate "
    "error code (such as 400 Bad Request).",
    "RFC 6455 §5.1": "[…] a client MUST mask all frames that it sends to the server […]",
    "RFC 6455 §5.2": "The length of the \"Payload data\", in bytes: if 0-125, that is the payload length.",
    "RFC 6455 §5.3": "The masking key is a 32-bit value chosen at random by the client.",
    "RFC 6455 §5.5.3": "A Pong frame sent in response to a Ping frame must have identical \"Application data\" as found in the message "
    "body of the Ping frame being replied to.",
    "RFC 6455 §5.6": "Note that a particular text frame might include a partial UTF-8 sequence; however, the whole message MUST "
    "contain valid UTF-8.",
    "RFC 6455 §5.7": "A single-frame unmasked text message: 0x81 0x05 0x48 0x65 0x6c 0x6c 0x6f (contains \"Hello\")",
    "RFC 6455 §7.1.1": "An endpoint SHOULD use a method that cleanly closes the TCP connection, as well as the TLS session, if "
    "applicable, discarding any trailing bytes that may have been received.",
    "RFC 6455 §8.1": "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact, a valid "
    "UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.",
    "RFC 7692 §6": "On a WebSocket connection where a PMCE is in use, this bit indicates whether a message is compressed or not.",
    "RFC 7692 §7.2.3.4": "On platforms on which the flush method using an empty DEFLATE block with no compression is not available, "
    "implementors can choose to flush data using DEFLATE blocks with \"BFINAL\" set to 1.",
    "RFC 9112 §3.2": "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that lacks a Host "
    "header field […].",
    "RFC 9112 §5.1": "A server MUST reject, with a response status code of 400 (Bad Request), any received request message that "
    "contains whitespace between a header field name and colon.",
    # Close codes in IANA's registry that the RFC does not have.
    "RFC 6455": "Status codes in the range 1000-2999 are reserved for definition by this protocol, its future revisions, and "
    "extensions specified in a permanent and readily available public specification.",
    "RFC 6455 §11.3.1": "The |Sec-WebSocket-Key| header field MUST NOT appear more than once in an HTTP request.",
    "RFC 6455 §5.4": "Clients and servers MUST support receiving both fragmented and unfragmented messages.",
    "RFC 6455 §5.5.1": "If an endpoint receives a Close frame and did not previously send a Close frame, the endpoint MUST send a "
    "Close frame in response.",
    "RFC 6455 §5.5.2": "Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response, unless it already received a "
    "Close frame.",
}
BEHAVIOUR = {
    "handshake": "pedantry, unless requests are passed on to what reads them otherwise",
    "pings": "interoperability: a connection that lives is taken for dead",
    "closing": "interoperability: the peer does not learn whether all was received",
}
LEGAL = "interoperability: what is legal is lost"


def cells(entry) -> dict:
    """The count of each result, for each column."""
    found = {}
    for kind, names in entry["results"].items():
        if kind in FINE:
            for heading, count in names.items():
                found.setdefault(heading, {})[kind] = count
        elif kind != "skipped":
            for name in names:
                counts = found.setdefault(column_of(name), {})
                counts[kind] = counts.get(kind, 0) + 1
    return found


def cell(counts) -> str:
    if not counts:
        return ""
    worst = min(counts, key=RANKS.index)
    if worst in FINE:
        return "✓"
    wrong = sum(count for kind, count in counts.items() if kind not in FINE)
    return f"{SIGNS[worst]} {wrong}"


def wrong_count(entry) -> int:
    return sum(len(names) for kind, names in entry["results"].items() if kind not in (*FINE, "skipped"))


def played(entry) -> int:
    return sum(sum(counts.values()) for counts in cells(entry).values())


def anchor(entry) -> str:
    """The name of the link to an implementation's details: written out, so that it does not depend on the renderer."""
    return "".join(character if character.isalnum() else "-" for character in f"{entry['role']}-{entry['name']}".lower())


def markdown(entries) -> str:
    lines = [
        "# The map of the field", "",
        "What WebSocket implementations do with every case of this corpus, asked by `wsframes probe` over the loopback "
        "address. Made by `Tests/FieldMap/make-map`; do not edit. The same for programs: `results.json`.", "",
        f"{len({entry['name'] for entry in entries})} implementations in {len(entries)} roles. A field is the worst result "
        "of its cases and how many went wrong; the name leads to what was sent and what came back.", "",
        " · ".join(f"{SIGNS[kind]} {meaning}" for kind, meaning in MEANINGS.items()), "",
    ]
    for role, title in (("server", "Servers"), ("client", "Clients"), ("proxy", "Proxies")):
        chosen = sorted((entry for entry in entries if entry["role"] == role), key=lambda entry: (wrong_count(entry), entry["name"].lower()))
        if not chosen:
            continue
        headings = [heading for heading in HEADINGS if any(heading in cells(entry) for entry in chosen)]
        lines += [f"## {title}", ""]
        if role == "proxy":
            lines += [
                "Each stands before the strict echo server of `Tests/Embedding`: what is wrong here, the proxy has done.", ""]
        lines += ["| implementation | version | wrong | " + " | ".join(headings) + " |",
                  "|---|---|--:|" + ":-:|" * len(headings)]
        for entry in chosen:
            found = cells(entry)
            lines.append(
                f"| [{entry['name']}](#{anchor(entry)}) | {entry['version']} | {wrong_count(entry)} of {played(entry)} | "
                + " | ".join(cell(found.get(heading)) for heading in headings) + " |")
        lines.append("")
    lines += decisions()
    lines += ["## What is not strict", ""]
    for entry in entries:
        lines += details(entry)
    return "\n".join(lines).rstrip() + "\n"


def decisions() -> list:
    """Cases in which implementations agree with each other but not with this project, what was decided, and why."""
    return [
        "## What was decided", "",
        "- A receiver may look at a frame only when all of it has come, and at a text only when its message has ended: that is "
        "*late* and not wrong. RFC 6455 does not say when a fault must be noticed.",
        "- A 64-bit length whose top bit is set may be answered with 1009 as well as 1002: no receiver takes a message of that "
        "size, whatever it thinks of the bit.",
        "- A close reason that is not UTF-8 may be answered with 1002 as well as 1007: RFC 6455 §7.4.1 gives 1007 for what is inside "
        "a message, which a reason is not.",
        "- A Close that breaks a rule and is answered with 1000 or without a code was taken for legal: *lax*. Any other fault that "
        "ends with such a Close is *other code*.",
        "- A Close that is legal may be answered with the same code, with 1000 or with none: an endpoint \"typically echoes\" the "
        "code (RFC 6455 §5.5.1).",
        "- A message that does not inflate may be answered with 1002 or 1007: RFC 7692 does not say which.",
        "- After a broken rule an end of TCP without a Close is *cut off*, though RFC 6455 §7.1.7 says SHOULD: a peer learns nothing "
        "of what went wrong.",
        "- A length in a longer form than it needs is accepted by most servers and clients. RFC 6455 §5.2 says MUST to the sender, and "
        "of a receiver nothing. It stays *lax*: what is judged is whether the stream keeps the RFC, and a receiver that lets it pass "
        "sees a frame where a stricter one behind the same proxy sees a fault. Who is lax here only breaks no sentence of the RFC. "
        "The control frames whose long form holds 0 (three cases of *oversized-control*) are of the same kind.",
        "- Many clients close with 1002 when a server closes with 1014, some after 1012 and 1013 as well. IANA's registry has these "
        "codes, and RFC 6455 §7.4.2 reserves 1000 to 2999 for just such later definitions: the codes are legal, and the case stays.",
        "- Codes of 5000 and above are refused, though RFC 6455 §7.4.2 names no range there: nothing and nobody can define one.",
        "- A key that appears twice, that is no Base64 or has not 16 bytes, and a request without Host are upgraded by many servers. "
        "RFC 6455 §4.2.1 lists what a request is to have, and says that a server MUST refuse another: the cases stay, as pedantry.",
        "- Text that ends inside a character, with an empty last fragment, is accepted by more servers than text that ends so in one "
        "frame: they look at each fragment that has bytes. RFC 6455 §5.6 speaks of the whole message: the case stays.",
        "- A frame that comes in the segment in which the request ends was asked to be answered, and a third of the servers drop it. "
        "RFC 6455 §4.1 says that a client MUST wait for the response: the case was wrong and was changed. A server may take the frame, "
        "drop it or refuse the handshake; only a frame before its own response is wrong.", "",
    ]


def details(entry) -> list:
    lines = [f"<a id=\"{anchor(entry)}\"></a>", f"### {entry['name']}, {entry['role']}", ""]
    facts = f"{entry['version']}, asked on {entry['date']}: {played(entry)} cases, {wrong_count(entry)} went wrong."
    if entry["note"]:
        facts += f" ({entry['note'][0].upper() + entry['note'][1:]}.)"
    lines.append(facts)
    if entry["skipped"]:
        count = len(entry["results"].get("skipped", []))
        lines.append(f"{count} skipped: {'; '.join(entry['skipped'])}.")
    lines.append("")
    for row in sorted(entry["evidence"], key=lambda row: (RANKS.index(row["result"]), -row["cases"])):
        subject = row["rule"] or column_of(row["name"])
        number = f", {row['cases']} cases" if row["cases"] > 1 else ""
        lines.append(f"- **{row['result']}**: {subject}{number}. {row['title']}")
        detail = plain(row["detail"])
        lines.append(f"  {detail[0].upper() + detail[1:]}." if detail.startswith(("its ", "the ")) else f"  It {detail}.")
        if row["rule"]:
            lines.append(f"  {row['section']}: “{row['sentence']}”" + (f" ({WEIGHT[row['rule']]})" if row["rule"] in WEIGHT else ""))
        else:
            section = row["section"].rstrip(".")
            sentence = f": “{SENTENCES[section]}”" if section in SENTENCES else ""
            lines.append(f"  {section}{sentence} ({BEHAVIOUR.get(column_of(row['name']), LEGAL)})")
        sent, got = octets(row["sent"]), octets(row["received"])
        lines.append(f"  `{row['name']}`" + (f", sent `{sent}`" if sent else "") + (f", got `{got}`" if got else ""))
    if entry["evidence"]:
        lines.append("")
    return lines


def plain(text: str) -> str:
    return text.replace("|", "\\|").rstrip(".")


def octets(digits: str) -> str:
    return digits if len(digits) <= 64 else digits[:64] + "…"
