"""Reads the drawn tables, and turns each case into the facts and deadlines it stands for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.clocks import deadlines, state_on
from kith.statutory.timescales.fact_words import BIRTHDAY
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.rules import Rule, While
from kith.statutory.timescales.shapes import FACTS_SCHEMA, PEOPLE_SCHEMA
from kith.vocabulary.hours import from_london, in_london
from kith.vocabulary.months import add_months
from kith.vocabulary.working_days import england

HERE = Path(__file__).parent
CHILD = "a child"
COMMENCED = date(2026, 4, 29)  # as if in force from that day: no day is set yet
_LONG_AGO = timedelta(days=1000)
_LATELY = timedelta(days=30)


@cache
def table(name: str) -> list[dict[str, Any]]:
    """The cases of one drawn table: counting, rules or stories."""
    data = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    cases: list[dict[str, Any]] = data["story" if name == "stories" else "case"]
    return cases


def day_and_time(text: str) -> tuple[date, datetime | None]:
    """A day, and the moment in UTC if a London time follows it."""
    day = date.fromisoformat(text[:10])
    return day, from_london(day, text[11:]) if len(text) > 10 else None


def as_written(day: date | None, moment: datetime | None) -> str | None:
    """The same, as the tables write it."""
    if moment is not None:
        return f"{in_london(moment):%Y-%m-%d %H:%M}"
    return day.isoformat() if day else None


def fact(name: str, on: str, ref: str, **more: Any) -> dict[str, Any]:
    """One fact of the one child."""
    day, moment = day_and_time(on)
    row = {"child": CHILD, "fact": name, "on": day, "at": moment, "ref": ref, "span": more.pop("within", ref)}
    return {"counts": True} | row | more


@cache
def whole_book() -> RuleBook:
    """Every rule, those that wait too; and a day is set for those that have none, so that they can be drawn."""
    rules = (rule if rule.commenced else replace(rule, since=COMMENCED) for rule in rule_book().whole)
    return RuleBook(tuple(rules))


def run(*, rules: Sequence[str], facts: Sequence[Mapping[str, Any]], on: str, born: str | None) -> list[dict[str, Any]]:
    """The deadlines by these rules."""
    people = [{"child": CHILD, "dob": date.fromisoformat(born) if born else None}]
    frame = deadlines(
        facts=pl.DataFrame(list(facts), schema=FACTS_SCHEMA),
        rules=whole_book().only(*rules),
        calendar=england(),
        on=date.fromisoformat(on[:10]),
        people=pl.DataFrame(people, schema=PEOPLE_SCHEMA),
    )
    return frame.to_dicts()


@dataclass(frozen=True)
class Drawn:
    """The clock of one drawn case, left undone, done on its due day, and done too late."""

    undone: pl.DataFrame
    on_time: pl.DataFrame
    late: pl.DataFrame

    @staticmethod
    def on(row: pl.DataFrame, day: str) -> dict[str, Any]:
        """The one row as it stands at the end of a day."""
        (found,) = state_on(row, date.fromisoformat(day[:10])).to_dicts()
        return found


@cache
def every_case() -> Mapping[str, Drawn]:
    """The clock of every drawn case of a rule, all in one run of the engine."""
    facts, people = [], []
    for case in table("rules"):
        rule = whole_book().rule(case["rule"])
        born = born_for(rule, case["opened"])
        for name, done in (("undone", None), ("on_time", case["due"]), ("late", too_late(rule, case["due"]))):
            child = f"{rule.id} {name}"
            rows = [*opening(rule, case["opened"]), *([completing(rule, done)] if done else [])]
            facts += [row | {"child": child} for row in rows]
            people.append({"child": child, "dob": date.fromisoformat(born)})
    frame = deadlines(
        facts=pl.DataFrame(facts, schema=FACTS_SCHEMA),
        rules=whole_book(),
        calendar=england(),
        on=date(2026, 1, 1),
        people=pl.DataFrame(people, schema=PEOPLE_SCHEMA),
    )
    first = frame.filter((pl.col("opened_by") == "opening") | pl.col("opened_by").str.starts_with("birthday"))
    return {case["rule"]: Drawn(*(_of_case(first, case, name) for name in _ENDINGS)) for case in table("rules")}


_ENDINGS = ("undone", "on_time", "late")


def _of_case(frame: pl.DataFrame, case: Mapping[str, Any], name: str) -> pl.DataFrame:
    own = frame.filter(child=f"{case['rule']} {name}", rule=case["rule"])
    return own.filter(opened_on=date.fromisoformat(case["opened"][:10]), cycle=pl.col("cycle").min())


def too_late(rule: Rule, due: str) -> str:
    """Just after it was due: a minute where it is due at a moment, otherwise a day."""
    return later(due, minutes=1) if len(due) > len("2026-01-01") else later(due, days=1)


def story_facts(story: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The facts of a story."""
    return [fact(row["fact"], **{key: value for key, value in row.items() if key != "fact"}) for row in story["facts"]]


