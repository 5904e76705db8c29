"""Where what a return would reject is put right: the box, on the form of the work that the row was made of."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import reverse

from kith.record.steps.kinds import kind
from kith.statutory.returns.one_child import Rejection


@dataclass(frozen=True)
class Mended:
    """The path of the form, with the box; and the capability of those who may use it."""

    url: str
    capability: str


@cache
def boxes() -> Mapping[str, Mapping[str, Mapping[str, tuple[str, str]]]]:
    """For each kind of return, table and field: the kind of work, and the id of the box in which it is answered."""
    told = tomllib.loads(Path(__file__).with_name("boxes.toml").read_text("utf-8"))
    return {
        of: {
            table: {name: (said.split()[0], said.split()[1]) for name, said in fields.items()}
            for table, fields in tables.items()
        }
        for of, tables in told.items()
    }


def mended_at(said: Rejection, origin: Mapping[str, object]) -> Mended | None:
    """Where it is put right; none where Kith has no form for what the row was made of.

    It is the box of the first of the rule's fields that the form has; the form itself where the rule names none.
    """
    of = kind(str(origin["kind"])) if origin["thing"] == "step" else None
    if of is None or not of.edit:
        return None
    known = boxes().get(said.kind, {}).get(said.table, {})
    here = [box for name in said.fields for work, box in (known.get(name, ("", "")),) if work == of.key]
    return Mended(reverse(of.edit, args=[origin["id"]]) + (f"#id_{here[0]}" if here else ""), of.capability)
