"""`make bench`: builds each database, measures the pages in a process of its own, and prints a table.

The sizes of a database are all made ready first and measured turn about: the pace of a machine changes from one minute
to the next, and what is measured an hour later must not seem to have grown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import cluster

from bench import building, clocks, pace, returns
from kith.config.serving import OF_PAGES

RESULTS = ROOT / "bench" / "results"
DOCUMENT = ROOT / "docs" / "generated" / "bench.md"
KITH = ROOT / ".venv" / "bin" / "kith"
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
GROWTH = 1.5  # at ten times the size the median may grow by less than a half
SAID = (
    "Written by `make bench`; the figures are of the machine named below, on the day named. A load above the number "
    "of cores means that others were using the machine: then read the CPU time, not the wall time."
)
MOST_QUERIES = {"child page": 15, "save visit": 25}
# ms: of half the children in need, and of those in care; of one save.
MOST_CPU = {"child's returns": 100, "child's returns, in care": 100, "clocks of a saved visit": 15}


def main() -> int:
    """Measure what was asked for (all, unless told otherwise), write the table and say whether the gates hold."""
    asked = arguments()
    results = []
    for engine in asked.engines.split(","):
        results += measured(engine, [int(each) for each in asked.boroughs.split(",")], asked)
    print(table(results))
    broken = [*gates(results), *clock_gates(), *return_gates()]
    print("\n".join(["", *(f"GATE BROKEN: {each}" for each in broken)] if broken else ["", "Every gate holds."]))
    DOCUMENT.write_text(document(kept_results()), encoding="utf-8")
    return 1 if broken else 0


def clock_gates() -> list[str]:
    """Measure the clocks in a process of their own, so that its memory is theirs; and say what does not hold."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "bench.clocks", RESULTS / "clocks.json"], check=False, cwd=ROOT)
    return clocks.broken(clocks_measured())


def return_gates() -> list[str]:
    """Measure checking returns, each size in a process of its own; and say what does not hold."""
    subprocess.run([sys.executable, "-m", "bench.returns", RESULTS / "returns.json"], check=False, cwd=ROOT)
    return returns.broken(returns_measured())


def returns_measured() -> dict[str, dict[str, float]]:
    """The newest figures of checking returns; none when it was never measured."""
    kept = RESULTS / "returns.json"
    found: dict[str, dict[str, float]] = (
        json.loads(kept.read_text(encoding="utf-8"))["returns"] if kept.exists() else {}
    )
    return found


def returns_about() -> str:
    """Where and when checking returns was measured."""
    kept = RESULTS / "returns.json"
    found = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    return f"Measured on {found.get('day')}, {found.get('cores')} cores, load {found.get('load')}."


def clocks_measured() -> dict[str, float]:
    """The newest figures of the clocks; none when they were never measured."""
    kept = RESULTS / "clocks.json"
    found: dict[str, float] = json.loads(kept.read_text(encoding="utf-8"))["clocks"] if kept.exists() else {}
    return found


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--boroughs", default="1,10")
    parser.add_argument("--turns", type=int, default=3, help="how often each size has its turn")
    parser.add_argument("--runs", type=int, default=11, help="of each page in a turn")
    parser.add_argument("--keep", type=Path, help="a folder: what is built is kept there, and used again next time")
    return parser.parse_args()


def measured(engine: str, sizes: list[int], asked: argparse.Namespace) -> list[dict[str, object]]:
    """Measure the pages of one database at each size, turn about; write down what was found, where and when."""
    with ExitStack() as held:
        ready = {boroughs: held.enter_context(built(engine, boroughs, asked)) for boroughs in sizes}
        turns: dict[int, list[dict[str, Any]]] = {boroughs: [] for boroughs in sizes}
        for at in range(asked.turns):
            for boroughs, env in ready.items():
                print(f"{ENGINES[engine]}, {boroughs} borough(s), turn {at + 1} of {asked.turns} …", flush=True)
                turns[boroughs].append(one_turn(env, asked.runs))
        about = about_here() | {"runs": asked.turns * asked.runs, "turns": asked.turns}
    results = [{"engine": engine, "boroughs": boroughs} | about | together(each) for boroughs, each in turns.items()]
    RESULTS.mkdir(parents=True, exist_ok=True)
    for each in results:
        (RESULTS / f"pages-{engine}-{each['boroughs']}.json").write_text(json.dumps(each, indent=1) + "\n")
    return results


@contextmanager
def built(engine: str, boroughs: int, asked: argparse.Namespace) -> Iterator[dict[str, str]]:
    """The environment by which Kith finds a database of that size: built first, unless it was kept."""
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as passing, database(engine) as url:
        home = asked.keep.resolve() / f"{engine}-{boroughs}" if asked.keep else Path(passing)
        home.mkdir(parents=True, exist_ok=True)
        env = os.environ | {"KITH_HOME": str(home), "KITH_POOL": "0"} | ({"DATABASE_URL": url} if url else {})
        make_ready(home, boroughs, url, env, keep=bool(asked.keep))
        yield env


