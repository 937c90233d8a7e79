/// Completion scripts for shells, generated from the table of commands.
enum Completions {
    static let shells = ["bash", "zsh", "fish"]

    static func script(for shell: String) -> String? {
        switch shell {
        case "bash": bash
        case "zsh": zsh
        case "fish": fish
        default: nil
        }
    }

    /// Returns the words that may be arguments of a command; nil if files may.
    private static func operands(of command: CommandEntry) -> String? {
        switch command.name {
        case "validate", "inspect": nil
        case "explain": "$(wsframes explain --names)"
        case "completions": shells.joined(separator: " ")
        default: ""
        }
    }

    private static var bash: String {
        var cases = ""
        for command in CommandTable.commands {
            let options = command.options.map(\.name).joined(separator: " ")
            cases += "        \(command.name))\n            case \"$previous\" in\n"
            for option in command.options {
                switch option.value {
                case .choice(let words):
                    cases += "                \(option.name)) words=\"\(words.joined(separator: " "))\" ;;\n"
                case .bytes, .port, .number, .text: cases += "                \(option.name)) return ;;\n"
                case .file:
                    cases +=
                        "                \(option.name)) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n"
                case .none: break
                }
            }
            cases += "                *) words=\"\(options)"
            if let operands = operands(of: command) {
                cases += " \(operands)\" ;;\n"
            } else {
                cases += "\"; [[ $current == -* ]] || { COMPREPLY=($(compgen -f -- \"$current\")); return; } ;;\n"
            }
            cases += "            esac ;;\n"
        }
        let names = CommandTable.commands.map(\.name).joined(separator: " ")
        return """
            _wsframes() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words=
                case "${COMP_WORDS[1]}" in
            \(cases)        *) words="\(names) --help --version" ;;
                esac
                if [[ $COMP_CWORD == 1 ]]; then words="\(names) --help --version"; fi
                COMPREPLY=($(compgen -W "$words" -- "$current"))
            }
            complete -o filenames -F _wsframes wsframes

            """
    }

    private static var zsh: String {
        var cases = ""
        for command in CommandTable.commands {
            var specs: [String] = []
            for option in command.options {
                let help = escaped(option.help, "'[]:")
                switch option.value {
                case .none: specs.append("'\(option.name)[\(help)]'")
                case .choice(let words):
                    specs.append("'\(option.name)=[\(help)]:word:(\(words.joined(separator: " ")))'")
                case .bytes, .port, .number: specs.append("'\(option.name)=[\(help)]:number:'")
                case .text(let word): specs.append("'*\(option.name)=[\(help)]:\(escaped(word, ":").lowercased()):'")
                case .file: specs.append("'*\(option.name)=[\(help)]:file:_files'")
                }
            }
            switch operands(of: command) {
            case nil: specs.append("'*:file:_files'")
            case .some(""): break
            case .some(let words): specs.append("\"*:topic:(\(words))\"")
            }
            cases += "        \(command.name)) _arguments \(specs.joined(separator: " \\\n            ")) ;;\n"
        }
        let commands = CommandTable.commands.map { "'\($0.name):\(escaped($0.summary, "':"))'" }
        return """
            #compdef wsframes
            _wsframes() {
                local -a commands=(\(commands.joined(separator: " ")))
                if (( CURRENT == 2 )); then
                    _describe command commands
                    return
                fi
                local command=$words[2]
                shift words
                (( CURRENT-- ))
                case $command in
            \(cases)    esac
            }
            if [ "$funcstack[1]" = "_wsframes" ]; then _wsframes "$@"; else compdef _wsframes wsframes; fi

            """
    }

    private static var fish: String {
        var lines = ["complete -c wsframes -e", "complete -c wsframes -n __fish_use_subcommand -f"]
        for command in CommandTable.commands {
            lines.append(
                "complete -c wsframes -n __fish_use_subcommand -a \(command.name) -d '\(escaped(command.summary, "'"))'"
            )
            let within = "complete -c wsframes -n '__fish_seen_subcommand_from \(command.name)'"
            for option in command.options {
                var line = "\(within) -l \(option.name.dropFirst(2)) -d '\(escaped(option.help, "'"))'"
                switch option.value {
                case .choice(let words): line += " -x -a '\(words.joined(separator: " "))'"
                case .bytes, .port, .number, .text: line += " -x"
                case .file: line += " -r -F"
                case .none: break
                }
                lines.append(line)
            }
            if let operands = operands(of: command) {
                let list = operands.hasPrefix("$") ? String(operands.dropFirst()) : operands
                lines.append(list.isEmpty ? "\(within) -f" : "\(within) -f -a '\(list)'")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String, _ special: String) -> String {
        var result = ""
        for character in text {
            if character == "'" {
                result += "’"
            } else {
                if special.contains(character) { result += "\\" }
                result.append(character)
            }
        }
        return result
    }
}
