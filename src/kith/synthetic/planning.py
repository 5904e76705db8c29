"""The order book: which children come into care and which conferences are held, day by day, before any story is told.

Stocks that the department publishes (in care, on plans) cannot be met by chance alone, so they are planned first
and the front door then tells the story that leads to each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from kith.synthetic.days import age_on, birthday, census_day
from kith.synthetic.people import dob_at
from kith.synthetic.world import World, settings

DAY = timedelta(days=1)
IN_TIME = 15  # working days from the strategy meeting to the conference


@dataclass
class Stay:
    """One period of care: who by birth date, from when, until when and why it ended."""

    dob: date
    entry: date
    alone: bool
    group: int
    exit: date | None = None
    reason: str = ""

    @cached_property
    def leaves_at_18(self) -> date:
        """The eighteenth birthday."""
        return birthday(self.dob, 18)


@dataclass
class Order:
    """A story that must be told: the day its referral comes, and what it leads to."""

    day: date
    kind: str
    conference: date | None = None
    enquiry: date | None = None
    size: int = 1
    plan: bool = False
    repeat: bool = False
    stays: tuple[Stay, ...] = ()


def plan_care(world: World) -> list[Stay]:
    """Plan every period of care that touches the five years, holding the number in care to the published trend."""
    stays = _in_care_at_start(world)
    target = settings("targets")["care"]
    owed_in, owed_out = 0.0, 0.0
    day = world.start
    in_care = list(stays)
    while day <= world.on:
        year = world.year(day)
        arrived = _arrivals(world, day, owed_in := owed_in + target["starting"][year] / 365.25)
        owed_in -= len(arrived)
        stays += arrived
        in_care += arrived
        _come_of_age(world, in_care, day)
        owed_out += _early_rate(in_care, day, target["ceasing"][year], _meant_to_be_in_care(world, day))
        owed_out -= _leave_early(world, in_care, day, owed_out)
        in_care = [stay for stay in in_care if stay.exit is None or stay.exit > day]
        day += DAY
    return stays


def _in_care_at_start(world: World) -> list[Stay]:
    target = settings("targets")["care"]
    count, stays = target["open_at_start"], []
    bands = _shares(target["ages"])
    for number in range(count):
        low, high = target["ages"][world.share("stock ages", bands)][:2]
        dob = dob_at(world, world.start, low, high)
        alone = low == 16 and world.happens("stock alone", 36)
        longest = (world.start - dob).days - 1
        stayed = min(round(world.chance.expovariate(1 / (300 if alone else 800))) + 5, longest)
        if alone:
            stayed = min(stayed, 600)
        stays.append(Stay(dob, world.start - timedelta(days=max(stayed, 1)), alone, -number))
    return stays


def _shares(bands: Mapping[str, list[int]]) -> dict[str, float]:
    return {key: float(band[2]) for key, band in bands.items()}


def _arrivals(world: World, day: date, owed: float) -> list[Stay]:
    target = settings("targets")["care"]
    arrived: list[Stay] = []
    while owed - len(arrived) >= 1:
        if world.happens("arrives alone", 100 * target["uasc_share_of_starts"]):
            dob = birthday(day, -18) + timedelta(days=world.between(100, 640))
            arrived.append(Stay(dob, day, True, world.between(1, 10**9)))
            continue
        size = min(world.chance.choices([1, 2, 3], weights=[74, 19, 7])[0], max(1, int(owed - len(arrived))))
        group = world.between(1, 10**9)
        arrived += [Stay(dob, day, False, group) for dob in _arrival_dobs(world, day, size)]
    return arrived


def _arrival_dobs(world: World, day: date, size: int) -> list[date]:
    bands = settings("targets")["care"]["starting_ages"]
    dobs: list[date] = []
    for _ in range(size):
        for _attempt in range(8):
            low, high = bands[world.share("entry ages", _shares(bands))][:2]
            dob = dob_at(world, day, low, high)
            if all(300 < abs((dob - other).days) < 5400 for other in dobs) and birthday(dob, 18) > day + 100 * DAY:
                dobs.append(dob)
                break
    return dobs


def _come_of_age(world: World, in_care: list[Stay], day: date) -> None:
    for stay in in_care:
        if stay.exit is None and stay.leaves_at_18 <= day:
            stay.exit = stay.leaves_at_18
            stay.reason = world.share("reasons at 18", settings("targets")["care"]["reasons_at_18"])


def _meant_to_be_in_care(world: World, day: date) -> float:
    """The published number in care, drawn as a line from one 31 March to the next."""
    target = settings("targets")["care"]
    ends = [target["open_at_start"], *target["open"]]
    years = (day - world.start).days / 365.25
    year = min(int(years), len(ends) - 2)
    return float(ends[year] + (ends[year + 1] - ends[year]) * (years - year))


def _early_rate(in_care: list[Stay], day: date, ceasing: int, meant: float) -> float:
    """Share out the year's leavers beside those who will turn 18: faster when too many are in care, else slower."""
    coming = sum(1 for stay in in_care if stay.exit is None and day < stay.leaves_at_18 <= day + 365 * DAY)
    now = sum(1 for stay in in_care if stay.exit is None)
    return max((ceasing - coming) / 365.25 + (now - meant) / 60, 0.0)


