"""What a piece of plain work may belong to and follow, of a child whose record the viewer may open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.db.models.functions import Coalesce

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.words import nice_date
from kith.record.deadlines.duties import met_by
from kith.record.deadlines.queries import open_for
from kith.record.people.models import Person
from kith.record.people.ties import all_together
from kith.record.periods.models import Period
from kith.record.periods.queries import periods_for
from kith.record.periods.words import name_of
from kith.record.steps import queries
from kith.record.steps.kinds import kind
from kith.record.steps.models import Part, Step
from kith.record.steps.queries import parts_for
from kith.statutory.timescales.fact_words import lasting_kinds

from .kinds import HOME, PlainKind
from .told import recorded_kinds

MANY = 20  # of what may be followed, the newest


@dataclass(frozen=True)
class Span:
    """What work may belong to: a period, or plain work that lasts. Both days count."""

    ref: str
    kind: str
    started_on: date
    ended_on: date | None


def span_of(child: Person, kinds: tuple[str, ...], on: date) -> Span | None:
    """The period of the first of these kinds that the child has: the one running on the day, else the newest before."""
    records = all_together([child.pk])
    rows = Period.objects.filter(person_id__in=records, kind__in=kinds, voided_at=None, started_on__lte=on)
    found = [Span(*row) for row in rows.order_by("pk").values_list("ref", "kind", "started_on", "ended_on")]
    if lasting := lasting_kinds().intersection(kinds):
        parts = Part.objects.filter(person_id__in=records, step__kind__in=lasting, step__cancelled_on=None)
        begun = parts.filter(step__opened_on__lte=on).order_by("pk")
        columns = ("ref", "step__kind", "step__opened_on", "step__done_on")
        found += [Span(*row) for row in begun.values_list(*columns)]
    found.sort(key=lambda each: (_runs(each, on), each.started_on))
    return next((each for name in kinds for each in reversed(found) if each.kind == name), None)


def _runs(span: Span, on: date) -> bool:
    return span.ended_on is None or span.ended_on >= on


def followable(viewer: Viewer, child: Person, of: PlainKind) -> list[tuple[str, str]]:
    """What it may follow: the ref of the child’s part and its words, the newest first, of those the viewer may read."""
    kinds = [name for name in of.followed if name != HOME]
    parts = parts_for(viewer).filter(person=child, step__kind__in=kinds, step__cancelled_on=None)
    day = Coalesce("step__happened_on", "step__opened_on", "step__planned_on", "step__done_on")
    newest = parts.select_related("step").annotate(day=day).order_by("-day", "-pk")[:MANY]
    found = [(each.ref, _said(kind(each.step.kind).title(each.step.code), each.day)) for each in newest]
    if HOME in of.followed:
        homes = periods_for(viewer).filter(person=child, kind=HOME).order_by("-started_on", "-pk")[:MANY]
        found += [(each.ref, _said(name_of(HOME), each.started_on)) for each in homes]
    return found


def _said(title: str, day: date | None) -> str:
    return f"{title}, {nice_date(day)}" if day else title


def opener_of(period: int) -> Step | None:
    """The work that opened a period beside what it belongs to: of its own id, or of a load and of the day it began."""
    held = Period.objects.filter(pk=period, voided_at=None).first()
    for of in recorded_kinds().values() if held else ():
        if held and of.opens_if and of.opens == held.kind:
            parts = Part.objects.filter(person_id=held.person_id, step__kind=of.key, step__cancelled_on=None)
            own = f"{of.key}:{held.ref.partition(':')[2]}"
            made = parts.filter(Q(ref=own) | Q(outcome__in=of.opens_if, step__happened_on=held.started_on))
            found = made.select_related("step").first()
            if found and found.step.parts.count() == 1:  # what several share has no form here
                return found.step
    return None


def due_for(child: Person) -> list[tuple[PlainKind, date]]:
    """The kinds of work that are due for this child, each with the day the first is due, the soonest first.

    What was begun already, such as an assessment, is finished where it stands, and is not among them.
    """
    leaders = set(all_together([child.pk]).values())
    rows = open_for(leaders)
    found: dict[str, date] = {}
    for of in (each for each in recorded_kinds().values() if not each.told or each.finishes == "happened"):
        if of.about != child.about:
            continue
        moments = list(of.asks)[:1] if of.told else of.asks
        rules = {rule for moment in moments for rule in met_by(of.fact(moment))}
        days = [day for rule, day in rows if rule in rules]
        found |= {of.key: min(days)} if days else {}
    return [(recorded_kinds()[key], day) for key, day in sorted(found.items(), key=lambda each: each[1])]


def work_for(viewer: Viewer, pk: int) -> Step | None:
    """One piece of plain work with its shown parts; None where there is none that this viewer may read."""
    try:
        step = queries.with_details(queries.one(viewer, pk=pk))
    except queries.NoSuchStep:
        return None
    return step if step.kind in recorded_kinds() else None
