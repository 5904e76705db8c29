"""Initial conferences, child protection plans, and the core groups, visits and reviews that keep them."""

from datetime import date, timedelta

from kith.synthetic.case import Case
from kith.synthetic.days import birthday, plus_months
from kith.synthetic.outcomes import CONFERENCE, outcome
from kith.synthetic.people import Child
from kith.synthetic.visiting import alone_flag, note, visit_days, yes
from kith.synthetic.world import World, settings

CATEGORIES = {"NEG": "neglect", "PHY": "physical", "SAB": "sexual", "EMO": "emotional"}
REVIEWS = {
    "first_review": 1,
    "before_6_months": 1,
    "second_review": 2,
    "third_review": 3,
    "fourth_review": 4,
    "fifth_review": 5,
}


def confer(case: Case, day: date, enquiries: dict[str, str], *, started: date, plan: bool) -> date | None:
    """Hold the initial conference and, where it decides so, keep the plans to their end.

    Gives the day the plans end (which may be after the story ends), or nothing when no plan was made.
    """
    world = case.world
    if day > world.on:
        return None
    meeting = world.id("M")
    category = world.share("category", settings("targets")["protection"]["categories"], len(case.children))
    held = _Held(case, day, meeting, category)
    ends = _plan_end(world, held) if plan else None
    for child in case.children:
        conference, made = world.id("K"), world.id("L") if plan else None
        _conference(held, child, conference, made, enquiries.get(child.id), started)
        if made and ends:
            _plan(held, child, conference, made, ends)
    return ends


class _Held:
    """A conference that was held, and the plans it made for brothers and sisters."""

    def __init__(self, case: Case, day: date, meeting: str, category: str) -> None:
        self.case, self.day, self.meeting, self.category = case, day, meeting, category
        self.reviews: list[tuple[date, date, str]] = []
        self.visits: list[tuple[date, bool]] = []
        self.groups: list[date] = []


def _conference(
    held: _Held, child: Child, conference: str, plan: str | None, enquiry: str | None, started: date
) -> None:
    case, world = held.case, held.case.world
    world.rows.add(
        "ssd_initial_cp_conference",
        icpc_icpc_id=conference,
        icpc_icpc_meeting_id=held.meeting,
        icpc_s47_enquiry_id=enquiry,
        icpc_person_id=child.id,
        icpc_cp_plan_id=plan,
        icpc_referral_id=case.ref(child),
        icpc_icpc_transfer_in="N",
        icpc_icpc_target_date=world.days.add(started, 15),
        icpc_icpc_date=held.day,
        icpc_icpc_outcome_cp_flag=yes(plan is not None),
        icpc_icpc_outcome_json=outcome(CONFERENCE, "CP_FLAG" if plan else "PROV_OF_SERVICES_FLAG"),
        icpc_icpc_team=case.staff.team_ids["review"],
        icpc_icpc_worker_id=case.staff.anyone("review", "reviewing_officer", held.day),
    )


def _plan_end(world: World, held: _Held) -> date:
    """Lay out the plan's reviews, core groups and visits, and give the day it ends."""
    kind = world.share("plan ends", settings("targets")["protection"]["ended"], len(held.case.children))
    count, last = REVIEWS[kind], held.day
    for number in range(count):
        due = plus_months(last, 3 if number == 0 else 6)
        late = world.happens("review late", 2.9, len(held.case.children))
        when = world.later(due, 2, 15) if late else world.days.back(due, world.between(1, 9 if number == 0 else 20))
        held.reviews.append((due, when, world.id("M")))
        last = when
    end = last if kind != "before_6_months" else last + timedelta(days=world.between(25, 85))
    if kind != "before_6_months":
        held.groups = _core_groups(world, held.day, end)
    end = min(end, min(birthday(child.dob, 18) for child in held.case.children))
    held.groups = held.groups or _core_groups(world, held.day, end)
    held.visits = list(
        visit_days(world, start=held.day, end=end, first=5, usual=(5, 10), late=(11, 15), late_percent=6)
    )
    return end


def _core_groups(world: World, start: date, end: date) -> list[date]:
    days, day = [], world.later(start, 6, 10) if world.happens("core group in time", 93) else world.later(start, 11, 15)
    while day < end and day <= world.on:
        days.append(day)
        late = world.happens("later core group late", 8)
        day = world.days.add(day + timedelta(days=world.between(44, 55) if late else world.between(28, 40)), 0)
    return days


def _plan(held: _Held, child: Child, conference: str, plan: str, end: date) -> None:
    case, world = held.case, held.case.world
    words = CATEGORIES[held.category]
    world.rows.add(
        "ssd_cp_plans",
        cppl_cp_plan_id=plan,
        cppl_referral_id=case.ref(child),
        cppl_icpc_id=conference,
        cppl_person_id=child.id,
        cppl_cp_plan_start_date=held.day,
        cppl_cp_plan_end_date=world.happened(end),
        cppl_cp_plan_initial_category=words,
        cppl_cp_plan_ola="N",
        cppl_cp_plan_latest_category=words if world.chance.random() < 0.94 else "neglect",
    )
    for day, seen in held.visits:
        _visit(world, child, plan, day, seen)
    for day in held.groups:
        world.rows.add(
            "kith_core_group",
            core_table_id=world.id("CG"),
            core_person_id=child.id,
            core_cp_plan_id=plan,
            core_date=day,
        )
    for due, when, meeting in held.reviews:
        if when <= min(world.on, end):
            _review(world, child, plan, due, when, meeting, ends=when == end)


def _visit(world: World, child: Child, plan: str, day: date, seen: bool) -> None:
    visit = world.id("VP")  # for an unborn baby, seen says that the mother was
    world.rows.add(
        "ssd_cp_visits",
        cppv_cp_visit_id=visit,
        cppv_person_id=child.id,
        cppv_cp_plan_id=plan,
        cppv_cp_visit_date=day,
        cppv_cp_visit_seen=yes(seen),
        cppv_cp_visit_seen_alone=alone_flag(world, child, seen, day),
        cppv_cp_visit_bedroom=yes(seen and world.chance.random() < 0.55),
    )
    note(world, visit, child, day, seen)


def _review(world: World, child: Child, plan: str, due: date, when: date, meeting: str, *, ends: bool) -> None:
    world.rows.add(
        "ssd_cp_reviews",
        cppr_cp_review_id=world.id("CR"),
        cppr_person_id=child.id,
        cppr_cp_plan_id=plan,
        cppr_cp_review_due=due,
        cppr_cp_review_date=when,
        cppr_cp_review_meeting_id=meeting,
        cppr_cp_review_outcome_continue_cp=yes(not ends),
        cppr_cp_review_quorate=yes(world.chance.random() < 0.97),
        cppr_cp_review_participation="PN0" if child.age(when) < 4 else world.one(("PN1", "PN2", "PN5", "PN6")),
    )
