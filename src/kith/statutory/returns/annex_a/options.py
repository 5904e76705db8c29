"""The words in which the lists write each code, the reverse of what reading does."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from kith.statutory.returns.annex_a.headings import CHOICES
from kith.vocabulary.codes import code_list
from kith.vocabulary.codes import names as code_lists

_SAID = tomllib.loads((Path(__file__).parent / "options.toml").read_text(encoding="utf-8"))


@cache
def answers(option: str) -> Mapping[str, str]:
    """Each code of a drop-down, in capitals, and the answer that the list offers for it."""
    said = _SAID[option]
    found: dict[str, str] = {code.upper(): words for code, words in said.get("words", {}).items()}
    labels = {code: each.label for code, each in code_list(option).codes.items()} if option in code_lists() else {}
    letters = {code: f"{letter}) " for letter, code in said.get("letters", {}).items()}
    for code in labels:
        after = said["labelled"] + labels[code] if "labelled" in said else ""
        found.setdefault(code, letters.get(code, "") + code + after)
    return MappingProxyType(found)


def options_of(table: str, fields: tuple[str, ...]) -> dict[str, str]:
    """The drop-down of each field of a list that has one."""
    others = {field: option for field, option in _SAID["fields"].items() if field in fields}
    return others | dict(CHOICES[table])
