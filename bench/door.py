"""`python -m bench.door`: what the door, a search among a million and the history cost; writes door-*.json."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .__main__ import DOCUMENT, RESULTS, ROOT, about_here, database, document, kept_results, make_ready

MOST = {"checks_ms": 15.0, "search_p95_ms": 100.0}  # of processor time; on the clock
LEAST = {"appended_per_second": 500.0}


def main() -> int:
    """Measure each database, write what was found and say whether the gates hold on PostgreSQL."""
    asked = arguments()
    RESULTS.mkdir(parents=True, exist_ok=True)
    broken = []
    for engine in asked.engines.split(","):
        result = measured(engine, asked)
        (RESULTS / f"door-{engine}.json").write_text(json.dumps(result, indent=1) + "\n")
        print(json.dumps(result, indent=1))
        if engine == "postgresql":  # the gates are for the database of an authority; SQLite's figures stand beside it
            broken += gates(result)
    DOCUMENT.write_text(document(kept_results()), encoding="utf-8")
    print("\n".join([*(f"GATE BROKEN: {each}" for each in broken)] if broken else ["Every gate holds."]))
    return 1 if broken else 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench.door", description=__doc__)
    parser.add_argument("--engines", default="postgresql,sqlite")
    parser.add_argument("--boroughs", type=int, default=10)
    parser.add_argument("--keep", type=Path, help="a folder: what is built is kept there, and used again next time")
    return parser.parse_args()


def measured(engine: str, asked: argparse.Namespace) -> dict[str, object]:
    """The figures of one database."""
    with tempfile.TemporaryDirectory(prefix="kith-door-") as passing, database(engine, durable=True) as url:
        home = asked.keep.resolve() / f"{engine}-{asked.boroughs}" if asked.keep else Path(passing)
        home.mkdir(parents=True, exist_ok=True)
        env = os.environ | {"KITH_HOME": str(home), "KITH_POOL": "0"} | ({"DATABASE_URL": url} if url else {})
        make_ready(home, asked.boroughs, url, env, keep=bool(asked.keep))
        out = Path(passing) / "door.json"
        subprocess.run([sys.executable, "-m", "bench.inside", str(out)], check=True, env=env, cwd=ROOT)
        return {"engine": engine, "boroughs": asked.boroughs} | about_here() | json.loads(out.read_text())


def gates(result: dict[str, object]) -> list[str]:
    """What does not hold."""
    found = {name: float(str(result[name])) for name in (*MOST, *LEAST)}
    over = [f"{name} is {found[name]:.1f}, over {most:.0f}" for name, most in MOST.items() if found[name] > most]
    under = [f"{name} is {found[name]:.1f}, under {least:.0f}" for name, least in LEAST.items() if found[name] < least]
    return over + under


def words() -> list[str]:
    """The figures as a part of the document, where they were measured."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("door-*.json"))]
    if not found:
        return []
    lines = [
        "## The door, search and the history",
        "",
        "The child's page as it is, and with who may see what, the second wall and the history left out; searches by a",
        "worker, half of them misspelt; openings added to the history by four at once, each safe on disk before the",
        "next. Written by `python -m bench.door`.",
        "",
        "| Database | Child's page, CPU ms | Without checks and history | Difference | People | p50, ms | p95, ms "
        "| Openings a second |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each in found:
        engine = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[each["engine"]]
        page = " | ".join(f"{each[name]:.1f}" for name in ("checked_ms", "unchecked_ms", "checks_ms"))
        search = f"{each['people']:,} | {each['search_p50_ms']:.1f} | {each['search_p95_ms']:.1f}"
        lines.append(f"| {engine} | {page} | {search} | {each['appended_per_second']:,.0f} |")
    days = [f"- {each['engine']}: {each['day']}, {each['machine']}, load {each['load']} at the end." for each in found]
    return [*lines, "", *days, ""]


if __name__ == "__main__":
    sys.exit(main())
