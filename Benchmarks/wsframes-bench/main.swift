import BenchmarkWorkloads
import Foundation

/// Measures what is asked for, and prints each workload's figures as soon as they are available.
func measure(_ options: MeasureOptions) throws {
    let progress = Progress()
    let measurement = Measurement(effort: options.effort, progress: progress)
    var all: [Row] = []
    if !options.printsJSON { write(Table.head(isQuick: options.effort.divisor > 1)) }
    for kind in options.kinds {
        let rows = try measurement.rows(kind, options.feedings(for: kind))
        progress.clear()
        for row in rows {
            let whole = rows.first { $0.api == row.api && $0.chunk == 0 }
            write(options.printsJSON ? row.json + "\n" : Table.line(row, whole: whole))
        }
        if !options.printsJSON { write("\n") }
        all += rows
    }
    if !options.printsJSON { write(Table.legend + (Table.busyWarning.map { "\n" + $0 } ?? "")) }
    if let path = options.svgPath {
        guard (try? Chart.svg(all).write(toFile: path, atomically: true, encoding: .utf8)) != nil else {
            throw UnusableFile(description: "\(path): cannot be written")
        }
    }
}

func list() {
    for kind in WorkloadKind.allCases { write(kind.rawValue.filled(to: 18) + kind.summary + "\n") }
}

func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
}

/// Prints in one line why the program ends.
func fail(_ message: String, status: Int32) -> Never {
    Progress().clear()
    FileHandle.standardError.write(Data("wsframes-bench: \(message)\n".utf8))
    exit(status)
}

do {
    switch try Command(Array(CommandLine.arguments.dropFirst())) {
    case .measure(let options): try measure(options)
    case .compare(let old, let new): write(Compare.text(old: try Row.load(old), new: try Row.load(new)))
    case .scale: try await Scaling.run()
    case .list: list()
    case .help: write(Command.helpText)
    }
} catch let error as UsageError {
    fail(error.message, status: 2)
} catch let error as UnusableFile {
    fail(error.description, status: 3)
} catch {
    fail("\(error)", status: 1)
}
