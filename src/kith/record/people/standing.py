"""What a viewer is to whom, today: read once in a request, and then every decision and list is made from it.

Read in one query; a second for families and a third for whose whereabouts are withheld, when each is first asked for.
Nothing of it outlives the request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Set
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any

from django.db.models import BigIntegerField, CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Substr
from django.utils import timezone

from kith.foundation.access.decision import Decision, decide, may_break_glass, may_list
from kith.foundation.access.models import Shift
from kith.foundation.access.policy import ALL, KNOWN, Role, policy
from kith.foundation.access.viewer import Viewer
from kith.foundation.prepared import Few, Given, Prepared, day, moment, number

from .duties import duties
from .families import families_of
from .models import ALLEGATION, Barring, Grant, Involvement, Named, Restriction, Tie
from .one_of import Ids
from .sheltering import living_with
from .teams import with_those_below

BY_WORK = frozenset(("allocated", "co_worker", "reviewing_officer", "supervisor_chain", "team_duty"))
NAMED = "named"
KEEPS_ALLEGATIONS = "keep_allegations"
EVERYBODY = ~Q(pk__in=[])
SHIELDED = "R2"  # hides whereabouts, not the child: hers, and those of whoever lives with her
_NO_TIES: Set[str] = frozenset()
_PART = (("allocated", "allocated"), ("reviewing", "reviewing_officer"))


@dataclass
class Standing:
    """What holds between one viewer and everybody in the record, and what follows from it."""

    role: Role | None
    everybody: str = ""  # the relationship, if any, by which every ordinary record opens
    ties: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    levels: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # but for SHIELDED, which shuts none
    shielded_alone: set[int] = field(default_factory=set)  # restricted so themselves
    barred: set[int] = field(default_factory=set)
    shown_anyway: set[int] = field(default_factory=set)
    joined: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # the records read with each
    tied: list[tuple[int, int]] = field(default_factory=list)  # those, and the ones said to be the same person
    purposes: dict[int, str] = field(default_factory=dict)  # what access to a record was given for
    _near: dict[int, bool] = field(default_factory=dict)  # of those looked at: are they of a family I work with?
    _decided: dict[Hashable, Decision] = field(default_factory=dict)  # of very many, few are in different places

    @cached_property
    def shielded(self) -> frozenset[int]:
        """Everybody whose whereabouts are withheld from most: the restricted, and whoever lives with them."""
        alone = self._with_those_tied(self.shielded_alone)
        near = living_with(Ids(alone)) if alone else set()
        return frozenset(alone | self._with_those_tied(near))

    def shielded_of(self, people: Set[int]) -> Set[int]:
        """Those of these people who are shielded, who else is not being asked."""
        if "shielded" in self.__dict__:
            return self.shielded & people
        alone = self._with_those_tied(self.shielded_alone)
        if not people or not alone:
            return frozenset()
        near = living_with(Ids(alone), among=Ids(self._with_those_tied(people)))
        return people & (alone | self._with_those_tied(near))

    def _with_those_tied(self, people: Set[int]) -> Set[int]:
        """These, and the records that are, or may be, the same people."""
        return people | {other for person, other in self.tied if person in people}

    def whole_decision(self, person: int) -> Decision:
        """What this viewer may do with one record, and what of it is withheld."""
        ties = {*self.ties.get(person, ()), self.decision(person).relationship}
        return self._decide(person, ties, self._level_of_places(person))

    def _level_of_places(self, person: int) -> Set[str]:
        return {SHIELDED} if self.shielded_of({person}) else frozenset()

    def keeps_places_back(self, person: int) -> bool:
        """Whether the whereabouts of this person, who is shielded, are withheld from this viewer."""
        return "whereabouts" in self._decide(person, self.ties.get(person, _NO_TIES), {SHIELDED}).withheld

    def decision(self, person: int) -> Decision:
        """What this viewer may do with one record; the whereabouts of the shielded are not asked after."""
        found = self._without_family(person)
        # families are looked at for the hidden too, so that they are refused no sooner than somebody who is not there
        if not found.allowed and self._by_family and self._in_family(person) and found.known:
            return self._decide(person, {*self.ties.get(person, _NO_TIES), "family"})
        return found

    def _decide(self, person: int, ties: Set[str], more: Set[str] = frozenset()) -> Decision:
        asked = {
            "ties": frozenset(ties),
            "levels": frozenset(self.levels.get(person, ())) | more,
            "barred": person in self.barred,
            "shown_anyway": person in self.shown_anyway,
        }
        key = tuple(asked.values())
        if key not in self._decided:
            ties = ties | {self.everybody} if self.everybody else ties
            role = self.role.key if self.role else ""
            self._decided[key] = decide(**(asked | {"role": role, "ties": ties}))
        return self._decided[key]

    def may_break_glass(self, person: int) -> bool:
        """Whether this record may open to the viewer in an emergency."""
        return may_break_glass(
            role=self.role.key if self.role else "",
            levels=self.levels.get(person, set()) | self._level_of_places(person),
            barred=person in self.barred,
        )

    @property
    def opens(self) -> frozenset[str]:
        """The relationships that open a record to this role."""
        return self.role.opens if self.role else frozenset()

    @property
    def _by_family(self) -> bool:
        return self.role is not None and "family" in self.role.opens and not self.everybody

    @cached_property
    def _reached(self) -> Ids:
        """The children whose work brings me to them, and so to their families."""
        mine = {person for person, ties in self.ties.items() if ties & BY_WORK}
        return Ids(person for person in mine if person not in self.special or self._without_family(person).allowed)

    @cached_property
    def family(self) -> set[int]:
        """The brothers and sisters, and those said to live with them, of the children whose work brings me to them."""
        return families_of(self._reached) if self._reached else set()

    def _in_family(self, person: int) -> bool:
        near = self._near.get(person)
        return person in self.family if near is None else near

    def look_at(self, people: Collection[int]) -> None:
        """Before several are decided on: whether these few are of a family I work with is asked at once, of them alone.

        Families are large, and most pages show few people.
        """
        if self._by_family and "family" not in self.__dict__:
            asked = Ids(person for person in people if not self._without_family(person).allowed)
            near = families_of(self._reached, among=asked) if self._reached and asked else set()
            self._near.update({person: person in near for person in asked.numbers})

    def _without_family(self, person: int) -> Decision:
        """The decision by what is known at once. A hidden child makes nobody known, and no family shows a place."""
        return self._decide(person, self.ties.get(person, _NO_TIES))

    @cached_property
    def special(self) -> set[int]:
        """Those of whom more must be asked than whether there is a tie: restricted, or barred."""
        return {*self.levels, *self.barred}

    @cached_property
    def hidden(self) -> Ids:
        """Those of whom this viewer may not know that there is a record."""
        return Ids(person for person in self.special if not self._without_family(person).known)

    @cached_property
    def shut(self) -> Ids:
        """For those who open every ordinary record: the few that they do not open."""
        return Ids(person for person in self.special if not self.decision(person).allowed)

    @cached_property
    def opened(self) -> Ids:
        """For everybody else: the records that open to them."""
        plain = {person for person, ties in self.ties.items() if ties & self.opens}
        plain |= self.family if self._by_family else set()
        return Ids(
            person for person in plain | self.special if person not in self.special or self.decision(person).allowed
        )

    @cached_property
    def withheld(self) -> Ids:
        """Those whose whereabouts are kept from this viewer."""
        return Ids(person for person in self.shielded if self.keeps_places_back(person))

    def opened_with(self, people: Collection[int]) -> Ids:
        """Of these records and those read with them, the ones that open."""
        asked = {*people, *(other for person in people for other in self.joined.get(person, ()))}
        return Ids(each for each in asked if self.decision(each).allowed)

    def may_open(self, column: str, only: Collection[int] | None = None) -> Q:
        """The rows whose person's record opens. `only`: of some people, for whom fewer need to be looked at."""
        if self.role is None:
            return ~EVERYBODY
        if only is not None:
            return Q(**{f"{column}__one_of": self.opened_with(only)})
        if self.everybody:
            return ~Q(**{f"{column}__one_of": self.shut}) if self.shut else EVERYBODY
        return Q(**{f"{column}__one_of": self.opened})

    def may_know(self, column: str) -> Q:
        """The rows of people whom the viewer may know of."""
        if self.role is None or self.role.knows != ALL:
            return self.may_open(column)
        return ~Q(**{f"{column}__one_of": self.hidden}) if self.hidden else EVERYBODY

    def known(self) -> tuple[bool, Ids]:
        """Of whom the viewer may know: (True, of everybody but these), or (False, of these alone)."""
        if self.role is not None and self.role.knows == ALL:
            return True, self.hidden
        if self.role is not None and self.everybody:
            return True, self.shut
        return False, self.opened if self.role is not None else Ids(())

    def may_list(self, column: str, only: Collection[int] | None = None) -> Q:
        """The rows that a list or a count may hold."""
        known = self.role is not None and self.role.lists == KNOWN
        return self.may_know(column) if known else self.may_open(column, only)

    def is_listed(self, person: int) -> bool:
        """Whether a list may hold this one."""
        return self.role is not None and may_list(self.role.key, self.decision(person))


