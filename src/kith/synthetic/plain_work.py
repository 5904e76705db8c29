"""Work of the plain kinds in the invented borough: while and after a child is missing, before court, checks, audits."""

from datetime import date, timedelta
from typing import Any

from kith.synthetic.front_door import Town
from kith.synthetic.world import Row

DAY = timedelta(days=1)
LATELY = timedelta(days=730)  # checks, audits and what follows an interview are kept for two years
AUDITS = 12  # a month
AGENCIES = ("police", "health", "school")


def record_plain_work(town: Town) -> None:
    """Tell all of it."""
    for part in (_while_missing, _after_interviews, _before_court, _checks, _audits):
        part(town)


def add_work(town: Town, kind: str, person: str, worker: str, **told: Any) -> Row | None:
    """One row of plain work; what is still to come is not recorded. Nothing where none of its days has come."""
    ahead = "planned_date"  # a day set beforehand is known before it comes
    days = {
        name: day if name == ahead else town.world.happened(day) for name, day in told.items() if name.endswith("_date")
    }
    if not any(days.values()):
        return None
    return town.world.rows.add(
        "kith_work",
        work_table_id=town.world.id("W"),
        work_kind=kind,
        work_person_id=person,
        work_worker_id=worker,
        **{f"work_{name}": value for name, value in (told | days).items()},
    )


def _while_missing(town: Town) -> None:
    """Who was told, who looked, and the plan for the next time, of every child who went missing."""
    world = town.world
    for row in world.rows.of("ssd_missing"):
        child, start, end = (
            row["miss_person_id"],
            row["miss_missing_episode_start_date"],
            row["miss_missing_episode_end_date"],
        )
        by, span = town.staff.anyone("missing", "missing_coordinator", start), f"missing:{row['miss_table_id']}"
        add_work(town, "missing_notice", child, by, done_date=start, done_time="23:30", belongs_to=span)
        gone = ((end or world.on) - start).days
        for code, days in (("service_manager", 1), ("director", 3)):
            if gone >= days:
                looked = start + DAY * days + DAY * world.happens(f"{code} late", 4)
                add_work(town, "missing_oversight", child, by, code=code, done_date=looked, belongs_to=span)
        if end:
            add_work(town, "missing_plan", child, by, done_date=_soon(town, "missing plan", end, 4), belongs_to=span)


def _soon(town: Town, name: str, day: date, within: int) -> date:
    """A working day soon after; a few come late."""
    late = town.world.happens(f"{name} late", 4)
    return town.world.later(day, within + 2, within + 6) if late else town.world.later(day, 1, within)


def _after_interviews(town: Town) -> None:
    """What an interview found becomes a plan; a worry about exploitation is screened, and assessed where it must be."""
    world = town.world
    needs = _needs(town)
    for row in world.rows.of("kith_return_interview"):
        held, child = row["reti_held_date"], row["reti_person_id"]
        if held is None or held < world.on - LATELY:
            continue
        by = town.staff.anyone("missing", "missing_coordinator", held)
        if world.happens("interview risk", 35):
            add_work(town, "risk_plan", child, by, opened_date=held, done_date=_soon(town, "risk plan", held, 4))
        if child in needs and world.happens("screened", 14):
            _screening(town, child, by, held, needs[child])


def _screening(town: Town, child: str, by: str, day: date, span: str) -> None:
    further = town.world.happens("assessed for exploitation", 40)
    done = _soon(town, "screening", day, 4)
    over = town.world.happened(done)
    outcome = ("assessment" if further else "no_further") if over else None
    dates = {"opened_date": day, "done_date": done}
    row = add_work(town, "exploitation_screening", child, by, outcome=outcome, belongs_to=span, **dates)
    if row and over and further:
        level = town.world.share("exploitation level", {"low": 50, "medium": 35, "high": 15})
        follows = f"exploitation_screening:{row['work_table_id']}"
        more = {"outcome": level, "belongs_to": span, "follows": follows}
        assessed = _soon(town, "exploitation assessment", done, 9)
        add_work(town, "exploitation_assessment", child, by, done_date=assessed, **more)


