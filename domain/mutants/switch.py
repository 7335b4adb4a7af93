#!/usr/bin/env python3
"""Runs the mutants that `cargo mutants` lists for `domain` from one build.

A build for each of some 2,500 mutants takes a day on a small machine. Here the whole list is written into one copy of
the sources: a function's body becomes a `match` on the number of the mutant that is switched on, with one arm for each
mutant of the function (the text that cargo-mutants would have written) and the unchanged body as the last arm. The
tests are built once and run once for each mutant, with its number in a variable.

What can't be switched so is written to `unswitched.txt` by name, for `cargo mutants` itself: mutants outside of
functions, in `const fn` that constants call, and in functions that return `impl Trait`.

usage: switch.py TREE WORK build      writes the sources of TREE (a copy of the workspace, changed in place), builds
       switch.py TREE WORK run [RE]   runs the mutants whose name matches, resuming; results in WORK/outcomes.jsonl
       switch.py TREE WORK report     counts

TREE must be a copy that may be spoiled (git archive HEAD | tar -x -C TREE). Put files in the place of the folders where
proptest keeps seeds (rm -r domain/proptest-regressions; touch domain/proptest-regressions): a seed found on one mutant
must not be tried on the next. JOBS says how many run at once; THOROUGH=1 runs those that were missed again, with every
test and more random cases.
"""
import json, os, pathlib, re, subprocess, sys, time
from concurrent.futures import ThreadPoolExecutor

tree, work, command = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
work.mkdir(parents=True, exist_ok=True)
TARGET = work / "target"
SWITCH = "CONFIDE_MUTANT"
JOBS = int(os.environ.get("JOBS", "2"))
ENV = dict(os.environ, CARGO_TARGET_DIR=str(TARGET), CARGO_TERM_COLOR="never", CARGO_INCREMENTAL="0", CARGO_PROFILE_MUTANTS_OPT_LEVEL="1")
BUILD = ["cargo", "test", "-p", "domain", "--profile", "mutants", "--lib", "--test", "every", "--no-run",
         "--message-format=json"]


def listed():
    path = work / "mutants.json"
    if not path.exists():
        out = subprocess.run(["cargo", "mutants", "--no-config", "--list", "--json", "-p", "domain"], cwd=tree,
                             check=True, capture_output=True, text=True).stdout
        path.write_text(out)
    return json.loads(path.read_text())


class Source:
    def __init__(self, text):
        self.text = text
        self.lines = [0]
        for line in text.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))

    def at(self, place):
        # Columns count characters from 1.
        return self.lines[place["line"] - 1] + place["column"] - 1

    def span(self, span):
        return self.at(span["start"]), self.at(span["end"])


def body_of(text, start, end, name):
    """The offsets of the text between the braces of a function's body, and what stands before `fn`."""
    found = re.compile(r"\bfn\s+(r#)?%s\b" % re.escape(name)).search(text, start, end)
    if not found:
        return None
    depth, at = 0, found.end()
    while at < end:
        two, one = text[at:at + 2], text[at]
        if two == "//":
            at = text.index("\n", at)
        elif one in "([":
            depth += 1
        elif one in ")]":
            depth -= 1
        elif one == "{" and depth == 0:
            break
        at += 1
    head = text[found.end():at]
    before = text[start:found.start()]
    assert text[end - 1] == "}", name
    return at + 1, end - 1, head, before, found.start()