def standing_of(viewer: Viewer) -> Standing:
    """What holds for this viewer, read the first time it is asked for."""
    if "standing" not in viewer.memo:
        viewer.memo["standing"] = _read(viewer)
    return viewer.memo["standing"]  # type: ignore[no-any-return]


def forget(viewer: Viewer) -> None:
    """Read again when next asked: something that this request wrote has changed who may see what."""
    viewer.memo.pop("standing", None)


def _read(viewer: Viewer) -> Standing:
    role = policy().roles.get(viewer.role)
    if viewer.worker is None or role is None:
        return Standing(role=None)
    found = Standing(role=role)
    if viewer.at_the_top and "supervisor_chain" in role.opens:
        found.everybody = "supervisor_chain"
    teams = set(viewer.teams)
    if teams and not found.everybody and "supervisor_chain" in role.opens:
        teams = with_those_below(viewer.teams)
    records: dict[str, list[tuple[int, int]]] = {"tied": [], "joined": []}
    few = Few("team", len(teams))
    given = {"worker": viewer.worker, "today": timezone.localdate(), "now": timezone.now()}
    given |= few.values(teams) if teams else {}
    asked = _ties_of(role, everybody=bool(found.everybody), teams=len(few.names) if teams else 0)
    for what, person, detail in asked.ask(**given):
        if what in records:
            records[what].append((person, int(detail)))
        else:
            _keep(found, what, person, detail)
    found.tied = records["tied"] + records["joined"]
    _as_one_person(found, **records)
    return found


