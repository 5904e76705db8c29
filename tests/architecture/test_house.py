"""The house is held: sizes, the wall clock, retention, names of places, and words that must not be there."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "kith"
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
CORE = ("vocabulary", "statutory", "analysis", "synthetic")


def python_files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def functions_longer_than(limit: int, text: str) -> list[str]:
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [node.name for node in found if (node.end_lineno or 0) - node.lineno + 1 > limit]


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files(SOURCE, ROOT / "tests", ROOT / "tools", ROOT / "bench")
        if (lines := path.read_text().count("\n")) > LONGEST_FILE
    }
    assert not long


def test_no_function_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): names
        for path in python_files(SOURCE, ROOT / "tests", ROOT / "tools", ROOT / "bench")
        if (names := functions_longer_than(LONGEST_FUNCTION, path.read_text()))
    }
    assert not long


def test_the_measure_of_functions_finds_a_long_one() -> None:
    long = "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION
    assert functions_longer_than(LONGEST_FUNCTION, long) == ["f"]
    assert functions_longer_than(LONGEST_FUNCTION, "def g():\n    return 1\n") == []


def clock_reads(text: str) -> list[str]:
    """Calls in `text` that read the wall clock."""
    return re.findall(r"\b(?:date\.today|datetime\.now|datetime\.utcnow|time\.time|timezone\.now)\(", text)


def test_the_core_never_reads_the_clock() -> None:
    reads = {
        str(path.relative_to(ROOT)): found
        for path in python_files(*(SOURCE / name for name in CORE))
        if (found := clock_reads(path.read_text()))
    }
    assert not reads
    assert clock_reads("on = date.today()")


def test_every_module_says_what_lives_there() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in python_files(SOURCE)
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_every_public_function_of_the_core_says_what_it_does() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in python_files(*(SOURCE / name for name in CORE))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


@pytest.mark.parametrize(
    "model", [each for each in apps.get_models() if each.__module__.startswith("kith.")], ids=lambda each: each.__name__
)
def test_every_model_states_how_long_it_is_kept(model: type) -> None:
    assert model.retention, f"{model.__name__} does not say how long it is kept"  # type: ignore[attr-defined]
    assert isinstance(model.in_history, bool)  # type: ignore[attr-defined]


BINARY = {".png", ".jpg", ".xlsx", ".woff2", ".ico", ".gz"}
# Folders that are somewhere on one machine only, and options that point a package client at one registry.
MACHINE = re.compile(r"(?<![\w.])/(?:root|home|tmp)/|--(?:index-url|extra-index-url|find-links|registry)\b")


def tracked_files() -> list[Path]:
    """What git keeps; where this is not a checkout, the folders that would be kept."""
    git = shutil.which("git")
    said = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True) if git else None
    if said is not None and said.returncode == 0:
        return [ROOT / name for name in said.stdout.split("\0") if name]
    kept = ("src", "tests", "tools", "docs", "bench", "requirements")
    return [path for folder in kept for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]


def test_nothing_names_a_machine_or_a_registry() -> None:
    named = {}
    for path in tracked_files():
        if path.exists() and path.suffix not in BINARY and "vendor" not in path.parts and path != Path(__file__):
            found = MACHINE.findall(path.read_text(errors="replace"))
            named |= {str(path.relative_to(ROOT)): found[:3]} if found else {}
    assert not named
    assert MACHINE.search("see /root/notes.md")


def test_no_lock_names_an_address() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert len(locks) == 5
    assert not [path.name for path in locks if "://" in path.read_text()]


def test_how_soon_faults_are_mended_is_written_down() -> None:
    rows = [line for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    grave = next(line for line in rows if line.startswith("| Critical or high"))
    days = [int(each) for each in re.findall(r"within (\d+) days", grave)]
    assert len(days) == 2
    assert max(days) <= 14, "Cyber Essentials asks for fourteen"
    assert {line.split("|")[1].split()[0] for line in rows[1:]} == {"Critical", "Medium", "Low"}
