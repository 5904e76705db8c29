"""People found, as a list shows them: enough to be sure, and nobody who may not be known of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.words import age_words, nice_date
from kith.record.people.access import look_at, opens
from kith.record.people.finding import Found

from .searching import Around, around, may_be_shown, people_found
from .words import address_words, now_words, words_for


@dataclass(frozen=True)
class FoundLine:
    """One person found. A grown-up has no page: `children` lead to the ones who do.

    Where the record does not open, a line says that the child is known, to whom and how to reach them; no more.
    """

    name: str
    url: str
    also: str
    born: str
    address: str
    worker: str
    open: list[str]
    children: list[dict[str, str]]
    why: str
    is_child: bool
    opens: bool = True
    reach: str = ""  # how to reach the allocated worker
    emergency: str = ""  # where to open the record in an emergency, for those who may


def lines(found: Sequence[Found], *, viewer: Viewer, on: date) -> list[FoundLine]:
    """The lines, best first: three queries."""
    ids = [each.person for each in found]
    people = people_found(viewer, ids) if ids else {}
    tied = around(viewer, ids, on=on) if ids else {}
    look_at(viewer, {*ids, *(child for each in tied.values() for child, *_ in each.children)})
    nothing = Around()
    shown = [(each, people[each.person]) for each in found if each.person in people]
    shown.sort(key=lambda pair: (-pair[0].score, not tied.get(pair[1].pk, nothing).open))
    return [
        _line(each, person, tied.get(person.pk, nothing), viewer, on)
        for each, person in shown
        if may_be_shown(person, tied.get(person.pk, nothing))
    ]


def _line(each: Found, person: Any, tied: Around, viewer: Viewer, on: date) -> FoundLine:
    if person.is_child and not opens(viewer, person.pk):
        return _known_only(each, person, viewer, on)
    return FoundLine(
        name=person.name,
        url=person.page if person.is_child or (person.about and opens(viewer, person.pk)) else "",
        also=_also(person),
        born=_born(person, on),
        address=address_words(person.address),
        worker=_worker(person, tied),
        open=_open(tied),
        children=[
            {
                "words": f"{words_for('relation', who)} of {name or 'a child whose name is not known'}",
                "url": _page_of(viewer, pk, name),
            }
            for pk, name, who in tied.children
        ],
        why=" and ".join(each.why),
        is_child=person.is_child,
    )


def _known_only(each: Found, person: Any, viewer: Viewer, on: date) -> FoundLine:
    held = person.allocated or {}
    through = held.get("team") or "the front door"
    emergency = f"/emergency/{person.pk}/" if viewer.may("break_glass") else ""
    return FoundLine(
        name=person.name,
        url="",
        also="",
        born=_born(person, on),
        address="",
        worker=", ".join(part for part in (held.get("worker"), held.get("team")) if part) or "Nobody allocated",
        open=[],
        children=[],
        why=" and ".join(each.why),
        is_child=True,
        opens=False,
        reach=held.get("email") or through,
        emergency=emergency,
    )


def _page_of(viewer: Viewer, pk: int, name: str) -> str:
    """The child's own page; where that does not open, the search that says who works with the child."""
    if opens(viewer, pk):
        return reverse("chronology:child", args=[pk])
    return f"{reverse('people')}?{urlencode({'q': name})}"


def _also(person: Any) -> str:
    alias = person.alias or {}
    names = [f"{alias.get('forename', '')} {alias.get('surname', '')}".strip()]
    if person.known_as and person.known_as != person.forename:
        names.insert(0, f"known as {person.known_as}")
    return ", ".join(each for each in names if each and each != person.name)


def _born(person: Any, on: date) -> str:
    age = age_words(person.born_on, on, person.expected_on, person.died_on)
    return f"{nice_date(person.born_on)}, {age}" if person.born_on else age


def _worker(person: Any, tied: Around) -> str:
    held = person.allocated or {}
    named = ", ".join(part for part in (held.get("worker"), held.get("team")) if part)
    return named or ("Nobody allocated" if tied.open and person.is_child else "")


def _open(tied: Around) -> list[str]:
    kinds = {kind for kind, _, _ in tied.open}
    said = [each for each in tied.open if each[0] != "need" or not kinds & {"cp_plan", "care", "cin_plan"}]
    return [now_words(kind, code, since) for kind, code, since in sorted(said)]
