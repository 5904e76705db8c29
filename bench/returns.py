"""Checking returns: the samples' children copied under new ids, read and checked by every rule, whole process.

Run alone with: python -m bench.returns [FILE|- [SIZE …]]. The samples lie in ../shared/samples beside the project;
without them nothing is measured, and that is said.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT.parent / "shared" / "samples"
YEAR = "2026"
# name: what is made, how many times over, and the gates: seconds beyond start-up, and GB.
SIZES = {
    "ssda903_26k": ("ssda903", 1, 1.0, 1.0),
    "ssda903_260k": ("ssda903", 10, 6.0, 1.0),
    "ssda903_2600k": ("ssda903", 100, 60.0, 4.0),
    "cin_33k": ("cin", 100, 6.0, 1.0),
    "cin_every_module": ("cin_every_module", 21_360, 12.0, 1.0),
}
GROWTH = 11.0  # ten times the rows may take so many times the processor's seconds
TEN_TIMES = (("ssda903_26k", "ssda903_260k"), ("ssda903_260k", "ssda903_2600k"))


def made(kind: str, times: int, folder: Path) -> Path:
    """The sample's children that many times over, each under an id of its own; the file or folder to check."""
    folder.mkdir(parents=True)
    if kind == "ssda903":
        return _tables(times, folder)
    name, child = ("fake_CIN_data.xml", "RND") if kind == "cin" else ("CIN_Census_2026.xml", "")
    return _census(SAMPLES / "cin" / name, child, times, folder)


def _census(sample: Path, child: str, times: int, folder: Path) -> Path:
    text = sample.read_text(encoding="utf-8")
    start, rest = text.split("<Children>", 1)
    children, end = rest.rsplit("</Children>", 1)
    path = folder / "census.xml"
    with path.open("w", encoding="utf-8") as out:
        out.write(start + "<Children>")
        for copy in range(times):
            out.write(children.replace(f"<LAchildID>{child}", f"<LAchildID>{copy:03d}"))
        out.write("</Children>" + end)
    return path


def _tables(times: int, folder: Path) -> Path:
    for path in sorted((SAMPLES / "ssda903").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = csv.reader(file)
        child = heading.index("CHILD")
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(heading)
            for copy in range(times):
                out.writerows([*row[:child], f"{copy}X{row[child]}", *row[child + 1 :]] for row in rows)
    return folder


_CHILD = """
import json, resource, sys, time
start = time.perf_counter(), time.process_time()
from pathlib import Path
from kith.statutory.returns import checking_returns
from kith.statutory.returns.rule_reports import summary, write_json_lines, write_parquet
import kith.statutory.returns.cin_census.rules, kith.statutory.returns.ssda903.rules
import kith.statutory.returns.ssda903.returned
ready = time.perf_counter(), time.process_time()
kind, path, year = sys.argv[1:]
checked = (
    checking_returns.check_ssda903([Path(path)], year=int(year))
    if kind == "ssda903"
    else checking_returns.check_cin([Path(path)])
)
lines = summary(checked)
done = time.perf_counter(), time.process_time()
checked_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
write_parquet(checked, Path(path).parent / "issues.parquet")
with (Path(path).parent / "issues.jsonl").open("wb") as out:
    write_json_lines(checked, out)
written = time.perf_counter(), time.process_time()
print(json.dumps({
    "rows": checked.returned.rows_in, "rules": len(checked.outcome.rules), "issues": checked.how_many,
    "start_s": ready[0] - start[0], "seconds": done[0] - ready[0], "cpu_s": done[1] - ready[1],
    "gb": checked_gb, "written_s": written[0] - done[0], "written_cpu_s": written[1] - done[1],
    "written_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
}))
"""


def measured(names: list[str]) -> dict[str, dict[str, float]]:
    """Each size in a process of its own: rows, rules, issues, seconds beyond start-up, processor time, memory."""
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="kith-returns-") as folder:
        for name in names:
            kind, times, _, _ = SIZES[name]
            path = made(kind, times, Path(folder) / name)
            command = [sys.executable, "-c", _CHILD, kind, str(path), YEAR]
            said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
            figures[name] = json.loads(said.splitlines()[-1])
    return figures


def broken(figures: dict[str, dict[str, float]]) -> list[str]:
    """The gates that do not hold."""
    found: list[str] = []
    for name, each in figures.items():
        _, _, seconds, memory = SIZES[name]
        if each["seconds"] > seconds:
            found.append(f"returns: {name} takes {each['seconds']:.1f} s, not {seconds:.0f}")
        if each["written_gb"] > memory:
            found.append(f"returns: {name} takes {each['written_gb']:.1f} GB, not {memory:.0f}")
    for small, large in TEN_TIMES:
        times = figures[large]["cpu_s"] / figures[small]["cpu_s"] if {small, large} <= set(figures) else 0.0
        if times > GROWTH:
            found.append(f"returns: {large} takes {times:.1f} times as long as {small}")
    return found


def words(figures: dict[str, dict[str, float]], about: str) -> list[str]:
    """The figures for the document; nothing when they were never measured."""
    if not figures:
        return []
    lines = [
        "## Checking returns",
        "",
        "Reading, every rule that can run, and the summary, beyond start-up, on the samples' children under new ids;",
        "then writing every issue as Parquet and as JSON lines. The most memory is over all of it.",
        f"{about} With more load than cores, read the processor's seconds, not the clock's.",
        "",
        "| Return | Rows | Rules | Issues | Seconds | Processor, s | Writing, s | Memory, GB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, each in figures.items():
        counts = " | ".join(f"{each[key]:,.0f}" for key in ("rows", "rules", "issues"))
        written = f"{each['written_s']:.1f}" if "written_s" in each else "not measured"
        cost = f"{each['seconds']:.1f} | {each['cpu_s']:.1f} | {written} | {each.get('written_gb', each['gb']):.2f}"
        lines.append(f"| {name} | {counts} | {cost} |")
    return [*lines, ""]


def main() -> int:
    """Measures, and writes the figures to the file named, or prints them."""
    if not SAMPLES.is_dir():
        print("The samples are not beside the project: checking returns was not measured.")
        return 0
    figures = measured(sys.argv[2:] or list(SIZES))
    rounded = {name: {key: round(value, 2) for key, value in each.items()} for name, each in figures.items()}
    about = {"day": time.strftime("%Y-%m-%d"), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    text = json.dumps({**about, "returns": rounded}, indent=1)
    if sys.argv[1:] and sys.argv[1] != "-":
        Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")
    print(text)
    print("\n".join(broken(figures)) or "Every gate of the returns holds.")
    return 1 if broken(figures) else 0


if __name__ == "__main__":
    sys.exit(main())
