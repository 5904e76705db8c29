"""What a figure is measured with: its gates, its control that must fail, and the file its result is written to."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASKED: dict[str, dict[str, str]] = tomllib.loads((ROOT / "assurance" / "figures.toml").read_text())
FULL = os.environ.get("KITH_ASSURANCE") == "full"
FULL_ONLY = pytest.mark.skipif(not FULL, reason="this figure has no short form: make assurance runs it")
RULE_OF_THREE = 3  # nothing found among n: with 95% confidence the share is under 3/n


class Void(AssertionError):
    """A figure that proves nothing: it measured nothing, or its control did not fail."""


class Missed(AssertionError):
    """A figure beyond its gate."""


@dataclass(frozen=True)
class Measure:
    """One number, its gate, and whether the gate holds."""

    what: str
    found: float
    gate: str
    held: bool
    of: int | None = None
    bound: float | None = None  # of a zero: the share is under this, with 95% confidence


@dataclass(frozen=True)
class Control:
    """The deliberately broken variant: whether it failed, as it must, and what it said."""

    name: str
    failed: bool
    said: str


@dataclass
class Figure:
    """One figure being measured."""

    key: str
    seed: int
    part: str = ""
    measures: list[Measure] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broken_off: str = ""

    def none(self, what: str, *, found: int, of: int) -> None:
        """Among `of` tries there must be none."""
        bound = RULE_OF_THREE / of if of and not found else None
        self._measured(Measure(what, found, "0", held=found == 0 and of > 0, of=of, bound=bound))

    def all(self, what: str, *, found: int, of: int) -> None:
        """Of `of` tries, every one must."""
        bound = RULE_OF_THREE / of if of and found == of else None
        self._measured(Measure(what, found, "100%", held=found == of and of > 0, of=of, bound=bound))

    def at_most(self, what: str, found: float, *, gate: float) -> None:
        """A number that may not be more than its gate."""
        self._measured(Measure(what, round(found, 6), f"at most {gate:,}", held=found <= gate))

    def at_least(self, what: str, found: float, *, gate: float) -> None:
        """A number that may not be less than its gate."""
        self._measured(Measure(what, round(found, 6), f"at least {gate:,}", held=found >= gate))

    def control(self, name: str, *, failed: bool, said: str) -> None:
        """What the deliberately broken variant did."""
        self.controls.append(Control(name, failed, said))

    def note(self, words: str) -> None:
        """What a reader of the figure must know."""
        self.notes.append(words)

    def _measured(self, measure: Measure) -> None:
        self.measures.append(measure)

    @property
    def troubles(self) -> list[str]:
        """Why this figure is void; nothing when it is sound."""
        if self.broken_off:
            return [f"it broke off: {self.broken_off}"]
        found = [] if self.measures else ["it measured nothing"]
        found += [] if self.controls else ["it has no control"]
        return found + [
            f"its control did not fail: {each.name} ({each.said})" for each in self.controls if not each.failed
        ]

    @property
    def missed(self) -> list[Measure]:
        """The measures beyond their gates."""
        return [each for each in self.measures if not each.held]

    def judge(self) -> None:
        """Raise Void or Missed, with the numbers; a void figure says nothing about its gates."""
        if self.troubles:
            raise Void(f"{self.key} is void: {'; '.join(self.troubles)}")
        if self.missed:
            told = [f"{each.what}: {each.found:g}{f' of {each.of:,}' if each.of else ''}" for each in self.missed]
            raise Missed(f"{self.key} misses its gate: {'; '.join(told)} (gate {self.missed[0].gate})")


Measuring = Callable[..., Any]
Sized = Callable[..., int]


@contextmanager
def measuring(key: str, *, seed: int, part: str = "") -> Iterator[Figure]:
    """Measure the figure `key` of assurance/figures.toml, judge it, and in the full form write its result down."""
    if key not in ASKED:
        raise KeyError(f"{key} is not in assurance/figures.toml")
    figure, started = Figure(key, seed, part), time.monotonic()
    try:
        yield figure
    except BaseException as trouble:
        figure.broken_off = type(trouble).__name__
        raise
    finally:
        if FULL:
            write(figure, seconds=time.monotonic() - started)
    figure.judge()


def write(figure: Figure, *, seconds: float, folder: Path | None = None) -> Path:
    """The result as JSON, with what a reader needs to weigh it: the commit, the day, the machine, the database."""
    folder = folder or ROOT / "assurance" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    engine = _engine()
    name = "-".join(each for each in (f"t{int(figure.key[1:]):02}", figure.part, engine) if each)
    path = folder / f"{name.lower().replace(' ', '-')}.json"
    said = asdict(figure) | {"engine": engine, "held": not figure.troubles and not figure.missed}
    said |= {"troubles": figure.troubles, "seconds": round(seconds), "form": "full" if FULL else "short"} | where()
    path.write_text(json.dumps(said, indent=1) + "\n")
    return path


def where() -> dict[str, str]:
    """What measured, and when; no name of a machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return {
        "commit": _commit(),
        "day": f"{date.today()}",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory} GB",
        "python": platform.python_version(),
    }


def _engine() -> str:
    from django.db import connection

    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]


def _commit() -> str:
    """The commit measured; "and changes" when the code in the folder is not what was committed."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "src", "tests")
    return (git("rev-parse", "--short=10", "HEAD") or "unknown") + (" and changes" if changed else "")
