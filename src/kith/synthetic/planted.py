"""Failures put in on purpose, so that tests and demonstrations can see each one caught."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from kith.synthetic.case import add_contact
from kith.synthetic.front_door import Town
from kith.synthetic.personas import Cast
from kith.synthetic.world import Row


@dataclass(frozen=True)
class Planted:
    """One failure put in on purpose: where it is, whose it is, what should catch it and why it was put there."""

    id: str
    what: str
    person_id: str | None
    expect: str
    why: str
    controls: tuple[str, ...] = ()  # the safeguards that must find it


def plant(town: Town, free: "Free") -> tuple[Planted, ...]:
    """Put every planted failure into the rows and list them."""
    return tuple(
        item
        for part in (
            _plan_visits,
            _care_visits,
            _unallocated,
            _undecided,
            _interviews,
            _slow_decisions,
            _promises,
            _conferences,
            _reviews,
            _notification,
        )
        for item in part(town, free)
    )


class Free:
    """The children no failure has been planted on yet; the personas' showpiece families are left as they are."""

    def __init__(self, town: Town, parts: Cast) -> None:
        """Keep back the two brothers and the barred family."""
        self._taken = set(parts.brothers) | set(parts.barred_from)
        self.town = town

    def take(self, people: Iterable[str], count: int) -> list[str]:
        """Choose up to `count` children that nothing is planted on."""
        chosen = [person for person in dict.fromkeys(people) if person not in self._taken][:count]
        self._taken |= set(chosen)
        return chosen


def drop(town: Town, table: str, test: Callable[[Row], bool]) -> list[Row]:
    """Take rows out of a table and give them back."""
    gone: list[Row] = []
    kept: list[Row] = []
    for row in town.world.rows.tables.get(table, []):
        (gone if test(row) else kept).append(row)
    town.world.rows.tables[table] = kept
    return gone


def forget_notes(town: Town, visits: set[Any]) -> None:
    """Take out what was said on visits that are taken out."""
    drop(town, "kith_visit_note", lambda row: row["vnot_visit_id"] in visits)


def _plan_visits(town: Town, free: Free) -> list[Planted]:
    """Six children on plans not seen for more than a month, though the plan says every ten working days."""
    world = town.world
    since = world.on - timedelta(days=34)
    plans = [
        row
        for row in world.rows.of("ssd_cp_plans")
        if row["cppl_cp_plan_end_date"] is None and row["cppl_cp_plan_start_date"] < since - timedelta(days=40)
    ]
    people = set(free.take((row["cppl_person_id"] for row in plans), 6))
    gone = drop(
        town, "ssd_cp_visits", lambda row: row["cppv_person_id"] in people and row["cppv_cp_visit_date"] > since
    )
    forget_notes(town, {row["cppv_cp_visit_id"] for row in gone})
    what = f"No visit under the child protection plan since {since:%d %B %Y} or before"
    return [
        Planted(
            row["cppl_cp_plan_id"],
            what,
            row["cppl_person_id"],
            "rule cp_visit",
            "An overdue visit must be seen",
            ("protection_visits",),
        )
        for row in plans
        if row["cppl_person_id"] in people
    ]


def _care_visits(town: Town, free: Free) -> list[Planted]:
    """Five looked-after children not visited for ten weeks, though six is the most the regulations allow."""
    world = town.world
    since = world.on - timedelta(days=70)
    there = [
        care for care in town.cares if care.open_on(world.on) and care.homes[-1].start < since - timedelta(days=30)
    ]
    people = set(free.take((care.child.id for care in there if care.homes[-1].place not in ("U1", "U4", "A6")), 5))
    gone = drop(
        town, "ssd_cla_visits", lambda row: row["clav_person_id"] in people and row["clav_cla_visit_date"] > since
    )
    forget_notes(town, {row["clav_cla_visit_id"] for row in gone})
    what = f"No visit to the child's home since {since:%d %B %Y} or before"
    return [
        Planted(
            care.id, what, care.child.id, "rule cla_visit_year1 or cla_visit_other", "An overdue visit must be seen"
        )
        for care in there
        if care.child.id in people
    ]


def quiet_referrals(town: Town, first: date, last: date) -> list[Row]:
    """Referrals of a few days with no meeting or enquiry, which nothing else depends on."""
    rows = town.world.rows
    busy = {row["stra_referral_id"] for row in rows.of("kith_strategy_meeting")}
    busy |= {row["s47e_referral_id"] for row in rows.of("ssd_s47_enquiry")}
    busy |= {row["clae_referral_id"] for row in rows.of("ssd_cla_episodes")}
    return [
        row
        for row in rows.of("ssd_cin_episodes")
        if first <= row["cine_referral_date"] <= last
        and row["cine_referral_id"] not in busy
        and row["cine_close_date"] is None
        and row["cine_referral_nfa"] == "N"
    ]


