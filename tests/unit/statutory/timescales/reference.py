"""The clocks again, in plain Python, one child and one rule at a time: slow, simple, sharing no code with the engine.

It reads the same rules and is used only to check that the engine says the same.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kith.statutory.timescales.counts import Count
from kith.statutory.timescales.fact_words import before_birth
from kith.statutory.timescales.rules import Rule, Watch, While

Fact = Mapping[str, Any]
Row = dict[str, Any]
LONDON = ZoneInfo("Europe/London")
NEVER = datetime(1, 1, 1, tzinfo=UTC)


class Reference:
    """Deadlines by these rules and holidays."""

    def __init__(
        self,
        rules: Iterable[Rule],
        holidays: Iterable[date],
        *,
        terms: Iterable[tuple[date, date]] = (),
        breaks: Iterable[tuple[date, date]] = (),
        excused: Iterable[Row] = (),
    ) -> None:
        self.rules = list(rules)
        self.holidays = set(holidays)
        self.terms = sorted(terms)
        self.breaks = list(breaks)
        self.excused: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for one in sorted(excused, key=lambda one: one["on"]):
            if (one["reason"] or "").strip() and (one["authorised_by"] or "").strip():
                self.excused[one["child"], one["rule"], one["opened_by"]].append(one)

    def deadlines(self, facts: Iterable[Fact], births: Mapping[str, date | None], on: date) -> list[Row]:
        by_child: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            if fact["on"] is not None:
                by_child[fact["child"]].append(fact)
        rows = [row for child, held in by_child.items() for row in self._of_child(held, births.get(child), on)]
        return sorted(rows, key=lambda row: tuple(row[name] for name in _ORDER))

    def _of_child(self, held: list[Fact], born: date | None, on: date) -> list[Row]:
        held = [*held, *self._birthdays(held[0]["child"], born)]
        opened = {rule: found for rule in self.rules if (found := list(self._openings(rule, held, born)))}
        rows = []
        for rule, found in opened.items():
            first = [o for r, others in opened.items() if r.id in rule.gives_way_to for _, o, _ in others]
            for number, fact, strict in found:
                if not any(fact is other for other in first):
                    rows += self._row(rule, held, fact, number, strict, on, born)
        return rows

    def _birthdays(self, child: str, born: date | None) -> list[Fact]:
        ages = {code for rule in self.rules for w in rule.opened_by if w.fact == "birthday.reached" for code in w.codes}
        made = []
        for age in sorted(ages) if born else ():
            day = self._move(born, Count("M", int(float(age) * 12)))
            if (born.month, born.day) == (2, 29) and day.day == 28:
                day += timedelta(days=1)
            blank = dict.fromkeys(("at", "outcome", "span", "parent"))
            fact = {"child": child, "fact": "birthday.reached", "on": day, "code": age, "ref": f"birthday {age}"}
            made.append(blank | fact | {"counts": True})
        return made

    def _openings(self, rule: Rule, held: list[Fact], born: date | None) -> Iterable[tuple[int, Fact, bool]]:
        for openings in _openings(rule, held):
            for number, (fact, strict) in enumerate(openings, start=1):
                chained = bool(rule.then)
                wanted = chained or (rule.nth_from <= number and (rule.nth_until is None or number <= rule.nth_until))
                if wanted and rule.in_force(fact["on"]) and _fits(rule, fact, held, born):
                    yield number, fact, strict

    def _row(
        self, rule: Rule, held: list[Fact], fact: Fact, number: int, strict: bool, on: date, born: date | None
    ) -> list[Row]:
        count = (rule.count, *rule.then)[min(number, 1 + len(rule.then)) - 1]
        due_on, due_at = self._due(rule, count, fact, held)
        ended = _first(rule.ends, held, fact, lambda watch: date.min if watch.first else fact["on"])
        since = fact["on"] + timedelta(days=1) if strict else fact["on"]
        if rule.early:
            since = self._move(fact["on"], rule.early)
        ahead = rule.before_or_within or rule.count.n < 0 or str(rule.count) in ("=date", "=before")
        ever = ahead and rule.early is None
        met = _first(rule.completed_by, held, fact, lambda watch: date.min if watch.first or ever else since)
        ended_on = ended["on"] if ended else None
        if rule.lapses:
            ended_on = min(ended_on or due_on, due_on)
        if strict and ended_on is not None and ended_on <= fact["on"]:
            return []
        if met and ended_on is not None and met["on"] > ended_on:
            met = None
        row = self._told(rule, fact, met, (due_on, due_at), ended_on) | {
            "time_missing": _time_missing(count, fact, met),
            "cycle": number if rule.opens_again else 1,
            "flag": _flag(fact, held, born) or (_flag(met, held, born) if met else None),
        }
        row |= self._excuse(row)
        planned = fact["fact"].split(".")[1] in ("planned", "expected", "reached")
        future = (met is not None and met["on"] > on) or (fact["on"] > on and not planned)
        return [row | _state(row, fact["outcome"] == "voided", on) | {"future": future}]

    def _told(
        self, rule: Rule, fact: Fact, met: Fact | None, due: tuple[date, datetime | None], ended_on: date | None
    ) -> Row:
        return {
            "child": fact["child"],
            "rule": rule.id,
            "rule_version": rule.since.isoformat(),
            "opened_by": fact["ref"],
            "opened_fact": fact["fact"],
            "opened_on": fact["on"],
            "opened_at": fact["at"],
            "due_on": due[0],
            "due_at": due[1],
            "warn_on": self._warn(rule, fact, due[0]),
            "met_on": met["on"] if met else None,
            "met_at": met["at"] if met else None,
            "met_by": met["ref"] if met else None,
            "ended_on": ended_on,
            "span": fact["span"],
        }

    def _excuse(self, row: Row) -> Row:
        held = self.excused.get((row["child"], row["rule"], row["opened_by"]), ())
        said = [one for one in held if one["cycle"] in (None, row["cycle"])]
        said.sort(key=lambda one: one["cycle"] is None)
        if not said:
            return {"excused_on": None, "excused_why": None, "excused_by": None}
        return {
            "excused_on": said[0]["on"],
            "excused_why": said[0]["reason"],
            "excused_by": said[0]["authorised_by"],
        }

    def _due(self, rule: Rule, count: Count, fact: Fact, held: list[Fact]) -> tuple[date, datetime | None]:
        if (count.unit == "H" or count.written == "=date") and fact["at"] is not None:
            moment = fact["at"] + timedelta(hours=count.n)
            return moment.astimezone(LONDON).date(), moment
        due = self._move(fact["on"], count)
        if rule.inclusive:
            due = self._move(due, Count("WD" if count.unit == "WD" else "CD", -1))
        if count.until:
            years = (date(due.year + more, *count.until) for more in (0, 1))
            due = min(day for day in years if day >= due)
        if rule.leg:
            due = self._other_leg(rule, fact, held, due)
        if count.clock:
            return due, datetime.combine(due, count.clock, LONDON).astimezone(UTC)
        return due, None

    def _other_leg(self, rule: Rule, fact: Fact, held: list[Fact], due: date) -> date:
        leg = rule.leg
        if leg is None or fact[leg.link] is None:
            return due
        others = [f["on"] for f in held if f["fact"] == leg.fact and f[leg.link] == fact[leg.link]]
        if not others:
            return due
        moved = self._move(min(others), leg.count)
        return max(due, moved) if leg.later else min(due, moved)

    def _warn(self, rule: Rule, fact: Fact, due_on: date) -> date:
        if rule.warn.unit == "H" and rule.warn.n >= 0 and fact["at"] is not None:
            warn = (fact["at"] + timedelta(hours=rule.warn.n)).astimezone(LONDON).date()
        else:
            warn = self._move(due_on if rule.warn.n < 0 else fact["on"], rule.warn)
        ahead = rule.count.n < 0 or str(rule.count) in ("=date", "=before")
        return min(warn if ahead else max(warn, fact["on"]), due_on)

    def _school(self, day: date) -> bool:
        held = any(start <= day <= end for start, end in self.terms)
        off = any(start <= day <= end for start, end in self.breaks)
        return held and not off and day.weekday() < 5 and day not in self.holidays

    def _end_of_term(self, day: date, later: int) -> date:
        """The last school day of a term; where that has passed, as it has in the holidays, of the next."""
        begun = max(place for place, (start, _) in enumerate(self.terms) if start <= day)
        for _, last in self.terms[begun + later :]:
            while not self._school(last):
                last -= timedelta(days=1)
            if last >= day:
                break
        return last

    def _move(self, day: date, count: Count) -> date:
        if count.unit == "TERM":
            return self._end_of_term(day, count.n)
        if count.unit == "SD":
            left = count.n
            while left:
                day += timedelta(days=1)
                left -= self._school(day)
            return day
        if count.unit == "M":
            months = day.year * 12 + day.month - 1 + count.n
            year, month = months // 12, months % 12 + 1
            return date(year, month, min(day.day, monthrange(year, month)[1]))
        if count.unit == "WD":
            left, step = abs(count.n), timedelta(days=1 if count.n > 0 else -1)
            while left:
                day += step
                if day.weekday() < 5 and day not in self.holidays:
                    left -= 1
            return day
        return day + timedelta(days={"CD": count.n, "W": 7 * count.n, "H": -(-count.n // 24)}[count.unit])


_ORDER = ("child", "rule", "opened_on", "cycle", "opened_by", "rule_version")


def _time_missing(count: Count, fact: Fact, met: Fact | None) -> bool:
    untimed = bool(met and met["at"] is None)
    return (count.unit == "H" and (fact["at"] is None or untimed)) or (count.clock is not None and untimed)


def _answers(watch: Watch, fact: Fact) -> bool:
    return (
        fact["fact"] == watch.fact
        and (not watch.codes or fact["code"] in watch.codes)
        and (not watch.outcomes or fact["outcome"] in watch.outcomes)
        and (watch.counts is None or fact["counts"] is watch.counts)
    )


def _openings(rule: Rule, held: list[Fact]) -> list[list[tuple[Fact, bool]]]:
    done = {watch.fact for watch in rule.completed_by}
    clocks: dict[str, list[tuple[bool, bool, Fact]]] = defaultdict(list)
    for fact in held:
        if fact[rule.link] is None:
            continue
        if any(_answers(watch, fact) for watch in rule.opened_by):
            clocks[fact[rule.link]].append((False, fact["fact"] in done, fact))
        if rule.then and any(_answers(watch, fact) for watch in rule.completed_by):
            clocks[fact[rule.link]].append((True, True, fact))
    return [_one_clock(found) for found in clocks.values()]


def _one_clock(found: list[tuple[bool, bool, Fact]]) -> list[tuple[Fact, bool]]:
    found.sort(key=lambda one: (one[2]["on"], one[0], one[1], one[2]["at"] or NEVER, one[2]["ref"], one[2]["fact"]))
    kept: list[tuple[Fact, bool]] = []
    seen: set[tuple[date, bool]] = set()
    open_already = False
    for closing, strict, fact in found:
        day = (fact["on"], closing)
        if strict and day in seen:
            continue
        if strict:
            seen.add(day)
        open_already = open_already or not closing
        if open_already:
            kept.append((fact, strict))
    return kept


def _first(watches: Iterable[Watch], held: list[Fact], opener: Fact, since: Any) -> Fact | None:
    found = [
        fact
        for watch in watches
        for fact in held
        if _answers(watch, fact)
        and fact["outcome"] != "voided"
        and fact[watch.link] is not None
        and fact[watch.link] == opener[watch.link]
        and fact["on"] >= since(watch)
    ]
    return min(found, key=lambda fact: (fact["on"], fact["at"] or NEVER, fact["ref"]), default=None)


def _fits(rule: Rule, fact: Fact, held: list[Fact], born: date | None) -> bool:
    on = fact["on"]
    age = 0 if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if rule.child_age_from is not None and age < rule.child_age_from:
        return False
    if rule.child_age_under is not None and age >= rule.child_age_under:
        return False
    return all(_holds(condition, held, on) != condition.absent for condition in rule.conditions)


def _holds(condition: While, held: list[Fact], on: date) -> bool:
    return any(fact["fact"] == f"{condition.period}.started" and _running(condition, fact, held, on) for fact in held)


def _running(condition: While, start: Fact, held: list[Fact], on: date) -> bool:
    ends = [f["on"] for f in held if f["fact"] == f"{condition.period}.ended" and f["ref"] == start["ref"]]
    if start["on"] > on or (ends and min(ends) <= on):
        return False
    if condition.codes and start["code"] not in condition.codes:
        return False
    if start["code"] in condition.not_codes:
        return False
    mover = Reference([], [])
    if condition.age_from and mover._move(start["on"], condition.age_from) > on:
        return False
    return not (condition.age_under and mover._move(start["on"], condition.age_under) <= on)


def _state(row: Row, voided: bool, on: date) -> Row:
    met = row["met_on"] is not None and row["met_on"] <= on
    ended = row["ended_on"] is not None and row["ended_on"] <= on
    excused = row["excused_on"] is not None and row["excused_on"] <= on
    if voided:
        return {"state": "voided", "days_late": 0}
    until = row["met_on"] if met else row["excused_on"] if excused else row["ended_on"] if ended else on
    late = max(0, (until - row["due_on"]).days)
    if met:
        by_moment = row["due_at"] is not None and row["met_at"] is not None
        on_time = row["met_at"] <= row["due_at"] if by_moment else row["met_on"] <= row["due_on"]
        return {"state": "met" if on_time else "met_late", "days_late": late}
    if excused:
        return {"state": "not_required", "days_late": late}
    if ended:
        return {"state": "ended", "days_late": late}
    if on > row["due_on"]:
        return {"state": "overdue", "days_late": late}
    return {"state": "due_soon" if row["warn_on"] <= on else "not_due", "days_late": late}


_PLACES = {"opened": 0, "started": 0, "happened": 1, "done": 2, "ended": 2}


def _flag(fact: Fact, held: list[Fact], born: date | None) -> str | None:
    kind, moment = fact["fact"].split(".")
    if moment not in _PLACES:
        return None
    first = born - timedelta(days=280 if kind in before_birth() else 0) if born else date.min
    if fact["on"] < first:
        return "before birth"
    for other in held:
        its_kind, its_moment = other["fact"].split(".")
        same = other["ref"] is not None and other["ref"] == fact["ref"] and its_kind == kind
        if same and _PLACES.get(its_moment, 9) < _PLACES[moment] and other["on"] > fact["on"]:
            return "out of order"
    return None
