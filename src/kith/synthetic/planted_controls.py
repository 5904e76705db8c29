"""One failure for each safeguard that no other planted failure shows: every safeguard must find one of its own."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial

from kith.synthetic.front_door import Town
from kith.synthetic.outcomes import ASSESSMENT, ENQUIRY, outcome
from kith.synthetic.planted import Free, Planted, drop, forget_notes, quiet_referrals
from kith.synthetic.world import Row

WHY = "Each safeguard must find a failure of its own"
EACH = 2  # children for each failure


def plant_for_controls(town: Town, free: Free) -> tuple[Planted, ...]:
    """Put every one of them into the rows and list them."""
    return tuple(item for part in PARTS for item in part(town, free))


def ago(town: Town, days: int) -> date:
    """The day so many days before the story ends."""
    return town.world.on - timedelta(days=days)


def few_of(free: Free, rows: Iterable[Row], person: str) -> list[Row]:
    """The first row of each of a few children that nothing is planted on yet."""
    listed = list(rows)
    people = free.take((row[person] for row in listed), EACH)
    return [next(row for row in listed if row[person] == one) for one in people]


def failures(control: str, what: str, rows: Iterable[Row], key: str, person: str) -> list[Planted]:
    """Each of these rows as a failure that the control must find."""
    return [Planted(row[key], what, row[person], f"control {control}", WHY, (control,)) for row in rows]


def _unvisited(town: Town, person: str, first: date, last: date) -> None:
    """Take out every visit to a child on these days, both included."""
    for table, start in (("ssd_cin_visits", "cinv_cin"), ("ssd_cp_visits", "cppv_cp"), ("ssd_cla_visits", "clav_cla")):
        gone = drop(town, table, partial(_is_visit, start, person, first, last))
        forget_notes(town, {row[f"{start}_visit_id"] for row in gone})


def _is_visit(start: str, person: str, first: date, last: date, row: Row) -> bool:
    return bool(row[f"{start[:4]}_person_id"] == person and first <= row[f"{start}_visit_date"] <= last)


def _open_cases(town: Town) -> set[str]:
    rows = town.world.rows.of("ssd_cin_episodes")
    return {row["cine_person_id"] for row in rows if row.get("cine_close_date") is None}


def _in_care(town: Town) -> set[str]:
    """Children who have been in care for some weeks, in no hurry to leave it."""
    return {care.child.id for care in town.cares if care.open_on(town.world.on) and care.stay.entry < ago(town, 60)}


def _late_meetings(town: Town, free: Free) -> list[Planted]:
    days = town.world.days
    meetings = [
        row
        for row in town.world.rows.of("kith_strategy_meeting")
        if ago(town, 40) <= row["stra_held_date"] <= ago(town, 4) and row["stra_decided_date"] == row["stra_held_date"]
    ]
    rows = few_of(free, meetings, "stra_person_id")
    for row in rows:
        row["stra_requested_date"] = days.back(row["stra_held_date"], 4)
    what = "Strategy meeting held four working days after it was asked for"
    return failures("strategy_meetings_in_time", what, rows, "stra_meeting_id", "stra_person_id")


def _no_enquiry(town: Town, free: Free) -> list[Planted]:
    decided = {
        (row["stra_person_id"], row["stra_held_date"])
        for row in town.world.rows.of("kith_strategy_meeting")
        if row["stra_decision"] == "section_47"
    }
    enquiries = [
        row
        for row in _enquiries(town, ago(town, 45), ago(town, 6))
        if (row["s47e_person_id"], row["s47e_s47_start_date"]) in decided
    ]
    rows = few_of(free, enquiries, "s47e_person_id")
    drop(town, "ssd_s47_enquiry", lambda row: row in rows)
    what = "A section 47 enquiry was decided on, and none was begun"
    return failures("section_47_follows", what, rows, "s47e_s47_enquiry_id", "s47e_person_id")


def _enquiries(town: Town, first: date, last: date) -> list[Row]:
    """Enquiries begun on these days that no conference followed."""
    rows = town.world.rows
    conferred = {row["icpc_s47_enquiry_id"] for row in rows.of("ssd_initial_cp_conference")}
    return [
        row
        for row in rows.of("ssd_s47_enquiry")
        if first <= row["s47e_s47_start_date"] <= last and row["s47e_s47_enquiry_id"] not in conferred
    ]


def _not_seen(town: Town, free: Free) -> list[Planted]:
    visits = town.world.rows.of("ssd_cin_visits")
    seen = {(row["cinv_person_id"], row["cinv_cin_visit_date"]) for row in visits if row["cinv_cin_visit_seen"] == "Y"}
    enquiries = _enquiries(town, ago(town, 45), ago(town, 6))
    at_once = [row for row in enquiries if (row["s47e_person_id"], row["s47e_s47_start_date"]) in seen]
    rows = few_of(free, at_once, "s47e_person_id")
    for row in rows:
        _unvisited(
            town, row["s47e_person_id"], row["s47e_s47_start_date"], row["s47e_s47_start_date"] + timedelta(days=3)
        )
    what = "Not seen in the first days of a section 47 enquiry"
    return failures("section_47_child_seen", what, rows, "s47e_s47_enquiry_id", "s47e_person_id")


def _no_outcome(town: Town, free: Free) -> list[Planted]:
    live = _open_cases(town)
    done = [row for row in _enquiries(town, ago(town, 60), ago(town, 20)) if row["s47e_person_id"] in live]
    rows = few_of(free, done, "s47e_person_id")
    for row in rows:
        row |= {"s47e_s47_end_date": None, "s47e_s47_nfa": None, "s47e_s47_outcome_json": outcome(ENQUIRY)}
    what = "A section 47 enquiry of weeks ago has no outcome"
    return failures("section_47_outcomes", what, rows, "s47e_s47_enquiry_id", "s47e_person_id")


def _no_conference(town: Town, free: Free) -> list[Planted]:
    conferences = [
        row
        for row in town.world.rows.of("ssd_initial_cp_conference")
        if row["icpc_cp_plan_id"] is None and ago(town, 200) <= row["icpc_icpc_date"] <= ago(town, 25)
    ]
    rows = few_of(free, conferences, "icpc_person_id")
    drop(town, "ssd_initial_cp_conference", lambda row: row in rows)
    what = "An initial conference was to be held, and was not"
    return failures("initial_conferences", what, rows, "icpc_s47_enquiry_id", "icpc_person_id")


def _unfinished(town: Town, free: Free) -> list[Planted]:
    days, live = town.world.days, _open_cases(town)
    assessments = [
        row
        for row in town.world.rows.of("ssd_cin_assessments")
        if row["cina_assessment_auth_date"]
        and row["cina_person_id"] in live
        and ago(town, 40) <= days.add(row["cina_assessment_start_date"], 45) <= ago(town, 4)
        and row["cina_assessment_auth_date"] <= days.add(row["cina_assessment_start_date"], 45)
    ]
    rows = few_of(free, assessments, "cina_person_id")
    for row in rows:
        row |= {"cina_assessment_auth_date": None, "cina_assessment_outcome_nfa": None}
        row["cina_assessment_outcome_json"] = outcome(ASSESSMENT)
    what = "An assessment is past 45 working days and not finished"
    return failures("assessments_in_time", what, rows, "cina_assessment_id", "cina_person_id")


def _unbegun(town: Town, free: Free) -> list[Planted]:
    days, on = town.world.days, town.world.on
    rows = few_of(free, quiet_referrals(town, days.back(on, 20), days.back(on, 8)), "cine_person_id")
    referrals = {row["cine_referral_id"] for row in rows}
    gone = drop(town, "ssd_cin_assessments", lambda row: row["cina_referral_id"] in referrals)
    assessments = {row["cina_assessment_id"] for row in gone}
    drop(town, "ssd_assessment_factors", lambda row: row["cinf_assessment_id"] in assessments)
    drop(town, "kith_assessment_detail", lambda row: row["kasd_assessment_id"] in assessments)
    what = "A referral was accepted, and no assessment was begun"
    return failures("assessments_begun", what, rows, "cine_referral_id", "cine_person_id")


def _unseen(town: Town, free: Free) -> list[Planted]:
    days, on = town.world.days, town.world.on
    rows = few_of(free, quiet_referrals(town, days.back(on, 20), days.back(on, 9)), "cine_person_id")
    for row in rows:
        _unvisited(town, row["cine_person_id"], row["cine_referral_date"], on)
    what = "A referral was accepted, and the child has not been seen"
    return failures("seen_after_referral", what, rows, "cine_referral_id", "cine_person_id")


def _plans(town: Town, first: date, last: date) -> list[Row]:
    """Child protection plans begun on these days and open now."""
    return [
        row
        for row in town.world.rows.of("ssd_cp_plans")
        if row["cppl_cp_plan_end_date"] is None and first <= row["cppl_cp_plan_start_date"] <= last
    ]


def _kept_up(met: list[date], day: date) -> bool:
    """Whether a core group met within six weeks of the last one up to that day."""
    before = [each for each in met if each <= day]
    return bool(before) and any(day < each <= max(before) + timedelta(days=42) for each in met)


def _no_core_group(town: Town, free: Free) -> list[Planted]:
    since = ago(town, 62)
    met: dict[str, list[date]] = {}
    for row in town.world.rows.of("kith_core_group"):
        met.setdefault(row["core_cp_plan_id"], []).append(row["core_date"])
    plans = [
        row for row in _plans(town, date.min, ago(town, 90)) if _kept_up(met.get(row["cppl_cp_plan_id"], []), since)
    ]
    rows = few_of(free, plans, "cppl_person_id")
    people = {row["cppl_person_id"] for row in rows}
    drop(town, "kith_core_group", lambda row: row["core_person_id"] in people and row["core_date"] > since)
    return failures("core_groups", "No core group for two months", rows, "cppl_cp_plan_id", "cppl_person_id")


def _no_first_visit(town: Town, free: Free) -> list[Planted]:
    rows = few_of(free, _plans(town, ago(town, 120), ago(town, 11)), "cppl_person_id")
    for row in rows:
        start = row["cppl_cp_plan_start_date"]
        _unvisited(town, row["cppl_person_id"], start, start + timedelta(days=10))
    what = "Not visited in the first ten days of a child protection plan"
    return failures("first_protection_visits", what, rows, "cppl_cp_plan_id", "cppl_person_id")


def _in_need(town: Town) -> list[Row]:
    """Child in need plans open for some months, of children who are not in care."""
    away = {care.child.id for care in town.cares}
    return [
        row
        for row in town.world.rows.of("ssd_cin_plans")
        if row["cinp_cin_plan_end_date"] is None
        and row["cinp_cin_plan_start_date"] < ago(town, 90)
        and row["cinp_person_id"] not in away
    ]


def _unvisited_in_need(town: Town, free: Free) -> list[Planted]:
    rows = few_of(free, _in_need(town), "cinp_person_id")
    for row in rows:
        _unvisited(town, row["cinp_person_id"], ago(town, 45), town.world.on)
    what = "No visit under the child in need plan for six weeks"
    return failures("child_in_need_visits", what, rows, "cinp_cin_plan_id", "cinp_person_id")


def _leave(town: Town, people: Iterable[str], role: str) -> None:
    """Whoever held these children in this role left ten days ago, and nobody came."""
    gone, last = set(people), ago(town, 10)
    for row in town.world.rows.of("ssd_involvements"):
        mine = row["invo_person_id"] in gone and row["invo_professional_role_id"] == role
        if mine and row["invo_involvement_start_date"] < last:
            row["invo_involvement_end_date"] = min(row["invo_involvement_end_date"] or last, last)


def _plan_left(town: Town, free: Free) -> list[Planted]:
    rows = few_of(free, _in_need(town), "cinp_person_id")
    _leave(town, (row["cinp_person_id"] for row in rows), "social_worker")
    what = "The worker of a child in need plan left, and nobody was allocated"
    return failures("child_in_need_plans_held", what, rows, "cinp_cin_plan_id", "cinp_person_id")


def _plan_outlives(town: Town, free: Free) -> list[Planted]:
    day = ago(town, 12)
    busy = {row["s47e_person_id"] for row in _enquiries(town, ago(town, 120), town.world.on)}
    rows = few_of(free, (row for row in _in_need(town) if row["cinp_person_id"] not in busy), "cinp_person_id")
    closing = {row["cinp_referral_id"] for row in rows}
    for row in town.world.rows.of("ssd_cin_episodes"):
        if row["cine_referral_id"] in closing:
            row |= {"cine_close_date": day, "cine_close_reason": "RC7"}
    for row in rows:
        _unvisited(town, row["cinp_person_id"], day, town.world.on)
    what = "The case was closed and the child in need plan was not"
    return failures("child_in_need_plans_open", what, rows, "cinp_cin_plan_id", "cinp_person_id")


def _long_before_court(town: Town, free: Free) -> list[Planted]:
    begun = ago(town, 130)
    still = [row for row in town.world.rows.of("ssd_pre_proceedings") if row["prep_agree_stepdown_issue_date"] is None]
    rows = few_of(free, still, "prep_person_id")
    for row in rows:
        row |= {"prep_pre_pro_decision_date": begun, "prep_pre_pro_letter_date": begun + timedelta(days=2)}
    what = "Work before court has gone on for more than 16 weeks"
    return failures("before_court", what, rows, "prep_table_id", "prep_person_id")


def _unmet(town: Town, free: Free) -> list[Planted]:
    accepted = [
        row
        for row in town.world.rows.of("kith_return_interview")
        if row["reti_held_date"] and ago(town, 120) <= row["reti_offered_date"] <= ago(town, 10)
    ]
    rows = few_of(free, accepted, "reti_person_id")
    for row in rows:
        row |= {"reti_held_date": None, "reti_held_time": None, "reti_response": None}
    what = "A child said yes to a return interview, and nobody came"
    return failures("accepted_interviews_held", what, rows, "reti_table_id", "reti_person_id")


def _cares(town: Town) -> list[Row]:
    """The current home of each child who has been in care for some weeks, one row a child."""
    settled = _in_care(town)
    rows = town.world.rows.of("ssd_cla_placement")
    return [row for row in rows if row["clap_cla_placement_end_date"] is None and row["clap_person_id"] in settled]


def _no_reviewing_officer(town: Town, free: Free) -> list[Planted]:
    rows = few_of(free, _cares(town), "clap_person_id")
    _leave(town, (row["clap_person_id"] for row in rows), "reviewing_officer")
    what = "The reviewing officer left, and nobody was named"
    return failures("reviewing_officers", what, rows, "clap_cla_id", "clap_person_id")


def _no_home(town: Town, free: Free) -> list[Planted]:
    """The home ended and the next was never written down: in life the commonest way to lose sight of a child."""
    last = ago(town, 3)
    alone = {care.child.id for care in town.cares if care.stay.alone}
    singles = [row for row in _cares(town) if row["clap_person_id"] in alone]
    rows = few_of(free, (row for row in singles if row["clap_cla_placement_start_date"] < last), "clap_person_id")
    for row in rows:
        row["clap_cla_placement_end_date"] = last
    what = "The home ended days ago, and the record does not say where the child lives"
    return failures("one_current_home", what, rows, "clap_cla_id", "clap_person_id")


def _no_legal_status(town: Town, free: Free) -> list[Planted]:
    last, settled = ago(town, 4), _in_care(town)
    statuses = [
        row
        for row in town.world.rows.of("ssd_legal_status")
        if row["lega_person_id"] in settled
        and row["lega_legal_status_end_date"] is None
        and row["lega_legal_status_start_date"] < last
    ]
    rows = few_of(free, statuses, "lega_person_id")
    for row in rows:
        row["lega_legal_status_end_date"] = last
    what = "The legal status ended, and none followed"
    return failures("one_legal_status", what, rows, "lega_legal_status_id", "lega_person_id")


def _alone_at_home(town: Town, free: Free) -> list[Planted]:
    went = [
        row
        for row in town.world.rows.of("ssd_cla_episodes")
        if row["clae_cla_episode_ceased_reason"] in ("E4A", "E4B")
        and ago(town, 500) <= row["clae_cla_episode_ceased_date"] <= ago(town, 9)
    ]
    newest = sorted(went, key=lambda row: row["clae_cla_episode_ceased_date"], reverse=True)
    rows = few_of(free, newest, "clae_person_id")
    for row in rows:
        home = row["clae_cla_episode_ceased_date"]
        _unvisited(town, row["clae_person_id"], home, home + timedelta(days=9))
    what = "Went home from care, and nobody came in the first week"
    return failures("visits_after_going_home", what, rows, "clae_cla_id", "clae_person_id")


def _no_worker_in_care(town: Town, free: Free) -> list[Planted]:
    rows = few_of(free, _cares(town), "clap_person_id")
    _leave(town, (row["clap_person_id"] for row in rows), "social_worker")
    what = "In care, and the worker left without another"
    return failures("children_in_care_held", what, rows, "clap_cla_id", "clap_person_id")


def _no_worker_on_plan(town: Town, free: Free) -> list[Planted]:
    rows = few_of(free, _plans(town, date.min, ago(town, 60)), "cppl_person_id")
    _leave(town, (row["cppl_person_id"] for row in rows), "social_worker")
    what = "On a child protection plan, and the worker left without another"
    return failures("protection_plans_held", what, rows, "cppl_cp_plan_id", "cppl_person_id")


PARTS: tuple[Callable[[Town, Free], list[Planted]], ...] = (
    _late_meetings,
    _no_enquiry,
    _not_seen,
    _no_outcome,
    _no_conference,
    _unfinished,
    _unbegun,
    _unseen,
    _no_core_group,
    _no_first_visit,
    _unvisited_in_need,
    _plan_left,
    _plan_outlives,
    _long_before_court,
    _unmet,
    _no_reviewing_officer,
    _no_home,
    _no_legal_status,
    _alone_at_home,
    _no_worker_in_care,
    _no_worker_on_plan,
)
