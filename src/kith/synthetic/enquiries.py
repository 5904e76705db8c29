"""Strategy meetings, who came to them, what was promised there, and the section 47 enquiries that follow."""

from datetime import date, timedelta

from kith.synthetic.case import Case
from kith.synthetic.days import census_day
from kith.synthetic.in_need import see
from kith.synthetic.outcomes import ENQUIRY, outcome
from kith.synthetic.people import Child
from kith.synthetic.world import World, settings

LIMIT = 15  # working days: an enquiry still open after them on 31 March is one that the census asks about
RECORDED = timedelta(days=730)  # attendance and promises are kept for meetings of the last two years
PEOPLE = (
    ("social_care", "Social worker", 100),
    ("police", "Detective constable, public protection", 97),
    ("health", "Safeguarding nurse", 90),
    ("education", "Designated safeguarding lead", 72),
    ("early_help", "Early help practitioner", 25),
    ("probation", "Probation officer", 6),
    ("youth_justice", "Youth justice worker", 8),
)


def strategy(case: Case, day: date, decision: str, children: list[Child] | None = None) -> str:
    """Hold a strategy meeting for the case's children on `day` and give the meeting's id."""
    world, among = case.world, children or case.children
    meeting = world.id("M")
    if day > world.on:
        return meeting
    chair = case.staff.anyone(case.assessing, "team_manager", day)
    words = settings("words")
    reason, rationale = world.one(words["strategy_reasons"]), world.one(words["rationales"][decision])
    asked = day if world.chance.random() < 0.8 else world.days.back(day, 1)
    decided = world.happened(_decided(world, day, len(among)))
    time = world.time(9, 17) if day < world.on else "08:30"  # today's have been held before anyone looks
    for child in among:
        world.rows.add(
            "kith_strategy_meeting",
            stra_table_id=world.id("ST"),
            stra_meeting_id=meeting,
            stra_person_id=child.id,
            stra_referral_id=case.ref(child),
            stra_requested_date=max(asked, case.day),
            stra_held_date=day,
            stra_held_time=time,
            stra_chair_worker_id=chair,
            stra_team_id=case.staff.team_ids[case.assessing],
            stra_reason=reason,
            stra_decision=decision if decided else None,
            stra_rationale=rationale if decided else None,
            stra_decided_date=decided,
            stra_closed_date=decided,
        )
    if day > world.on - RECORDED:
        with world.aside(meeting):
            _attendance(world, meeting)
            _promises(case, meeting, day, among)
    return meeting


def _decided(world: World, day: date, children: int) -> date:
    """Nearly every meeting decides the same day; the planted weeks are made to fail afterwards."""
    if children > 1 or world.happens("same day", 97.5):
        return day
    return world.days.add(day, world.between(1, 2))


def _attendance(world: World, meeting: str) -> None:
    names = settings("names")["groups"]
    for agency, role, invited in PEOPLE:
        if not world.happens(f"invited {agency}", invited):
            continue
        came = world.happens(f"attended {agency}", 99 if agency == "social_care" else 86)
        group = names[world.one(("british", "bengali", "african", "european", "indian", "irish"))]
        world.rows.add(
            "kith_meeting_attendance",
            matt_table_id=world.id("MA"),
            matt_meeting_id=meeting,
            matt_agency=agency,
            matt_name=f"{world.one(group['girls'])} {world.one(group['surnames'])}",
            matt_role=role,
            matt_invited="Y",
            matt_attended="Y" if came else "N",
            matt_apologies="N" if came else ("Y" if world.chance.random() < 0.7 else "N"),
        )


def _promises(case: Case, meeting: str, day: date, children: list[Child]) -> None:
    world = case.world
    promised = world.chance.sample(settings("words")["promises"], 2)
    worker = case.staff.anyone(case.assessing, "social_worker", day)
    for child in children:
        for promise in promised:
            due = world.days.add(day, promise["days"])
            done = world.happened(world.days.back(due, world.between(0, min(2, promise["days"] - 1))))
            if done and world.happens("promise late", 7):
                done = world.happened(world.days.add(due, world.between(1, 8)))
            ours = promise["agency"] == "social_care"
            world.rows.add(
                "kith_promise",
                prom_table_id=world.id("PR"),
                prom_person_id=child.id,
                prom_made_in=meeting,
                prom_what=promise["what"],
                prom_owner_worker_id=worker if ours else None,
                prom_owner_agency=promise["agency"],
                prom_owner_name=None if ours else promise["owner"],
                prom_made_date=day,
                prom_due_date=due,
                prom_done_date=done,
                prom_evidence=promise["evidence"] if done else None,
                prom_effect=promise["effect"] if done and world.chance.random() < 0.6 else None,
            )


def enquire(
    case: Case, day: date, *, conference: date | None = None, children: list[Child] | None = None
) -> dict[str, str]:
    """Hold the strategy meeting and the section 47 enquiry; give each child's enquiry id.

    Where a conference follows, the enquiry is signed off before it.
    """
    world, among = case.world, children or case.children
    strategy(case, day, "section_47", among)
    ids: dict[str, str] = {}
    if day > world.on:
        return ids
    see(case, day if world.happens("seen at once", 88) else world.days.add(day, 1), among)
    finished = _finished(world, day, conference)
    done = world.happened(finished)
    follows = (
        "CP_CONFERENCE_FLAG"
        if conference
        else world.one(("NFA_FLAG", "NFA_CONTINUE_SINGLE_FLAG", "NFA_CONTINUE_SINGLE_FLAG"))
    )
    worker = case.staff.anyone(case.assessing, "social_worker", day)
    for child in among:
        ids[child.id] = world.id("E")
        world.rows.add(
            "ssd_s47_enquiry",
            s47e_s47_enquiry_id=ids[child.id],
            s47e_referral_id=case.ref(child),
            s47e_person_id=child.id,
            s47e_s47_start_date=day,
            s47e_s47_end_date=done,
            s47e_s47_nfa=("N" if conference else "Y") if done else None,
            s47e_s47_outcome_json=outcome(ENQUIRY, follows) if done else outcome(ENQUIRY),
            s47e_s47_completed_by_worker_id=worker,
            s47e_s47_completed_by_team=case.staff.team_ids[case.assessing],
        )
    return ids


def _finished(world: World, day: date, conference: date | None) -> date:
    """Give the day an enquiry is signed off: before its conference, and on 31 March not after three weeks of it."""
    finished = world.later(day, 3, 10) if world.happens("enquiry in time", 90) else world.later(day, 11, 16)
    census = census_day(day)
    if finished > census and world.days.between(day, census) >= LIMIT:
        finished = world.days.last(census)
    return min(finished, world.days.back(conference, 1)) if conference else finished