def _leave_early(world: World, in_care: list[Stay], day: date, owed: float) -> int:
    left = 0
    while owed - left >= 1:
        reason = world.share("reasons", settings("targets")["care"]["reasons"])
        chosen = _leaver(world, in_care, day, reason)
        if chosen is None:
            break
        together = [s for s in in_care if s.group == chosen.group and s.exit is None and _may_leave(s, day, reason)]
        for stay in together if reason in ("E4A", "E13", "E45") else [chosen]:
            stay.exit, stay.reason = day, reason
            left += 1
    return left


def _leaver(world: World, in_care: list[Stay], day: date, reason: str) -> Stay | None:
    bands = settings("targets")["care"]["leaving_ages"]
    for _attempt in range(6):
        low, high = (0, 6) if reason == "E12" else bands[world.share("leaving ages", _shares(bands))][:2]
        fit = [s for s in in_care if _may_leave(s, day, reason) and low <= age_on(s.dob, day) <= high]
        if fit:
            return world.chance.choices(fit, weights=[3 if (day - s.entry).days < 300 else 1 for s in fit])[0]
    return None


def _may_leave(stay: Stay, day: date, reason: str) -> bool:
    longest = {"E12": 480, "E45": 240, "E13": 30}.get(reason, 4)
    fits_alone = not stay.alone or reason in ("E8", "E3", "E13")
    return stay.exit is None and fits_alone and (day - stay.entry).days >= longest and stay.leaves_at_18 > day + 5 * DAY


def plan_conferences(world: World) -> list[Order]:
    """Plan every initial conference of the five years: when, for how many children, and whether a plan follows."""
    target, population = settings("targets")["protection"], settings("targets")["population"]["children"]
    orders, owed, day = [], 0.0, world.start
    while day <= world.on + 30 * DAY:
        year = world.year(min(day, world.on))
        yearly = target["icpc_per_10000"][year] * population / 10000
        if world.days.is_working(day):
            owed += yearly / 252.5
        while owed >= 1:
            size = min(world.chance.choices([1, 2, 3, 4], weights=[42, 30, 18, 10])[0], int(owed))
            orders.append(_conference(world, day, size, year, 100 * target["plans_starting"][year] / yearly))
            owed -= size
        day += DAY
    return orders


def _conference(world: World, day: date, size: int, year: int, planned: float) -> Order:
    target = settings("targets")["protection"]
    plan = world.happens(f"plan {year}", planned, size)
    repeat = plan and world.happens(f"repeat {year}", target["second_plan_percent"][year], size)
    enquiry = world.days.back(day, _conference_days(world, year, size))
    if enquiry <= census_day(enquiry) < day and world.days.between(enquiry, census_day(enquiry)) >= IN_TIME:
        enquiry = world.days.back(day, IN_TIME)  # on 31 March no enquiry has waited longer for its conference
    if world.happens("enquiry at once", 65, size):
        referral = world.days.back(enquiry, world.between(0, 3))
    else:
        referral = enquiry - timedelta(days=world.between(60, 170))
    return Order(world.days.add(referral, 0), "conference", day, enquiry, size, plan, repeat)


def _conference_days(world: World, year: int, size: int) -> int:
    target: dict[str, Any] = settings("targets")["protection"]
    in_time = world.happens(f"icpc {year}", target["icpc_in_15_percent"][year], size)
    bands = [key for key in target["icpc_bands"] if (target["icpc_bands"][key][1] <= 15) == in_time]
    shares = {key: float(target["icpc_bands"][key][2]) for key in bands}
    low, high = target["icpc_bands"][world.share(f"icpc band {in_time}", shares)][:2]
    return world.between(low, high)


def care_orders(world: World, stays: list[Stay]) -> list[Order]:
    """Give each arrival in care the referral that came before it; brothers and sisters who came together share one."""
    groups: dict[tuple[int, date], list[Stay]] = {}
    for stay in stays:
        groups.setdefault((stay.group, stay.entry), []).append(stay)
    orders = []
    for (_, entry), together in groups.items():
        if together[0].alone:
            orders.append(Order(entry, "alone", stays=tuple(together)))
            continue
        soon = world.happens("care at once", 30)
        lead = world.between(0, 2) if soon else world.between(30, 200)
        youngest = max(stay.dob for stay in together)
        day = max(entry - timedelta(days=lead), min(entry, youngest))
        orders.append(Order(day, "care", enquiry=day, size=len(together), stays=tuple(together)))
    return orders
