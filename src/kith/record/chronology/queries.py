"""What a child's page reads: a fixed number of queries, however long the child's history is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.db.models import BooleanField, CharField, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from kith.foundation.access.viewer import Viewer
from kith.foundation.prepared import Prepared, number
from kith.record.deadlines.models import Deadline
from kith.record.deadlines.queries import open_of_child
from kith.record.documents.queries import Few as FewDocuments
from kith.record.documents.queries import newest_of
from kith.record.people import ties
from kith.record.people.access import among, known, opened_with, opens_family_of
from kith.record.people.models import (
    Address,
    Alias,
    Disability,
    Identifier,
    Involvement,
    Person,
    Relationship,
    Restriction,
    Story,
)
from kith.record.people.one_of import Ids
from kith.record.people.queries import NotFound, children_for, involvements_of, siblings_of
from kith.record.people.shields import places_kept_back, veil_over, veil_rows
from kith.record.people.whereabouts import OPEN, Veil, withhold
from kith.record.people.whereabouts import listed as whereabouts
from kith.record.periods.models import Period
from kith.record.promises.models import Promise
from kith.record.promises.states import state_of
from kith.record.steps.kinds import kept_from
from kith.record.steps.models import Part
from kith.record.steps.queries import in_part, parts_for

NO_DOCUMENTS = FewDocuments([], 0)
NOT_SAID = Value(None, output_field=BooleanField())
DAY = Coalesce("step__happened_on", "step__opened_on", "step__planned_on", "step__done_on")


class Event(NamedTuple):
    """One child's part in one step, without its texts."""

    pk: int
    step: int
    kind: str
    code: str
    on: date | None
    done_on: date | None
    outcome: str
    counts: bool
    significant: bool
    impact: str
    cancelled_on: date | None
    version: int
    worker: str


class Somebody(NamedTuple):
    """Somebody in a child's life: a relationship, or a brother or sister."""

    what: str  # "relationship" or "sibling"
    kind: str
    parental_responsibility: bool | None
    in_household: bool | None
    pk: int | None  # None: there is somebody, and nobody knows who
    forename: str
    surname: str
    known_as: str
    born_on: date | None
    expected_on: date | None
    died_on: date | None
    is_child: bool
    opens: bool = True  # whether the viewer may open this one's own page


class Fact(NamedTuple):
    """Something short that is known of a child: a number, a disability, another name, a restriction."""

    what: str
    kind: str
    value: str


@dataclass(frozen=True)
class Reads:
    """Everything the child's page shows, as read."""

    person: Any  # Person, with story, address, last_seen and shielded besides
    events: Sequence[Event]
    periods: Sequence[Period]
    people: Sequence[Somebody]
    facts: Sequence[Fact]
    involved: Sequence[Involvement]
    due: Sequence[Deadline]
    promises: Sequence[Promise]
    documents: FewDocuments = NO_DOCUMENTS


def child_for(viewer: Viewer, pk: int) -> Any:
    """The child with the newest story, the address of today and when last seen; NotFound when hidden or not there."""
    return one_for(viewer, pk, _child)


def one_for(viewer: Viewer, pk: int, wanted: Prepared) -> Any:
    """The one asked for in such a query (of `as_read`), with what is withheld taken out."""
    rows = wanted.ask(child=pk, opened=opened_with(viewer, pk))
    if not rows:
        raise NotFound("child", pk)
    found = _from_all(rows[0]) if rows[0].read_with else rows[0]
    found.shielded = places_kept_back(viewer, found.pk)
    return _veiled(found)


@Prepared
def _child() -> Any:
    return as_read(Person.objects.filter(is_child=True))


def as_read(people: QuerySet[Person]) -> QuerySet[Person]:
    """Of these people the one who is asked for, as a page reads somebody."""
    one = people.filter(pk__one_of=number("opened"), pk=ties.leader_of(number("child")))
    return one.annotate(
        read_with=ties.others_read_with(),
        may_be_another=ties.is_proposed(),
        story=_newest_story(),
        address=_address_of_today(),
        last_seen=_last_seen(),
    )


def _from_all(person: Any) -> Any:
    """Of records read together the newest story, the address of today and when last seen, whichever holds them."""
    rows = list(
        Person.objects.filter(pk__in=ties.of(person)).annotate(
            story=_newest_story(), address=_address_of_today(), last_seen=_last_seen()
        )
    )
    rows.sort(key=lambda each: each.pk != person.pk)
    person.story = max((each.story for each in rows if each.story), key=lambda held: held["pk"], default=None)
    person.address = next((each.address for each in rows if each.address), None)
    person.last_seen = max(
        (each.last_seen for each in rows if each.last_seen), key=lambda seen: seen["on"], default=None
    )
    person.others = [each for each in rows if each.pk != person.pk]
    return person


