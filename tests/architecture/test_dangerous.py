"""What is dangerous in any hands is used nowhere, or in one named place with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "kith"
# Calls and modules that turn what somebody sent into code, a command, an object or a message to another machine.
BANNED = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "pickle",
    "marshal",
    "shelve",
    "yaml",
    "hashlib.md5",
    "ldap",
    "ldap3",
    "smtplib",
    "telnetlib",
    "ftplib",
    "memcache",
    "pymemcache",
    "xml.sax",
    "xml.dom",
    "xml.etree",
    "markdown",
}
# Used in one place each, and why.
PLACES = {
    "subprocess": {"config/serving.py", "foundation/documents/"},  # its own server; files looked at in a child process
    "socket": {"config/serving.py", "foundation/documents/scanning.py"},  # is the port free; the malware scanner
    "random": {"synthetic/"},  # the invented borough, from a seed
    "urllib.request": set(),
    "http.client": set(),
    "requests": {"foundation/accounts/"},  # the council's own sign-in
    "hashlib.sha1": {
        "foundation/accounts/breached.py"
    },  # how lists of breached passwords are given out; it guards none
    "tempfile": {
        "foundation/documents/",
        "record/documents/",
        "record/extracting/",
        "oversight/returns/",
        "statutory/returns/from_dataset.py",
    },
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield str(path.relative_to(SOURCE)), ast.parse(path.read_text())


def used(tree: ast.AST) -> set[str]:
    """The names this file imports and calls, as they are written."""
    found: set[str] = set()
    for each in ast.walk(tree):
        if isinstance(each, ast.Import):
            found |= {name.name for name in each.names}
        elif isinstance(each, ast.ImportFrom) and each.module and not each.level:
            found |= {each.module, *(f"{each.module}.{name.name}" for name in each.names)}
        elif isinstance(each, ast.Call):
            found.add(ast.unparse(each.func))
    return found


def among(found: set[str], names: set[str]) -> set[str]:
    """Which of `names` these are, or lie within."""
    return {name for name in names for each in found if each == name or each.startswith(f"{name}.")}


def shells(tree: ast.AST) -> list[str]:
    """Calls that hand words to a shell."""
    return [
        ast.unparse(each.func)
        for each in ast.walk(tree)
        if isinstance(each, ast.Call) and any(word.arg == "shell" for word in each.keywords)
    ]


def test_nothing_turns_what_was_sent_into_code_a_command_or_an_object() -> None:
    assert {name: bad for name, tree in sources() if (bad := among(used(tree), BANNED))} == {}
    assert {name: bad for name, tree in sources() if (bad := shells(tree))} == {}


def test_other_programs_and_machines_are_reached_from_named_places_alone() -> None:
    wrong = {
        (name, what)
        for name, tree in sources()
        for what in among(used(tree), set(PLACES))
        if not any(name.startswith(place) for place in PLACES[what])
    }
    assert wrong == set()


@pytest.mark.parametrize(
    "line", ["import pickle", "from os import system", "eval(x)", "hashlib.md5(x)", "from xml.etree import ElementTree"]
)
def test_what_is_dangerous_is_noticed(line: str) -> None:
    assert among(used(ast.parse(line)), BANNED)


def test_a_shell_is_noticed() -> None:
    assert shells(ast.parse("subprocess.run(x, shell=True)"))


def test_no_template_trusts_what_it_is_given() -> None:
    """`safe` marks ready-made words of our own macros alone; nothing turns the escaping off."""
    trusting = {}
    for path in sorted(SOURCE.rglob("*.html")):
        text = path.read_text()
        if "autoescape" in text or "| safe" in text.replace("|safe", "| safe"):
            trusting[str(path.relative_to(SOURCE))] = text.count("safe")
    assert set(trusting) <= TRUSTING


TRUSTING: set[str] = set()
