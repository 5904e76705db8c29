"""Young people who have left care: who keeps in touch with them, where they live and what they do."""

from datetime import date, timedelta

from kith.synthetic.days import birthday
from kith.synthetic.front_door import Town
from kith.synthetic.lived import Care
from kith.synthetic.workforce import Seat
from kith.synthetic.world import World, settings

HOMES = {"B": 18, "D": 26, "E": 5, "K": 3, "U": 30, "Z": 12, "X": 2, "W": 2, "Y": 2}
NEVER_SUITABLE = ("X", "W", "S")
WEEKS_13 = 91


def leave_care(town: Town) -> None:
    """Record every care leaver: one row each as things stand, and each contact by their personal adviser."""
    for care in town.cares:
        eligibility = _eligibility(care, town.world.on)
        if eligibility:
            _leaver(town, care, eligibility)


def _eligibility(care: Care, on: date) -> str | None:
    """Say what the Children (Leaving Care) Act makes of a young person, or nothing when it does not apply."""
    at_16, stay = birthday(care.stay.dob, 16), care.stay
    last = min(stay.exit or on, on)
    counted = (last - max(stay.entry, birthday(stay.dob, 14))).days
    if last < at_16 or counted < WEEKS_13 or on < at_16:
        return None
    if care.open_on(on):
        return "Eligible"
    if on < stay.leaves_at_18:
        return "Relevant"
    return "Former Relevant" if on < birthday(stay.dob, 25) else None


def _leaver(town: Town, care: Care, eligibility: str) -> None:
    world, staff, stay = town.world, town.staff, care.stay
    left = stay.exit or world.on
    adult = eligibility == "Former Relevant"
    older = adult and world.on >= birthday(stay.dob, 22)
    if older and world.happens("older leaver not seen", 70):
        return
    seat = staff.pick("through", "social_worker", max(left, world.start), end=world.on if older else None)
    if adult:
        start = max(left, world.start)
        staff.involve(
            seat=seat, child=care.child.id, referral=care.case.ref(care.child), start=start, end=_until(world, care)
        )
    name = f"leavers {adult}"
    touch = "YES" if not adult or world.happens(name, settings("targets")["leaving_care"]["in_touch_percent"]) else None
    touch = touch or world.share("not in touch", {"NO": 70, "REFU": 22, "NREQ": 8})
    latest = _contacts(world, care, seat, touch == "YES")
    home, suitable, activity = _life(world, care, adult, touch)
    world.rows.add(
        "ssd_care_leavers",
        clea_table_id=world.id("LV"),
        clea_person_id=care.child.id,
        clea_care_leaver_eligibility=eligibility,
        clea_care_leaver_in_touch=touch,
        clea_care_leaver_latest_contact=latest,
        clea_care_leaver_accommodation=home,
        clea_care_leaver_accom_suitable=suitable,
        clea_care_leaver_activity=activity,
        clea_pathway_plan_review_date=_pathway(world, care),
        clea_care_leaver_personal_advisor=seat.worker(world.on),
        clea_care_leaver_allocated_team=staff.team_ids["through"],
        clea_care_leaver_worker_id=seat.worker(world.on),
    )


def _until(world: World, care: Care) -> date | None:
    closed = care.case.referrals[care.child.id]["cine_close_date"]
    return closed if closed is not None else None


def _contacts(world: World, care: Care, seat: Seat, touch: bool) -> date | None:
    """Keep in touch about every eight weeks; those not in touch were lost some months ago."""
    at_16 = max(birthday(care.stay.dob, 16), care.stay.entry + timedelta(days=WEEKS_13))
    left = care.stay.exit if care.stay.exit and care.stay.exit <= world.on else at_16
    day = world.later(max(at_16, min(left, care.stay.leaves_at_18)), 5, 30)
    last = world.on if touch else world.on - timedelta(days=world.between(70, 300))
    latest = None
    while day <= last:
        latest = day
        world.rows.add(
            "kith_care_leaver_contact",
            clco_table_id=world.id("KC"),
            clco_person_id=care.child.id,
            clco_date=day,
            clco_how=world.share("how in touch", {"visit": 55, "telephone": 25, "text message": 15, "video": 5}),
            clco_worker_id=seat.worker(day),
        )
        late = world.happens("leaver contact late", 6)
        day = world.later(day, 41, 50) if late else world.later(day, 24, 38)
    return latest


def _life(world: World, care: Care, adult: bool, touch: str) -> tuple[str, str, str]:
    target = settings("targets")["leaving_care"]
    if not adult:
        last = care.homes[-1].place
        return (
            {"K3": "D", "H5": "D", "K2": "C", "P1": "B"}.get(last, "B"),
            "1",
            world.share("eligible does", {"F2": 80, "F4": 8, "F5": 6, "G5": 6}),
        )
    if touch != "YES" and world.happens("life not known", 90):
        return "R", "2", "0"
    home = world.share("leaver homes", HOMES)
    fits = home not in NEVER_SUITABLE and world.happens("suitable", target["suitable_percent"] + 13)
    shares = {key: value for key, value in target["activity"].items() if key != "unknown"}
    return home, "1" if fits else "2", world.share("activity", shares)


def _pathway(world: World, care: Care) -> date:
    """The latest pathway plan or review: each six months, a few late."""
    since = world.between(5, 178) if world.happens("pathway in time", 90) else world.between(184, 260)
    return max(world.on - timedelta(days=since), birthday(care.stay.dob, 16))