def one_turn(env: dict[str, str], runs: int) -> dict[str, Any]:
    """What the pages took in a process of their own, run by run."""
    out = Path(env["KITH_HOME"]) / "result.json"
    subprocess.run([sys.executable, "-m", "bench.pages", str(runs), str(out)], check=True, env=OF_PAGES | env, cwd=ROOT)
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def together(turns: list[dict[str, Any]]) -> dict[str, object]:
    """The pages over all turns: median and 95th percentile of wall time, median CPU, median of the queries."""
    pages: dict[str, dict[str, float]] = {}
    for name in turns[0]["pages"]:
        each = [turn["pages"][name] for turn in turns]
        wall, cpu = ([ms for one in each for ms in one[what]] for what in ("wall_ms", "cpu_ms"))
        pages[name] = {
            "p50_ms": statistics.median(wall),
            "p95_ms": statistics.quantiles(wall, n=20)[-1],
            "cpu_ms": statistics.median(cpu),
            "pace": pace.of(ms for one in each for ms in one["fixed_ms"]),
            "queries": statistics.median_low(one["queries"] for one in each),
        }
    return {"pages": pages, "children": turns[0]["children"]}


def make_ready(home: Path, boroughs: int, url: str, env: dict[str, str], *, keep: bool) -> None:
    """Build the boroughs, or take what was kept: a SQLite file as it stands, a PostgreSQL database from its dump."""
    ready, dump = home / "ready", home / "database.dump"
    if ready.exists():
        print(f"Using what was kept in {home.name} …", flush=True)
        if url:
            rmtree(f"{home}-anchors", ignore_errors=True)  # heads of a history that went on after the dump was made
            ask = ["psql", "--quiet", "--dbname", url, "--command"]
            subprocess.run([*ask, "CREATE ROLE kith_reader NOLOGIN"], check=True)  # its policies name it
            subprocess.run(["pg_restore", "--no-owner", "--jobs", "2", "--dbname", url, dump], check=True)
            subprocess.run([*ask, "VACUUM ANALYZE"], check=True)
        subprocess.run([KITH, "migrate"], check=True, env=env, cwd=ROOT, stdout=sys.stderr)
        return
    print(f"Building {boroughs} borough(s) …", flush=True)
    subprocess.run([KITH, "demo", "--boroughs", str(boroughs)], check=True, env=env, cwd=ROOT, stdout=sys.stderr)
    if keep and url:
        subprocess.run(["pg_dump", "--format", "custom", "--compress", "1", "--file", dump, url], check=True)
    ready.touch()


def about_here() -> dict[str, object]:
    """Which machine measured, and when: figures of different machines are not to be set side by side."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory} GB"
    busy = round(os.getloadavg()[0], 1)  # more than its cores: others were using the machine, and wall times mislead
    return {
        "machine": machine,
        "python": platform.python_version(),
        "day": f"{date.today()}",
        "load": busy,
    }


@contextmanager
def database(engine: str, *, durable: bool = False) -> Iterator[str]:
    """The DATABASE_URL to use; nothing for SQLite, which lives in KITH_HOME. `durable`: as safe as a real one."""
    if engine == "sqlite":
        yield ""
    else:
        with cluster.running(durable=durable) as url:
            yield url


def kept_results() -> list[dict[str, object]]:
    """The newest result of each engine and size."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in RESULTS.glob("pages-*.json")]
    return sorted(found, key=lambda each: (each["engine"] != "sqlite", each["boroughs"]))


def document(results: list[dict[str, object]]) -> str:
    """The figures as a document: the table, and where and when each database was measured."""
    head = [
        "# What Kith costs",
        "",
        "Written by `make bench`; the figures are of the machine named, on the day named. Where turns are named, both",
        "sizes were made ready first and measured turn about, p50 and p95 are over all the turns (a machine's pace",
        "changes), the returns are of the same children at both sizes, and the queries are the median of the turns.",
        "",
        *pace.WORDS,
        "",
    ]
    return "\n".join(
        [
            *head,
            *of_pages(results),
            "",
            *under_load(),
            *at_the_door(),
            *linked(),
            *clocks.words(clocks_measured()),
            *returns.words(returns_measured(), returns_about()),
            *building.words(RESULTS / "building.json"),
        ]
    )


