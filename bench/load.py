"""`python -m bench.load`: many workers at once, on a server as it is served; writes bench/results/load-*.json.

Of each hundred requests 60 read (the child's page, Today, the form of a visit), 15 search, 15 save a visit and 10 open
lists; each search is sent first, besides. Every request passes the door and is written to the history.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .__main__ import DOCUMENT, KITH, RESULTS, ROOT, about_here, database, document, kept_results, make_ready

WORKERS = 40  # people at work at once, each asking for a page a second: as a thousand, each asking every 25 seconds
GATES = {"p95_ms": 400, "errors": 0}
RATE = 46  # requests a second: forty, and six by which a search is sent before what it found is read


def main() -> int:
    """Serve the database asked for, put the load upon it, write what was found and say whether the gates hold."""
    asked = arguments()
    RESULTS.mkdir(parents=True, exist_ok=True)
    broken = []
    for engine in asked.engines.split(","):
        result = measured(engine, asked)
        (RESULTS / f"load-{engine}-{asked.boroughs}.json").write_text(json.dumps(result, indent=1) + "\n")
        print(json.dumps(result, indent=1))
        if engine == "postgresql":  # the gate is for the database of an authority; SQLite's figures stand beside it
            broken += gates(result)
    DOCUMENT.write_text(document(kept_results()), encoding="utf-8")
    print("\n".join([*(f"GATE BROKEN: {each}" for each in broken)] if broken else ["Every gate holds."]))
    return 1 if broken else 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench.load", description=__doc__)
    parser.add_argument("--engines", default="postgresql,sqlite")
    parser.add_argument("--boroughs", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--keep", type=Path, help="a folder: what is built is kept there, and used again next time")
    return parser.parse_args()


def measured(engine: str, asked: argparse.Namespace) -> dict[str, object]:
    """The figures of one database under the load."""
    with tempfile.TemporaryDirectory(prefix="kith-load-") as passing, database(engine, durable=True) as url:
        home = asked.keep.resolve() / f"{engine}-{asked.boroughs}" if asked.keep else Path(passing)
        home.mkdir(parents=True, exist_ok=True)
        env = os.environ | {"KITH_HOME": str(home), "KITH_POOL": "0"} | ({"DATABASE_URL": url} if url else {})
        make_ready(home, asked.boroughs, url, env, keep=bool(asked.keep))
        people = home / "people.json"
        subprocess.run([sys.executable, "-m", "bench.people", str(WORKERS), str(people)], check=True, env=env, cwd=ROOT)
        with served(env | {"KITH_POOL": "1"}) as address:
            rows = under_load(address, people, asked.seconds, Path(passing))
    return {"engine": engine, "boroughs": asked.boroughs, "seconds": asked.seconds} | about_here() | figures(rows)


@contextmanager
def served(env: dict[str, str]) -> Iterator[str]:
    """The service as `kith serve` serves it, on a free port; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([KITH, "serve", "--port", str(port)], env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            if server.poll() is not None:
                raise SystemExit("The service did not start.")
            try:
                urllib.request.urlopen(f"{address}/sign-in/", timeout=5)
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def under_load(address: str, people: Path, seconds: int, folder: Path) -> list[dict[str, str]]:
    """Put the load upon the service and read what Locust counted, once everybody was at work."""
    words = ["--headless", "--host", address, "--users", str(WORKERS), "--spawn-rate", "8", "--reset-stats"]
    words += ["--run-time", f"{seconds}s", "--csv", str(folder / "load"), "--only-summary", "--stop-timeout", "10"]
    env = os.environ | {"KITH_PEOPLE": str(people)}
    run = [sys.executable, "-m", "locust", "-f", str(ROOT / "bench" / "mix.py"), *words]
    subprocess.run(run, env=env, cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    with (folder / "load_stats.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def figures(rows: list[dict[str, str]]) -> dict[str, object]:
    """Requests a second, errors, and the time of each kind of page, in milliseconds."""
    pages = {row["Name"]: _page(row) for row in rows if row["Name"] != "Aggregated"}
    return _page(next(row for row in rows if row["Name"] == "Aggregated")) | {"pages": pages}


def _page(row: dict[str, str]) -> dict[str, object]:
    return {
        "requests": int(row["Request Count"]),
        "errors": int(row["Failure Count"]),
        "per_second": round(float(row["Requests/s"]), 1),
        "p50_ms": float(row["50%"]),
        "p95_ms": float(row["95%"]),
        "p99_ms": float(row["99%"]),
    }


def gates(result: dict[str, object]) -> list[str]:
    """What does not hold."""
    broken = [f"{name} is {result[name]}, over {most}" for name, most in GATES.items() if result[name] > most]  # type: ignore[operator]
    if float(str(result["per_second"])) < RATE * 0.98:  # Locust's own pace wavers a little
        broken.append(f"{result['per_second']} requests a second were served, under {RATE}")
    return broken


if __name__ == "__main__":
    sys.exit(main())
