"""Single assessments: how long they take, what they find and what follows."""

import json
from datetime import date, timedelta
from typing import Any

from kith.synthetic.case import Case
from kith.synthetic.days import census_day
from kith.synthetic.in_need import see
from kith.synthetic.outcomes import ASSESSMENT, outcome
from kith.synthetic.people import Child
from kith.synthetic.world import World, settings

LIMIT = 45  # working days
NOTHING_FOUND = 90  # assumption: of assessments after which nothing follows


def assess(
    case: Case, *, end: str, start: date | None = None, by: date | None = None, until: date | None = None
) -> date:
    """Assess every child of a case and give the day the manager signed it off.

    `end` is the outcome key that follows, such as "NFA_FLAG" or "PROV_OF_SERVICES_FLAG". It is signed off `by` a day,
    if one is given; and `until` is the day an enquiry or decision beside it ends.
    """
    world = case.world
    start = start or case.day
    begun = world.days.add(start, 0 if world.chance.random() < 0.7 else 1)
    if until and begun > census_day(start):
        begun = start  # an enquiry does not wait until April for the assessment that it is carried out through
    signed = world.days.add(begun, _length(world, begun, len(case.children)))
    signed = _in_its_census(world, begun, max(min(signed, by or signed), begun), until)
    worker = case.staff.anyone(case.assessing, "social_worker", begun)
    factors = _factors(world, case, needs=end != "NFA_FLAG")
    soon = world.happens("seen soon", 91)
    seen = world.later(max(case.decided, begun), 1, 4) if soon else world.later(max(case.decided, begun), 6, 11)
    see(case, min(seen, max(signed, case.decided)))
    for child in case.children:
        if begun <= world.on:
            _write(case, child, begun, signed, end, worker, factors)
    return signed


def _length(world: World, begun: date, children: int) -> int:
    target: dict[str, Any] = settings("targets")["assessment"]
    year = world.year(begun + timedelta(days=70))  # it is published for the year it ends in
    in_time = world.happens(f"45 days {year}", target["in_45_percent"][year], children)
    bands = {key: float(band[2]) for key, band in target["bands"].items() if (band[1] <= 45) == in_time}
    low, high = target["bands"][world.share(f"assessment band {in_time}", bands, children)][:2]
    return world.between(low, high)


def _in_its_census(world: World, begun: date, signed: date, until: date | None) -> date:
    """Give the day of signing off, as what a census asks of 31 March moves it.

    What goes on beside an assessment into the next year takes the assessment with it. One that has been open for 45
    working days is signed off before anybody asks why it is not.
    """
    census = census_day(begun)
    if until and signed <= census < until:
        return world.days.add(until, 0)
    return world.days.last(census) if signed > census and world.days.between(begun, census) >= LIMIT else signed


def _factors(world: World, case: Case, *, needs: bool) -> list[str]:
    """Draw what was found; nothing only where nothing follows, for the census asks why anything should."""
    target = settings("targets")["assessment"]["factors"]
    if not needs and world.happens("nothing found", NOTHING_FOUND, len(case.children)):
        return ["21"]
    found = [
        code
        for code, count in target.items()
        if code != "of" and world.happens(f"factor {code}", 100 * count / target["of"], len(case.children))
    ]
    return found or ["20"]


def _write(case: Case, child: Child, begun: date, signed: date, end: str, worker: str, factors: list[str]) -> None:
    world = case.world
    assessment, done = world.id("S"), world.happened(signed)
    world.rows.add(
        "ssd_cin_assessments",
        cina_assessment_id=assessment,
        cina_person_id=child.id,
        cina_referral_id=case.ref(child),
        cina_assessment_start_date=begun,
        cina_assessment_child_seen="N" if child.unborn or world.happens("not seen", 3) else "Y",
        cina_assessment_auth_date=done,
        cina_assessment_outcome_json=outcome(ASSESSMENT, end) if done else outcome(ASSESSMENT),
        cina_assessment_outcome_nfa=("Y" if end == "NFA_FLAG" else "N") if done else None,
        cina_assessment_team=case.staff.team_ids[case.assessing],
        cina_assessment_worker_id=worker,
    )
    if done:
        own = [*factors, "9A"] if child.alone and "9A" not in factors else factors
        world.rows.add(
            "ssd_assessment_factors",
            cinf_table_id=world.id("FA"),
            cinf_assessment_id=assessment,
            cinf_assessment_factors_json=json.dumps(own),
        )


def closing_day(world: World, signed: date) -> date:
    """Give the day a case closes after an assessment that found no need: at once, or within a week and its census."""
    closing = signed + timedelta(days=world.between(0, 5))
    return signed if signed <= census_day(signed) < closing else closing
