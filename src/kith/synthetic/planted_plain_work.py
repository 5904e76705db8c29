"""One failure for each safeguard of plain work: while and after a child is missing, before court, checks and audits."""

from collections.abc import Callable
from datetime import date

from kith.synthetic.front_door import Town
from kith.synthetic.planted import Free, Planted, drop
from kith.synthetic.planted_controls import EACH, ago, failures, few_of
from kith.synthetic.world import Row


def plant_for_plain_work(town: Town, free: Free) -> tuple[Planted, ...]:
    """Put every one of them into the rows and list them."""
    return tuple(item for part in PARTS for item in part(town, free))


def _work(town: Town, kind: str, first: date, last: date, soon: int) -> list[Row]:
    """Work of a kind begun on these days and done so soon after: nothing is wrong with it yet."""
    return [
        row
        for row in town.world.rows.of("kith_work")
        if row["work_kind"] == kind
        and first <= row["work_opened_date"] <= last
        and row["work_done_date"]
        and (row["work_done_date"] - row["work_opened_date"]).days <= soon
    ]


def _undone(
    control: str, kind: str, what: str, *, days: tuple[int, int], soon: int
) -> Callable[[Town, Free], list[Planted]]:
    """A failure that is work begun some days ago and never done."""

    def plant(town: Town, free: Free) -> list[Planted]:
        rows = few_of(free, _work(town, kind, ago(town, days[0]), ago(town, days[1]), soon), "work_person_id")
        undone = {f"{kind}:{row['work_table_id']}" for row in rows}
        for row in rows:
            row |= {"work_done_date": None, "work_outcome": None}
        drop(town, "kith_work", lambda row: row.get("work_follows") in undone)
        return failures(control, what, rows, "work_table_id", "work_person_id")

    return plant


def _without(control: str, kind: str, what: str) -> Callable[[Town, Free], list[Planted]]:
    """A failure that is work before court begun, and this never done."""

    def plant(town: Town, free: Free) -> list[Planted]:
        begun = [
            row
            for row in town.world.rows.of("ssd_pre_proceedings")
            if ago(town, 300) <= row["prep_pre_pro_decision_date"] <= ago(town, 20)
            and _has(town, kind, row["prep_person_id"], row["prep_pre_pro_decision_date"])
        ]
        newest = sorted(begun, key=lambda row: row["prep_pre_pro_decision_date"], reverse=True)
        rows = few_of(free, newest, "prep_person_id")
        people = {row["prep_person_id"] for row in rows}
        drop(town, "kith_work", lambda row: row["work_kind"] == kind and row["work_person_id"] in people)
        return failures(control, what, rows, "prep_table_id", "prep_person_id")

    return plant


def _has(town: Town, kind: str, person: str, day: date) -> bool:
    """Whether it was done in the ten working days from a day on."""
    last = town.world.days.add(day, 10)
    for row in town.world.rows.of("kith_work"):
        if row["work_kind"] == kind and row["work_person_id"] == person:
            when = row.get("work_opened_date") or row["work_done_date"]
            if when and day <= when <= last:
                return True
    return False


def _of_episode(control: str, kind: str, what: str, *, gone: int) -> Callable[[Town, Free], list[Planted]]:
    """A failure that is a time missing of so many days, and this never done about it."""

    def plant(town: Town, free: Free) -> list[Planted]:
        done = {row["work_belongs_to"] for row in town.world.rows.of("kith_work") if row["work_kind"] == kind}
        ended = [
            row
            for row in town.world.rows.of("ssd_missing")
            if (end := row["miss_missing_episode_end_date"])
            and ago(town, 300) <= end <= ago(town, 12)
            and (end - row["miss_missing_episode_start_date"]).days >= gone
            and f"missing:{row['miss_table_id']}" in done
        ]
        newest = sorted(ended, key=lambda row: row["miss_missing_episode_end_date"], reverse=True)
        rows = few_of(free, newest, "miss_person_id")
        spans = {f"missing:{row['miss_table_id']}" for row in rows}
        drop(town, "kith_work", lambda row: row["work_kind"] == kind and row["work_belongs_to"] in spans)
        return failures(control, what, rows, "miss_table_id", "miss_person_id")

    return plant


