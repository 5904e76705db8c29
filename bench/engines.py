"""What the benches of one built database share: the command line, the database made ready, and where figures go."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .__main__ import DOCUMENT, RESULTS, about_here, database, document, kept_results, make_ready

Result = dict[str, object]


@dataclass(frozen=True)
class Ready:
    """A database that is built: its home, the environment by which Kith finds it, and a folder to throw away."""

    engine: str
    home: Path
    env: dict[str, str]
    passing: Path
    asked: argparse.Namespace


def parser(prog: str, about: str | None) -> argparse.ArgumentParser:
    """The command line that these benches share."""
    made = argparse.ArgumentParser(prog=prog, description=about)
    made.add_argument("--engines", default="postgresql,sqlite")
    made.add_argument("--boroughs", type=int, default=10)
    made.add_argument("--keep", type=Path, help="a folder: what is built is kept there, and used again next time")
    return made


def run(
    asked: argparse.Namespace,
    *,
    measure: Callable[[Ready], Result],
    gates: Callable[[Result], list[str]],
    name: Callable[[str], str],
) -> int:
    """Measure each database, write what was found and say whether the gates hold on PostgreSQL.

    The gates are for the database of an authority; SQLite's figures stand beside it.
    """
    RESULTS.mkdir(parents=True, exist_ok=True)
    broken = []
    for engine in asked.engines.split(","):
        result = _measured(engine, asked, measure)
        (RESULTS / name(engine)).write_text(json.dumps(result, indent=1) + "\n")
        print(json.dumps(result, indent=1))
        broken += gates(result) if engine == "postgresql" else []
    DOCUMENT.write_text(document(kept_results()), encoding="utf-8")
    print("\n".join([*(f"GATE BROKEN: {each}" for each in broken)] if broken else ["Every gate holds."]))
    return 1 if broken else 0


def _measured(engine: str, asked: argparse.Namespace, measure: Callable[[Ready], Result]) -> Result:
    with tempfile.TemporaryDirectory(prefix="kith-bench-") as passing, database(engine, durable=True) as url:
        home = asked.keep.resolve() / f"{engine}-{asked.boroughs}" if asked.keep else Path(passing)
        home.mkdir(parents=True, exist_ok=True)
        env = os.environ | {"KITH_HOME": str(home), "KITH_POOL": "0"} | ({"DATABASE_URL": url} if url else {})
        make_ready(home, asked.boroughs, url, env, keep=bool(asked.keep))
        found = measure(Ready(engine, home, env, Path(passing), asked))
    return {"engine": engine, "boroughs": asked.boroughs} | about_here() | found
