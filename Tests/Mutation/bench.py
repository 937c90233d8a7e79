"""Copies of the checkout, built with one change or with all of them, and their tests."""
import json
import os
import re
import resource
import select
import signal
import subprocess
import sys
import time

import switching
import switching_c
from operators import blanked

# The package's manifest leaves only the core and its tests if this is set.
ENVIRONMENT = {**os.environ, "EXHAUSTIVE": "1"}
MEMORY = 8 << 30
SWITCH, KERNELS = "MutantSwitch", "FrameKernels"


def copy(root, folder, changed=None):
    """Copies the checkout, where it differs; `changed` maps names to other contents, and may add files."""
    files = subprocess.run(["git", "ls-files", "-z", "Package.swift", "Sources", "Tests", "Fixtures", "Benchmarks"],
                           cwd=root, capture_output=True, check=True, text=True).stdout.split("\0")
    contents = {name: (root / name).read_bytes() for name in files
                if name and (root / name).is_file() and not (root / name).is_symlink()}
    contents.update({name: text.encode() for name, text in (changed or {}).items()})
    for name, content in contents.items():
        target = folder / name
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            if os.access(root / name, os.X_OK):
                target.chmod(0o755)


class Tests:
    """The tests of a build: the suites in it, and whether they pass."""

    def __init__(self, folder, program):
        self.folder, self.program = folder, program

    def names(self):
        listed = subprocess.run([self.program, "--testing-library", "swift-testing", "--list-tests"], cwd=self.folder,
                                capture_output=True, text=True, check=True).stdout
        return sorted(set(re.findall(r"^\w+\.\w+/.+$", listed, re.M)))

    def run(self, tests, limit, environment=None):
        """The first test that fails, or what else ended the tests, or None."""
        names = "|".join(re.escape(test) + "/" for test in tests)
        # The system ends endless loops and unlimited memory use.
        limits = f'ulimit -t {int(limit) + 1}; ulimit -v {MEMORY >> 10}; ulimit -c 0; exec "$@"'
        process = subprocess.Popen(
            ["sh", "-c", limits, "sh", self.program, "--testing-library", "swift-testing", "--filter", f"^({names})"],
            cwd=self.folder, env={**os.environ, "SWIFT_BACKTRACE": "enable=no", **(environment or {})},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        failed = self.first_failure(process, time.monotonic() + 40 * limit + 60)
        if failed:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.stdout.close()
        status = process.wait()
        if not failed and status:
            failed = "ended early" if status < 0 else f"status {status}"
        return failed

    def seconds(self, tests, environment, passing=None):
        """The processor time of a run that must pass."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        failed = self.run(tests, 600, environment)
        if failed != passing:
            sys.exit(f"{', '.join(tests)} fails as it is: {failed}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    def survey(self, kept, environment, say):
        """For each test, its processor time in seconds, and the numbers of the mutants that it could notice."""
        stamp = str(self.program.stat().st_mtime_ns)
        if kept and kept.exists():
            known = json.loads(kept.read_text())
            if known["stamp"] == stamp:
                return known["costs"], {test: set(numbers) for test, numbers in known["seen"].items()}
        costs, seen = {}, {}
        # The exit status is 69 if a filter matches nothing.
        start = self.seconds(["no test"], environment, passing="status 69")
        for test in self.names():
            if kept:
                kept.write_bytes(bytes(1 << 20))
            recorded = {"MUTANTS_SEEN": str(kept)} if kept else {}
            costs[test] = max(self.seconds([test], {**environment, **recorded}) - start, 0.001)
            if kept:
                seen[test] = {number for number, byte in enumerate(kept.read_bytes()) if byte}
        if kept:
            kept.write_text(json.dumps({"stamp": stamp, "costs": costs, "seen": {test: list(numbers) for test, numbers in seen.items()}}))
        say(f"{len(costs)} tests take {sum(costs.values()):.1f} s of processor time, and {start:.2f} s to start")
        return costs, seen

    @staticmethod
    def first_failure(process, until):
        """Reads the output of the tests until one fails, without waiting for the others."""
        said = b""
        while time.monotonic() < until:
            if not select.select([process.stdout], [], [], 1)[0]:
                continue
            piece = os.read(process.stdout.fileno(), 1 << 16)
            if not piece:
                return None
            said = said[-4096:] + piece
            failure = re.search("✘\\S* Test (.*?) (?:recorded an issue|failed)".encode(), said)
            if failure:
                return failure.group(1).decode("utf8", "replace")
        return "no end"


class Switched:
    """One build that contains all switchable ones of the given mutants."""

    def __init__(self, root, folder, mutants):
        self.root, self.folder = root, folder
        self.sites = {}
        by_file = {}
        for number, mutant in mutants:
            by_file.setdefault(mutant.file, []).append((number, mutant))
        for file, of_file in by_file.items():
            self.sites[file] = switching.sites(of_file)
            if not file.endswith(".swift"):
                self.sites[file] = switching_c.possible((root / file).read_text(encoding="utf8"), self.sites[file])
        self.modules = list(dict.fromkeys(file.split("/")[1] for file in by_file))

    @property
    def tests(self):
        return Tests(self.folder, self.folder / ".build/release/websocket-framesPackageTests.xctest")

    def numbers(self):
        return {number for places in self.sites.values() for site in places for number, _ in site}

    def write(self):
        changed, operators = {}, {module: [] for module in self.modules}
        for file, places in self.sites.items():
            source = (self.root / file).read_text(encoding="utf8")
            if file.endswith(".swift"):
                changed[file], own = switching.switched(source, places)
                operators[file.split("/")[1]] += own
            else:
                changed[file] = switching_c.switched(source, places)
        # Also where nothing is changed: what may be inlined into another module must not refer to what no longer may.
        for module in self.modules:
            for path in (self.root / "Sources" / module).rglob("*.swift"):
                file = str(path.relative_to(self.root))
                changed.setdefault(file, switching.not_inlinable(path.read_text(encoding="utf8")))
        for module in self.modules:
            if module != KERNELS:
                changed[f"Sources/{module}/{SWITCH}.swift"] = switching.support(operators[module])
        changed[f"Sources/{SWITCH}/include/{SWITCH}.h"] = switching.SWITCH_HEADER
        changed[f"Sources/{SWITCH}/{SWITCH}.c"] = switching.SWITCH_SOURCE
        manifest = (self.root / "Package.swift").read_text(encoding="utf8")
        modules = ", ".join(f'"{module}"' for module in self.modules)
        changed["Package.swift"] = manifest.replace("let core: Set = [", f'let core: Set = [\n        "{SWITCH}",') + (
            f'package.targets.append(.target(name: "{SWITCH}"))\n'
            f"for target in package.targets where [{modules}].contains(target.name) {{\n"
            f'    target.dependencies.append("{SWITCH}")\n'
            f'    if target.name == "{KERNELS}" {{ target.cSettings = [.unsafeFlags(["-include", "{SWITCH}.h"])] }}\n}}\n')
        # Whether to try everything is decided at run time here.
        sample = (self.root / "Tests/SeededRandom/Sample.swift").read_text(encoding="utf8")
        changed["Tests/SeededRandom/Sample.swift"] = "import Foundation\n" + re.sub(
            r"#if DEBUG.*?#endif", 'private static let isWhole = ProcessInfo.processInfo.environment["WHOLE"] != nil', sample, flags=re.S)
        copy(self.root, self.folder, changed)

    def build(self, say):
        """Builds it without the mutants that do not compile; returns the tests."""
        while True:
            self.write()
            errors = None
            for module in [*self.modules, None]:
                began = time.monotonic()
                errors = self.errors(module)
                say(f"{module or 'tests'}: {len(errors)} errors, {time.monotonic() - began:.0f} s, "
                    f"{len(self.numbers())} mutants in the build")
                if errors:
                    break
            if not errors:
                return self.tests
            before = len(self.numbers())
            # One error per line, statements first: the others may follow from those.
            places = {}
            for (file, line, message), names in sorted(errors.items(), key=lambda error: not re.search(FLOW, error[0][2])):
                places.setdefault((file, line), (message, names))
            for (file, line), about in places.items():
                self.leave_out(file, line, *about)
            if len(self.numbers()) == before:
                sys.exit("does not build, for whatever reason:\n" + "\n".join(map(str, errors)))

    def errors(self, module):
        command = ["swift", "build", "-c", "release", "-Xswiftc", "-enable-testing"]
        command += ["--target", module] if module else ["--build-tests"]
        run = subprocess.run(command, cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True)
        if run.returncode == 0:
            return {}
        said = run.stdout + run.stderr
        found = {}
        for match in re.finditer(r"^(/\S+?\.(?:swift|c|h)):(\d+):\d+: (error|note): (.*)$", said, re.M):
            if match[3] == "error":
                place = (os.path.relpath(os.path.realpath(match[1]), os.path.realpath(self.folder)), int(match[2]), match[4])
                found.setdefault(place, set())
            elif "not initialized" in match[4]:
                found[place] |= set(re.findall(r"'(?:self\.)?(\w+)'", match[4]))
        if not found:
            sys.exit("the build fails:\n" + said[-4000:])
        return found

    def leave_out(self, file, line, message, names):
        """Removes the mutants that caused an error: those of its line, or else of the enclosing block."""
        if file not in self.sites:
            return
        source = (self.root / file).read_text(encoding="utf8")
        text = blanked(source, file.endswith(".swift"))
        code = None if file.endswith(".swift") else switching_c.Code(source)
        # The name of an operator is its characters.
        named = [switching.number(text) for text in re.findall(r"operator function '([\u2500-\u2757]+)'", message)]
        kinds = next((kinds for pattern, kinds in KINDS if re.search(pattern, message)), None)

        def is_meant(site):
            mutant = site[0][1]
            if kinds and mutant.kind not in kinds or named and site[0][0] not in named:
                return False
            what = text[mutant.place : mutant.place + mutant.count]
            return not names or any(re.match(rf"(self\.)?{name}\b", what) for name in names)

        def stays(site, low, high):
            mutant = site[0][1]
            begin, end = code.reach(mutant) if code else (mutant.place, mutant.place + mutant.count)
            return text.count("\n", 0, begin) + 1 > high or text.count("\n", 0, end) + 1 < low

        for only_meant in (True, False):
            for low, high in blocks(text.split("\n"), line):
                kept = [site for site in self.sites[file] if stays(site, low, high) or only_meant and not is_meant(site)]
                if len(kept) < len(self.sites[file]):
                    self.sites[file] = kept
                    return


# Errors about control flow: a statement is missing on one path, or a loop is not endless.
FLOW = (r"missing return|without initializing|before being initialized|must not fall through|'if' m|unconditional 'else'|"
        r"was never initialized|'self' used|self.init|expected expression|consecutive statements")

# The kinds of mutants that can cause an error with this text, if not all.
KINDS = [(FLOW, {"statement", "word"}), ("to pointer conversion|constant integer", {"number"}), ("invalid operands", {"binary"})]


def blocks(lines, line):
    """First and last lines: a line, its continuation, and the enclosing blocks, outwards."""
    def indent(number):
        text = lines[number - 1]
        return len(text) - len(text.lstrip()) if text.strip() else 999

    yield line, line
    first = last = line
    inner = indent(line)
    while last < len(lines) and indent(last + 1) > inner:
        last += 1
    yield first, last
    closes = lines[line - 1].strip().startswith("}")
    while first > 1:
        first -= 1
        if indent(first) < inner or (closes and indent(first) == inner and lines[first - 1].strip()[0] not in ")}"):
            inner, closes = indent(first), False
            while last < len(lines) and indent(last + 1) > inner:
                last += 1
            yield first, last
    yield 1, len(lines)


class Single:
    """A debug build with one change at a time."""

    def __init__(self, root, folder):
        self.root, self.folder = root, folder

    def prepare(self):
        copy(self.root, self.folder)
        if not self.builds():
            sys.exit("the sources do not build as they are")
        return Tests(self.folder, self.folder / ".build/debug/websocket-framesPackageTests.xctest")

    def builds(self):
        return subprocess.run(["swift", "build", "--build-tests"], cwd=self.folder, env=ENVIRONMENT,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def write(self, name, source):
        """Writes a source file, and makes everything that depends on it be built again."""
        path = self.folder / name
        path.write_text(source, encoding="utf8")
        # The package manager does not recompile Swift when an imported header changes.
        if path.suffix == ".h":
            module = "CWebSocketFramesHeader" if "CWebSocketFrames" in name else "FrameKernels"
            for importer in [*self.folder.glob("Sources/**/*.swift"), *self.folder.glob("Tests/**/*.swift")]:
                if re.search(rf"\bimport {module}\b", importer.read_text(encoding="utf8")):
                    os.utime(importer)
