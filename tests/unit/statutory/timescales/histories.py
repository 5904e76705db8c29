"""Random histories: plausible enough that clocks meet, end and recur, and untidy as real records are."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import polars as pl

from kith.statutory.timescales.fact_words import plain_kinds
from kith.statutory.timescales.facts import PERIOD_KINDS, facts_from
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.shapes import (
    BIRTHS_SCHEMA,
    FACTS_SCHEMA,
    PARTS_SCHEMA,
    PEOPLE_SCHEMA,
    PERIODS_SCHEMA,
    PROMISES_SCHEMA,
    STEPS_SCHEMA,
)

START = date(2021, 10, 1)
DAYS = 900
CODES = {
    "home": ("P1", "P1", "P1", "P1", "U1", "U1", "U4", "U4", "U6", "A5", "T0", "K1", "K1", "K2", "R5", None),
    "legal_status": ("C1", "C1", "C1", "C2", "E1", "J1", "V2", "V3", "L1", "L2", "L3"),
    "care_episode": ("V4", "V2", "C2"),
    "missing": ("missing", "away"),
    "assessment": ("single", "single", "early_help"),
    "conference": ("initial", "review", "review"),
    "health_assessment": ("health", "dental", "optician"),
    "care_leaver": ("relevant", "former_relevant"),
    "care_leaver_contact": ("visit", "Visit", "telephone", None),
}
OUTCOMES = {
    "referral": ("accepted", "nfa"),
    "section47": ("icpc", "nfa", "continue"),
    "return_interview": ("accepted", "declined"),
    "care": ("E4A", "E8", "E11", "E45", "X1"),
    "visit": ("seen_alone", "seen", None),
}
# What a child's history is mostly about, so that its facts bear on each other.
THEMES = (
    ("care", "home", "home", "legal_status"),
    *[("care", "home", "legal_status")] * 3,  # the rules of a home, an order and a visit together are the rarest
    ("care", "care_episode", "home", "legal_status"),
    ("care", "home", "legal_status", "missing"),
    ("need", "cp_plan", "care"),
    ("need", "cin_plan", "missing", "care_leaver"),
    ("new_worker",),
    PERIOD_KINDS,
)
STEPS = {
    "care": (
        *("visit", "visit", "visit", "visit", "visit", "care_review", "health_assessment", "pep", "sdq"),
        *("unassessed_home", "fewer_visits_agreed", "fewer_visits_agreed", "adoption_review", "secure_review"),
    ),
    "cp_plan": ("visit", "visit", "core_group", "conference"),
    "cin_plan": ("visit",),
    "missing": ("return_interview",),
    "care_leaver": ("care_leaver_contact", "visit", "care_leaver_home"),
    "new_worker": ("supervision",),
    "need": (
        *("contact", "referral", "assessment", "strategy_meeting", "section47", "conference", "visit"),
        *("private_fostering", "private_fostering_visit"),
    ),
}
VISITS = {"cin_plan": "cin", "cp_plan": "cp", "care": "cla", "care_leaver": "care_leaver", "need": "cin"}
ROLES = ("Allocated social worker", "Allocated worker", "Reviewing officer", "Personal adviser", "CP chair", None)
CONFERENCES = {"need": "initial", "cp_plan": "review"}


def _asked_of_plain_work() -> dict[str, tuple[set[str], set[str]]]:
    """The codes and the outcomes that rules ask of each plain kind."""
    found: dict[str, tuple[set[str], set[str]]] = {kind: (set(), set()) for kind in plain_kinds()}
    for rule in rule_book().whole:
        for watch in (*rule.opened_by, *rule.completed_by, *rule.ends):
            codes, outcomes = found.get(watch.fact.split(".")[0], (set(), set()))
            codes |= set(watch.codes)
            outcomes |= set(watch.outcomes)
    return found


PLAIN = {kind: (sorted(codes), sorted(outcomes)) for kind, (codes, outcomes) in _asked_of_plain_work().items()}


@dataclass(frozen=True)
class Lives:
    """What is held of some invented children, as the record or a dataset holds it."""

    steps: list[dict[str, Any]]
    periods: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    promises: list[dict[str, Any]]
    births: list[dict[str, Any]]

    @property
    def facts(self) -> pl.DataFrame:
        """The facts that clocks see of them."""
        return facts_from(
            pl.DataFrame(self.steps, schema=STEPS_SCHEMA),
            pl.DataFrame(self.periods, schema=PERIODS_SCHEMA),
            parts=pl.DataFrame(self.parts, schema=PARTS_SCHEMA),
            births=pl.DataFrame(self.births, schema=BIRTHS_SCHEMA),
            promises=pl.DataFrame(self.promises, schema=PROMISES_SCHEMA),
        )


def random_histories(children: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Facts and people (with dates of birth, some unknown) of that many invented children."""
    lives = random_lives(children, seed)
    facts = pl.concat([lives.facts, _of_the_authority(random.Random(seed))])
    return facts, pl.DataFrame(lives.births, schema=BIRTHS_SCHEMA).select(list(PEOPLE_SCHEMA))


TURNS = (
    ("return_year.ended", "statutory_return.done"),
    ("return_year.ended", "workforce_census.done"),
    ("month.ended", "annex_a.done"),
    ("information_request.opened", "information_request.done"),
    ("protection_team.planned", "protection_team.done"),
)


def _of_the_authority(chance: random.Random) -> pl.DataFrame:
    """What the authority itself did: years and months ended, returns were signed off, requests answered …"""
    rows = []
    for turn in range(90):
        opens, done = chance.choice(TURNS)
        told = {
            "child": "the authority",
            "ref": f"turn {turn}",
            "code": chance.choice(("cin", "ssda903", "csww", None)),
        }
        for fact in (opens, *[done] * chance.randint(0, 2)):
            rows.append(told | {"fact": fact, "on": _day(chance), "counts": True})
    return pl.DataFrame(rows, schema=FACTS_SCHEMA)


