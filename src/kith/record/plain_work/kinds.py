"""The plain kinds of work, read from their files: what each is called, which days it asks for, what it belongs to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from kith.record.people.models import CHILD, GROWN_UPS
from kith.record.steps.kinds import Kind
from kith.statutory.timescales.fact_words import LASTING, fact_of, lasting_kinds
from kith.statutory.timescales.facts import PERIOD_KINDS, STEP_MOMENTS
from kith.statutory.timescales.loading import rule_book

DATA = Path(__file__).with_name("data")
RECORD = "record_work"
LONGEST_KEY = 24  # of `Step.kind`; SQLite would take more and PostgreSQL refuse it
HOME = "home"


@dataclass(frozen=True)
class Asked:
    """One more thing that a form asks: its box, the question, and the column that holds the answer.

    The column is one of the kind's own model for the child's part, or of the period that the work opens (`of_period`).
    `codes` names a published list (vocabulary.codes); `several` of its codes may be chosen. `form` is "codes", "yes" or
    "day". `called` heads the answer on a page. It must be answered `always`, or once the work is `over`, or for these
    outcomes (`if_outcome`), or where another box is filled (`with_box`); `first` stands before the outcome.
    """

    name: str
    asked: str
    called: str
    column: str
    form: str = "codes"
    codes: str = ""
    several: bool = False
    of_period: bool = False
    always: bool = False
    over: bool = False
    if_outcome: tuple[str, ...] = ()
    with_box: str = ""
    first: bool = False
    alone: str = ""  # a code that stands for nothing, and so beside no other
    hint: str = ""

    def must(self, *, over: bool, outcome: str, others: Mapping[str, Any]) -> bool:
        """Whether it must be answered, by what else is said."""
        together = bool(self.with_box) and others.get(self.with_box) not in (None, "")
        return self.always or (self.over and over) or outcome in self.if_outcome or together


@dataclass(frozen=True)
class PlainKind:
    """One plain kind, as its file has it.

    `asks` says the question for each moment asked (of STEP_MOMENTS, in their order); `under` the kinds of period it
    belongs to, the first that the child has; `under_of` the same for each code; `follows` what it follows, which must
    be named, and `may_follow` what may be. `closes`: it is finished by being saved, whatever day is asked.
    `confidential`: only who may record it may read it.

    `answers` is the moment whose day the outcome goes with, where that is not the end: an offer has its answer before
    what was offered takes place.

    A kind that is `told` has tables of its own in the dataset (told.py): it may ask for more (`more`), it may open a
    period (`opens`) and end it at once by an outcome, for a reason (`ends_with`), and it may be `signed` off: then a
    manager's signature ends it, and the day of it is only asked for where there is one to correct.

    `about` is whom it may be recorded of: a child, or a grown-up with such a record (as `Person.about` has it).
    """

    key: str
    name: str
    plural: str
    asks: Mapping[str, str]
    words: str
    group: str = ""
    about: str = CHILD
    capability: str = RECORD
    code_asked: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    outcome_asked: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    under: tuple[str, ...] = ()
    under_of: Mapping[str, str] = field(default_factory=dict)
    follows: tuple[str, ...] = ()
    may_follow: tuple[str, ...] = ()
    closes: bool = False
    confidential: bool = False
    told: bool = False
    more: tuple[Asked, ...] = ()
    opens: str = ""
    opens_if: tuple[str, ...] = ()  # the outcomes with which it opens one, beside what it belongs to; empty: always
    ends_span_if: tuple[str, ...] = ()  # the outcomes with which what it belongs to ends that day
    outcomes_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # those that one of a code may have
    ends_with: Mapping[str, str] = field(default_factory=dict)
    signed: bool = False
    counts_if: tuple[str, ...] = ()  # the outcomes with which it counts for the clock; empty: every one does
    answers: str = ""
    ends: str = ""  # the moment that ends one, where its own app says so
    as_code: str = ""  # the code of every one that is recorded here, where nobody is asked for it

    @property
    def closed_by_saving(self) -> bool:
        """Whether nothing more is to come: no end is asked for, or the kind says so."""
        return not self.signed and (self.closes or not {"happened", "done"} & set(self.asks))

    def before_signature(self) -> PlainKind:
        """The same without the day of a signature that is still to come."""
        return replace(self, asks={name: words for name, words in self.asks.items() if name != "done"})

    @property
    def finishes(self) -> str:
        """The moment that ends one."""
        happens = "happened" in self.asks and "done" not in self.asks and not self.closes
        return self.ends or ("happened" if happens else "done")

    @property
    def answered(self) -> str:
        """The moment whose day the outcome goes with."""
        return self.answers or self.finishes

    @property
    def followed(self) -> tuple[str, ...]:
        """The kinds that it follows, or may."""
        return (*self.follows, *self.may_follow)

    def fact(self, moment: str) -> str:
        """The fact that a moment of it makes."""
        return fact_of(self.key, moment)

    def outcomes_for(self, code: str) -> tuple[str, ...]:
        """The outcomes that one of this code may have."""
        return tuple(self.outcomes_of.get(code, self.outcomes))

    def spans(self, code: str) -> tuple[str, ...]:
        """The kinds of period that one of this code belongs to."""
        return (self.under_of[code],) if code in self.under_of else self.under

    def as_kind(self) -> Kind:
        """The same as a kind of step."""
        return Kind(
            key=self.key,
            name=self.name,
            plural=self.plural,
            codes=self.codes,
            outcomes=self.outcomes,
            capability=self.capability,
            edit="plain_work:change",
            finishes=self.finishes,
            confidential=self.confidential,
        )


@cache
def plain_kinds() -> Mapping[str, PlainKind]:
    """Every plain kind by its key, in the order of the files. Raises ValueError where a file says what cannot be."""
    found: dict[str, PlainKind] = {}
    for file in sorted(DATA.glob("*.toml")):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        shared = {name: value for name, value in told.items() if name != "kind"}
        for row in told["kind"]:
            one = PlainKind(**shared, **{name: frozen(value) for name, value in row.items()})
            for wrong in _wrong(one, found):
                raise ValueError(f"{file.name}, kind “{one.key}”: {wrong}.")
            found[one.key] = one
    return found


@cache
def timed() -> frozenset[str]:
    """The facts of which a rule counts hours, or to a time of day: for these the time is asked for too."""
    rules = [rule for rule in rule_book().whole if rule.count.unit == "H" or rule.count.clock]
    return frozenset(watch.fact for rule in rules for watch in (*rule.opened_by, *rule.completed_by))


def frozen(value: Any) -> Any:
    """A value of a file as a kind keeps it: a list as a tuple."""
    return tuple(value) if isinstance(value, list) else value


def _wrong(one: PlainKind, known: Mapping[str, PlainKind]) -> Iterator[str]:
    if one.key in known:
        yield "there is another of that name"
    if len(one.key) > LONGEST_KEY:
        yield f"its key is longer than the {LONGEST_KEY} letters that a step has room for"
    if one.about not in (CHILD, *GROWN_UPS):
        yield f"nobody has a record of work as {one.about}"
    if not one.asks or set(one.asks) - set(STEP_MOMENTS):
        yield f"it must ask for some of {', '.join(STEP_MOMENTS)}, and for nothing else"
    if bool(one.codes) != bool(one.code_asked) or bool(one.outcomes) != bool(one.outcome_asked):
        yield "a choice needs its question, and a question its choice"
    if strange := {*one.under, *one.under_of.values()} - set(PERIOD_KINDS):
        yield f"{sorted(strange)[0]} is no kind of period"
    if set(one.under_of) - set(one.codes):
        yield "it says what a code belongs to that it does not have"
    if one.key in lasting_kinds() and set(one.asks) - set(LASTING):
        yield "it lasts from a day to a day, and asks for something else"
