"""The published code lists, one file each, with the days on which each code was valid."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from kith.vocabulary.errors import KithError


class UnknownListError(KithError):
    """There is no published list of that name."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what it says, and the first and last day on which it is valid (None where there is no limit)."""

    code: str
    label: str
    valid_from: date | None = None
    valid_until: date | None = None

    def valid(self, on: date) -> bool:
        """Whether it may be used on the day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class CodeList:
    """A published list: its title, its source, and its codes in the order published."""

    name: str
    title: str
    source: str
    codes: Mapping[str, Code]

    def valid(self, on: date) -> tuple[Code, ...]:
        """The codes that may be used on the day, for a form or a check."""
        return tuple(code for code in self.codes.values() if code.valid(on))


@cache
def code_list(name: str) -> CodeList:
    """The list of that name. Raises UnknownListError."""
    if name not in names():
        raise UnknownListError(f"There is no code list named “{name}”.", mend=f"Choose one of: {', '.join(names())}.")
    data = tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    codes = {row["code"]: _code(row) for row in data["codes"]}
    return CodeList(name, data["title"], data["source"], codes)


@cache
def names() -> tuple[str, ...]:
    """The names of all the lists."""
    return tuple(
        sorted(item.name.removesuffix(".toml") for item in files(__name__).iterdir() if item.name.endswith(".toml"))
    )


def label(name: str, code: str | None) -> str:
    """What the code says in that list; the code itself where the list does not have it, and "" for none."""
    if not code:
        return ""
    found = code_list(name).codes.get(code)
    return found.label if found else code


def is_valid(name: str, code: str, *, on: date) -> bool:
    """Whether the list has the code and it may be used on the day."""
    found = code_list(name).codes.get(code)
    return found is not None and found.valid(on)


def choices(name: str, *, on: date) -> tuple[tuple[str, str], ...]:
    """The codes that may be used on the day, each with what it says, for a form."""
    return tuple((code.code, code.label) for code in code_list(name).valid(on))


def _code(row: Mapping[str, Any]) -> Code:
    return Code(row["code"], row["label"], row.get("from"), row.get("until"))
