"""Complaints, own records asked for, private fostering, carers for a time, adoption and Prevent: a few of each."""

from collections.abc import Container, Iterator
from datetime import date, timedelta

from kith.statutory.timescales.following import PLACED
from kith.synthetic.front_door import Town
from kith.synthetic.plain_work import DAY, LATELY, add_work
from kith.synthetic.world import Row

COMPLAINTS = 4  # a month
REQUESTS = 2
PREVENT = 8  # months between two children referred
FOSTERED = 8  # children, at one time or another


def record_rights(town: Town) -> None:
    """Tell all of it."""
    for part in (_complaints, _requests, _private_fostering, _carers_for_a_time, _adoption, _guardians, _prevent):
        part(town)


def _children_each_month(
    town: Town, many: int, *, every: int = 1, age: int = 0, apart: Container[str] = ()
) -> Iterator[tuple[str, date]]:
    """Each month of the last two years, or each few months, some children of an open case, each with a day.

    `age`: at least so many years old; `apart`: none of these.
    """
    world = town.world
    rows, born = world.rows.of("ssd_cin_episodes"), _born(town)
    for back in range(24, 0, -every):
        first = world.on - timedelta(days=30 * back)
        found = 0
        while found < many:
            row = world.one(rows)
            child = row["cine_person_id"]
            old = not age or born.get(child, first) <= first - timedelta(days=366 * age)
            if row["cine_referral_date"] < first and _goes_on(row, first) and old and child not in apart:
                found += 1
                yield child, first + DAY * world.between(0, 27)


def _born(town: Town) -> dict[str, date]:
    return {child.id: child.dob for case in town.cases for child in case.children if not child.unborn}


def _goes_on(row: Row, day: date) -> bool:
    return row.get("cine_close_date") is None or row["cine_close_date"] > day + timedelta(days=90)