def _unmoderated(town: Town, free: Free) -> list[Planted]:
    rows = town.world.rows.of("kith_work")
    in_time = {row["work_follows"] for row in rows if row["work_kind"] == "audit_moderation" and row["work_done_date"]}
    audits = [
        row
        for row in _work(town, "case_audit", ago(town, 150), ago(town, 45), 13)
        if f"case_audit:{row['work_table_id']}" in in_time
    ]
    chosen = few_of(free, audits, "work_person_id")
    gone = {f"case_audit:{row['work_table_id']}" for row in chosen}
    drop(town, "kith_work", lambda row: row["work_kind"] == "audit_moderation" and row["work_follows"] in gone)
    what = "An audit was finished, and nobody tested its grade"
    return failures("audits_moderated", what, chosen, "work_table_id", "work_person_id")


SOON = 14  # days in which a complaint is surely answered in time


def _unanswered(town: Town, free: Free) -> list[Planted]:
    rows = town.world.rows.of("kith_work")
    answered = {row["work_follows"]: row["work_done_date"] for row in rows if row["work_kind"] == "complaint_response"}
    complaints = [
        row
        for row in rows
        if row["work_kind"] == "complaint"
        and ago(town, 200) <= row["work_opened_date"] <= ago(town, 40)
        and (answered[f"complaint:{row['work_table_id']}"] - row["work_opened_date"]).days <= SOON
    ]
    chosen = few_of(free, complaints, "work_person_id")
    gone = {f"complaint:{row['work_table_id']}" for row in chosen}
    drop(town, "kith_work", lambda row: row.get("work_follows") in gone)
    what = "Somebody complained, and nobody answered"
    return failures("complaints_answered", what, chosen, "work_table_id", "work_person_id")


def _nobody_looks_in(town: Town, free: Free) -> list[Planted]:
    begun = [
        row
        for row in town.world.rows.of("kith_work")
        if row["work_kind"] == "private_fostering"
        and row["work_opened_date"] <= ago(town, 70)
        and row["work_done_date"] is None
    ]
    newest = sorted(begun, key=lambda row: row["work_opened_date"], reverse=True)
    rows, last = few_of(free, newest, "work_person_id"), ago(town, 60)
    of = {row["work_follows"] for row in rows}
    drop(town, "kith_work", lambda row: _is_late_visit(row, of, last))
    what = "Privately fostered, and nobody has visited for two months"
    return failures("private_fostering_visits", what, rows, "work_table_id", "work_person_id")


def _is_late_visit(row: Row, of: set[str], last: date) -> bool:
    visited = row["work_kind"] == "private_fostering_visit" and row.get("work_follows") in of
    return bool(visited and row["work_happened_date"] > last)


def plant_allegations(town: Town) -> tuple[Planted, ...]:
    """Allegations that nobody weighed. The people are no children, and nothing else is planted on them."""
    reported = [
        row
        for row in town.world.rows.of("kith_work")
        if row["work_kind"] == "allegation" and ago(town, 100) <= row["work_opened_date"] <= ago(town, 20)
    ]
    rows = reported[:EACH]
    of = {f"allegation:{row['work_table_id']}" for row in rows}
    drop(town, "kith_work", lambda row: row.get("work_follows") in of)
    what = "Somebody who works with children was reported, and nobody weighed it"
    return tuple(failures("allegations_weighed", what, rows, "work_table_id", "work_person_id"))


PARTS: tuple[Callable[[Town, Free], list[Planted]], ...] = (
    _without("relatives_looked_at", "viability", "Work before court began, and no relative or friend was looked at"),
    _without(
        "family_meetings_offered", "family_meeting_offer", "Work before court began, and no family meeting was offered"
    ),
    _of_episode("plans_for_next_time", "missing_plan", "Came back, and nobody planned for the next time", gone=0),
    _of_episode("long_missing_seen", "missing_oversight", "Missing for days, and no manager was told", gone=2),
    _undone(
        "interviews_change_plans", "risk_plan", "An interview found a risk, and nothing changed", days=(90, 12), soon=5
    ),
    _undone(
        "exploitation_screened",
        "exploitation_screening",
        "A worry about exploitation was never screened",
        days=(200, 12),
        soon=5,
    ),
    _undone("agency_checks_answered", "agency_check", "An agency was asked, and never answered", days=(90, 12), soon=5),
    _undone(
        "audit_actions_done",
        "audit_action",
        "An audit asked for something, and it was not done",
        days=(250, 45),
        soon=5,
    ),
    _unmoderated,
    _unanswered,
    _nobody_looks_in,
)
