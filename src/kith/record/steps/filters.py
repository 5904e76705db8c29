"""The filters of the list of work: what every count of steps, on any page, counts by and opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from kith.foundation.screens import asked
from kith.record.people.models import Involvement
from kith.record.people.ties import together

from .kinds import all_kinds
from .kinds import kind as kind_of
from .models import Part, Step, Unallocated
from .states import WORDS, in_state

STATES = {"unfinished": "Not finished", **WORDS}
WAITING = ("unfinished", "open", "waiting", "returned")
HELD = {"nobody": "Nobody allocated"}


@dataclass(frozen=True)
class WorkFilter:
    """Which steps. The kind is part of the list's path, not of its filters; empty is every kind."""

    kind: str = ""
    state: str = ""
    team: int | None = None
    worker: int | None = None
    child: int | None = None
    about_team: int | None = None  # a team: its own work, and any work about the children it holds
    held: str = ""  # "nobody": decided, and the child of the open need has no allocated worker
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, query: Mapping[str, str], *, kind: str = "") -> WorkFilter:
        """From an address or a form."""
        return cls(
            kind=kind,
            state=asked.one_of(query, "state", STATES),
            team=asked.number(query, "team"),
            worker=asked.number(query, "worker"),
            child=asked.number(query, "child"),
            about_team=asked.number(query, "about_team"),
            held=asked.one_of(query, "held", HELD),
            since=asked.day(query, "from"),
            until=asked.day(query, "until"),
        )

    @property
    def is_narrow(self) -> bool:
        """Whether these filters leave few steps of the very many there are."""
        unfinished = bool(self.kind) and self.state in WAITING and kind_of(self.kind).finishes != "happened"
        return bool(self.team or self.worker or self.child or self.held or unfinished or self.state == "returned")

    @property
    def path(self) -> str:
        """Where the list is."""
        return reverse("steps:kind", args=[self.kind]) if self.kind else reverse("steps:list")

    def address(self) -> dict[str, object]:
        """The filters as they stand in an address; what is not asked for is left out."""
        named = {name: getattr(self, name) for name in ("state", "team", "worker", "child", "about_team", "held")}
        named |= {"from": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        return {name: value for name, value in named.items() if value}

    def applied(self, steps: QuerySet[Step], *, parts: QuerySet[Part]) -> QuerySet[Step]:
        """These filters upon steps and parts that the viewer may see, in order of the day that says most of each."""
        waits = in_state(self.state, key=self.kind)
        return in_order(steps, waits & self.columns() & self._whose(parts), oldest=self.oldest_first, kind=self.kind)

    @property
    def oldest_first(self) -> bool:
        """What waits comes oldest first, all else newest first."""
        return bool(self.state in WAITING or self.held)

    @property
    def asks_about_children(self) -> bool:
        """Whether steps are asked for by the children in them, and not by what stands in the step's own row alone."""
        return bool(self.child or self.about_team or self.held)

    def columns(self) -> Q:
        """The filters upon the step's own row, but for its state."""
        found = Q(kind=self.kind) if self.kind else Q()
        for column in ("team", "worker"):
            if getattr(self, column):
                found &= Q(**{f"{column}_id": getattr(self, column)})
        return found & self._when()

    def _whose(self, parts: QuerySet[Part]) -> Q:
        found = Q()
        if self.child:
            found &= Q(pk__in=parts.filter(person_id__in=together(self.child)).values("step_id"))
        if self.about_team:
            theirs = Involvement.objects.filter(team_id=self.about_team, ended_on=None).values("person_id")
            about = parts.filter(person_id__in=theirs)
            found &= Q(team_id=self.about_team) | with_one_of(about, few=self.is_narrow)
        if self.held:
            found &= Q(pk__in=parts.filter(pk__in=Unallocated.objects.values("pk")).values("step_id"))
        return found

    def _when(self) -> Q:
        found = Q(day__gte=self.since) if self.since else Q()
        return found & Q(day__lte=self.until) if self.until else found


def with_one_of(parts: QuerySet[Part], *, few: bool) -> Q:
    """The steps with one of these parts: of `few` steps each is looked at; of many, the parts' own are found first.

    PostgreSQL takes the few for many, since most visits are never said to be done. It is not let turn the question
    round: it may not look inside a Coalesce, nor for steps that are both the same and no smaller.
    """
    if not few:
        return Q(pk__in=parts.values("step_id"))
    each = Exists(parts.filter(step=OuterRef("pk"), step_id__gte=OuterRef("pk")))
    return Q(Coalesce(each, Value(False), output_field=BooleanField()))


def in_order(steps: QuerySet[Step], *wanted: Q, oldest: bool, kind: str) -> QuerySet[Step]:
    """The steps wanted, by the day that says most of each; of a kind that happens, the newest by the day it did."""
    found = steps.annotate(day=Coalesce("happened_on", "opened_on", "planned_on", "done_on")).filter(*wanted)
    if oldest:
        return found.order_by(F("day").asc(nulls_last=True), "pk")
    by_happening = kind and kind_of(kind).finishes == "happened"
    return found.order_by(F("happened_on" if by_happening else "day").desc(nulls_last=True), "-pk")


def kinds_to_choose() -> list[tuple[str, str]]:
    """Every kind, for choosing which list to open."""
    return [(each.key, each.plural) for each in all_kinds()]
