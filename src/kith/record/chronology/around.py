"""Who is around a child: those who work with her, the people in her life, her brothers and sisters; and the gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from kith.foundation.screens.words import age_words, nice_date, plural
from kith.record.people.models import Involvement
from kith.record.periods.models import Period

from .queries import Reads, Somebody
from .words import words_for

YEARS_COUNTED = 2
WORKING = ("need", "cin_plan", "cp_plan", "care", "care_leaver")  # while one of these is open somebody is allocated


@dataclass(frozen=True)
class PersonLine:
    """Somebody in the child's life, as a line. `gap` is true where nobody knows who it is."""

    who: str
    name: str
    url: str = ""
    facts: list[str] = field(default_factory=list)
    gap: bool = False


def working(reads: Reads, open_now: Sequence[Period]) -> list[PersonLine]:
    """Who works with the child today; a child with open work and nobody allocated is a gap."""
    now = [each for each in reads.involved if each.ended_on is None]
    found = [_worker(each) for each in sorted(now, key=lambda each: not _allocated(each))]
    kinds = {each.kind for each in open_now}
    if kinds & set(WORKING) and not any(_allocated(each) and each.worker for each in now):
        found.insert(0, PersonLine("Allocated worker", "Nobody is allocated. This is a gap.", gap=True))
    if "care" in kinds and not any(each.role.lower() == "reviewing officer" and each.worker for each in now):
        found.append(PersonLine("Reviewing officer", "Nobody is named. This is a gap.", gap=True))
    return found


def _allocated(each: Involvement) -> bool:
    return each.role.lower().startswith("allocated")


def _worker(each: Involvement) -> PersonLine:
    facts = [each.team.name] if each.team else []
    name = each.worker.name if each.worker else "Nobody is named. This is a gap."
    return PersonLine(each.role, name, facts=[*facts, f"since {nice_date(each.started_on)}"], gap=each.worker is None)


def workers_words(involved: Iterable[Involvement], on: date) -> str:
    """How many social workers the child has had lately: children count them, so Kith does."""
    since = date(on.year - YEARS_COUNTED, on.month, min(on.day, 28))
    held = {
        each.worker_id
        for each in involved
        if _allocated(each) and each.worker_id and (each.ended_on is None or each.ended_on >= since)
    }
    return f"{plural(len(held), 'allocated worker')} in the last {YEARS_COUNTED} years" if len(held) > 1 else ""


KIN = ("mother", "father", "step_parent", "grandparent", "aunt_or_uncle", "foster_carer", "other")


def life(people: Iterable[Somebody]) -> list[PersonLine]:
    """Who is in the child's life, parents first. A parent nobody knows of is a gap to be filled, not a blank."""
    related = [each for each in people if each.what == "relationship" and each.kind != "brother_or_sister"]
    related.sort(key=lambda each: (KIN.index(each.kind) if each.kind in KIN else len(KIN), each.surname))
    found = [_relation(each) for each in related]
    kinds = {each.kind for each in related}
    missing = [kind for kind in ("mother", "father") if related and kind not in kinds]
    return found + [
        PersonLine(words_for("relation", kind), f"Nothing is recorded about my {kind}", gap=True) for kind in missing
    ]


def _relation(each: Somebody) -> PersonLine:
    who = words_for("relation", each.kind)
    if each.pk is None:
        return PersonLine(who, f"We do not know who my {who.lower()} is", gap=True)
    facts = {
        "has parental responsibility": each.parental_responsibility,
        "no parental responsibility": each.parental_responsibility is False,
        "lives with me": each.in_household,
        f"died {nice_date(each.died_on)}": each.died_on,
    }
    return PersonLine(who, _name(each), url=_page(each), facts=[words for words, holds in facts.items() if holds])


def siblings(people: Iterable[Somebody], on: date) -> list[PersonLine]:
    """Brothers and sisters, the eldest first."""
    return [_sibling(each, on) for each in sorted(people, key=_by_age) if each.what == "sibling"]


def _sibling(each: Somebody, on: date) -> PersonLine:
    return PersonLine(
        "", _name(each), url=_page(each), facts=[age_words(each.born_on, on, each.expected_on, each.died_on)]
    )


def _by_age(each: Somebody) -> tuple[date, str]:
    return (each.born_on or each.expected_on or date.max, each.forename)


def _name(each: Somebody) -> str:
    whole = f"{each.forename} {each.surname}".strip()
    if not whole:
        return "Unborn child" if each.born_on is None and each.expected_on else "Name not known"
    return f"{whole} (known as {each.known_as})" if each.known_as and each.known_as != each.forename else whole


def _page(each: Somebody) -> str:
    return reverse("chronology:child", args=[each.pk]) if each.is_child and each.pk and each.opens else ""