def _as_one_person(found: Standing, *, tied: list[tuple[int, int]], joined: list[tuple[int, int]]) -> None:
    """Records that may be one person are each as restricted as the other; those that are, open by the other's tie."""
    both = {person for pair in tied + joined for person in pair}
    levels = {person: set(each) for person, each in found.levels.items() if person in both}
    ties = {person: set(each) for person, each in found.ties.items() if person in both}
    barred, shown = set(found.barred), set(found.shown_anyway)
    for person, other in tied + joined:
        if person in levels:
            found.levels[other] |= levels[person]
        if person in barred:
            found.barred.add(other)
    for person, other in joined:
        found.joined[person].add(other)
        if person in ties:
            found.ties[other] |= ties[person] - {NAMED}
        if person in shown:
            found.shown_anyway.add(other)
    _named_for_all(found, ties, levels, tied=tied, joined=joined)


def _named_for_all(
    found: Standing,
    ties: dict[int, set[str]],
    levels: dict[int, set[str]],
    *,
    tied: list[tuple[int, int]],
    joined: list[tuple[int, int]],
) -> None:
    """Somebody named for one of two records may open the other too, unless that is shut to her by its own names.

    While they are only proposed as one, she opens the other only where she could have without.
    """
    named = {person for person, each in ties.items() if NAMED in each}
    shut = {person for person, each in levels.items() if each.intersection(policy().hiding) and person not in named}
    once = set(joined)
    for person, other in tied + joined:
        hers = found.everybody or ties.get(other, set()) & found.opens
        if person in named and ((person, other) in once or hers):
            found.ties[other].add(NAMED)
    for person, other in tied + joined:
        if person in shut:
            found.ties[other].discard(NAMED)
    for person in shut:
        found.ties[person].discard(NAMED)