def _within(town: Town, name: str, day: date, days: int, *, late: int = 8) -> date:
    """A working day within so many; a few come after them."""
    after = town.world.happens(f"{name} late", late)
    return town.world.later(day, days + 1, days + 6) if after else town.world.later(day, days // 2, days)


def _ref(row: Row) -> str:
    return f"{row['work_kind']}:{row['work_table_id']}"


def _complaints(town: Town) -> None:
    """Made, answered, and now and then taken to the second stage."""
    world = town.world
    for child, day in _children_each_month(town, COMPLAINTS):
        by = town.staff.anyone("quality", "auditor", day)
        hard = world.happens("complaint not simple", 15)
        made = add_work(town, "complaint", child, by, code="complex" if hard else "plain", opened_date=day)
        if made is None:
            continue
        answered = _within(town, "complaint", day, 20 if hard else 10)
        found = world.share("complaint found", {"upheld": 25, "partly": 35, "not_upheld": 40})
        over = found if world.happened(answered) else None
        add_work(town, "complaint_response", child, by, done_date=answered, outcome=over, follows=_ref(made))
        if over and world.happens("second stage", 18):
            _second_stage(town, made, child, by, answered)


def _second_stage(town: Town, made: Row, child: str, by: str, answered: date) -> None:
    world = town.world
    asked = world.later(answered, 4, 18)
    more = world.happens("more time", 50)
    add_work(town, "complaint_stage2_request", child, by, done_date=asked, follows=_ref(made))
    begun = world.later(asked, 1, 4)
    done = _within(town, "second stage", begun, 65 if more else 25, late=15)
    told = {"code": "extended" if more else "plain", "follows": _ref(made)}
    add_work(town, "complaint_stage2", child, by, opened_date=begun, done_date=done, **told)


def _requests(town: Town) -> None:
    """Young people ask for their own record; now and then data goes where it should not."""
    world = town.world
    for child, day in _children_each_month(town, REQUESTS, age=14):
        by = town.staff.anyone("quality", "auditor", day)
        add_work(town, "records_request", child, by, opened_date=day, done_date=_within(town, "own record", day, 19))
        if world.happens("breach", 20):
            told = {"opened_time": "10:00", "done_time": "09:00"}
            reported = day + DAY * (5 if world.happens("breach late", 15) else 2)
            add_work(town, "data_breach", child, by, opened_date=day, done_date=reported, **told)


def _private_fostering(town: Town) -> None:
    """A notice, the first visit, the decision, and visits until it ends."""
    world = town.world
    cared_for = {row["clae_person_id"] for row in world.rows.of("ssd_cla_episodes")}
    for child, day in _children_each_month(town, 1, every=24 // FOSTERED, apart=cared_for):
        by = town.staff.anyone("fsp1", "social_worker", day)
        notice = add_work(town, "private_fostering_notice", child, by, planned_date=day, done_date=day - DAY * 20)
        if notice is None:
            continue
        follows = {"follows": _ref(notice)}
        until = day + DAY * world.between(200, 700)
        add_work(town, "private_fostering", child, by, opened_date=day, done_date=until, **follows)
        first = _within(town, "private foster home", day - DAY * 20, 7)
        add_work(town, "private_fostering_visit", child, by, happened_date=first, **follows)
        decided = _within(town, "private foster decision", day - DAY * 20, 45)
        said = "suitable" if world.happened(decided) else None
        add_work(town, "private_home_decision", child, by, done_date=decided, outcome=said, **follows)
        seen = day
        while seen < min(until, world.on):
            every = 42 if seen < day + DAY * 366 else 84
            seen += DAY * (every - world.between(1, 9))
            add_work(town, "private_fostering_visit", child, by, happened_date=min(seen, until), **follows)


def _carers_for_a_time(town: Town) -> None:
    """Relatives and friends are approved for sixteen weeks, and then fully; a few are late."""
    world = town.world
    for row in world.rows.of("ssd_cla_placement"):
        start, end = row["clap_cla_placement_start_date"], row["clap_cla_placement_end_date"]
        if row["clap_cla_placement_type"] != "U3" or start < world.on - LATELY:
            continue
        by = town.staff.anyone("fsp1", "social_worker", start)
        full = start + DAY * (world.between(113, 130) if world.happens("approval late", 7) else world.between(60, 110))
        span = f"care:{row['clap_cla_id']}"
        over = min(full, end) if end else full
        add_work(
            town,
            "connected_approval",
            row["clap_person_id"],
            by,
            opened_date=start,
            done_date=over,
            belongs_to=span,
        )


def _adoption(town: Town) -> None:
    """Children who may be placed, and those who are, are reviewed until it ends."""
    world = town.world
    placed = [
        row
        for row in world.rows.of("ssd_cla_placement")
        if row["clap_cla_placement_type"] in PLACED and row["clap_cla_placement_start_date"] > world.on - LATELY
    ]
    for row in placed:
        start, end = row["clap_cla_placement_start_date"], row["clap_cla_placement_end_date"] or world.on
        held, gaps = start, iter((26, 84))
        while (held := held + DAY * (next(gaps, 170) - world.between(0, 8))) < end:
            by = town.staff.anyone("review", "reviewing_officer", held)
            span = f"care:{row['clap_cla_id']}"
            told = {"code": "placed", "happened_date": held, "belongs_to": span}
            add_work(town, "adoption_review", row["clap_person_id"], by, **told)


def _guardians(town: Town) -> None:
    """Paid support after a special guardianship order, looked at every year."""
    world = town.world
    for row in world.rows.of("ssd_cla_episodes"):
        start = row["clae_cla_episode_ceased_date"]
        if row["clae_cla_episode_ceased_reason"] not in ("E45", "E46", "E47", "E48") or start is None:
            continue
        child, by = row["clae_person_id"], town.staff.anyone("fsp1", "social_worker", start)
        paid = add_work(town, "guardianship_support", child, by, opened_date=start)
        looked = start
        while paid and (looked := looked + DAY * world.between(340, 364)) <= world.on:
            add_work(town, "guardianship_review", child, by, happened_date=looked, follows=_ref(paid))


def _prevent(town: Town) -> None:
    """A child is referred now and then; Channel takes some on."""
    world = town.world
    for child, day in _children_each_month(town, 1, every=PREVENT // 2, age=12):
        by = town.staff.anyone("mash", "mash_worker", day)
        done = _within(town, "prevent", day, 5)
        add_work(town, "prevent", child, by, opened_date=day, done_date=done)
        if world.happened(done) and world.happens("channel", 50):
            left = done + DAY * 190
            case = add_work(town, "channel", child, by, opened_date=done, done_date=left)
            for met in (18, 100, 180) if case else ():
                follows = _ref(case) if case else ""
                add_work(town, "channel_panel", child, by, happened_date=done + DAY * met, follows=follows)
