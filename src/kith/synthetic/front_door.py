"""The front door, day by day: every contact and referral of five years, and which story each one begins."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from kith.synthetic.assessment import assess, closing_day
from kith.synthetic.care import look_after
from kith.synthetic.case import Case, open_case
from kith.synthetic.enquiries import enquire, strategy
from kith.synthetic.in_need import plan_length, see, support
from kith.synthetic.lived import Care
from kith.synthetic.people import Child, Family, alone, new_family
from kith.synthetic.planning import Order, care_orders, plan_care, plan_conferences
from kith.synthetic.protection import confer
from kith.synthetic.workforce import Staff
from kith.synthetic.world import World, settings
from kith.vocabulary.codes import is_valid

DAY = timedelta(days=1)
YEAR = timedelta(days=365)
PLANNED = 11.2  # referrals in a hundred that lead straight to a child in need plan; others follow conferences and care
GROUPS = {
    "asian": {"ABAN": 80, "AIND": 4, "APKN": 6, "AOTH": 10},
    "black": {"BAFR": 60, "BCRB": 25, "BOTH": 15},
    "mixed": {"MWBC": 40, "MWBA": 20, "MWAS": 20, "MOTH": 20},
    "other": {"OOTH": 60, "CHNE": 40},
    "white": {"WBRI": 65, "WOTH": 28, "WIRI": 4, "WROM": 3},
}


@dataclass
class Town:
    """The story so far: the families known, the cases told and the children looked after."""

    world: World
    staff: Staff
    families: list[Family] = field(default_factory=list)
    recent: list[Family] = field(default_factory=list)
    cares: list[Care] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    owed_enquiries: float = 0.0
    owed_meetings: float = 0.0


def tell(world: World, staff: Staff) -> Town:
    """Tell five years of referrals and everything that followed each of them."""
    town = Town(world, staff)
    orders = sorted(care_orders(world, plan_care(world)) + plan_conferences(world), key=lambda order: order.day)
    queue = iter([*orders, Order(date.max, "end")])
    waiting = next(queue)
    while waiting.day < world.start:
        _ordered(town, waiting)
        waiting = next(queue)
    owed, rates = 0.0, _daily_rates(world)
    for day, rate in rates:
        owed += rate
        _owe(town, day, rate)
        while waiting.day <= day:
            owed -= _ordered(town, waiting)
            waiting = next(queue)
        while owed >= 1:
            owed -= _ordinary(town, day, int(owed))
    return town


def _daily_rates(world: World) -> list[tuple[date, float]]:
    """Share each year's referrals out over its days, by the month's published weight and the day of the week."""
    target = settings("targets")["front_door"]
    days = [world.start + DAY * n for n in range((world.on - world.start).days + 1)]
    weights = [target["months"][day.month - 1] * (1.0 if world.days.is_working(day) else 0.08) for day in days]
    totals = [0.0] * 5
    for day, weight in zip(days, weights, strict=True):
        totals[world.year(day)] += weight
    return [
        (day, target["referrals"][world.year(day)] * weight / totals[world.year(day)])
        for day, weight in zip(days, weights, strict=True)
    ]


def _owe(town: Town, day: date, rate: float) -> None:
    target, year = settings("targets"), town.world.year(day)
    enquiries = target["protection"]["s47_per_10000"][year] * target["population"]["children"] / 10000
    each = enquiries / target["front_door"]["referrals"][year]
    town.owed_enquiries += rate * each
    town.owed_meetings += rate * each * (target["front_door"]["strategy_per_s47"] - 1)


def _route_shares(world: World, day: date) -> tuple[str, dict[str, float]]:
    target, year = settings("targets"), world.year(day)
    nfa, none = target["front_door"]["nfa_percent"][year], target["front_door"]["not_in_need_percent"][year]
    shares = {"nfa": nfa, "none": none, "plan": PLANNED, "other": 100 - nfa - none - PLANNED}
    return f"route {year}", shares


def _count_as_other(world: World, day: date, children: int) -> None:
    name, shares = _route_shares(world, day)
    if name not in world.balances:
        world.share(name, shares, 0.0)
    world.balances[name].give("other", children)


def _ordered(town: Town, order: Order) -> int:
    """Tell a story from the order book; gives how many children were referred."""
    if order.day > town.world.on:
        return 0
    if order.kind == "conference":
        return _conference_case(town, order)
    return _care_case(town, order)


def _conference_case(town: Town, order: Order) -> int:
    world = town.world
    assert order.enquiry and order.conference
    family = _family(town, order.day, repeat=order.repeat, size=order.size)
    children = _young(family, order.conference)[: order.size]
    case = _open(town, family, children, order.day)
    at_once = (order.enquiry - order.day).days < 10
    if at_once:
        signed = assess(case, end="STRATEGY_DISCUSSION_FLAG", until=order.conference)
    else:
        signed = assess(case, end="PROV_OF_SERVICES_FLAG", by=world.days.back(order.enquiry, 1))
    held_until = max(order.conference, signed)
    case.hold(case.assessing, "social_worker", case.decided, min(signed, order.conference) - DAY)
    if not at_once and signed + DAY < order.conference:
        support(case, signed, order.conference - DAY)
    if not at_once:  # an enquiry is carried out through an assessment: the first one is over
        settled = assess(case, end="STRATEGY_DISCUSSION_FLAG", start=order.enquiry, until=order.conference)
        held_until = max(held_until, settled)
    enquiries = enquire(case, order.enquiry, conference=order.conference)
    town.owed_enquiries -= len(children)
    ends = confer(case, order.conference, enquiries, started=order.enquiry, plan=order.plan)
    if ends is None:
        _supported_close(case, held_until)
    else:
        family.plan_ended = ends
        case.hold(case.supporting, "social_worker", order.conference, ends)
        _supported_close(case, max(ends, held_until))
    _count_as_other(world, order.day, len(children))
    return len(children)


def _supported_close(case: Case, start: date) -> None:
    """After a plan or a conference: a child in need plan for most, then the case closes."""
    world = case.world
    end = start
    if world.happens("step down", 66, len(case.children)):
        end = start + timedelta(days=world.between(70, 190))
        support(case, start + DAY, end)
    for child in case.children:
        case.close(child, end + timedelta(days=world.between(1, 12)), "RC7")


def _care_case(town: Town, order: Order) -> int:
    world = town.world
    if order.kind == "alone":
        family = alone(world, dob=order.stays[0].dob, day=order.day)
    else:
        code = GROUPS[world.share("care groups", settings("targets")["care"]["ethnicity"], len(order.stays))]
        ethnicity = world.chance.choices(list(code), weights=list(code.values()))[0]
        family = new_family(world, day=order.day, dobs=[stay.dob for stay in order.stays], ethnicity=ethnicity)
    town.families.append(family)
    case = _open(town, family, family.children, order.day, alone=order.kind == "alone")
    enquired = order.kind == "care" and world.happens("enquiry before care", 55, len(order.stays))
    signed = assess(case, end="CLA_REQUEST_FLAG", until=world.days.add(order.day, 17) if enquired else None)
    entry, settled = order.stays[0].entry, signed
    if entry > order.day:
        case.hold(case.assessing, "social_worker", case.decided, entry - DAY)
    if enquired:
        enquire(case, order.day)
        town.owed_enquiries -= len(family.children)
        settled = max(settled, world.days.add(order.day, 17))
    if signed + DAY < entry:
        support(case, signed, entry - DAY)
    for child, stay in zip(family.children, sorted(order.stays, key=lambda each: each.dob), strict=True):
        care = look_after(case, child, stay)
        if care:
            town.cares.append(care)
        _after_care(case, child, care, settled)
    _count_as_other(world, order.day, len(family.children))
    return len(family.children)


def _after_care(case: Case, child: Child, care: Care | None, settled: date) -> None:
    """Close the case after a return home; a young person who turned 18 in care stays open as a care leaver."""
    world = case.world
    if care is None or care.stay.exit is None or care.stay.exit > world.on:
        case.family.closed = date.max
        return
    reason = care.stay.reason
    if care.stay.exit >= care.stay.leaves_at_18:
        case.close(child, care.stay.leaves_at_18.replace(day=1) + timedelta(days=1096 + world.between(0, 25)), "RC7")
        return
    if reason in ("E4A", "E4B"):
        see(case, min(world.later(care.stay.exit, 1, 4), care.stay.exit + timedelta(days=9)), [child])
    if reason in ("E4A", "E4B", "E13") and world.happens("plan after care", 60):
        end = care.stay.exit + timedelta(days=world.between(80, 200))
        support(case, care.stay.exit + DAY, end, [child])
        case.close(child, max(end, settled) + timedelta(days=2), "RC7")
    else:
        ended = {"E12": "RC1", "E45": "RC4", "E3": "RC5"}.get(reason, "RC7")
        case.close(child, max(care.stay.exit + timedelta(days=world.between(9, 20)), settled + DAY), ended)


def _ordinary(town: Town, day: date, most: int) -> int:
    """Tell one referral that the order book did not ask for; gives how many children were referred."""
    world = town.world
    year = world.year(day)
    again = world.happens(f"again {year}", 100 * _again_share(year), 1.6)
    family = _family(town, day, again=again)
    children = [child for child in family.children if child.age(day) < 18][: max(most, 1)]
    name, shares = _route_shares(world, day)
    route = world.share(name, shares, len(children))
    case = _open(town, family, children, day, nfa=route == "nfa")
    if route != "nfa":
        _route(town, case, route)
    return len(children)


def _again_share(year: int) -> float:
    """Ask a little more than the published share of re-referrals, since ordered cases seldom are."""
    return float(settings("targets")["front_door"]["rereferral_percent"][year]) / 100 * 1.15


def _route(town: Town, case: Case, route: str) -> None:
    world = town.world
    settled = max(_safeguard(town, case, enquiry=route != "none"), case.decided)
    signed = assess(case, end="NFA_FLAG" if route == "none" else "PROV_OF_SERVICES_FLAG", until=settled)
    case.hold(case.assessing, "social_worker", world.days.add(case.decided, world.between(0, 1)), signed)
    if route == "none":
        reason = world.share("closed why", {"RC8": 80, "RC9": 20})
        closing = closing_day(world, signed)
        reason = reason if is_valid("closure_reason", reason, on=closing) else "RC8"
    elif route == "plan":
        start = world.later(signed, 0, 6)
        closing = start + plan_length(case)
        support(case, start, closing)
        closing, reason = closing + timedelta(days=world.between(1, 8)), "RC7"
    else:
        closing, reason = _services(case, signed), "RC7"
    for child in case.children:
        case.close(child, max(closing, settled), reason)


def _services(case: Case, signed: date) -> date:
    """Help without a plan: a short piece of work for most, years for some disabled children."""
    world = case.world
    long = any(child.disabled for child in case.children)
    end = signed + timedelta(days=round(20 + world.chance.expovariate(1 / (300 if long else 71))))
    case.hold(case.supporting, "social_worker", signed + DAY, end)
    again = signed + timedelta(days=world.between(270, 300))
    while again < min(end - timedelta(days=130), world.on):  # a case open for a year is assessed again
        again = assess(case, end="PROV_OF_SERVICES_FLAG", start=again) + timedelta(days=world.between(270, 300))
    return end


def _safeguard(town: Town, case: Case, *, enquiry: bool) -> date:
    """Hold the meetings and enquiries that the published rate still owes; gives the day by which they are done.

    No `enquiry` where the case is to be closed as assessed and not in need: the census has no such case.
    """
    world, children = town.world, len(case.children)
    day = world.later(case.day, 0, 2)
    if enquiry and town.owed_enquiries >= children / 2 and world.chance.random() < 0.75:
        town.owed_enquiries -= children
        enquire(case, day)
        return world.days.add(day, 17)
    if town.owed_meetings >= children / 2 and world.chance.random() < 0.5:
        town.owed_meetings -= children
        strategy(case, day, world.share("other decisions", {"single_assessment": 75, "no_further_action": 25}))
        return world.days.add(day, 3)
    return day


def _open(
    town: Town, family: Family, children: list[Child], day: date, *, nfa: bool = False, alone: bool = False
) -> Case:
    case = open_case(town.world, town.staff, family, children, day, nfa=nfa, alone=alone)
    town.cases.append(case)
    if not alone:
        town.recent.append(family)
    return case


def _family(town: Town, day: date, *, again: bool = False, repeat: bool = False, size: int = 0) -> Family:
    """Choose a family the borough knows (referred within the year, or on a plan before) or invent one."""
    world = town.world
    if repeat or again:
        for _attempt in range(400):
            if not town.recent:
                break
            family: Family = town.recent[int(world.chance.random() ** 0.6 * len(town.recent))]
            if _fits(family, day, repeat=repeat, size=size):
                return family
    family = new_family(world, day=day, size=size)
    while size and not _young(family, day + timedelta(days=250)):  # a plan is for those with childhood left
        family = new_family(world, day=day, size=size)
    town.families.append(family)
    return family


def _young(family: Family, day: date) -> list[Child]:
    return [child for child in family.children if child.age(day) < 17]


def _fits(family: Family, day: date, *, repeat: bool, size: int) -> bool:
    if family.closed >= day or not any(child.age(day) < 17 for child in family.children):
        return False
    if repeat:
        return family.plan_ended < day and len(_young(family, day + YEAR)) >= min(size, 2)
    return day - YEAR < family.referred < day