def _unstart(town: Town, referrals: set[str]) -> None:
    """Take away the work that would not have begun: assessments and whoever held the case."""
    gone = drop(town, "ssd_cin_assessments", lambda row: row["cina_referral_id"] in referrals)
    assessments = {row["cina_assessment_id"] for row in gone}
    drop(town, "ssd_assessment_factors", lambda row: row["cinf_assessment_id"] in assessments)
    drop(town, "ssd_involvements", lambda row: row["invo_referral_id"] in referrals)


def _unallocated(town: Town, free: Free) -> list[Planted]:
    world = town.world
    rows = quiet_referrals(town, world.days.back(world.on, 9), world.days.back(world.on, 4))
    people = set(free.take((row["cine_person_id"] for row in rows), 5))
    chosen = {row["cine_referral_id"]: row for row in rows if row["cine_person_id"] in people}
    _unstart(town, set(chosen))
    for row in world.rows.of("kith_referral_decision"):
        if row["rdec_referral_id"] in chosen:
            row["rdec_allocated_date"] = None
    why = "An accepted referral that no one holds must be seen"
    what = "Referral accepted, but nobody has been allocated"
    return [
        Planted(key, what, row["cine_person_id"], "list: accepted referrals without a worker", why, ("cases_held",))
        for key, row in chosen.items()
    ]


def _undecided(town: Town, free: Free) -> list[Planted]:
    world = town.world
    rows = quiet_referrals(town, world.days.back(world.on, 6), world.days.back(world.on, 3))
    people = set(free.take((row["cine_person_id"] for row in rows), 2))
    chosen = {row["cine_referral_id"]: row for row in rows if row["cine_person_id"] in people}
    _unstart(town, set(chosen))
    for row in world.rows.of("kith_referral_decision"):
        if row["rdec_referral_id"] in chosen:
            for column in ("rdec_decision_date", "rdec_decision", "rdec_worker_id", "rdec_allocated_date"):
                row[column] = None
    return [
        Planted(key, "Referral not decided on", row["cine_person_id"], "rule referral_decision", "The one-day decision")
        for key, row in chosen.items()
    ]


def _interviews(town: Town, free: Free) -> list[Planted]:
    """Three episodes that ended days ago: two with no interview offered, one accepted and never held."""
    world = town.world
    first, last = world.on - timedelta(days=16), world.on - timedelta(days=4)
    rows = [
        row
        for row in world.rows.of("ssd_missing")
        if row["miss_missing_episode_end_date"] and first <= row["miss_missing_episode_end_date"] <= last
    ]
    interviews = {row["reti_missing_id"]: row for row in world.rows.of("kith_return_interview")}
    rows = [row for row in rows if _in_time(interviews.get(row["miss_table_id"]), row["miss_missing_episode_end_date"])]
    people = free.take((row["miss_person_id"] for row in rows), 3)
    chosen = [next(row for row in rows if row["miss_person_id"] == person) for person in people]
    made = []
    for number, row in enumerate(chosen):
        episode, interview = row["miss_table_id"], interviews.get(row["miss_table_id"])
        waiting = number == 2
        if waiting and interview is not None:
            interview |= {
                "reti_outcome": "accepted",
                "reti_held_date": None,
                "reti_held_time": None,
                "reti_response": None,
            }
            row |= {"miss_missing_rhi_offered": "Y", "miss_missing_rhi_accepted": "Y"}
        else:
            drop(town, "kith_return_interview", partial(_is_of, episode))
            row |= {"miss_missing_rhi_offered": "N", "miss_missing_rhi_accepted": None}
        what = "Return interview accepted but not held" if waiting else "Home for days with no return interview offered"
        caught = ("return_interviews_held",) if waiting else ("return_interviews_offered", "return_interviews_held")
        made.append(
            Planted(episode, what, row["miss_person_id"], "rule rhi_completed", "72 hours from the return", caught)
        )
    return made


def _in_time(interview: Row | None, back: date) -> bool:
    """Whether it was offered and held well within 72 hours: only then does taking it away make a failure of its own."""
    soon = back + timedelta(days=2)
    return bool(interview and interview["reti_held_date"] and interview["reti_held_date"] <= soon)


def _is_of(episode: str, row: Row) -> bool:
    return bool(row["reti_missing_id"] == episode)


