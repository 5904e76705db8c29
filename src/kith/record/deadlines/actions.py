"""Working the clocks out again when a fact changes, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import CharField
from django.db.models.functions import Cast, TruncDate

from kith.foundation.history.actor import beyond_the_wall
from kith.record.people.models import Person
from kith.record.people.ties import all_together, leading
from kith.statutory.timescales import clocks
from kith.statutory.timescales.facts import facts_from
from kith.statutory.timescales.shapes import BIRTHS_SCHEMA, EXCUSED_SCHEMA
from kith.vocabulary.few_rows import of_few_rows
from kith.vocabulary.working_days import england

from . import sources
from .held import judged_by
from .models import Deadline, NotRequired
from .owners import involved, named_workers, with_owners
from .rows import OfPeople, PeoplesFrame

STILL_OPEN = ("not_due", "due_soon", "overdue")
BATCH = 2000
FEW = 20  # people: a family and more
KEY = ("person_id", "rule", "opened_by", "cycle")
DAYS = ("opened_on", "opened_at", "warn_on", "due_on", "due_at", "met_on", "met_at", "ended_on", "excused_on")
REST = ("rule_version", *DAYS, "met_by", "time_missing", "open", "late", "worker_id", "team_id")
COLUMNS = (*KEY, *REST)
_kept = OfPeople(lambda hers: Deadline.objects.filter(hers("person_id")).values_list(*COLUMNS, "pk"))
_births = PeoplesFrame(
    lambda: Person.objects.exclude(born_on=None, expected_on=None),
    {"child": Cast("pk", CharField()), "dob": "born_on", "expected": "expected_on"},
    BIRTHS_SCHEMA,
    path="pk",
)
_not_required = PeoplesFrame(
    lambda: NotRequired.objects.filter(back_at=None),
    {
        "child": Cast("person_id", CharField()),
        "rule": "rule",
        "opened_by": "opened_by",
        "cycle": "cycle",
        "on": TruncDate("at"),
        "reason": "reason",
        "authorised_by": "by__name",
    },
    EXCUSED_SCHEMA,
)


@beyond_the_wall()
def recompute(*, people: Sequence[int] | None, on: date) -> None:
    """Bring the deadlines of these people (None: everybody) into step with the facts as they stand now.

    The first fact of its kind may bring in a rule that was left out until now. Theirs are judged by it at once; where
    it may open for others too everybody is done, at once where they are few, else by a job that is asked for in the
    same transaction: no worker waits for a nation.
    """
    concerned = [_recompute_some(some, on) for some in in_batches(bring_in_rules() if people is None else people)]
    if people is None or not any(concerned):
        return
    if Person.objects.count() > BATCH:
        sources.ask_for_everybody()
    else:
        recompute(people=None, on=on)


def bring_in_rules() -> list[int]:
    """Bring in every rule that a fact held of anybody calls for; gives everybody, who are then due to be worked out."""
    judged_by(_read(None, leading()).facts)
    return list(Person.objects.order_by("pk").values_list("pk", flat=True))


def in_batches(people: Sequence[int], size: int = BATCH) -> Iterator[Sequence[int]]:
    """Some at a time: memory stays bounded, and no query names more ids than a database takes."""
    yield from (people[start : start + size] for start in range(0, len(people), size))


def _recompute_some(people: Sequence[int], on: date) -> bool:
    """Do so for these and the records read with them; and say whether a new rule may open for others."""
    leads = all_together(people)
    working = of_few_rows(_worked_out) if len(leads) <= FEW else _worked_out
    found, everybody = working(list(leads), leads, on)
    _bring_into_step(held=_kept.ask(list(leads)), wanted=_as_columns(found).rows())
    sources.follow(people)
    return everybody


def _bring_into_step(*, held: Sequence[tuple[Any, ...]], wanted: Sequence[tuple[Any, ...]]) -> None:
    """Make the rows held (`COLUMNS`, and their number after them) those that are wanted (`COLUMNS`)."""
    old, new = ({row[: len(KEY)]: row for row in rows} for rows in (held, wanted))
    changed = [(*row, old[key][-1]) for key, row in new.items() if key in old and old[key][:-1] != row]
    Deadline.objects.filter(pk__in=[old[key][-1] for key in old.keys() - new.keys()]).delete()
    Deadline.objects.bulk_create([_deadline(row) for key, row in new.items() if key not in old], batch_size=500)
    Deadline.objects.bulk_update([_deadline(row) for row in changed], REST, batch_size=200)


def _deadline(row: tuple[Any, ...]) -> Deadline:
    return Deadline(**dict(zip((*COLUMNS, "pk"), row, strict=False)))


def worked_out(*, people: Sequence[int] | None, on: date) -> pl.DataFrame:
    """The deadlines as the facts make them, with who each falls to; for a rebuild of everything."""
    leads = leading() if people is None else all_together(people)
    return _worked_out(people if people is None else list(leads), leads, on)[0]


def _worked_out(people: Sequence[int] | None, leads: Mapping[int, int], on: date) -> tuple[pl.DataFrame, bool]:
    """The deadlines of these people; and whether a fact of theirs is the first of its kind, so all are due anew.

    The facts of records that are read together are one child's: her who leads.
    """
    read = _read(people, leads)
    rules, everybody = judged_by(read.facts)
    found = clocks.deadlines(
        facts=read.facts,
        rules=rules,
        calendar=england(),
        on=on,
        people=read.births,
        excused=_excused(people, read.led),
        flagged=False,
    )
    owned = with_owners(found, rules=rules, rows=read.involved, led=read.led)
    return owned.with_columns(open=pl.col("state").is_in(STILL_OPEN)), everybody


@dataclass(frozen=True)
class _Read:
    """What the record holds of some people: their facts and births, who was involved, and who leads each other."""

    facts: pl.DataFrame
    births: pl.DataFrame
    involved: pl.DataFrame
    led: Mapping[str, str]


def _read(people: Sequence[int] | None, leads: Mapping[int, int]) -> _Read:
    led = {str(person): str(leader) for person, leader in leads.items() if person != leader}
    births, rows = births_of(people, led), involved(people)
    steps, periods, parts = (
        _read_together(each, led) for each in (sources.steps(people), sources.periods(people), named_workers(rows))
    )
    promises = _read_together(sources.promises(people, kinds=set(steps["kind"].unique())), led)
    return _Read(facts_from(steps, periods, parts=parts, births=births, promises=promises), births, rows, led)


def _excused(people: Sequence[int] | None, led: Mapping[str, str]) -> pl.DataFrame:
    """What was said to be not required, and not taken back (EXCUSED_SCHEMA)."""
    return _read_together(_not_required.of(people), led)


def births_of(people: Sequence[int] | None, led: Mapping[str, str]) -> pl.DataFrame:
    """When each child was born or expected (BIRTHS_SCHEMA), as the record that leads has it.

    Where that does not say, as another of hers does.
    """
    rows = _births.of(people)
    if not led:
        return rows
    own_first = rows.sort(pl.col("child").is_in(list(led)), maintain_order=True)
    together = _read_together(own_first, led).group_by("child", maintain_order=True)
    return together.agg(pl.col("dob", "expected").drop_nulls().first())


def _read_together(rows: pl.DataFrame, led: Mapping[str, str]) -> pl.DataFrame:
    return rows.with_columns(pl.col("child").replace(dict(led))) if led else rows


def rows_of(found: pl.DataFrame) -> list[dict[str, Any]]:
    """Frame rows as the columns of the table."""
    return _as_columns(found).to_dicts()


def _as_columns(found: pl.DataFrame) -> pl.DataFrame:
    return found.select(_WORKED_OUT.get(name, pl.col(name)) for name in COLUMNS)


_WORKED_OUT = {  # the columns that are not in the clocks' frame as they stand
    "person_id": pl.col("child").cast(pl.Int64).alias("person_id"),
    "met_by": pl.col("met_by").fill_null(""),
    "time_missing": pl.col("time_missing").fill_null(False),
    "late": (pl.col("state") == "met_late").alias("late"),
}
