"""Two records side by side, in words; and lists of pairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from kith.foundation.screens.words import age_words, nice_date, nice_moment, plural
from kith.record.chronology.words import words_for
from kith.record.people.models import Person, Same

from .models import Likely
from .queries import Side

NUMBERS, ENTRIES, RECORDED = "Numbers", "In the record", "Recorded"
TOLD = (ENTRIES, RECORDED)  # said of each, and not compared
OURS = "Case Number"  # given to each record, so that it says nothing of the person
CANNOT_BE_SAID = {"words": "Cannot be said", "colour": "grey"}
NOT_OPEN = "Only for those who work with them"
SEX = {"F": "Female", "M": "Male"}


@dataclass(frozen=True)
class Row:
    """One thing compared: its name, what each record says, and whether they agree."""

    what: str
    one: list[str]
    other: list[str]

    @property
    def verdict(self) -> dict[str, str]:
        """Whether they agree, in words: said beside the words, never by colour alone."""
        if self.what in TOLD:
            return {"words": "", "colour": ""}
        if self.what == NUMBERS:
            return _of_numbers(self.one, self.other)
        if not self.one or not self.other or NOT_OPEN in self.one + self.other:
            return CANNOT_BE_SAID
        if set(self.one) == set(self.other):
            return {"words": "The same", "colour": "green"}
        shared = {"words": "Partly the same", "colour": "yellow"}
        return shared if set(self.one) & set(self.other) else {"words": "Different", "colour": "orange"}


def _of_numbers(one: list[str], other: list[str]) -> dict[str, str]:
    """A number in common; else whether both have one of a kind, which then differ."""
    mine, theirs = ({each for each in side if not each.startswith(OURS)} for side in (one, other))
    if mine & theirs:
        return {"words": "One in common", "colour": "green"}
    kinds = [{each.rpartition(" ")[0] for each in side} for side in (mine, theirs)]
    return {"words": "Different", "colour": "orange"} if kinds[0] & kinds[1] else CANNOT_BE_SAID


def side_by_side(one: Side, other: Side, *, on: date) -> list[Row]:
    """What the two records say, thing by thing."""
    both = [_told(each, on) for each in (one, other)]
    return [Row(what, both[0][what], both[1][what]) for what in both[0]]


def _told(side: Side, on: date) -> dict[str, list[str]]:
    person = side.person
    known = [person.known_as] if person.known_as and person.known_as != person.forename else []
    shut = [] if side.opens else [NOT_OPEN]
    names = [f"{one} {other}".strip() for one, other in side.names]
    where = ["Withheld"] if side.withheld else [_address(each) for each in side.addresses] or shut
    return {
        "Name": [person.name],
        "Other names": sorted({*known, *names} - {person.name}),
        "Born": [_born(person, on)] if person.born_on or person.expected_on else [],
        "Sex": [SEX[person.sex]] if person.sex in SEX else [],
        NUMBERS: [f"{kind} {value}" for kind, value in side.numbers],
        "Address": where,
        "Parents": sorted({f"{one} {other}".strip() for _, one, other in side.parents}) or shut,
        "Works with them": sorted({f"{name}, {role.lower()}" for role, name, _ in side.workers}),
        "Open now": sorted({words_for("period", kind) for kind, _ in side.open if kind != "care_episode"}) or shut,
        ENTRIES: [plural(side.entries, "entry", "entries")],
        RECORDED: [nice_date(person.recorded_at.date())],
    }


def _address(each: Any) -> str:
    lines, postcode, ended_on = each
    past = f", until {nice_date(ended_on)}" if ended_on else ""
    return ", ".join(part for part in (lines, postcode) if part) + past


def _born(person: Person, on: date) -> str:
    age = age_words(person.born_on, on, person.expected_on, person.died_on)
    return f"{nice_date(person.born_on)}, {age}" if person.born_on else age


def likely_line(each: Likely) -> dict[str, Any]:
    """A likely pair as a line."""
    return {
        "names": [_short(each.one), _short(each.other)],
        "why": "; ".join(each.why),
        "url": reverse("duplicates:pair", args=[each.one_id, each.other_id]),
        "how": "Very likely" if each.probability >= 0.999 else "Likely",
    }


def link_line(same: Same) -> dict[str, Any]:
    """A link as a line."""
    return {
        "names": [_short(same.leads), _short(same.person)],
        "url": reverse("duplicates:link", args=[same.pk]),
        "state": state_words(same),
    }


def _short(person: Person) -> str:
    return f"{person.name}, born {nice_date(person.born_on)}" if person.born_on else person.name


def state_words(same: Same) -> str:
    """How a link stands, and who said so."""
    if same.parted_at and same.parted_by:
        return f"Parted by {same.parted_by.name} on {nice_moment(same.parted_at)}"
    if same.agreed is None:
        return f"Proposed by {same.proposed_by.name} on {nice_moment(same.recorded_at)}; waits for a second person"
    who = same.decided_by.name if same.decided_by else ""
    said = "Agreed" if same.agreed else "Two people, said"
    return f"{said} by {who} on {nice_moment(same.decided_at)}" if same.decided_at else said
