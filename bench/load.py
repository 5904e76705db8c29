"""`python -m bench.load`: many workers at once, on a server as it is served; writes bench/results/load-*.json.

Of each hundred requests 60 read (the child's page, Today, the form of a visit), 15 search, 15 save a visit and 10 open
lists; each search is sent first, besides. Every request passes the door and is written to the history.
"""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .__main__ import KITH, ROOT
from .engines import Ready, Result, parser, run

WORKERS = 40  # people at work at once, each asking for a page a second: as a thousand, each asking every 25 seconds
GATES = {"p95_ms": 400, "errors": 0}
RATE = 46  # requests a second: forty, and six by which a search is sent before what it found is read


def main() -> int:
    """Put the load upon each database asked for, write what was found and say whether the gates hold."""
    line = parser("bench.load", __doc__)
    line.add_argument("--seconds", type=int, default=120)
    asked = line.parse_args()
    return run(asked, measure=measured, gates=gates, name=lambda engine: f"load-{engine}-{asked.boroughs}.json")


def measured(ready: Ready) -> Result:
    """The figures of one database under the load."""
    people = ready.home / "people.json"
    signing_in = [sys.executable, "-m", "bench.people", str(WORKERS), str(people)]
    subprocess.run(signing_in, check=True, env=ready.env, cwd=ROOT)
    with served(ready.env | {"KITH_POOL": "1"}) as address:
        rows = under_load(address, people, ready.asked.seconds, ready.passing)
    return {"seconds": ready.asked.seconds} | figures(rows)


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


def gates(result: Result) -> list[str]:
    """What does not hold."""
    broken = [f"{name} is {result[name]}, over {most}" for name, most in GATES.items() if result[name] > most]  # type: ignore[operator]
    if float(str(result["per_second"])) < RATE * 0.98:  # Locust's own pace wavers a little
        broken.append(f"{result['per_second']} requests a second were served, under {RATE}")
    return broken


if __name__ == "__main__":
    sys.exit(main())