def of_pages(results: list[dict[str, object]]) -> list[str]:
    """The pages as a table, a row each; then where and when each database was measured."""
    rows = [
        "| Page | Database | Boroughs | p50, ms | p95, ms | CPU, ms | Pace | Queries |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    measured_on = [""]
    for each in results:
        engine = ENGINES[str(each["engine"])]
        many = f"{each['children']:,} children"
        measured_on.append(
            f"- {engine}, {each['boroughs']} borough(s), {many}: {each['day']}, {each['machine']}, "
            f"Python {each['python']}, {each['runs']} runs a page{in_turns(each)}, load {each['load']} at the end."
        )
        for page, row in each["pages"].items():  # type: ignore[attr-defined]
            figures = " | ".join(f"{row[name]:.1f}" for name in ("p50_ms", "p95_ms", "cpu_ms"))
            rows.append(f"| {page} | {engine} | {each['boroughs']} | {figures} | {told_pace(row)} | {row['queries']} |")
    return [*rows, *measured_on]


def told_pace(row: dict[str, float]) -> str:
    """The pace of the machine as a page was measured; figures from before it was measured have none."""
    return f"{row['pace']:.2f}" if "pace" in row else "–"


def in_turns(result: dict[str, object]) -> str:
    """In how many turns a database was measured; nothing of one that was measured at one go."""
    return f" in {result['turns']} turns" if "turns" in result else ""


def linked() -> list[str]:
    """How often the linkage is right, and what it costs, where it was measured: `python -m bench.linkage`."""
    path = RESULTS / "linkage.json"
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    lines = [
        "## The same person?",
        "",
        f"Splink on labelled sets it was not trained on; {found['day']}, {found['machine']}, load {found['load']}.",
        "",
        "| Seed | Records | True pairs | Precision | Recall | F1 | Twins shown as one |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each in found["right"]:
        counts = f"{each['records']:,} | {each['true_pairs']:,}"
        shares = " | ".join(f"{each[name]:.4f}" for name in ("precision", "recall", "f1"))
        lines.append(f"| {each['seed']} | {counts} | {shares} | {each['twins_shown']} of {each['twin_pairs']} |")
    large = found["large"]
    cost = f"{large['seconds']} s ({large['cpu_seconds']} s of CPU in Python and DuckDB), {large['peak_gb']} GB at most"
    return [*lines, "", f"All pairs among {large['records']:,} records: {cost}.", ""]


def under_load() -> list[str]:
    """The figures of many workers at once, where they were measured: `python -m bench.load`."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("load-*.json"))]
    if not found:
        return []
    lines = [
        "## Many workers at once",
        "",
        "Of each hundred requests 60 read, 15 search, 15 save a visit and 10 open lists; every one passes the door and",
        "is written to the history. Written by `python -m bench.load`.",
        "",
        "| Page | Database | Boroughs | Requests a second | p50, ms | p95, ms | p99, ms | Errors |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for each in found:
        engine = ENGINES[each["engine"]]
        for page, row in {"**all together**": each, **each["pages"]}.items():
            figures = " | ".join(f"{row[name]}" for name in ("per_second", "p50_ms", "p95_ms", "p99_ms", "errors"))
            lines.append(f"| {page} | {engine} | {each['boroughs']} | {figures} |")
    days = {f"- {each['engine']}: {each['seconds']} seconds on {each['day']}, {each['machine']}." for each in found}
    return [*lines, "", *sorted(days), ""]


def at_the_door() -> list[str]:
    """The figures of `python -m bench.door`, where they were measured."""
    from bench import door  # it builds its databases as this does

    return door.words()


def table(results: list[dict[str, object]]) -> str:
    """The results as a table for people."""
    heads = f"{'p50 ms':>9}{'p95 ms':>9}{'cpu ms':>9}{'pace':>7}{'queries':>9}"
    lines = [f"{'page':<26}{'engine':<12}{'boroughs':>8}{heads}"]
    for each in results:
        for page, row in each["pages"].items():  # type: ignore[attr-defined]
            lines.append(
                f"{page:<26}{each['engine']:<12}{each['boroughs']:>8}{row['p50_ms']:>9.1f}{row['p95_ms']:>9.1f}"
                f"{row['cpu_ms']:>9.1f}{row['pace']:>7.2f}{row['queries']:>9}"
            )
    return "\n".join(lines)


def gates(results: list[dict[str, object]]) -> list[str]:
    """What does not hold: growth with size, queries that grow, too many queries."""
    broken = []
    by = {(each["engine"], each["boroughs"]): each["pages"] for each in results}
    for (engine, boroughs), pages in by.items():
        for page, row in pages.items():  # type: ignore[attr-defined]
            small = by.get((engine, 1), {}).get(page)  # type: ignore[attr-defined]
            if row["queries"] > MOST_QUERIES.get(page, 10**6):
                broken.append(f"{page} on {engine}: {row['queries']} queries")
            if row["cpu_ms"] > MOST_CPU.get(page, 10**6):
                took = f"{row['cpu_ms']:.0f} ms of CPU at pace {row['pace']:.2f}"
                broken.append(f"{page} on {engine}, {boroughs} borough(s): {took}")
            if boroughs != 1 and small and row["p50_ms"] > GROWTH * small["p50_ms"]:
                before, now = (f"{each['p50_ms']:.1f} ms at pace {each['pace']:.2f}" for each in (small, row))
                broken.append(f"{page} on {engine}: {before} grows to {now}")
            if boroughs != 1 and small and row["queries"] > small["queries"]:
                broken.append(f"{page} on {engine}: {small['queries']} queries grow to {row['queries']}")
    return broken


if __name__ == "__main__":
    sys.exit(main())
