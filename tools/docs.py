"""Writes the documents that are made from data and tests; with --check, fails when one is stale."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import asvs
import figures
import rules

ROOT = Path(__file__).resolve().parent.parent
JOURNEYS = ROOT / "tests" / "journeys"


def proofs(mark: str) -> dict[str, list[str]]:
    """Feature row -> the journeys that carry it in this mark: `proves` for the whole row, `part_of` for some of it."""
    found: dict[str, list[str]] = {}
    for path in sorted(JOURNEYS.glob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                for row in _rows_in(node, mark):
                    found.setdefault(row, []).append(f"`{path.relative_to(ROOT)}::{node.name}`")
    return found


def _rows_in(node: ast.FunctionDef, name: str) -> list[str]:
    marks = [each for each in node.decorator_list if isinstance(each, ast.Call)]
    named = [each for each in marks if isinstance(each.func, ast.Attribute) and each.func.attr == name]
    return [str(word.value) for mark in named for word in mark.args if isinstance(word, ast.Constant)]


def mission() -> str:
    """docs/mission.md: every feature row with the journeys that show it, wholly or in part, or "not yet"."""
    features = tomllib.loads((ROOT / "docs" / "features.toml").read_text())
    whole, part = proofs("proves"), proofs("part_of")
    if unknown := sorted((set(whole) | set(part)) - set(features["rows"])):
        sys.exit(f"A journey names {', '.join(unknown)}: docs/features.toml has no such row.")
    rows = len(features["rows"])
    lines = [
        "# What Kith is for, and what is there",
        "",
        "Made by `make docs` from docs/features.toml and the journeys; do not edit. A row is shown when a journey in a",
        f"real browser shows it. Wholly: {len(whole)} of {rows}. In part: {len(set(part) - set(whole))}.",
    ]
    for letter, title in features["sections"].items():
        lines += ["", f"## {letter}. {title}", "", "| row | what must be true | shown by |", "|---|---|---|"]
        told = [(row, words) for row, words in features["rows"].items() if row[0] == letter]
        lines += [f"| {row} | {words} | {_shown(whole.get(row), part.get(row))} |" for row, words in told]
    return "\n".join(lines) + "\n"


def _shown(whole: list[str] | None, part: list[str] | None) -> str:
    if whole:
        return "<br>".join(whole)
    return "in part: " + "<br>".join(part) if part else "not yet"


def timescales() -> str:
    """docs/generated/timescales.md: the manual of the clocks, printed from their specification tests."""
    command = [sys.executable, "-m", "tests.spec.printing", "--stdout"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


DOCUMENTS = {
    "docs/mission.md": mission,
    "docs/generated/timescales.md": timescales,
    "docs/generated/assurance.md": figures.page,
    "docs/asvs.md": asvs.page,
    "docs/generated/rules/cin.md": rules.cin,
    "docs/generated/rules/ssda903.md": rules.ssda903,
    "docs/generated/rules/annex_a.md": rules.annex_a,
    "docs/generated/rules/across.md": rules.across,
}


def main() -> int:
    """Write each document, or with --check say which are stale."""
    stale = []
    for name, make in DOCUMENTS.items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            print(f"{name} written")
    if stale and "--check" in sys.argv:
        print(f"Stale: {', '.join(stale)}. Run `make docs` and commit what it writes.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
