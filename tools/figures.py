"""`make assurance`: measures every figure in its full form, and writes docs/generated/assurance.md from the results."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]
import browser
import cluster
from bench import pace

from kith.config.serving import OF_PAGES

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
TESTS = ROOT / "tests" / "assurance"
RESULTS = ROOT / "assurance" / "results"
FIGURES = ROOT / "assurance" / "figures.toml"
DOCUMENT = ROOT / "docs" / "generated" / "assurance.md"
LONGEST = 60  # minutes, on two cores
WHOLE = "whole.json"  # when every figure was last measured in one run, how long that took, and at what pace (bench)
# As many as cores: with one more, T2's server had to share one, and the seconds until it answers again are its figure.
AT_ONCE = str(os.cpu_count() or 1)
# The part of a figure that has a run of its own (`make sqlmap`): its file is no test_t….py.
OF, ALONE = "T16", "sqlmap"
HEAD = """# What Kith measures of its own safety

Written by `make assurance` from the results of its last run; do not edit. Each figure stands beside its **control**:
the same measurement made on a deliberately broken Kith, which must fail; where it does not, the figure is void.
"0 of n" is not nought: with 95% confidence the share is under 3 in n, and that bound is given. Everybody in these
tests is invented. Nothing is tried twice to make it pass. A short form of each runs in `make test`; not of what sqlmap
does, which has a run of its own (`make sqlmap`), on the day that stands beside it.
"""


def main() -> int:
    """Run the full forms (or those whose files are named), write the page, and say what did not run or hold."""
    asked = [Path(word).resolve() for word in sys.argv[1:]] or sorted(TESTS.glob("test_t[0-9]*.py"))
    started, not_run, paces = time.monotonic(), list[str](), [pace.now()]
    for path in asked:
        for old in results_of_file(path):
            old.unlink()
    failed = run("of the whole borough", [ROOT / "tests" / "calibration"], "whole_borough") if not sys.argv[1:] else []
    for some in (on_sqlite, on_postgresql):
        failed += some(asked, not_run)
        paces.append(pace.now())
    minutes = (time.monotonic() - started) / 60
    took = {"minutes": round(minutes), "pace": round(statistics.mean(paces), 2), "day": f"{date.today()}"}
    if not sys.argv[1:]:
        (RESULTS / WHOLE).write_text(json.dumps(took) + "\n")
    DOCUMENT.write_text(page())
    kept = {key: results_of(key, RESULTS) for key in tomllib.loads(FIGURES.read_text())}
    missing = [key for key, each in kept.items() if not each or parts_missing(each)]
    not_run += [f"{', '.join(missing)}: no result"] if missing else []
    not_run += [f"{path.name}: no result" for path in asked if not results_of_file(path)]
    print(f"\n== In the end: {took['minutes']} minutes at pace {took['pace']}")
    print("Not run: " + ("; ".join(not_run) or "nothing was left out."))
    print("Failed: " + ("; ".join(failed) or "nothing."))
    if minutes > LONGEST and not sys.argv[1:]:
        failed.append("an hour")
        print("It took more than an hour.")
    return 1 if failed or not_run else 0


def results_of_file(path: Path) -> list[Path]:
    """What the tests of this file wrote; what the part that is run alone wrote is its own."""
    name = path.stem.split("_")[1]
    found = RESULTS.glob(f"*-{ALONE}-*.json" if name == ALONE else f"{name}-*.json")
    return [each for each in found if name == ALONE or f"-{ALONE}-" not in each.name]


def on_sqlite(paths: list[Path], not_run: list[str]) -> list[str]:
    """The full form of every figure, on SQLite; those that need a browser where there is one."""
    path, how = browser.find_or_install()
    which = "assurance and not postgres"
    if path is None:
        not_run.append(f"figures in a browser: {how}")
        which += " and not journey"
    return run("on SQLite", paths, which, KITH_BROWSER=path or "", **OF_PAGES)


def on_postgresql(paths: list[Path], not_run: list[str]) -> list[str]:
    """Those that are measured on both databases or need PostgreSQL, on a cluster of their own."""
    if cluster.binaries() is None:
        not_run.append("figures on PostgreSQL: PostgreSQL 15 or later is not installed here")
        return []
    with cluster.running() as url:
        which = "assurance and (both or postgres)"
        return run("on PostgreSQL", paths, which, DATABASE_URL=url, KITH_POOL="0", **OF_PAGES)


def run(name: str, paths: list[Path], which: str, **env: str) -> list[str]:
    """One run of the tests; what failed, in a word. Nothing to run (pytest's 5) is no failure."""
    words = [BIN / "python", "-m", "pytest", "-n", AT_ONCE, "--maxschedchunk=1", "-m", which, "--durations=20", *paths]
    everything = os.environ | {"KITH_ASSURANCE": "full"} | env
    code = subprocess.run([str(word) for word in words], cwd=ROOT, env=everything, check=False).returncode
    return [] if code in (0, 5) else [f"figures {name}"]


def results_of(key: str, folder: Path) -> list[dict[str, Any]]:
    """The kept results of one figure: each part, on each database."""
    found = sorted(folder.glob(f"t{int(key[1:]):02}-*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in found]


def page(results: Path = RESULTS) -> str:
    """docs/generated/assurance.md: every figure that is asked for, measured or not."""
    asked = tomllib.loads(FIGURES.read_text(encoding="utf-8"))
    kept = {key: results_of(key, results) for key in asked}
    missing = [key for key in asked if not kept[key]]
    missing += [f"{key} ({part})" for key, each in kept.items() for part in parts_missing(each)]
    alone = [each for each in kept.get(OF, []) if each["part"] == ALONE]
    missing += [] if alone else [f"{OF} ({ALONE})"]
    lines = [HEAD, f"Not measured yet: {', '.join(missing) or 'none'}.", *whole_run(results), ""]
    lines.append("| figure | what must be true | result |")
    lines.append("|---|---|---|")
    lines += [
        f"| [{key}](#{key.lower()}) {row['title']} | {row['says']}. | {overall(kept[key])} |"
        for key, row in asked.items()
    ]
    for key, row in asked.items():
        lines += [
            "",
            f"## {key}",
            "",
            f"{row['says']}.",
            "",
            f"- Gate: {row['gate']}.",
            f"- Control: {row['control']}.",
        ]
        for each in kept[key]:
            lines += told(each)
        if not kept[key]:
            lines.append("- **Not measured yet.**")
    return "\n".join(lines) + "\n"


def whole_run(results: Path) -> list[str]:
    """How long the last run of every figure took; nothing where there was none yet."""
    kept = results / WHOLE
    if not kept.exists():
        return []
    told = json.loads(kept.read_text(encoding="utf-8"))
    at_1 = round(told["minutes"] * told["pace"])
    return [
        "",
        f"All of them in one run took {told['minutes']} minutes on {told['day']}, on a machine whose pace between them "
        f"was {told['pace']:.2f}:",
        f"{at_1} at pace 1 (docs/generated/bench.md says what that is). It is to take no more than an hour.",
    ]


def overall(results: list[dict[str, Any]]) -> str:
    """One word for the table."""
    if not results:
        return "not measured yet"
    if not all(each["held"] for each in results):
        return "**does not hold**"
    return "holds, as far as measured" if parts_missing(results) else "holds"


def parts_missing(results: list[dict[str, Any]]) -> list[str]:
    """The parts, as in "roles 2 of 4", that have no result beside those that have one, by engine."""
    found = [(re.fullmatch(r"(.*\D)(\d+) of (\d+)", each["part"]), each["engine"]) for each in results]
    there = {(part[1], int(part[2]), int(part[3]), engine) for part, engine in found if part}
    every = {(word, n, of, engine) for word, _, of, engine in there for n in range(1, of + 1)}
    return [f"{word}{n} of {of} on {engine}" for word, n, of, engine in sorted(every - there)]


def told(result: dict[str, Any]) -> list[str]:
    """One result in lines: whether it holds, each number with its bound, each control, and who may believe it."""
    part = f"{result['part']}, {result['engine']}" if result["part"] else result["engine"]
    lines = ["", f"{part}: {verdict(result)}", ""]
    lines += [f"- {number(each)}" for each in result["measures"]]
    for each in result["controls"]:
        how = "failed, as it must" if each["failed"] else "DID NOT FAIL"
        lines.append(f"- control, {each['name']}: {how}. {each['said']}.")
    lines += [f"- {each}" for each in result["notes"]]
    machine = f"{result['machine']}, Python {result['python']}, {result['seconds']} s"
    lines.append(f"- seed {result['seed']}, commit {result['commit']}, {result['day']}, {machine}.")
    return lines


def verdict(result: dict[str, Any]) -> str:
    """Holds, void or beyond its gate."""
    if result["troubles"]:
        return f"**Void**: {'; '.join(result['troubles'])}."
    return "**Holds**." if result["held"] else "**Does not hold**."


def number(measure: dict[str, Any]) -> str:
    """`lost: 0 of 300 (under 1 in 100)`."""
    said = f"{measure['what']}: {measure['found']:,}"
    if measure["of"] is None:
        said += f" (gate: {measure['gate']})"
    else:
        said += f" of {measure['of']:,}"
    if measure["bound"] and measure["bound"] < 1:  # of three or fewer, it says nothing
        rest = "" if measure["gate"] == "0" else "failing: "
        said += f" ({rest}under 1 in {1 / measure['bound']:,.0f})"
    return said + ("" if measure["held"] else f": **beyond its gate, {measure['gate']}**")


if __name__ == "__main__":
    sys.exit(main())
