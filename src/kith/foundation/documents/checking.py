"""Whether a file may be kept: its name, its size, what it is by its content, and what a child process found inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import puremagic

from .refusal import SAVE_AGAIN, TAKE_CARE, Refusal

PATIENCE = 60  # seconds of the clock; the child's own limit, of its work, is shorter
LONGEST_NAME = 150
TOLD = ("PATH", "PYTHONPATH", "LANG")  # of the environment, which holds secrets, the child is told no more


@dataclass(frozen=True)
class Kind:
    """One kind of file that may be kept."""

    ending: str
    words: str
    type: str
    looks: str
    holds: str = ""
    format: str = ""


@dataclass(frozen=True)
class Checked:
    """A file that may be kept, as it will be: its name made plain, and its type by content."""

    name: str
    kind: Kind
    path: Path  # the file itself, or for a picture the one without metadata
    found: dict[str, Any]


@cache
def kinds() -> dict[str, Kind]:
    """Every kind, by each ending it may have."""
    found: dict[str, Kind] = {}
    for ending, row in _table()["kinds"].items():
        also = row.pop("also", [])
        kind = Kind(ending=ending, **row)
        found |= dict.fromkeys([ending, *also], kind)
    return found


def check(path: Path, *, name: str, size: int, largest: int) -> Checked:
    """Raises Refusal, with a sentence, for a file that may not be kept. Leaves `path` as it is."""
    plain = plain_name(name)
    ending = plain.rpartition(".")[2].lower() if "." in plain else ""
    kind = kinds().get(ending)
    if size == 0:
        raise Refusal("The file is empty.", mend="Choose it again.")
    if size > largest:
        raise Refusal(f"The file is larger than {largest // 1024**2} MB.", mend="Make it smaller, or send it in parts.")
    if kind is None:
        raise Refusal(f"A file of this kind ({ending or 'no ending'}) is not kept.", mend=_instead(ending))
    _check_content(path, kind)
    out = path.with_name(f"{path.name}.bare")
    found = examined(path, kind=kind, out=out)
    return Checked(name=plain, kind=kind, path=out if kind.looks == "picture" else path, found=found)


def examined(path: Path, *, kind: Kind, out: Path, **limits: int) -> dict[str, Any]:
    """What the child found. One that dies, or takes too long, has met what no document holds."""
    asked = {"path": str(path), "looks": kind.looks, "holds": kind.holds, "format": kind.format, "out": str(out)}
    return _ask(asked | {"limits": limits})


def examine_archive(path: Path, **limits: int) -> dict[str, Any]:
    """Refuse an archive that is a bomb or hides something: for what is read and not kept: a workbook to load."""
    return _ask({"path": str(path), "looks": "archive", "limits": limits})


def plain_name(name: str) -> str:
    """The name without folders, control characters or signs that turn it round; not longer than a list can show."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(each for each in last if each.isprintable() and each not in '<>:"|?*').strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if dot else kept[:LONGEST_NAME]


def _check_content(path: Path, kind: Kind) -> None:
    """What the content says it is must agree with the name. Text says nothing of itself."""
    with path.open("rb") as file:
        begins = file.read(16)
    if kind.looks == "text":
        return
    if kind.looks == "archive" and not begins.startswith(b"PK\x03\x04"):
        raise Refusal("What is in the file is not what its name says.", mend=SAVE_AGAIN)
    if kind.looks in ("pdf", "picture") and kind.type not in _types(path):
        raise Refusal("What is in the file is not what its name says.", mend=SAVE_AGAIN)


def _types(path: Path) -> set[str]:
    try:
        return {each.mime_type for each in puremagic.magic_file(path)}
    except (puremagic.PureError, ValueError, OSError):
        return set()


def _ask(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        child = subprocess.run(  # our own module, with no word of the sender's on its command line
            [sys.executable, "-m", "kith.foundation.documents.inside"],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={name: os.environ[name] for name in TOLD if name in os.environ},
            check=False,
        )
        answer: dict[str, Any] = json.loads(child.stdout) if child.stdout else {}
    except (subprocess.TimeoutExpired, ValueError):
        raise TOO_MUCH from None
    if "sentence" in answer:
        raise Refusal(answer["sentence"], mend=answer["mend"])
    if child.returncode:
        raise TOO_MUCH
    return answer


TOO_MUCH = Refusal("Opening this file takes more time or memory than a document may.", mend=TAKE_CARE)


def _instead(ending: str) -> str:
    told: str = _table()["refused"].get(ending, "")
    return told or "Save it as a PDF, a Word document, a workbook, a picture or text, and add that."


def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("kinds.toml").read_text())
