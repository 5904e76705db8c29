"""The child's page in words and links: who I am, what is happening now, what is due, what we promised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.lists import Listing
from kith.foundation.screens.words import nice_date
from kith.record.deadlines.presenters import lines
from kith.record.documents.presenters import lines as document_lines
from kith.record.periods.models import Period
from kith.record.promises.presenters import shown
from kith.record.promises.states import WORDS, state_of

from .around import PersonLine, life, siblings, workers_words, working
from .header import Header, header
from .queries import Fact, Reads, promise_counts
from .story import events_of, started
from .words import end_words, now_words, postcode_words, words_for

FEW = 7  # lines before "see all"
STALE_AFTER = 183  # days: Kith's own habit, not a rule of law
PLANS = ("cp_plan", "cin_plan", "care", "care_leaver", "early_help", "pre_proceedings")


@dataclass(frozen=True)
class Few:
    """The first few of a longer list, how many there are, and where all of them are."""

    shown: list[Any]
    count: int
    url: str = ""

    @property
    def more(self) -> bool:
        """Whether some are not shown."""
        return self.count > len(self.shown)


@dataclass(frozen=True)
class StoryShown:
    """Who I am, as last written."""

    pk: int
    who_i_am: str
    happening_now: str
    worried_about: str
    going_well: str
    written: str
    stale: bool


@dataclass(frozen=True)
class ChildPage:
    """All that the template shows."""

    header: Header
    story: StoryShown | None
    now: list[str]
    legal: list[str]
    working: list[PersonLine]
    workers_words: str
    life: list[PersonLine]
    siblings: list[PersonLine]
    due: Few
    promises: list[Listing]
    promises_open: Few
    plans: Few
    homes: Few
    key_events: Few
    all_events: int
    last_seen: str
    said: str
    numbers: list[tuple[str, str]]
    looked: list[Any]
    documents: Few
    documents_withheld: bool


def child_page(reads: Reads, *, viewer: Viewer, on: date, looked: Sequence[Any], few: int = FEW) -> ChildPage:
    """The page, from what was read. `few` is how long its lists are: the printed page asks for all."""
    person = reads.person
    open_now = [each for each in reads.periods if is_open(each, on)]
    entries = events_of(reads)
    key = [each for each in entries if each.significant]
    due = lines(reads.due, on=on)
    return ChildPage(
        header=header(reads, open_now, viewer=viewer, on=on),
        story=_story(person, on),
        now=now_lines(open_now),
        legal=[started(each) for each in open_now if each.kind == "legal_status"],
        working=working(reads, open_now),
        workers_words=workers_words(reads.involved, on),
        life=life(reads.people),
        siblings=siblings(reads.people, on),
        due=Few(due[:few], len(due), f"{reverse('deadlines:list')}?child={person.pk}"),
        promises=_promises(reads, on),
        promises_open=_promises_open(reads, on, few),
        plans=_plans(reads, few),
        homes=_homes(reads, few),
        key_events=Few(key[:few], len(key), f"{reverse('chronology:record', args=[person.pk])}?show=significant"),
        all_events=len(entries),
        last_seen=_last_seen(person),
        said=((person.last_seen or {}).get("said") or "").strip(),
        numbers=_numbers(reads.facts),
        looked=list(looked),
        documents=_documents(reads),
        documents_withheld=bool(person.shielded),
    )


def _documents(reads: Reads) -> Few:
    url = reverse("documents:list", args=[reads.person.pk])
    return Few(document_lines(reads.documents.shown), reads.documents.count, url)


def is_open(period: Period, on: date) -> bool:
    """Whether a period is running on a day; its last day counts."""
    return (period.ended_on is None or period.ended_on >= on) and (period.started_on is None or period.started_on <= on)


def now_lines(open_now: Sequence[Period]) -> list[str]:
    """What is happening now, the gravest first; an open need is said only where no plan says more."""
    order = (
        "missing",
        "cp_plan",
        "care",
        "pre_proceedings",
        "cin_plan",
        "need",
        "care_leaver",
        "early_help",
        "immigration",
    )
    home = next((each.code for each in open_now if each.kind == "home"), "")
    kinds = {each.kind for each in open_now}
    said = [each for each in open_now if each.kind in order and not (each.kind == "need" and kinds & set(PLANS[:3]))]
    said.sort(key=lambda each: order.index(each.kind))
    return [now_words(each.kind, each.code, each.started_on, home) for each in said]


def _story(person: Any, on: date) -> StoryShown | None:
    held = person.story
    if not held or not any(held[name] for name in ("who_i_am", "happening_now", "worried_about", "going_well")):
        return None
    day = date.fromisoformat(held["written_on"][:10])
    by = f" by {held['by']}" if held["by"] else ""
    return StoryShown(
        pk=held["pk"],
        who_i_am=held["who_i_am"],
        happening_now=held["happening_now"],
        worried_about=held["worried_about"],
        going_well=held["going_well"],
        written=f"Written on {nice_date(day)}{by}",
        stale=(on - day).days > STALE_AFTER,
    )


def _last_seen(person: Any) -> str:
    seen = person.last_seen
    if not seen:
        return ""
    by = f" by {seen['by']}" if seen["by"] else ""
    if person.born_on is None:  # a visit before the birth is to the mother
        return f"Last visit to my mother on {nice_date(date.fromisoformat(seen['on'][:10]))}{by}"
    alone = ", alone," if seen["alone"] else ""
    return f"Last seen{alone} on {nice_date(date.fromisoformat(seen['on'][:10]))}{by}"


def _promises(reads: Reads, on: date) -> list[Listing]:
    counts = promise_counts(reads.promises, on=on)
    path, child = reverse("promises:list"), reads.person.pk
    states = ("made", "on_time", "late", "open", "overdue")
    return [
        Listing(WORDS[state], {"child": child, "state": "" if state == "made" else state}, counts[state], path)
        for state in states
    ]


def _promises_open(reads: Reads, on: date, few: int) -> Few:
    still = [shown(each, on=on) for each in reads.promises if state_of(each, on=on) in ("open", "overdue")]
    return Few(still[:few], len(still), f"{reverse('promises:list')}?child={reads.person.pk}&state=open")


def _plans(reads: Reads, few: int) -> Few:
    rows = [_lasting(started(each), each) for each in reads.periods if each.kind in PLANS]
    return Few(rows[:few], len(rows), f"{reverse('chronology:record', args=[reads.person.pk])}?show=plans")


def _homes(reads: Reads, few: int) -> Few:
    rows = [_home(each, reads.person) for each in reads.periods if each.kind == "home"]
    return Few(rows[:few], len(rows), f"{reverse('chronology:record', args=[reads.person.pk])}?kind=period:home")


def _home(each: Period, person: Any) -> PersonLine:
    where = words_for("home", each.code).capitalize() if each.code else "Not recorded"
    postcode = "" if person.shielded or not hasattr(each, "home") else postcode_words(each.home.postcode)
    return _lasting(f"{where}, {postcode}" if postcode else where, each)


def _lasting(words: str, each: Period) -> PersonLine:
    """Something that lasts or lasted, from when until when, and why it ended."""
    until = f" until {nice_date(each.ended_on)}" if each.ended_on else ""
    why = end_words(each.kind, each.end_reason) if each.ended_on else ""
    begun = f"{'from' if each.ended_on else 'since'} {nice_date(each.started_on)}{until}"
    return PersonLine("", words, facts=[begun, *([f"because: {why}"] if why else [])])


def _numbers(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    return [(each.kind, each.value) for each in facts if each.what == "number"]
