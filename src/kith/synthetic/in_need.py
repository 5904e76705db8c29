"""Child in need plans and the visits under them."""

from datetime import date, timedelta

from kith.synthetic.case import Case
from kith.synthetic.people import Child
from kith.synthetic.visiting import alone_flag, note, visit_days, yes


def support(case: Case, start: date, end: date, children: list[Child] | None = None) -> None:
    """Give each child a plan from `start` to `end` (both count) with visits about every three weeks."""
    world, among = case.world, children or case.children
    if start > world.on or end <= start:
        return
    worker = case.hold(case.supporting, "social_worker", start, end, among).worker(start)
    for child in among:
        world.rows.add(
            "ssd_cin_plans",
            cinp_cin_plan_id=world.id("N"),
            cinp_referral_id=case.ref(child),
            cinp_person_id=child.id,
            cinp_cin_plan_start_date=start,
            cinp_cin_plan_end_date=world.happened(end),
            cinp_cin_plan_team=case.staff.team_ids[case.supporting],
            cinp_cin_plan_worker_id=worker,
        )
    days = visit_days(world, start=start, end=end, first=12, usual=(11, 19), late=(21, 28), late_percent=7)
    for day, seen in days:
        for child in among:
            _visit(case, child, day, seen)


def see(case: Case, day: date, children: list[Child] | None = None) -> None:
    """Record that a worker saw the children of an open case on `day`, as an assessment or an enquiry asks."""
    if day <= case.world.on:
        for child in children or case.children:
            _visit(case, child, day, seen=True)


def _visit(case: Case, child: Child, day: date, seen: bool) -> None:
    world = case.world
    visit = world.id("VN")
    world.rows.add(
        "ssd_cin_visits",
        cinv_cin_visit_id=visit,
        cinv_person_id=child.id,
        cinv_cin_visit_date=day,
        cinv_cin_visit_seen=yes(seen),
        cinv_cin_visit_seen_alone=alone_flag(world, child, seen, day),
        cinv_cin_visit_bedroom=yes(seen and world.chance.random() < 0.4),
    )
    note(world, visit, child, day, seen)


def plan_length(case: Case) -> timedelta:
    """Draw how long a child in need plan lasts; the mean keeps the published number open."""
    return timedelta(days=round(25 + case.world.chance.expovariate(1 / 243)))