def build():
    mutants = listed()
    for number, mutant in enumerate(mutants, 1):
        mutant["number"] = number
    originals = {m["file"]: (tree / m["file"]).read_text() for m in mutants}
    unswitched, dead, keep_const = {}, {}, set()
    state = work / "state.json"
    if state.exists():
        unswitched, dead, keep = json.loads(state.read_text())
        unswitched = {int(k): v for k, v in unswitched.items()}
        dead = {int(k): v for k, v in dead.items()}
        keep_const = set(map(tuple, keep))
    pristine = work / "pristine"
    for file, text in list(originals.items()):
        saved = pristine / file
        if saved.exists():
            originals[file] = saved.read_text()
        else:
            saved.parent.mkdir(parents=True, exist_ok=True)
            saved.write_text(text)
    lib = pristine / "domain/src/lib.rs"
    if not lib.exists():
        lib.write_text((tree / "domain/src/lib.rs").read_text())
    (tree / "domain/src/lib.rs").write_text(lib.read_text() + f"""
#[doc(hidden)]
pub fn switched_on() -> u32 {{
    static ON: std::sync::LazyLock<u32> =
        std::sync::LazyLock::new(|| {{
            let on = std::env::var("{SWITCH}").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
            // The first failure is enough.
            if on != 0 {{
                std::panic::set_hook(Box::new(|_| std::process::exit(101)));
            }}
            on
        }});
    *ON
}}
""")
    for round_ in range(40):
        arms = {}
        for file, text in originals.items():
            source = Source(text)
            functions = {}
            for m in mutants:
                if m["file"] != file or m["number"] in dead or m["number"] in unswitched:
                    continue
                if not m.get("function"):
                    unswitched[m["number"]] = "outside of a function"
                    continue
                functions.setdefault(source.span(m["function"]["span"]), []).append(m)
            spans = sorted(functions)
            edits = []
            for span in spans:
                group = functions[span]
                name = group[0]["function"]["function_name"].split("::")[-1]
                if any(o != span and span[0] <= o[0] and o[1] <= span[1] for o in spans):
                    for m in group:
                        unswitched[m["number"]] = "a function around another"
                    continue
                body = body_of(text, *span, name)
                if body is None:
                    for m in group:
                        unswitched[m["number"]] = "not found"
                    continue
                start, end, head, before, fn_at = body
                is_const = re.search(r"\bconst\s+$", before)
                if is_const and (file, span[0]) in keep_const:
                    for m in group:
                        unswitched[m["number"]] = "const fn"
                    continue
                if re.search(r"->.*\bimpl\b", head, re.S):
                    for m in group:
                        unswitched[m["number"]] = "impl Trait"
                    continue
                if is_const:
                    edits.append((span[0] + is_const.start(), span[0] + is_const.end(), "", None))
                edits.append((start, end, None, group))
            out, at = [], 0
            for start, end, new, group in sorted(edits, key=lambda e: e[0]):
                out.append(text[at:start])
                if group is None:
                    out.append(new)
                else:
                    body = text[start:end]
                    out.append("\nmatch crate::switched_on() {\n")
                    for m in group:
                        a, b = source.span(m["span"])
                        assert start <= a and b <= end, m["name"]
                        out.append(("arm", m["number"], f"{m['number']} => {{{body[:a - start]}{m['replacement']} {body[b - start:]}}}\n"))
                    out.append(("arm", 0, f"_ => {{{body}}}\n"))
                    out.append("}\n")
                at = end
            out.append(text[at:])
            line, pieces = 1, []
            for piece in out:
                if isinstance(piece, tuple):
                    _, number, piece = piece
                    arms.setdefault(file, []).append((line, line + piece.count("\n") - 1, number))
                pieces.append(piece)
                line += piece.count("\n")
            new = "".join(pieces)
            if (tree / file).read_text() != new:
                (tree / file).write_text(new)
        state.write_text(json.dumps([unswitched, dead, sorted(keep_const)]))
        started = time.time()
        done = subprocess.run(BUILD, cwd=tree, env=ENV, capture_output=True, text=True)
        executables, errors, lost = {}, 0, []
        for row in done.stdout.splitlines():
            if not row.startswith("{"):
                continue
            message = json.loads(row)
            if message.get("executable"):
                executables[message["target"]["name"]] = message["executable"]
            text = message.get("message") or {}
            if text.get("level") != "error" or message.get("reason") != "compiler-message":
                continue
            errors += 1
            hit = False
            code = (text.get("code") or {}).get("code")
            constant = re.search(r"cannot call non-const (?:associated function|method|function) `([^`]+)`", text["message"])
            if constant:
                called = re.sub(r"<[^<>]*>", "", constant.group(1)).split("::")[-1]
                for file, whole in originals.items():
                    source = Source(whole)
                    for m in mutants:
                        f = m.get("function")
                        if m["file"] == file and f and f["function_name"].split("::")[-1] == called:
                            a = source.span(f["span"])[0]
                            if re.search(r"\bconst\s+fn\s+%s\b" % re.escape(called), whole[a:source.span(f["span"])[1]]) and (file, a) not in keep_const:
                                keep_const.add((file, a))
                                hit = True
                if hit:
                    continue
            for span in sorted(text["spans"], key=lambda s: not s["is_primary"]):
                for first, last, number in arms.get(span["file_name"], []):
                    if first <= span["line_start"] <= last:
                        if number:
                            dead[number] = text["message"]
                        hit = True
                        break
                if hit and number:
                    break
            if not hit:
                lost.append(text.get("rendered", "")[:1500])
        print(f"round {round_}: {errors} errors, {len(dead)} do not compile, {len(unswitched)} unswitched, {time.time() - started:.0f} s", flush=True)
        if done.returncode == 0:
            (work / "executables.json").write_text(json.dumps(executables))
            names = {m["number"]: m["name"] for m in mutants}
            (work / "unswitched.txt").write_text("".join(f"{names[n]}\t{why}\n" for n, why in sorted(unswitched.items())))
            (work / "unviable.txt").write_text("".join(f"{names[n]}\t{why}\n" for n, why in sorted(dead.items())))
            return
        if lost:
            print("\n".join(lost[:6]))
            if len(lost) == errors:
                print(done.stderr[-2000:])
                sys.exit(1)
    sys.exit("too many rounds")


