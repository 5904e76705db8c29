"""Children who went missing, from care and from home: when, until when, and the return interview that should follow."""

from dataclasses import dataclass
from datetime import date, timedelta

from kith.synthetic.case import add_contact
from kith.synthetic.front_door import Town
from kith.synthetic.people import Child
from kith.synthetic.plain_work import LATELY
from kith.synthetic.world import World, settings

DAY = timedelta(days=1)


@dataclass
class Goer:
    """A child who goes missing between two dates, and how often."""

    child: Child
    first: date
    last: date
    often: int


def go_missing(town: Town) -> None:
    """Tell each year's missing episodes: the published share of looked-after children, and as many from home."""
    world = town.world
    back: dict[str, date] = {}  # when each child last came back, so that nobody goes twice at once
    for year in range(5):
        end = world.on - timedelta(days=round((4 - year) * 365.25))
        start = end - timedelta(days=364)
        for goer in _from_care(town, start, end) + _from_home(town, start, end):
            _episodes(town, goer, back)


def _from_care(town: Town, start: date, end: date) -> list[Goer]:
    world, target = town.world, settings("targets")["care"]
    there = [c for c in town.cares if c.stay.entry <= end and (c.stay.exit is None or c.stay.exit > start)]
    ever = {care.child.id for care in there}
    old = [care for care in there if care.child.age(end) >= 12]
    wanted = round(len(ever) * target["missing_percent"] / 100 * 1.08)  # a few are only ever "away"
    goers: list[Goer] = []
    chosen: set[str] = set()
    for care in world.chance.sample(old, len(old)):
        first, last = max(care.stay.entry, start), min((care.stay.exit or end) - DAY, end)
        if care.child.id in chosen or (last - first).days < 30 or len(chosen) >= wanted:
            continue
        chosen.add(care.child.id)
        goers.append(Goer(care.child, first, last, _times(world, 1.5 * target["incidents_each"])))
    return goers


def _times(world: World, mean: float) -> int:
    """Draw how often: many go once, a few very often (60 in 100 go more than once)."""
    if world.happens("missing once", 40):
        return 1
    return 2 + round(world.chance.expovariate(1 / ((mean - 0.4) / 0.6 - 2)))


def _from_home(town: Town, start: date, end: date) -> list[Goer]:
    world = town.world
    cases = [case for case in town.cases if start <= case.day <= end - timedelta(days=60)]
    goers: list[Goer] = []
    chosen: set[str] = set()
    for case in world.chance.sample(cases, min(len(cases), 700)):
        child = case.children[0]
        if not 11 <= child.age(case.day) <= 16 or child.stay or child.id in chosen or len(goers) >= 90:
            continue
        chosen.add(child.id)
        often = 1 if world.chance.random() < 0.6 else world.between(2, 6)
        goers.append(Goer(child, case.day, min(end, case.day + timedelta(days=200)), often))
    return goers


def _episodes(town: Town, goer: Goer, back: dict[str, date]) -> None:
    world = town.world
    length = (goer.last - goer.first).days
    days = sorted({goer.first + timedelta(days=world.between(0, max(length, 1))) for _ in range(goer.often)})
    for day in days:
        if back.get(goer.child.id, date.min) < day <= goer.last and day < world.on:
            back[goer.child.id] = _episode(town, goer.child, day)


def _lasts(world: World) -> int:
    """Draw whole days away, as England's incidents are: most home within two days."""
    band = world.share("missing lasts", {"0": 33, "1": 36, "2": 20, "3-7": 8, "8-10": 1, "11-20": 1})
    low, _, high = band.partition("-")
    return world.between(int(low), int(high or low))


def _episode(town: Town, child: Child, day: date) -> date:
    world = town.world
    away = bool(child.stay) and world.happens("away", 21)
    end = day + timedelta(days=_lasts(world))
    if child.stay and child.stay.exit:
        end = max(day, min(end, child.stay.exit - DAY))  # who leaves care is home, or no longer missing from it
    back = world.happened(end)
    episode, left = world.id("MI"), world.time(14, 22)
    returned = world.time(23, 23) if end == day else world.time(0, 20)
    if back == world.on:  # someone back today has not been back for long
        returned = "23:55" if end == day else "00:40"
    prompt = world.happens("interview offered", 92)
    offer = world.happened(world.days.add(end, 0 if prompt else world.between(4, 9)))
    accepted = world.happens("interview accepted", 66) if offer else False
    world.rows.add(
        "ssd_missing",
        miss_table_id=episode,
        miss_person_id=child.id,
        miss_missing_episode_start_date=day,
        miss_missing_episode_type="Away" if away else "Missing",
        miss_missing_episode_end_date=back,
        miss_missing_rhi_offered=("Y" if offer else "N") if back else None,
        miss_missing_rhi_accepted=("Y" if accepted else "N") if offer else None,
    )
    world.rows.add(
        "kith_missing_detail",
        misd_missing_id=episode,
        misd_start_time=left,
        misd_end_time=returned if back else None,
        misd_police_reference=f"RV/{episode[-5:]}/{day:%y}",
        misd_risk=world.share("missing risk", {"high": 18, "medium": 70, "low": 12}),
    )
    if not away:  # the police notification that began it
        add_contact(world, town.staff, child, day, "6", "MISSING_FLAG")
    if offer:
        _interview(town, child, episode, end, offer, accepted)
    return end


def _interview(town: Town, child: Child, episode: str, back: date, offer: date, accepted: bool) -> None:
    """Offer a return interview; two in three accepted ones are held within 72 hours, as the published average says."""
    world, words = town.world, settings("words")
    soon = world.happens("interview soon", 74)
    held = back + timedelta(days=world.between(1, 2) if soon else world.between(4, 9))
    day = world.happened(max(held, offer)) if accepted else None
    world.rows.add(
        "kith_return_interview",
        reti_table_id=world.id("RI"),
        reti_missing_id=episode,
        reti_person_id=child.id,
        reti_offered_date=offer,
        reti_outcome="accepted" if accepted else "declined",
        reti_held_date=day,
        reti_held_time=world.time(11, 18) if day else None,
        reti_worker_id=town.staff.anyone("missing", "missing_coordinator", offer),
        reti_response=f"{world.one(words['interview'])} {world.one(words['responses'])}" if day else None,
    )


def write_up_interviews(town: Town) -> None:
    """Write up and share each interview of the last two years in two working days; a few later, the newest not yet."""
    world = town.world
    for row in world.rows.of("kith_return_interview"):
        held = row["reti_held_date"]
        if held and held >= world.on - LATELY:
            late = world.happens("interview written up late", 9)
            row["reti_shared_date"] = world.happened(world.later(held, 3, 6) if late else world.later(held, 0, 2))
