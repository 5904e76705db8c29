"""The head of every page about a child: name, age, a few facts, and what this viewer may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.words import age_words, nice_date
from kith.record.people.models import Person
from kith.record.periods.models import Period
from kith.record.plain_work.told import groups

from .queries import Fact, Reads
from .words import address_words, words_for

GROWN_UP = 18  # years, for whether to say girl or woman


@dataclass(frozen=True)
class Header:
    """What the macro child_header shows; the same on every page about a child."""

    name: str
    url: str
    age: str
    lines: list[str]
    tags: list[dict[str, str]]
    actions: list[dict[str, str]]


def header(reads: Reads, open_now: Sequence[Period], *, viewer: Viewer, on: date) -> Header:
    """The child's name, age and what this viewer may do."""
    person = reads.person
    return Header(
        name=person.name,
        url=person.page,
        age=age_words(person.born_on, on, person.expected_on, person.died_on),
        lines=_lines(person, reads.facts, on),
        tags=_tags(open_now, reads.facts),
        actions=_actions(viewer, person),
    )


def _lines(person: Any, facts: Iterable[Fact], on: date) -> list[str]:
    aliases = [f"{each.kind} {each.value}".strip() for each in facts if each.what == "name"]
    known = [person.known_as] if person.known_as and person.known_as != person.forename else []
    codes = {each.value for each in facts if each.what == "disability"} - {"NONE"}
    disabled = sorted(words_for("disability", code) for code in codes)
    found = [
        f"Known as {known[0]}" if known else "",
        f"Also {' or '.join(aliases)}" if aliases else "",
        f"Born {nice_date(person.born_on)}" if person.born_on else "",
        _sex(person, on),
        words_for("ethnicity", person.ethnicity) if person.ethnicity else "",
        f"Speaks {person.first_language}" if person.first_language else "",
        "Needs an interpreter" if person.interpreter else "",
        "No religion" if person.religion.lower() == "none" else person.religion,
        f"Disability: {', '.join(disabled)}" if disabled else "",
        _address(person),
    ]
    return [each for each in found if each]


def _sex(person: Person, on: date) -> str:
    if not person.sex:
        return ""
    grown = person.born_on and (on - person.born_on).days >= GROWN_UP * 365.25
    return words_for("grown_up_sex" if grown and person.sex in "MF" else "sex", person.sex)


def _address(person: Any) -> str:
    """Where the child lives, unless that is shielded from this viewer."""
    if person.shielded:
        return "Address withheld"
    return address_words(person.address)


TAGS = {
    "missing": ("Missing now", "red"),
    "cp_plan": ("Child protection plan", "magenta"),
    "care": ("Looked after", "purple"),
    "cin_plan": ("Child in need plan", "blue"),
    "pre_proceedings": ("Pre-proceedings", "orange"),
    "care_leaver": ("Care leaver", "turquoise"),
}


def _tags(open_now: Sequence[Period], facts: Iterable[Fact]) -> list[dict[str, str]]:
    kinds = {each.kind for each in open_now}
    found = [{"words": words, "colour": colour} for kind, (words, colour) in TAGS.items() if kind in kinds]
    return found + [
        {"words": words_for("restriction", each.value), "colour": "red"} for each in facts if each.what == "restriction"
    ]


def _actions(viewer: Viewer, person: Person) -> list[dict[str, str]]:
    if not person.is_child:
        kinds = [each for kinds in groups(person.about).values() for each in kinds if viewer.may(each.capability)]
        return [{"words": "Record work", "url": f"/record-work/?child={person.pk}"}] if kinds else []
    ways = (
        ("record_visit", "Record a visit", f"/visits/new/?child={person.pk}"),
        ("hold_meeting", "Hold a strategy meeting", f"/strategy-meetings/new/?child={person.pk}"),
        ("record_work", "Record other work", f"/record-work/?child={person.pk}"),
        ("record_audit", "Record an audit", f"/record-work/?child={person.pk}"),
        ("write_story", "Write the story", reverse("chronology:story", args=[person.pk])),
    )
    may = {url: words for capability, words, url in reversed(ways) if viewer.may(capability)}
    return [{"words": words, "url": url} for url, words in reversed(may.items())]