def _needs(town: Town) -> dict[str, str]:
    """The open need of each child, as plain work names it."""
    rows = town.world.rows.of("ssd_cin_episodes")
    return {
        row["cine_person_id"]: f"need:{row['cine_referral_id']}" for row in rows if row.get("cine_close_date") is None
    }


def _before_court(town: Town) -> None:
    """A family meeting is offered, and a relative looked at, as soon as work before court begins."""
    world = town.world
    for row in world.rows.of("ssd_pre_proceedings"):
        child, day = row["prep_person_id"], row["prep_pre_pro_decision_date"]
        by = town.staff.anyone("fsp1", "social_worker", day)
        offer = _soon(town, "family meeting", day, 8)
        yes = (
            ("accepted" if world.happens("family meeting wanted", 70) else "declined")
            if world.happened(offer)
            else None
        )
        add_work(town, "family_meeting_offer", child, by, done_date=offer, outcome=yes)
        named = _soon(town, "relative named", day, 8)
        seen = _soon(town, "viability", named, 9)
        good = world.happens("relative could care", 45)
        said = ("positive" if good else "negative") if world.happened(seen) else None
        if issued := row["prep_agree_stepdown_issue_date"]:
            _filed(town, child, by, issued)
        add_work(town, "viability", child, by, opened_date=named, done_date=seen, outcome=said)


def _filed(town: Town, child: str, by: str, issued: date) -> None:
    """What the court directed is filed on the day that was set for it; a few come after it."""
    planned = town.world.days.add(issued, 18)
    late = town.world.happens("filed late", 8)
    filed = town.world.days.add(planned, town.world.between(1, 6)) if late else town.world.days.back(planned, 1)
    if issued <= town.world.on:
        add_work(town, "court_direction", child, by, planned_date=max(planned, issued), done_date=filed)


def _checks(town: Town) -> None:
    """Agencies are asked what they know as each enquiry begins."""
    world = town.world
    for row in world.rows.of("ssd_s47_enquiry"):
        day, child = row["s47e_s47_start_date"], row["s47e_person_id"]
        if day < world.on - LATELY:
            continue
        code, by = world.one(AGENCIES), town.staff.anyone("mash", "mash_worker", day)
        dates = {"opened_date": day, "done_date": _soon(town, "agency check", day, 4)}
        add_work(town, "agency_check", child, by, code=code, opened_time=world.time(9, 16), **dates)


def _audits(town: Town) -> None:
    """A dozen cases a month are audited and moderated; most audits ask for something, and it is done."""
    world = town.world
    rows = world.rows.of("ssd_cin_episodes")
    for back in range(24, 0, -1):
        first = world.on - timedelta(days=30 * back)
        there = [row for row in rows if row["cine_referral_date"] < first - LATELY / 12 and _open(row, first)]
        for row in world.chance.sample(there, min(AUDITS, len(there))):
            _audit(town, row["cine_person_id"], first + timedelta(days=world.between(0, 27)))


def _open(row: Row, day: date) -> bool:
    return row.get("cine_close_date") is None or row["cine_close_date"] > day + timedelta(days=90)


def _audit(town: Town, child: str, day: date) -> None:
    world = town.world
    by, done = town.staff.anyone("quality", "auditor", day), _soon(town, "audit", day, 9)
    grades = {"outstanding": 6, "good": 52, "requires_improvement": 38, "inadequate": 4}
    grade = world.share("audit grade", grades)
    over = world.happened(done)
    row = add_work(town, "case_audit", child, by, opened_date=day, done_date=done, outcome=grade if over else None)
    if row is None or over is None:
        return
    follows = f"case_audit:{row['work_table_id']}"
    add_work(
        town,
        "audit_moderation",
        child,
        by,
        done_date=_soon(town, "moderation", done, 9),
        outcome=grade,
        follows=follows,
    )
    if grade == "inadequate":
        again = done + timedelta(days=world.between(60, 88))
        add_work(town, "reaudit", child, by, done_date=again, outcome="requires_improvement", follows=follows)
    for _ in range(world.between(0, 2)):
        high = world.happens("urgent action", 20)
        code, within = ("high", 4) if high else ("standard", 18)
        dates = {"opened_date": done, "done_date": _soon(town, f"{code} action", done, within)}
        add_work(town, "audit_action", child, by, code=code, **dates)