def opening(rule: Rule, opened: str) -> list[dict[str, Any]]:
    """What opens the rule, and the periods that it asks for, each begun long enough before.

    Nothing records a birthday: there the birth date opens it.
    """
    watch = rule.opened_by[0]
    if watch.fact == BIRTHDAY:
        day = date.fromisoformat(opened[:10])
        return [period for n, each in enumerate(rule.conditions) if (period := _running(each, day, n))]
    row = fact(
        watch.fact,
        opened,
        "opening",
        code=watch.codes[0] if watch.codes else None,
        outcome=watch.outcomes[0] if watch.outcomes else None,
        within="span",
    )
    earlier = [_opening_before(rule, opened, number) for number in range(1, rule.nth_from)]
    others = [each for each in rule.conditions if not _begins(each, row)]
    asked = [_running(condition, row["on"], number) for number, condition in enumerate(others)]
    return [*earlier, *(period for period in asked if period), row]


def _begins(condition: While, row: Mapping[str, Any]) -> bool:
    """Whether what opens the rule is itself the beginning of what the condition asks for."""
    return (
        row["fact"] == f"{condition.period}.started" and condition.age_from is None and row["code"] in condition.codes
    )


def _opening_before(rule: Rule, opened: str, number: int) -> dict[str, Any]:
    day = date.fromisoformat(opened[:10]) - timedelta(days=90 * number)
    watch = rule.opened_by[0]
    code = watch.codes[0] if watch.codes else None
    return fact(watch.fact, day.isoformat(), f"earlier {number}", code=code, within="span")


def _running(condition: While, on: date, number: int) -> dict[str, Any] | None:
    if condition.absent:
        return None
    started = on - (_LONG_AGO if condition.age_from else _LATELY)
    if condition.age_from and condition.age_under:
        started = on - timedelta(days=condition.age_from.days) - _LATELY
    code = condition.codes[0] if condition.codes else None
    return fact(f"{condition.period}.started", started.isoformat(), f"period {number}", code=code, within="span")


def completing(rule: Rule, done: str) -> dict[str, Any]:
    """What completes the rule, on that day (or at that moment)."""
    watch = rule.completed_by[0]
    code = watch.codes[0] if watch.codes else None
    outcome = watch.outcomes[0] if watch.outcomes else None
    ref = "opening" if watch.link == "ref" else "done"
    if watch.fact == "cp_plan.ended" and watch.link == "child":
        ref = "period 0"
    return fact(watch.fact, done, ref, code=code, outcome=outcome, within="span")


def later(text: str, *, days: int = 0, minutes: int = 0) -> str:
    """A day, or a day and a London time, moved on."""
    day, moment = day_and_time(text)
    if moment is None:
        return (day + timedelta(days=days)).isoformat()
    moved = (moment + timedelta(days=days, minutes=minutes)).astimezone(UTC)
    return f"{in_london(moved):%Y-%m-%d %H:%M}"


def born_for(rule: Rule, opened: str) -> str:
    """A birth date that puts the child at the age the rule asks for."""
    watch = rule.opened_by[0]
    if watch.fact == BIRTHDAY:
        return add_months(date.fromisoformat(opened[:10]), -round(12 * float(watch.codes[0]))).isoformat()
    age = rule.child_age_from if rule.child_age_from is not None else 1
    return date(int(opened[:4]) - age - 1, 1, 1).isoformat()
