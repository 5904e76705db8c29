"""The page of a grown-up in words and links: what is due, the work by its group, who works with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kith.foundation.access.viewer import Viewer
from kith.record.chronology.around import PersonLine, working
from kith.record.chronology.header import Header, header
from kith.record.chronology.presenters import FEW, Few
from kith.record.chronology.queries import Reads
from kith.record.chronology.searching import around
from kith.record.chronology.story import Entry, events_of
from kith.record.chronology.words import words_for
from kith.record.deadlines.presenters import lines
from kith.record.people.access import look_at, opens
from kith.record.people.models import ALLEGATION, CARER, SUPERVISED
from kith.record.plain_work.kinds import plain_kinds

RECORDS = {
    CARER: "Carers, and people who hope to adopt",
    ALLEGATION: "Allegations",
    SUPERVISED: "Supervision",
}


@dataclass(frozen=True)
class GrownUpPage:
    """All that the template shows."""

    header: Header
    due: Few
    groups: list[tuple[str, list[Entry]]]
    all_work: Few
    working: list[PersonLine]
    children: list[dict[str, str]]
    looked: list[Any]


def grown_up_page(reads: Reads, *, viewer: Viewer, on: date, looked: Sequence[Any]) -> GrownUpPage:
    """The page, from what was read."""
    due, person, entries = lines(reads.due, on=on), reads.person, events_of(reads)
    return GrownUpPage(
        header=header(reads, [], viewer=viewer, on=on),
        due=Few(due[:FEW], len(due), f"{reverse('deadlines:list')}?child={person.pk}"),
        groups=_groups(entries),
        all_work=Few([], len(entries), f"{reverse('steps:list')}?{urlencode({'child': person.pk})}"),
        working=working(reads, []),
        children=_children(viewer, person.pk, on) if person.record == CARER else [],
        looked=list(looked),
    )


def _groups(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """The newest work of each group, as the form lists the groups."""
    found: dict[str, list[Entry]] = {each.group: [] for each in plain_kinds().values()}
    for each in entries:
        of = plain_kinds().get(each.kind)
        found.setdefault(of.group if of else "Other work", []).append(each)
    return [(group, rows[:FEW]) for group, rows in found.items() if rows]


def _children(viewer: Viewer, pk: int, on: date) -> list[dict[str, str]]:
    """The children of whom this grown-up is something, of those whose records open to the viewer."""
    tied = around(viewer, [pk], on=on).get(pk)
    children = tied.children if tied else []
    look_at(viewer, {child for child, *_ in children})
    return [
        {"words": f"{words_for('relation', who)} of {name}", "url": reverse("chronology:child", args=[child])}
        for child, name, who in children
        if opens(viewer, child)
    ]