SLOW = ["--skip", "a_long_text_is_read", "--skip", "fhir_consent_mutations", "--skip", "noninterference", "--skip", "properties::", "--skip", "reference::the_decision", "--skip", "fuzz_corpus"]


def attempt(number, executable, args, cases, limit):
    env = dict(os.environ, PROPTEST_CASES=str(cases), PROPTEST_RNG_SEED="7", RUST_BACKTRACE="0", PROPTEST_MAX_SHRINK_ITERS="0")
    env[SWITCH] = str(number)
    try:
        done = subprocess.run(["nice", "-n", "5", executable, "-q", *args], cwd=tree / "domain", env=env, timeout=limit,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return done.returncode == 0
    except subprocess.TimeoutExpired:
        return None


def stages(executables, thorough):
    every, lib = executables["every"], executables["domain"]
    if thorough:
        return [(lib, [], 300, 240), (every, [], 2000, 600)]
    return [(every, SLOW + ["--skip", "decisions_are_those"], 30, 60), (lib, [], 200, 60), (every, ["decisions_are_those"], 1, 100),
            (every, ["noninterference", "properties::", "reference::the_decision"], 400, 120)]


def run():
    wanted = re.compile(sys.argv[4] if len(sys.argv) > 4 else "")
    thorough = "THOROUGH" in os.environ
    executables = json.loads((work / "executables.json").read_text())
    unswitched, dead, _ = json.loads((work / "state.json").read_text())
    path = work / "outcomes.jsonl"
    known = {}
    if path.exists():
        for row in path.read_text().splitlines():
            one = json.loads(row)
            known[one["name"]] = one["outcome"]
    for stage in stages(executables, thorough):
        if attempt(0, *stage) is not True:
            sys.exit("the tests fail without a mutant")
    print("the tests pass without a mutant", flush=True)
    todo = []
    for number, m in enumerate(listed(), 1):
        if str(number) in unswitched or str(number) in dead or not wanted.search(m["name"]):
            continue
        before = known.get(m["name"])
        if before is None or (thorough and before in ("missed", "timeout")):
            todo.append((number, m))
    print(len(todo), "to run", flush=True)

    def one(job):
        number, m = job
        for stage in stages(executables, thorough):
            passed = attempt(number, *stage)
            if passed is None:
                return m, "timeout"
            if not passed:
                return m, "caught"
        return m, "missed"

    with ThreadPoolExecutor(JOBS) as pool, path.open("a") as out:
        for m, outcome in pool.map(one, todo):
            out.write(json.dumps({"name": m["name"], "outcome": outcome}) + "\n")
            out.flush()
            if outcome != "caught":
                print(outcome, m["name"], flush=True)


def report():
    known = {}
    for row in (work / "outcomes.jsonl").read_text().splitlines():
        one = json.loads(row)
        known[one["name"]] = one["outcome"]
    unswitched, dead, _ = json.loads((work / "state.json").read_text())
    by = {}
    for number, m in enumerate(listed(), 1):
        outcome = known.get(m["name"]) or ("unviable" if str(number) in dead else "unswitched" if str(number) in unswitched else "not run")
        by.setdefault(m["file"], {}).setdefault(outcome, []).append(m["name"])
    total = {}
    for file, outcomes in sorted(by.items()):
        counts = {k: len(v) for k, v in outcomes.items()}
        for k, v in counts.items():
            total[k] = total.get(k, 0) + v
        print(file, counts)
    print(total)
    print("caught of viable: %.1f %%" % (100 * (total.get("caught", 0) + total.get("timeout", 0)) / max(1, sum(total.get(k, 0) for k in ("caught", "timeout", "missed")))))


{"build": build, "run": run, "report": report}[command]()
