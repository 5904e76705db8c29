"""Finding a person by a name however spelt, a date of birth, an address or any number: never anybody hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Replace

from kith.analysis.linkage.name_keys import PAIR, SAME, SKELETON, SOUNDEX, TOKEN, keys_of_token, pairs_of
from kith.analysis.linkage.ranking import Candidate, Match, rank
from kith.foundation.access.viewer import Viewer
from kith.foundation.history.actor import beyond_the_wall
from kith.foundation.prepared import Prepared, number

from .access import among, known
from .asking import Asked
from .models import Address, Alias, Identifier, NameKey, Person
from .one_of import Ids
from .shields import withheld_from
from .ties import led_by

WEIGHTS = {PAIR: 24, TOKEN: 16, SAME: 12, SKELETON: 6, SOUNDEX: 5}
MOST = 250  # candidates that are ranked
READ = 300  # keys read for each way of looking: a common name among millions costs no more than a rare one
LONGEST_DISTRICT = 4  # characters of a postcode's beginning, without its space
LONGEST_RUN = "zzzz"  # after every name that begins with a word, in any collation of small letters
NUMBER, ADDRESS, BORN = "number", "address", "born"
REASONS = {NUMBER: "this number", ADDRESS: "address", BORN: "date of birth"}
CERTAIN = 200.0  # a number names one person, so it comes before any name


@dataclass
class Found:
    """One person found: how well they answer, and why in words."""

    person: int
    score: float
    why: list[str] = field(default_factory=list)


@dataclass
class Known:
    """What ranking needs of somebody: every name, when born or expected, and whether they are a child."""

    names: list[tuple[str, str]] = field(default_factory=list)
    born_on: date | None = None
    is_child: bool = False
    leader: int = 0  # the record that this one is read with, or itself

    @property
    def order(self) -> tuple[bool, int]:
        """Of those who answer equally well, children come before grown-ups, and the youngest first."""
        return (not self.is_child, -(self.born_on or date.min).toordinal())


def find(*, viewer: Viewer, asked: Asked, most: int = 20) -> tuple[list[Found], bool]:
    """The people this viewer may know of who answer, best first, and whether there were more. Four queries at most."""
    if asked.nothing or not viewer.may("find_people"):
        return [], False
    named = _by_name(viewer, asked.names) if asked.names else set()
    pointed = _pointed_at(viewer, asked, named)
    ids = named | set(pointed)
    known = _known(viewer, ids)
    ranked = _ranked([Candidate(pk, tuple(each.names), each.born_on) for pk, each in known.items()], pointed, asked)
    found = _once([each for match in ranked if (each := _judged(match, pointed.get(match.key, set()), asked))], known)
    found.sort(key=lambda each: (-each.score, *known[each.person].order, each.person))
    return found[:most], len(found) > most


def _once(found: list[Found], known: Mapping[int, Known]) -> list[Found]:
    """Of records that are read together one answer, the best of theirs, by the name of the one that leads."""
    best: dict[int, Found] = {}
    for each in sorted(found, key=lambda each: -each.score):
        each.person = known[each.person].leader
        best.setdefault(each.person, each)
    return list(best.values())


@beyond_the_wall()
def exactly(forename: str, surname: str, born_on: date) -> list[Person]:
    """The children of exactly this name, by themselves or by an alias, and this date of birth: whoever asks.

    For an emergency, which asks the door afterwards. Capital letters and spaces at the ends do not matter.
    """
    wanted = {"forename__iexact": forename.strip(), "surname__iexact": surname.strip()}
    also = Alias.objects.filter(**wanted).values("person_id")
    rows = Person.objects.filter(Q(**wanted) | Q(pk__in=also), born_on=born_on, is_child=True)
    return list(rows.order_by("pk"))


def _ranked(candidates: list[Candidate], pointed: dict[int, set[str]], asked: Asked) -> list[Match]:
    """Ranked by name; where the words may be a street instead, those who live there answer whatever they are called."""
    living = [each for each in candidates if asked.either and ADDRESS in pointed.get(each.key, ())]
    there = {each.key for each in living}
    others = [each for each in candidates if each.key not in there]
    return rank(asked.names, others, asked.born_on) + rank((), living, asked.born_on)


def _judged(match: Match, pointed: set[str], asked: Asked) -> Found | None:
    """Somebody must answer each thing asked: an address asked for with a name must be theirs too."""
    if (asked.address or asked.postcode) and ADDRESS not in pointed and not asked.either:
        return None
    score = match.score + (CERTAIN if NUMBER in pointed else 0)
    why = [REASONS[each] for each in (NUMBER, ADDRESS) if each in pointed] + ([match.why] if match.why else [])
    return Found(person=match.key, score=score, why=why)


def _by_name(viewer: Viewer, words: Sequence[str]) -> set[int]:
    """Those who share most with these words: two words together, each word itself or its beginning, then its sound."""
    keys = [(PAIR, pair) for pair in pairs_of(words)] if len(words) > 1 else []
    keys += [each for word in words for each in keys_of_token(word) if each[0] != TOKEN]
    ways = [Q(kind=kind, key=key) for kind, key in keys]
    for word in words:
        begins = Q(kind=TOKEN, key__gte=word, key__lte=word + LONGEST_RUN)
        ways.append(begins if len(word) > 2 else Q(kind=TOKEN, key=word))
    scores: dict[int, int] = defaultdict(int)
    for person, kind, _ in _read(ways):
        scores[person] += WEIGHTS[kind]
    all_but, these = known(viewer)
    told = set(these.numbers)
    answering = [person for person in scores if (person in told) != all_but]
    return set(sorted(answering, key=lambda person: (-scores[person], person))[:MOST])


def _read(ways: list[Q]) -> set[tuple[int, str, str]]:
    """The keys found in any of these ways, READ of each, with whose they are.

    PostgreSQL would read every key for the ORs; SQLite has no union of a few of each.
    """
    if not ways:
        return set()
    columns = ("person_id", "kind", "key")
    if connection.features.supports_slicing_ordering_in_compound:
        few = [NameKey.objects.filter(way).order_by("kind", "key", "person_id")[:READ] for way in ways]
        return set(few[0].values_list(*columns).union(*(each.values_list(*columns) for each in few[1:]), all=True))
    either = Q(pk__in=[])
    for way in ways:
        either |= Q(pk__in=NameKey.objects.filter(way).values("pk")[:READ])
    return set(NameKey.objects.filter(either).values_list(*columns))


def _pointed_at(viewer: Viewer, asked: Asked, named: set[int]) -> dict[int, set[str]]:
    """Those that a number, an address or a date of birth points at, by what pointed: one query, or none."""
    all_ways = (_by_number(asked), _by_address(viewer, asked, named), _by_birth(asked))
    ways = [each for each in all_ways if each is not None]
    found: dict[int, set[str]] = defaultdict(set)
    if ways:
        for pk, way in ways[0].union(*ways[1:]):
            found[pk].add(way)
    return found


def _by_number(asked: Asked) -> QuerySet[Any, Any] | None:
    if not asked.numbers:
        return None
    rows = Identifier.objects.filter(value__in=asked.numbers, voided_at=None)
    return rows.values_list("person_id", _way(NUMBER))


def _by_address(viewer: Viewer, asked: Asked, named: set[int]) -> QuerySet[Any, Any] | None:
    """Who lives or lived there. Part of an address beside a name is looked for among those of that name only."""
    if not (asked.address or asked.postcode):
        return None
    rows = Address.objects.exclude(person__one_of=withheld_from(viewer))
    if asked.postcode:
        close = asked.postcode.replace(" ", "")
        either = Q(postcode__in=[asked.postcode, close])
        if len(close) <= LONGEST_DISTRICT:  # only its beginning
            for begins in (asked.postcode, close):
                either |= Q(postcode__gte=begins, postcode__lte=begins + "ZZZZ")
        rows = rows.filter(either)
    if asked.address:
        rows = rows.annotate(plain=Replace(Replace("lines", Value("'"), Value("")), Value("’"), Value("")))
    for word in asked.address:
        rows = rows.filter(plain__icontains=word)
    whole_postcode = len(asked.postcode) > LONGEST_DISTRICT
    if named and not asked.either and not whole_postcode:
        rows = rows.filter(person_id__in=named)
    some = Address.objects.filter(pk__in=rows.values("pk")[:READ])
    return some.values_list("person_id", _way(ADDRESS))


def _by_birth(asked: Asked) -> QuerySet[Any, Any] | None:
    """Everybody born on the day, or on the day with its day and month turned round."""
    if asked.born_on is None:
        return None
    days = [asked.born_on]
    if asked.born_on.day <= 12:
        days.append(date(asked.born_on.year, asked.born_on.day, asked.born_on.month))
    return Person.objects.filter(born_on__in=days).values_list("pk", _way(BORN))


def _way(name: str) -> Any:
    return Value(name, output_field=CharField())


def _known(viewer: Viewer, ids: set[int]) -> dict[int, Known]:
    """What ranking needs of these people, of those this viewer may know of."""
    found: dict[int, Known] = defaultdict(Known)
    if not ids:
        return found
    all_but, these = known(viewer)
    for pk, forename, surname, known_as, born_on, expected_on, is_child, leader in _names(all_but).ask(
        ids=Ids(ids), these=these
    ):
        one = found[pk]
        one.leader = leader
        one.names += [(forename, surname)] + ([(known_as, surname)] if known_as else [])
        one.born_on, one.is_child = born_on or expected_on, bool(is_child)
    return found


@cache
def _names(all_but: bool) -> Prepared:
    return Prepared(lambda: _names_of(Person.objects.filter(among("pk", all_but=all_but), pk__one_of=number("ids"))))


def _names_of(seen: QuerySet[Person]) -> QuerySet[Any, Any]:
    columns = ("pk", "forename", "surname", "known_as", "born_on", "expected_on", "is_child")
    people = seen.values_list(*columns, led_by())
    days = ("person__born_on", "person__expected_on", "person__is_child", led_by("person_id"))
    nobody = Value("", output_field=CharField())
    aliases = Alias.objects.filter(person__in=seen.values("pk"))
    also = aliases.values_list("person_id", "forename", "surname", nobody, *days)
    return people.union(also, all=True)
