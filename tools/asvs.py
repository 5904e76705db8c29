"""docs/asvs.md: the register of OWASP's ASVS 5.0.0, from docs/asvs.toml, which must be whole and name real tests."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "docs" / "asvs.toml"
STATES = {"met": "met", "deployer": "deployer", "not_applicable": "not applicable", "not_yet": "not yet"}
# Level 2 whole (levels 1 and 2): section -> the number of its last requirement of those levels; they begin at 1.
LEVEL_2 = {
    **{"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1},
    **{"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4},
    **{"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4},
    **{"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1},
    **{"9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3},
    **{"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4},
    **{"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7},
    **{"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2},
}
# Of level 3, those that shape the design, and the two that no software meets alone.
LEVEL_3 = {"1.2.10", "2.3.5", "3.5.8", "5.3.3", "7.5.3", "8.2.4", "8.3.2", "8.4.2", "11.7.1"}
LEVEL_3 |= {"14.2.6", "14.2.7", "14.2.8", "15.4.2"}
ASKED = {f"{section}.{number}" for section, last in LEVEL_2.items() for number in range(1, last + 1)} | LEVEL_3
Row = dict[str, Any]


def chapters(data: Path = DATA) -> dict[str, dict[str, Any]]:
    """Each chapter: its title, and its rows by their numbers."""
    return tomllib.loads(data.read_text(encoding="utf-8"))


def rows(register: dict[str, dict[str, Any]]) -> dict[str, Row]:
    """Every row by its number."""
    return {key: row for chapter in register.values() for key, row in chapter.items() if key != "title"}


def tests_there_are() -> set[str]:
    """The node ids of every test function of the project."""
    found = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"{path.relative_to(ROOT)}::{node.name}")
    return found


def faults(register: dict[str, dict[str, Any]], tests: set[str]) -> list[str]:
    """What is wrong with the register; nothing when it is whole."""
    found = rows(register)
    said = [f"{key} is missing" for key in sorted(ASKED - set(found))]
    said += [f"{key} is not asked for" for key in sorted(set(found) - ASKED)]
    for name, chapter in register.items():
        said += [f"{key} stands in {name}" for key in chapter if key != "title" and f"v{key.partition('.')[0]}" != name]
    for key, row in found.items():
        states = [state for state in STATES if state in row]
        said += [f"{key} must have one state, and has {states}"] if len(states) != 1 else []
        said += [f"{key} does not say what is asked, or why"] if not all(map(bool, row.values())) else []
        said += [f"{key} names {each}, which is no test" for each in row.get("met", []) if each not in tests]
    return said


def page(data: Path = DATA) -> str:
    """docs/asvs.md."""
    register = chapters(data)
    if wrong := faults(register, tests_there_are()):
        sys.exit("docs/asvs.toml: " + "; ".join(wrong))
    found = rows(register)
    counts = {words: sum(1 for row in found.values() if state in row) for state, words in STATES.items()}
    lines = [
        "# The application security register (OWASP ASVS 5.0.0)",
        "",
        "Made by `make docs` from docs/asvs.toml; do not edit. Level 2 whole, and of level 3 what shapes the design.",
        "The wording is ours and short; the standard's own is at owasp.org. *Met* names the tests that show it.",
        "*Deployer* is what an authority must do where it runs Kith. *Not yet* says what is missing.",
        "",
        f"{len(found)} requirements: {', '.join(f'{number} {words}' for words, number in counts.items())}.",
    ]
    for name, chapter in register.items():
        lines += ["", f"## {name.upper()} {chapter['title']}", "", "| | what is asked | state | shown by, or why |"]
        lines += ["|---|---|---|---|"] + [line(key, row) for key, row in chapter.items() if key != "title"]
    return "\n".join(lines) + "\n"


def line(key: str, row: Row) -> str:
    """One row of the table."""
    state = next(each for each in STATES if each in row)
    level = " (3)" if key in LEVEL_3 else ""
    if state != "met":
        return f"| {key}{level} | {row['asks']} | {STATES[state]} | {row[state]} |"
    shown = "<br>".join(f"`{each.removeprefix('tests/')}`" for each in row["met"])
    return f"| {key}{level} | {row['asks']} | met | {shown}{'<br>' + row['note'] if 'note' in row else ''} |"
