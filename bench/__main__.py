"""`make bench`: builds each database, measures the pages in a process of its own, and prints a table."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import cluster

RESULTS = ROOT / "bench" / "results"
KITH = ROOT / ".venv" / "bin" / "kith"
GROWTH = 1.5  # at ten times the size the median may grow by less than a half
MOST_QUERIES = {"child page": 15}


def main() -> int:
    """Measure what was asked for (all, unless told otherwise) and say whether the gates hold."""
    asked = arguments()
    results = []
    for engine in asked.engines.split(","):
        for boroughs in [int(each) for each in asked.boroughs.split(",")]:
            results.append(measured(engine, boroughs, asked.runs))
    print(table(results))
    broken = gates(results)
    print("\n".join(["", *(f"GATE BROKEN: {each}" for each in broken)] if broken else ["", "Every gate holds."]))
    return 1 if broken else 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--boroughs", default="1,10")
    parser.add_argument("--runs", type=int, default=30)
    return parser.parse_args()


def measured(engine: str, boroughs: int, runs: int) -> dict[str, object]:
    """Build one database and measure the pages on it."""
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as home, database(engine) as url:
        env = os.environ | {"KITH_HOME": home, "KITH_POOL": "0"} | ({"DATABASE_URL": url} if url else {})
        print(f"Building {boroughs} borough(s) on {engine} …", flush=True)
        subprocess.run([KITH, "demo", "--boroughs", str(boroughs)], check=True, env=env, cwd=ROOT, stdout=sys.stderr)
        out = Path(home) / "result.json"
        subprocess.run([sys.executable, "-m", "bench.pages", str(runs), str(out)], check=True, env=env, cwd=ROOT)
        result = {"engine": engine, "boroughs": boroughs} | json.loads(out.read_text())
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"pages-{engine}-{boroughs}.json").write_text(json.dumps(result, indent=1) + "\n")
    return result


@contextmanager
def database(engine: str) -> Iterator[str]:
    """The DATABASE_URL to use; nothing for SQLite, which lives in KITH_HOME."""
    if engine == "sqlite":
        yield ""
    else:
        with cluster.running() as url:
            yield url


def table(results: list[dict[str, object]]) -> str:
    """The results as a table for people."""
    lines = [f"{'page':<24}{'engine':<12}{'boroughs':>8}{'p50 ms':>9}{'p95 ms':>9}{'cpu ms':>9}{'queries':>9}"]
    for each in results:
        for page, row in each["pages"].items():  # type: ignore[attr-defined]
            lines.append(
                f"{page:<24}{each['engine']:<12}{each['boroughs']:>8}{row['p50_ms']:>9.1f}{row['p95_ms']:>9.1f}"
                f"{row['cpu_ms']:>9.1f}{row['queries']:>9}"
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
            if boroughs != 1 and small and row["p50_ms"] > GROWTH * small["p50_ms"]:
                broken.append(f"{page} on {engine}: {small['p50_ms']:.1f} ms grows to {row['p50_ms']:.1f} ms")
            if boroughs != 1 and small and row["queries"] > small["queries"]:
                broken.append(f"{page} on {engine}: {small['queries']} queries grow to {row['queries']}")
    return broken


if __name__ == "__main__":
    sys.exit(main())