def _veiled(person: Any) -> Any:
    """The child without any whereabouts, where these are withheld; `veil` takes them out of other texts."""
    person.veil = veil_over(ties.of(person)) if person.shielded else OPEN
    if person.shielded:
        person.address = None
        person.story, person.last_seen = (person.veil.over_all(each) for each in (person.story, person.last_seen))
        withhold(person, person.veil)
    return person


def reads(viewer: Viewer, pk: int, *, on: date, few: int) -> Reads:
    """All that the page shows: nine queries. `few` documents, and how many there are; none where they may say where."""
    person = child_for(viewer, pk)
    return Reads(
        person=person,
        events=events(viewer, person),
        periods=periods(person),
        people=people(viewer, person),
        facts=facts(person),
        involved=involved(person),
        due=open_of_child(viewer, person.pk),
        promises=promises(viewer, person),
        documents=NO_DOCUMENTS if person.shielded else newest_of(person, first=few),
    )


def events(viewer: Viewer, person: Any) -> list[Event]:
    """Every part of this child in any step that this viewer may read, newest first; of a child the viewer may see."""
    found, kept = (Event(*row[:-1], row[-1] or "") for row in _events.ask(people=_records(person))), kept_from(viewer)
    told = [each for each in found if each.kind not in kept]
    veil = person.veil
    return [each._replace(impact=veil.over(each.impact)) for each in told] if veil is not OPEN else told


@Prepared
def _events() -> Any:
    rows = Part.objects.filter(person__one_of=number("people")).annotate(day=DAY, who=F("step__worker__name"))
    columns = ("pk", "step_id", "step__kind", "step__code", "day", "step__done_on", "outcome", "counts")
    more = ("significant", "impact", "step__cancelled_on", "version", "who")
    return rows.values_list(*columns, *more).order_by("-day", "-pk")


def _records(person: Any) -> Ids:
    """The records read as this person's."""
    return Ids(ties.of(person))


def periods(person: Any) -> list[Period]:
    """Every period of this child, newest first, with the home's own details."""
    found = _periods.ask(people=_records(person))
    for each in found if person.shielded else ():
        withhold(each, person.veil)
        if hasattr(each, "home"):
            withhold(each.home, person.veil)
    return found


@Prepared
def _periods() -> Any:
    rows = Period.objects.filter(person__one_of=number("people"), voided_at=None).select_related("home")
    return rows.defer("details").order_by(F("started_on").desc(nulls_last=True), "-pk")


def involved(person: Any) -> list[Involvement]:
    """Who works and worked with this person, newest first."""
    return _involved.ask(people=_records(person))


@Prepared
def _involved() -> Any:
    return involvements_of(number("people"))


def people(viewer: Viewer, person: Any) -> list[Somebody]:
    """Who is in the child's life, and the brothers and sisters: one query, without anybody hidden from the viewer."""
    opens = opens_family_of(viewer, person)
    all_but, these = known(viewer)
    read = _around(all_but).ask(people=_records(person), these=these)
    rows = [Somebody(*_without_nulls(row)) for row in read]
    found = [row._replace(opens=_has_a_page(row) and opens(_is_family(row), row.pk or 0)) for row in rows]
    if getattr(person, "others", ()):  # both records may name one mother
        once = {(each.what, each.kind, each.pk): each for each in found if each.pk}
        found = [*once.values(), *(each for each in found if each.pk is None)]
    return [_apart(each) for each in found] if person.shielded else found


def _is_family(somebody: Somebody) -> bool:
    """As `families_of` has it: a brother or sister, by a parent or by word, or somebody said to live with the child."""
    return somebody.what == "sibling" or somebody.kind == "brother_or_sister" or bool(somebody.in_household)


def _has_a_page(somebody: Somebody) -> bool:
    return somebody.is_child and somebody.pk is not None


@cache
def _around(all_but: bool) -> Prepared:
    """Relationships and brothers and sisters, of those who may be known of: `all_but` these, or these alone."""
    return Prepared(lambda: _in_her_life(all_but))


def _in_her_life(all_but: bool) -> Any:
    nobody = Q(other=None)  # there is somebody, and nobody knows who
    others = nobody | among("other_id", all_but=all_but)
    related = Relationship.objects.filter(others, person__one_of=number("people"), ended_on=None)
    names = ("forename", "surname", "known_as", "born_on", "expected_on", "died_on", "is_child")
    said = ("kind", "parental_responsibility", "in_household", "other_id")
    rows = related.values_list(_text("relationship"), *said, *(f"other__{name}" for name in names))
    born = siblings_of(number("people")).filter(among("pk", all_but=all_but)).order_by()
    return rows.union(born.values_list(_text("sibling"), _text(""), NOT_SAID, NOT_SAID, "pk", *names), all=True)


def _apart(each: Somebody) -> Somebody:
    """Somebody in the life of a child whose whereabouts are withheld: not whether they live together, nor her carer."""
    if each.kind not in whereabouts().carers:
        return each._replace(in_household=None)
    unnamed = {"pk": 0, "forename": "Name withheld", "surname": "", "known_as": "", "is_child": False}
    return each._replace(in_household=None, **unnamed)