def random_lives(children: int, seed: int) -> Lives:
    """The lives of that many invented children."""
    chance = random.Random(seed)
    lives = Lives([], [], [], [], [])
    for number in range(children):
        child = f"child-{number:05d}"
        theme = chance.choice(THEMES)
        own = [_period(chance, child, f"{child}/p{index}", theme) for index in range(chance.randint(1, 6))]
        _nest(chance, own)
        lives.periods.extend(own)
        lives.steps.extend(_step(chance, child, f"{child}/s{index}", own) for index in range(chance.randint(0, 26)))
        lives.parts.extend(_part(chance, child, f"{child}/i{index}") for index in range(chance.randint(0, 5)))
        lives.promises.extend(_promise(chance, child, f"{child}/a{index}") for index in range(chance.randint(0, 3)))
        lives.births.append({"child": child} | _birth(chance))
    return lives


def _birth(chance: random.Random) -> dict[str, date | None]:
    """Most are born before anything was known of them; some after, and of some of these it is only expected."""
    if chance.random() < 0.9:
        born = START - timedelta(days=chance.randrange(17 * 365)) if chance.random() < 0.9 else None
        return {"dob": born, "expected": None}
    expected = START + timedelta(days=chance.randrange(DAYS))
    born = expected + timedelta(days=chance.randint(-30, 10)) if chance.random() < 0.7 else None
    return {"dob": born, "expected": expected if born is None or chance.random() < 0.5 else None}


def _promise(chance: random.Random, child: str, ref: str) -> dict[str, Any]:
    due = _day(chance)
    ended = due + timedelta(days=chance.randint(-20, 20))
    return {
        "child": child,
        "ref": ref,
        "made_in": chance.choice(("strategy_meeting", "strategy_meeting", "core_group", None)),
        "due_on": due if chance.random() < 0.97 else None,
        "done_on": ended if chance.random() < 0.6 else None,
        "dropped_on": ended if chance.random() < 0.2 else None,
    }


def _part(chance: random.Random, child: str, ref: str) -> dict[str, Any]:
    started = _day(chance)
    ended = started + timedelta(days=chance.randint(0, 300)) if chance.random() < 0.5 else None
    return {
        "child": child,
        "role": chance.choice(ROLES),
        "ref": ref,
        "started_on": started if chance.random() < 0.97 else None,
        "ended_on": ended,
    }


def _period(chance: random.Random, child: str, ref: str, theme: Sequence[str]) -> dict[str, Any]:
    kind = chance.choice(theme)
    started = _day(chance)
    ended = started + timedelta(days=chance.randint(-3, 500)) if chance.random() < 0.4 else None
    return {
        "ref": ref,
        "kind": kind,
        "code": chance.choice(CODES.get(kind, ("N1", None))),
        "child": child,
        "started_on": started,
        "started_at": _at(chance, started),
        "ended_on": ended,
        "ended_at": _at(chance, ended),
        "end_reason": chance.choice(OUTCOMES.get(kind, ("RC7", None))),
    }


def _nest(chance: random.Random, own: list[dict[str, Any]]) -> None:
    cares = [period["ref"] for period in own if period["kind"] == "care"]
    for period in own:
        if period["kind"] in ("home", "care_episode", "legal_status") and cares:
            period["parent"] = chance.choice(cares)


def _step(chance: random.Random, child: str, ref: str, own: list[dict[str, Any]]) -> dict[str, Any]:
    within = chance.choice(own) if chance.random() < 0.9 else {"kind": "need", "ref": None}
    kind = chance.choice(STEPS.get(within["kind"], STEPS["need"]))
    if chance.random() < 0.4:
        kind = chance.choice(tuple(PLAIN))
    codes, of_plain = PLAIN.get(kind, ([], []))
    of_kind = {"visit": VISITS, "conference": CONFERENCES}.get(kind, {})
    code = of_kind.get(within["kind"]) or chance.choice(codes or CODES.get(kind, (None,)))
    opened, happened, done = sorted(_day(chance) for _ in range(3))
    if chance.random() < 0.4:
        opened = happened = done = opened
    outcomes = ("voided",) if chance.random() < 0.03 else of_plain or OUTCOMES.get(kind, (None,))
    before = f"{ref.rpartition('/s')[0]}/s{chance.randrange(int(ref.rpartition('/s')[2]) + 1)}"
    made_here = kind == "return_interview" and chance.random() < 0.3
    return {
        "ref": f"{kind}:kith-{ref}" if made_here else ref,
        "kind": kind,
        "code": code,
        "child": child,
        "opened_on": opened,
        "opened_at": _at(chance, opened),
        "planned_on": _day(chance) if chance.random() < 0.3 else None,
        "happened_on": happened if chance.random() < 0.8 else None,
        "happened_at": _at(chance, happened),
        "done_on": done if chance.random() < 0.6 else None,
        "done_at": _at(chance, done),
        "outcome": chance.choice(outcomes),
        "counts": chance.choice((True, True, True, False, None)),
        "span": within["ref"],
        "led_from": before,
    }


def _day(chance: random.Random) -> date:
    if chance.random() < 0.01:
        return date(chance.choice((2013, 2029, 2044)), chance.randint(1, 12), chance.randint(1, 28))
    return START + timedelta(days=chance.randrange(DAYS))


def _at(chance: random.Random, day: date | None) -> datetime | None:
    if day is None or chance.random() < 0.5:
        return None
    return datetime.combine(day, time(chance.randrange(24), chance.randrange(60)), UTC)
