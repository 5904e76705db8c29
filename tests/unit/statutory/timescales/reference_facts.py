"""What follows from what is held, again in plain Python, a child at a time: to check that the columns say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

Row = dict[str, Any]


def following(
    steps: list[Row], periods: list[Row], parts: list[Row], births: list[Row], promises: list[Row]
) -> Iterator[Row]:
    """The facts that follow from what is held of these children, in no order."""
    yield from _decided(promises)
    born = {row["child"]: row for row in births}
    for child in sorted({row["child"] for row in (*steps, *periods)}):
        own = [[row for row in rows if row["child"] == child] for rows in (steps, periods, parts)]
        yield from _visits(own[0])
        yield from _placed(own[0], own[1])
        yield from _interviews(own[0])
        yield from _named(*own)
        if child in born:
            yield from _unborn(own[0], own[1], born[child])


def _fact(row: Row, fact: str, on: date, **more: Any) -> Row:
    blank = dict.fromkeys(("at", "code", "outcome", "span", "parent"))
    return blank | {"child": row["child"], "fact": fact, "on": on, "counts": True} | more


def _visits(steps: list[Row]) -> Iterator[Row]:
    for row in steps:
        if row["kind"] != "visit" or row["happened_on"] is None:
            continue
        told = {name: row[name] for name in ("ref", "span", "code")} | {"at": row["happened_at"]}
        if row["code"] == "cla" and row["outcome"] == "seen_alone":
            yield _fact(row, "seen_alone.done", row["happened_on"], **told)
        if row["code"] == "cp" and row["done_on"] is not None and row["counts"] is not False:
            yield _fact(row, "visit_record.opened", row["happened_on"], **told)


def _placed(steps: list[Row], periods: list[Row]) -> Iterator[Row]:
    held = [row for row in steps if row["happened_on"] and row["counts"] is not False]
    reviews = [
        row["happened_on"]
        for row in held
        if row["kind"] == "care_review" or (row["kind"], row["code"]) == ("adoption_review", "placed")
    ]
    homes = [row for row in periods if row["kind"] == "home" and row["code"] in ("A3", "A4", "A5", "A6")]
    for row in held:
        day = row["happened_on"]
        if (row["kind"], row["code"]) == ("visit", "cla") and any(
            home["started_on"]
            and home["started_on"] <= day <= (home["ended_on"] or day)
            and not any(home["started_on"] <= review <= day for review in reviews)
            for home in homes
        ):
            told = {name: row[name] for name in ("ref", "span", "code")} | {"at": row["happened_at"]}
            yield _fact(row, "placed_visit.happened", day, **told)


def _interviews(steps: list[Row]) -> Iterator[Row]:
    for row in steps:
        known = row["done_on"] is not None or row["ref"].startswith("return_interview:kith-")
        if row["kind"] == "return_interview" and row["happened_on"] and row["counts"] is not False and known:
            told = {"at": row["happened_at"], "ref": row["ref"], "span": row["span"]}
            yield _fact(row, "return_interview_record.opened", row["happened_on"], **told)


def _decided(promises: list[Row]) -> Iterator[Row]:
    for row in promises:
        for moment, day in (("planned", row["due_on"]), ("done", row["done_on"]), ("dropped", row["dropped_on"])):
            if row["made_in"] == "strategy_meeting" and day:
                yield _fact(row, f"strategy_action.{moment}", day, ref=row["ref"])


def _named(steps: list[Row], periods: list[Row], parts: list[Row]) -> Iterator[Row]:
    began = [part for part in parts if part["started_on"] is not None and part["role"]]
    workers = [part for part in began if part["role"].startswith("Allocated")]
    officers = [part for part in began if part["role"] == "Reviewing officer"]
    spans = set()
    for row in sorted(steps, key=lambda step: (step["done_on"] or date.max, step["ref"])):
        if row["kind"] == "referral" and row["outcome"] == "accepted" and row["done_on"]:
            if row["span"] in spans:
                continue
            found = _first(workers, row["opened_on"], row["done_on"])
            if found:
                spans.add(row["span"])
                yield _fact(row, "allocation.done", found[0], ref=found[1], span=row["span"])
    for row in periods:
        if row["kind"] == "care" and row["started_on"]:
            found = _first(officers, row["started_on"], row["started_on"])
            if found:
                yield _fact(row, "reviewing_officer.started", found[0], ref=found[1], span=row["ref"])
    for part in began:
        if part["role"] == "Personal adviser":
            yield _fact(part, "personal_adviser.started", part["started_on"], ref=part["ref"])


def _first(parts: Iterable[Row], since: date | None, asked: date) -> tuple[date, str] | None:
    """The day from which somebody was named, and who: the first who was there then, or came after."""
    there = [
        (max(part["started_on"], asked), part["started_on"], part["ref"])
        for part in parts
        if since is None or part["ended_on"] is None or part["ended_on"] > since or part["started_on"] >= since
    ]
    day, _, ref = min(there, default=(None, None, None))
    return (day, ref) if day and ref else None


def _unborn(steps: list[Row], periods: list[Row], birth: Row) -> Iterator[Row]:
    def before(day: date | None) -> bool:
        return day is not None and (day < birth["dob"] if birth["dob"] else birth["expected"] is not None)

    if birth["expected"]:
        yield _fact(birth, "birth.expected", birth["expected"], ref="birth")
    if birth["dob"] and any(row["kind"] == "cp_plan" and before(row["started_on"]) for row in periods):
        yield _fact(birth, "birth.happened", birth["dob"], ref="birth")
    for row in steps:
        led = row["kind"] == "referral" or (row["kind"] == "section47" and row["outcome"] == "icpc")
        if led and before(row["opened_on"]):
            told = {"at": row["opened_at"], "ref": row["ref"], "span": row["span"]}
            yield _fact(row, f"prebirth_{row['kind']}.opened", row["opened_on"], **told)