def _slow_decisions(town: Town, free: Free) -> list[Planted]:
    """For three weeks, a third of strategy meetings end without their decision being written the same day."""
    world = town.world
    first = world.days.back(world.on, 15)
    meetings: dict[str, list[Row]] = {}
    for row in world.rows.of("kith_strategy_meeting"):
        if first <= row["stra_held_date"] < world.on and row["stra_decided_date"] == row["stra_held_date"]:
            meetings.setdefault(row["stra_meeting_id"], []).append(row)
    made = []
    for number, (meeting, rows) in enumerate(sorted(meetings.items(), key=lambda item: item[1][0]["stra_held_date"])):
        if number % 3:
            continue
        decided = world.happened(world.days.add(rows[0]["stra_held_date"], 2 + number % 4))
        for row in rows:
            row |= {"stra_decided_date": decided, "stra_closed_date": decided}
            if decided is None:
                row |= {"stra_decision": None, "stra_rationale": None}
        recorded = ("strategy_records",) if world.days.add(rows[0]["stra_held_date"], 1) < world.on else ()
        made.append(
            Planted(
                meeting,
                "Strategy meeting whose decision was not recorded the same day",
                rows[0]["stra_person_id"],
                "control strategy_decisions_same_day",
                "The safeguard stopped working three weeks ago, and the chart must say so",
                ("strategy_decisions_same_day", *recorded),
            )
        )
    return made


def _promises(town: Town, free: Free) -> list[Planted]:
    world = town.world
    first, last = world.on - timedelta(days=24), world.on - timedelta(days=6)
    rows = [
        row
        for row in world.rows.of("kith_promise")
        if first <= row["prom_due_date"] <= last
        and row["prom_done_date"]
        and row["prom_done_date"] <= row["prom_due_date"]
    ]
    people = free.take((row["prom_person_id"] for row in rows), 4)
    made = []
    for person in people:
        row = next(row for row in rows if row["prom_person_id"] == person)
        row |= {"prom_done_date": None, "prom_evidence": None, "prom_effect": None}
        what = f"Promised and not done: {row['prom_what']}"
        made.append(
            Planted(
                row["prom_table_id"],
                what,
                person,
                "list: promises past their date",
                "A promise was dropped",
                ("promises_kept",),
            )
        )
    return made


def _conferences(town: Town, free: Free) -> list[Planted]:
    """Three review conferences whose day has passed without them."""
    world = town.world
    low, high = world.on - timedelta(days=40), world.on - timedelta(days=4)
    open_plans = {r["cppl_cp_plan_id"] for r in world.rows.of("ssd_cp_plans") if r["cppl_cp_plan_end_date"] is None}
    held = [
        row
        for row in world.rows.of("ssd_cp_reviews")
        if row["cppr_cp_plan_id"] in open_plans and low <= row["cppr_cp_review_due"] <= high
    ]
    people = set(free.take((row["cppr_person_id"] for row in held), 3))
    gone = drop(town, "ssd_cp_reviews", lambda row: row in held and row["cppr_person_id"] in people)
    said = ("Review conference not held", "rule rcpc_first or rcpc_subsequent", "review_conferences")
    return [_late_review(row["cppr_cp_plan_id"], row["cppr_person_id"], *said) for row in gone]


def _reviews(town: Town, free: Free) -> list[Planted]:
    """Two looked-after reviews whose day has passed without them."""
    world = town.world
    low, high = world.on - timedelta(days=40), world.on - timedelta(days=4)
    care = {each.id: each.child.id for each in town.cares if each.open_on(world.on)}
    held = [
        row
        for row in world.rows.of("ssd_cla_reviews")
        if row["clar_cla_id"] in care and low <= row["clar_cla_review_due_date"] <= high
    ]
    people = set(free.take((care[row["clar_cla_id"]] for row in held), 2))
    gone = drop(town, "ssd_cla_reviews", lambda row: row in held and care[row["clar_cla_id"]] in people)
    said = ("Looked-after review not held", "rule cla_review_subsequent", "care_reviews")
    return [_late_review(row["clar_cla_id"], care[row["clar_cla_id"]], *said) for row in gone]


def _late_review(key: str, person: str, what: str, expect: str, control: str) -> Planted:
    return Planted(key, what, person, expect, "A late review", (control,))


def _notification(town: Town, free: Free) -> list[Planted]:
    """A police notification of a missing child for whom no episode was ever opened."""
    world = town.world
    away = {row["miss_person_id"] for row in world.rows.of("ssd_missing")}
    old = [c for case in town.cases[-4000:] for c in case.children if 12 <= c.age(world.on) <= 16 and c.id not in away]
    people = free.take((child.id for child in old), 1)
    child = next(child for child in old if child.id == people[0])
    add_contact(world, town.staff, child, world.days.back(world.on, 5), "6", "MISSING_FLAG")
    contact = world.rows.of("ssd_contacts")[-1]["cont_contact_id"]
    expect = "control: every police notification becomes an episode"
    return [
        Planted(
            contact,
            "Police said the child was missing; no episode was opened",
            child.id,
            expect,
            "Lost between two systems",
            ("police_notifications",),
        )
    ]
