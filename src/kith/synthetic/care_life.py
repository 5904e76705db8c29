"""The life of a child in care as the record sees it: visits, reviews, health, school, feelings and plans."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from kith.synthetic.days import plus_months
from kith.synthetic.outcomes import CARE_PLAN, outcome
from kith.synthetic.visiting import Visit, alone_flag, note, visit_days, yes
from kith.synthetic.world import World, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kith.synthetic.homes import Home
    from kith.synthetic.lived import Care

DAY = timedelta(days=1)


def live(world: World, care: Care) -> None:
    """Record everything that happens to a looked-after child between coming into care and leaving it."""
    last = min(care.stay.exit or world.on, world.on)
    _visits(world, care)
    _reviews(world, care, last)
    _health(world, care, last)
    _dental(world, care, last)
    _feelings(world, care, last)
    _school(world, care, last)
    _plans(world, care, last)
    if care.stay.alone:
        _immigration(world, care)


def _visits(world: World, care: Care) -> None:
    for home in care.homes:
        end = (home.end or world.on) - timedelta(days=1 if home.end else 0)
        for day, seen in _visit_days(world, care, home, end):
            visit = world.id("VL")
            world.rows.add(
                "ssd_cla_visits",
                clav_cla_visit_id=visit,
                clav_cla_id=care.id,
                clav_person_id=care.child.id,
                clav_cla_visit_date=day,
                clav_cla_visit_seen=yes(seen),
                clav_cla_visit_seen_alone=alone_flag(world, care.child, seen, day),
            )
            note(world, visit, care.child, day, seen)


def _visit_days(world: World, care: Care, home: Home, end: date) -> Iterator[Visit]:
    """Every six weeks at most; with parents under an order weekly at first, then every four."""
    if home.place != "P1":
        yield from visit_days(world, start=home.start, end=end, first=5, usual=(17, 29), late=(31, 37), late_percent=5)
        return
    orders = [status.start for status in care.statuses if home.start <= status.start <= end]
    marks = sorted({home.start, *orders})
    for start, following in zip(marks, [*marks[1:], end + DAY], strict=True):
        first = min(start + 34 * DAY, following - DAY)
        yield from visit_days(world, start=start, end=first, first=3, usual=(3, 4), late=(5, 7), late_percent=3)
        yield from visit_days(
            world, start=first + DAY, end=following - DAY, first=3, usual=(10, 18), late=(21, 24), late_percent=4
        )


def _reviews(world: World, care: Care, last: date) -> None:
    due = world.days.add(care.stay.entry, 20)
    placed = [world.days.add(home.start, 15) for home in care.homes if home.place == "A6"]
    number = 0
    while True:
        late = world.happens("care review late", 4)
        when = world.later(due, 1, 12) if late else world.days.back(due, world.between(1, 5 if number == 0 else 15))
        if when > last:
            return
        if placed and when >= placed[0]:  # a home with adopters is reviewed within four weeks
            when = placed.pop()
            due = when + 10 * DAY
        _review(world, care, due, when)
        number += 1
        due = plus_months(when, 3 if number == 1 else 6)


def _review(world: World, care: Care, due: date, when: date) -> None:
    young = care.child.age(when) < 4
    shares = {"PN1": 52, "PN2": 6, "PN3": 3, "PN4": 5, "PN5": 12, "PN6": 16, "PN7": 6}
    world.rows.add(
        "ssd_cla_reviews",
        clar_cla_review_id=world.id("RV"),
        clar_cla_id=care.id,
        clar_cla_review_due_date=due,
        clar_cla_review_date=when,
        clar_cla_review_cancelled="N",
        clar_cla_review_participation="PN0" if young else world.share("participation", shares),
    )


def _health(world: World, care: Care, last: date) -> None:
    target = settings("targets")["care"]
    first_late = world.happens("first health late", 32)
    day = world.later(care.stay.entry, 21, 45) if first_late else world.later(care.stay.entry, 8, 20)
    while day <= last:
        _check(world, care, "Health assessment", day)
        under = care.child.age(day) < 5
        often = 0.4 if under else 2  # twice a year leaves little room to miss one
        late = world.happens(f"health late {under}", often * (100 - target["health_percent"]))
        gap = world.between(150, 182) if under else world.between(320, 364)
        day = world.days.add(day + timedelta(days=gap + (world.between(60, 200 if under else 330) if late else 0)), 0)


def _dental(world: World, care: Care, last: date) -> None:
    day = world.later(care.stay.entry, 20, 90)
    while day <= last:
        if care.child.age(day) >= 1:
            _check(world, care, "Dental check", day)
        late = world.happens("dental late", 1.3 * (100 - settings("targets")["care"]["dental_percent"]))
        day = world.days.add(
            day + timedelta(days=world.between(300, 360) + (world.between(100, 320) if late else 0)), 0
        )
    _eyes(world, care, last)
    _immunisations(world, care, last)


def _immunisations(world: World, care: Care, last: date) -> None:
    """Whether they are up to date: noted on each 31 March, when the return of the year asks, and on the last day."""
    immunised = settings("targets")["care"]["immunised_percent"]
    status = yes(world.happens(f"immunised {_settled(world, care)}", immunised))
    ends = (date(year, 3, 31) for year in range(care.stay.entry.year, last.year + 1))
    for day in [*(end for end in ends if care.stay.entry < end < last), last]:
        world.rows.add(
            "ssd_cla_immunisations",
            clai_person_id=care.child.id,
            clai_immunisations_status=status,
            clai_immunisations_status_date=day,
        )


def _settled(world: World, care: Care) -> bool:
    """In care today for a year or more: the children the yearly return counts."""
    return care.open_on(world.on) and (world.on - care.stay.entry).days >= 365


def _eyes(world: World, care: Care, last: date) -> None:
    day = world.later(care.stay.entry, 40, 180)
    while day <= last:
        _check(world, care, "Optician check", day)
        late = world.happens("eyes late", 10)
        day = world.days.add(day + timedelta(days=world.between(310, 362) + (90 if late else 0)), 0)


def _check(world: World, care: Care, kind: str, day: date) -> None:
    world.rows.add(
        "ssd_cla_health",
        clah_health_check_id=world.id("HC"),
        clah_person_id=care.child.id,
        clah_health_check_type=kind,
        clah_health_check_date=day,
        clah_health_check_status="Completed",
    )


def _feelings(world: World, care: Care, last: date) -> None:
    """A strengths and difficulties questionnaire a year from age 4 to 16, scored as the published bands are."""
    day = care.stay.entry + timedelta(days=world.between(40, 200))
    bands = settings("targets")["care"]["sdq"]
    while day <= last:
        if 4 <= care.child.age(day) <= 16:
            got = world.happens("questionnaire back", 94)
            low, high = bands[world.share("questionnaire", {key: band[2] for key, band in bands.items()})][:2]
            world.rows.add(
                "ssd_sdq_scores",
                csdq_table_id=world.id("SD"),
                csdq_person_id=care.child.id,
                csdq_sdq_completed_date=day,
                csdq_sdq_reason=None if got else world.one(("SDQ2", "SDQ4", "SDQ5")),
                csdq_sdq_score=str(world.between(low, high)) if got else None,
            )
        day += timedelta(days=world.between(340, 364))


def _school(world: World, care: Care, last: date) -> None:
    """A personal education plan within ten working days, then each term, from age 3."""
    late = world.happens("first school plan late", 15)
    day = world.later(care.stay.entry, 11, 20) if late else world.later(care.stay.entry, 5, 10)
    while day <= last:
        if care.child.age(day) >= 3 and day.month != 8:
            world.rows.add(
                "kith_pep",
                pepl_table_id=world.id("PE"),
                pepl_person_id=care.child.id,
                pepl_cla_id=care.id,
                pepl_date=day,
                pepl_quality=world.share("school plan", {"good": 62, "enough": 30, "not enough": 8}),
            )
        day = world.days.add(day + timedelta(days=world.between(100, 122)), 0)


def _plans(world: World, care: Care, last: date) -> None:
    first = _plan_key(care, soon=True)
    settled = world.happened(care.stay.entry + timedelta(days=world.between(150, 300)))
    if settled is None or settled >= last:
        _plan(world, care, care.stay.entry, world.happened(care.stay.exit), first)
        return
    _plan(world, care, care.stay.entry, settled - timedelta(days=1), first)
    _plan(world, care, settled, world.happened(care.stay.exit), _plan_key(care, soon=False))


def _plan_key(care: Care, *, soon: bool) -> str:
    if care.stay.alone or care.homes[-1].place in ("K3", "H5"):
        return "SUPPLIV"
    if care.stay.reason == "E12" or any(status.code == "E1" for status in care.statuses):
        return "RETURN6M" if soon else "ADOPTION"
    if care.stay.reason in ("E4A", "E4B"):
        return "RETURN6M"
    return "RETURNEV" if soon else "LTFOST18"


def _plan(world: World, care: Care, start: date, end: date | None, key: str) -> None:
    world.rows.add(
        "ssd_cla_care_plan",
        lacp_table_id=world.id("CP"),
        lacp_person_id=care.child.id,
        lacp_cla_care_plan_start_date=start,
        lacp_cla_care_plan_end_date=end,
        lacp_cla_care_plan_json=outcome(CARE_PLAN, key),
    )


def _immigration(world: World, care: Care) -> None:
    world.rows.add(
        "ssd_immigration_status",
        immi_person_id=care.child.id,
        immi_immigration_status_id=world.id("IM"),
        immi_immigration_status="UASC",
        immi_immigration_status_start_date=care.stay.entry,
        immi_immigration_status_end_date=world.happened(care.stay.exit or care.stay.leaves_at_18),
    )
