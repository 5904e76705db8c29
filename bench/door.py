"""`python -m bench.door`: what the door, a search among a million and the history cost; writes door-*.json."""

from __future__ import annotations

import json
import subprocess
import sys

from kith.config.serving import OF_PAGES

from .__main__ import ENGINES, RESULTS, ROOT
from .engines import Ready, Result, parser, run

MOST = {"checks_ms": 15.0, "search_p95_ms": 100.0}  # of processor time; on the clock
LEAST = {"appended_per_second": 500.0}


def main() -> int:
    """Measure each database, write what was found and say whether the gates hold."""
    asked = parser("bench.door", __doc__).parse_args()
    return run(asked, measure=measured, gates=gates, name=lambda engine: f"door-{engine}.json")


def measured(ready: Ready) -> Result:
    """The figures of one database."""
    out = ready.passing / "door.json"
    subprocess.run([sys.executable, "-m", "bench.inside", str(out)], check=True, env=OF_PAGES | ready.env, cwd=ROOT)
    found: Result = json.loads(out.read_text())
    return found


def gates(result: Result) -> list[str]:
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
        engine = ENGINES[each["engine"]]
        page = " | ".join(f"{each[name]:.1f}" for name in ("checked_ms", "unchecked_ms", "checks_ms"))
        search = f"{each['people']:,} | {each['search_p50_ms']:.1f} | {each['search_p95_ms']:.1f}"
        lines.append(f"| {engine} | {page} | {search} | {each['appended_per_second']:,.0f} |")
    days = [f"- {each['engine']}: {each['day']}, {each['machine']}, load {each['load']} at the end." for each in found]
    return [*lines, "", *days, ""]


if __name__ == "__main__":
    sys.exit(main())
