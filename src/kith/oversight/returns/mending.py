"""Where what a return would reject is put right: the box, on the form of what the row was made of."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import reverse

from kith.record.extracting.origins import ADULT
from kith.record.period_forms import kinds as period_forms
from kith.record.period_forms.queries import care_of
from kith.record.plain_work.queries import opener_of
from kith.record.steps.kinds import kind
from kith.statutory.returns.one_child import Rejection

PERSON = "person"  # stands for the personal details, among kinds of work
EPISODE, CARE = "care_episode", "care"
OF_PERSONS = (PERSON, "disability")  # things of the record that the form of personal details changes


@dataclass(frozen=True)
class Mended:
    """The path of the form, with the box; and the capability of those who may use it."""

    url: str
    capability: str


@dataclass(frozen=True)
class Box:
    """Where a field is answered: the kind of work or of period, or PERSON; and the id of its box.

    `new`: where the row is of nothing that can be changed, another piece of such work is recorded instead.
    """

    work: str
    id: str
    new: bool = False


@cache
def boxes() -> Mapping[str, Mapping[str, Mapping[str, tuple[Box, ...]]]]:
    """For each kind of return, table and field, where it is answered: of several boxes, the one on the row's form."""
    told = tomllib.loads(Path(__file__).with_name("boxes.toml").read_text("utf-8"))
    return {
        of: {table: {name: _boxes(said) for name, said in fields.items()} for table, fields in tables.items()}
        for of, tables in told.items()
    }


def _boxes(said: str | list[str]) -> tuple[Box, ...]:
    return tuple(_box(*each.split()) for each in ([said] if isinstance(said, str) else said))


def _box(work: str, box: str, new: str = "") -> Box:
    return Box(work, f"id_{box}", bool(new))


def mended_at(said: Rejection, origin: Mapping[str, object]) -> Mended | None:
    """Where it is put right; none where Kith has no form for what the row was made of.

    It is the box of the first of the rule's fields that the form has; the form itself where the rule names none. A
    period, such as a child protection plan, is put right on the form of the work that opened it, or on its own; what
    all episodes of care say alike, on that of the time in care that they are of.
    """
    known = boxes().get(said.kind, {}).get(said.table, {})
    named = [box for name in said.fields for box in known.get(name, ())]
    of_care = origin["kind"] == EPISODE and named[:1] and named[0].work == CARE
    if of_care and (care := care_of(int(str(origin["id"])))):
        origin = {**origin, "kind": CARE, "id": care}
    if origin["thing"] == "period" and (step := opener_of(int(str(origin["id"])))):
        origin = {**origin, "thing": "step", "kind": step.kind, "id": step.pk}
    of = kind(str(origin["kind"])) if origin["thing"] == "step" else None
    if of is not None and of.edit:
        return Mended(_at(of.edit, of.key, origin, named), of.capability)
    if origin["thing"] == "period" and origin["kind"] in period_forms.KINDS:
        return Mended(_at("period_forms:change", str(origin["kind"]), origin, named), period_forms.MAY)
    if not origin["person"] or origin["kind"] == ADULT:
        return None
    return next((_elsewhere(box, origin) for box in named if box.new or _personal(box, origin)), None)


def _at(form: str, of: str, origin: Mapping[str, object], named: Iterable[Box]) -> str:
    """The form of what the row was made of, at the first of these boxes that it has."""
    here = [box.id for box in named if box.work == of]
    return reverse(form, args=[origin["id"]]) + (f"#{here[0]}" if here else "")


def _personal(box: Box, origin: Mapping[str, object]) -> bool:
    return box.work == PERSON and origin["thing"] in OF_PERSONS


def _elsewhere(box: Box, origin: Mapping[str, object]) -> Mended:
    """The box among the child's personal details, or on the form of new work."""
    person = origin["person"]
    if box.work == PERSON:
        return Mended(reverse("personal_details:change", args=[person]) + f"#{box.id}", "record_work")
    return Mended(f"{reverse('plain_work:new', args=[box.work])}?child={person}#{box.id}", kind(box.work).capability)