def _without_nulls(row: Sequence[Any]) -> list[Any]:
    """An unknown person has no name: empty rather than nothing."""
    return [*row[:5], *("" if value is None else value for value in row[5:8]), *row[8:11], bool(row[11])]


def facts(person: Person) -> list[Fact]:
    """Numbers, disabilities, other names and restrictions, in one query."""
    rows = _facts.ask(people=_records(person))
    others = [Fact("name", each.forename, each.surname) for each in getattr(person, "others", ())]
    return [Fact(*row) for row in rows] + [each for each in others if f"{each.kind} {each.value}" != person.name]


@Prepared
def _facts() -> Any:
    mine = {"person__one_of": number("people")}
    numbers = Identifier.objects.filter(**mine, voided_at=None).values_list(_text("number"), "kind", "value")
    return numbers.union(
        Disability.objects.filter(**mine, voided_at=None).values_list(_text("disability"), _text(""), "code"),
        Alias.objects.filter(**mine).values_list(_text("name"), "forename", "surname"),
        Restriction.objects.filter(**mine, ended_on=None).values_list(_text("restriction"), _text(""), "level"),
    )


def promises(viewer: Viewer, person: Person) -> list[Promise]:
    """Every promise made for this child, the soonest due first."""
    if not viewer.may("see_child"):
        return []
    found = _promises.ask(people=opened_with(viewer, person.pk))
    for each in found if person.shielded else ():
        each.withheld = True
    veil_rows(found)
    return found


@Prepared
def _promises() -> Any:
    rows = Promise.objects.filter(person__one_of=number("people")).select_related("owner", "person")
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk")


def promise_counts(rows: Iterable[Promise], *, on: date) -> Counter[str]:
    """How many promises are in each state; an overdue one counts as open too, as the list of promises has it."""
    counts = Counter(state_of(each, on=on) for each in rows)
    counts["open"] += counts["overdue"]
    counts["made"] = sum(counts[state] for state in ("open", "on_time", "late", "dropped"))
    return counts


def texts(viewer: Viewer, parts: Iterable[int], veil: Veil = OPEN) -> dict[int, dict[str, Any]]:
    """The words of these parts: what the child said, the part's own words, the summary, the reasons for a decision.

    `veil` is the child's own, over the places that this viewer may not know.

    A summary is of all the children of a step: it is kept back where one of them is hidden from the viewer.
    """
    own = ("words", "visitpart__said", "visitpart__letter", "strategydecision__rationale")
    rows = list(Part.objects.filter(pk__in=list(parts)).values("pk", "step_id", "step__summary", *own))
    kept_back = in_part(viewer, [row["step_id"] for row in rows if row["step__summary"]])
    told = {row["pk"]: row | ({"step__summary": ""} if row["step_id"] in kept_back else {}) for row in rows}
    if veil is OPEN:
        return told
    return {pk: {name: veil.over_all(value) for name, value in row.items()} for pk, row in told.items()}


def part_for(viewer: Viewer, person: int, pk: int) -> Part:
    """One part of a child the viewer may see, with its step."""
    found = (
        parts_for(viewer).filter(pk=pk, person__in=children_for(viewer, only=person)).select_related("step", "person")
    ).first()
    if found is None:
        raise NotFound("part", person)
    return found


def _text(words: str) -> Any:
    return Value(words, output_field=CharField())


def _newest_story() -> Subquery:
    named = JSONObject(
        pk="pk",
        who_i_am="who_i_am",
        happening_now="happening_now",
        worried_about="worried_about",
        going_well="going_well",
        written_on=_iso("written_on"),
        by="recorded_by__name",
    )
    return Subquery(Story.objects.filter(person=OuterRef("pk")).order_by("-pk").values(json=named)[:1])


def _address_of_today() -> Subquery:
    now = Address.objects.filter(person=OuterRef("pk"), ended_on=None).order_by(F("started_on").desc(nulls_last=True))
    return Subquery(now.values(json=JSONObject(lines="lines", postcode="postcode", kind="kind"))[:1])


def _last_seen() -> Subquery:
    seen = Part.objects.filter(person=OuterRef("pk"), step__kind="visit", counts=True, step__cancelled_on=None)
    known = seen.exclude(visitpart__seen=False).exclude(step__happened_on=None).order_by("-step__happened_on", "-pk")
    said = JSONObject(
        on=_iso("step__happened_on"),
        said="visitpart__said",
        alone="visitpart__seen_alone",
        step="step_id",
        by="step__worker__name",
    )
    return Subquery(known.values(json=said)[:1])


def _iso(path: str) -> Func:
    """A date as text, the same on both databases."""
    return Func(F(path), function="CAST", template="%(function)s(%(expressions)s AS text)", output_field=CharField())
