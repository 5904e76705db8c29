"""Building returns of the invented borough: from a dataset in memory to files, each return in a process of its own.

Run alone with: python -m bench.building. The borough is made once and written as an extract, which each process reads
before it is timed; the memory is that of the whole process, reading included.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = {"ssd": "extract", "cin": "CIN.xml", "ssda903": "ssda903", "annex-a": "annex.xlsx"}
ON = "2026-03-31"

_BOROUGH = """
import sys
from datetime import date
from pathlib import Path
from kith.statutory.returns.ssd.writing import write_folder
from kith.synthetic.borough import build
write_folder(build(on=date.fromisoformat(sys.argv[2]), planted=False).dataset, Path(sys.argv[1]))
"""
_CHILD = """
import json, resource, sys, time
from datetime import date
from pathlib import Path
from kith.statutory.returns.building import RETURNS, Asked
from kith.statutory.returns.ssd_extract.reader import read_folder
folder, key, to, on = sys.argv[1:]
dataset, _ = read_folder(Path(folder))
of = next(each for each in RETURNS if each.key == key)
start = time.perf_counter(), time.process_time()
files = of.build(dataset, Path(to), Asked(on=date.fromisoformat(on), authority="999"))
done = time.perf_counter(), time.process_time()
print(json.dumps({
    "rows": dataset.row_count(), "files": len(files), "bytes": sum(each.stat().st_size for each in files),
    "seconds": done[0] - start[0], "cpu_s": done[1] - start[1],
    "gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
}))
"""


def measured() -> dict[str, dict[str, float]]:
    """For each return: rows of the dataset, files, their bytes, seconds, processor time, memory."""
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="kith-building-") as held:
        extract = Path(held) / "borough"
        subprocess.run([sys.executable, "-c", _BOROUGH, str(extract), ON], check=True, cwd=ROOT)
        for key, name in NAMES.items():
            command = [sys.executable, "-c", _CHILD, str(extract), key, str(Path(held) / name), ON]
            said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
            figures[key] = json.loads(said.splitlines()[-1])
    return figures


def words(path: Path) -> list[str]:
    """The figures for the document; nothing when they were never measured."""
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    lines = [
        "## Building returns",
        "",
        "From the borough's dataset in memory to files. The memory is the process's, reading the dataset included.",
        f"Measured on {found['day']}, {found['cores']} cores, load {found['load']}.",
        "",
        "| Return | Rows of the dataset | Files | MB | Seconds | Processor, s | Memory, GB |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, each in found["building"].items():
        sizes = f"{each['rows']:,.0f} | {each['files']:.0f} | {each['bytes'] / 1e6:.1f}"
        lines.append(f"| {name} | {sizes} | {each['seconds']:.2f} | {each['cpu_s']:.2f} | {each['gb']:.2f} |")
    return [*lines, ""]


def main() -> int:
    """Measures, and writes the figures to the file named, or prints them."""
    rounded = {name: {key: round(value, 2) for key, value in each.items()} for name, each in measured().items()}
    about = {"day": time.strftime("%Y-%m-%d"), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    text = json.dumps({**about, "building": rounded}, indent=1)
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