def _keep(found: Standing, what: str, person: int, detail: str) -> None:
    if what == "tie":
        found.ties[person].add(detail)
    elif what == "grant":
        ground, _, found.purposes[person] = detail.partition("\n")
        found.ties[person].add(ground)
    elif what == "part":
        role = detail.lower()
        found.ties[person].add(next((tie for begins, tie in _PART if role.startswith(begins)), "co_worker"))
    elif what == "level" and detail == SHIELDED:
        found.shielded_alone.add(person)
    elif what == "level":
        found.levels[person].add(detail)
    elif what == "barred":
        found.barred.add(person)
    elif what == "shown":
        found.shown_anyway.add(person)
    elif what == "everybody":
        found.everybody = detail


@cache
def _ties_of(role: Role, *, everybody: bool, teams: int) -> Prepared:
    """The query of what ties a worker of this role: (what, person, detail)."""

    def build() -> QuerySet[Any, Any]:
        first, *others = _rows(role, everybody=everybody, teams=teams)
        return first.union(*others, all=True)

    return Prepared(build)


def _rows(role: Role, *, everybody: bool, teams: int) -> Iterator[QuerySet[Any, Any]]:
    """The queries that are read as one."""
    now, mine = moment("now"), {"worker_id": number("worker")}
    restricted = Restriction.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day("today")))
    yield restricted.values_list(_says("level"), "person_id", "level")
    yield Barring.objects.filter(ended_on=None, **mine).values_list(_says("barred"), "person_id", _says(""))
    named = Named.objects.filter(ended_on=None, **mine)
    if KEEPS_ALLEGATIONS not in role.may:  # who left that post is named still, and opens none of them
        named = named.exclude(person__record=ALLEGATION)
    yield named.values_list(_says("tie"), "person_id", _says("named"))
    others = Cast("other_id", CharField())
    for what, are in (("tied", False), ("joined", True)):
        yield Tie.objects.filter(joined=are).values_list(_says(what), "person_id", others)
    purpose = Concat("ground", Value("\n"), Substr("purpose", 1, 200), output_field=CharField())
    grants = Grant.objects.filter(starts_at__lte=now, ends_at__gt=now, ended_at=None, **mine)
    yield grants.values_list(_says("grant"), "person_id", purpose)
    yield grants.filter(whereabouts=True).values_list(_says("shown"), "person_id", _says(""))
    if everybody:
        return
    if "night_team_on_shift" in role.opens:
        on = Shift.objects.filter(starts_at__lte=now, ends_at__gt=now, **mine)
        yield on.values_list(_says("everybody"), Value(0, output_field=BigIntegerField()), _says("night_team_on_shift"))
    yield from _by_work(role, teams=teams)


def _by_work(role: Role, *, teams: int) -> Iterator[QuerySet[Any, Any]]:
    # asked for apart: each is found by its index
    lasting = (Q(ended_on=None), Q(ended_on__gte=day("today", before=policy().lingering)))
    if role.opens & BY_WORK:
        for when in lasting:
            rows = Involvement.objects.filter(when, worker_id=number("worker"))
            yield rows.values_list(_says("part"), "person_id", "role")
    chain = "supervisor_chain" in role.opens
    if not (teams and (chain or "team_duty" in role.opens)):
        return
    tie, few = "supervisor_chain" if chain else "team_duty", Few("team", teams)
    for when in lasting:
        rows = Involvement.objects.filter(when, few("team_id"))
        yield rows.values_list(_says("tie"), "person_id", _says(tie))
    for name in role.duty:
        for rows in duties[name](few, partial(_ago, "today")):
            yield rows.values_list(_says("tie"), "person_id", _says(tie))


def _ago(name: str, days: int) -> Given:
    return day(name, before=days)


def _says(words: str) -> Any:
    return Value(words, output_field=CharField())
