"""Where a looked-after child lives and on what legal footing, as SSDA903 episodes that follow on from one another."""

from dataclasses import dataclass
from datetime import date, timedelta

from kith.synthetic.days import birthday
from kith.synthetic.people import postcode
from kith.synthetic.planning import Stay
from kith.synthetic.world import World, settings

FAR_FUTURE = date(2099, 1, 1)
OWN_SERVICE = "SC990001"  # the register number of the council's own fostering service


@dataclass
class Home:
    """One home during a period of care: from, to (nothing = still there), 903 codes and why it ended."""

    start: date
    end: date | None
    place: str
    provider: str
    urn: str | None
    postcode: str
    miles: float
    change: str = ""
    street: str = ""
    id: str = ""


@dataclass
class Status:
    """One legal status during a period of care."""

    start: date
    code: str


def plan_homes(world: World, stay: Stay) -> list[Home]:
    """Plan the homes of one period of care, first to last, leaving no day without one."""
    homes: list[Home] = []
    start, number = stay.entry, 0
    last = stay.exit or FAR_FUTURE
    leaves_for_own = _moves_on(world, stay)
    while start < last and start <= world.on:
        kind = _kind(world, stay, start, number)
        stays = _length(world, kind, number)
        end = min(start + timedelta(days=stays), last, leaves_for_own if leaves_for_own > start else FAR_FUTURE)
        homes.append(_home(world, stay, start, end if end <= world.on else None, kind))
        start, number = end, number + 1
    if stay.reason == "E12":
        _adoptive(world, stay, homes)
    if stay.reason == "E45" and homes and not homes[-1].place.startswith("U"):
        with_relatives(homes[-1])  # former foster carers become the child's guardians
    _changes(world, homes)
    for home in homes:
        if home.place == "K3" and home.end and home.end < settings("targets")["care"]["supported_code_from"]:
            home.place = "H5"
    return homes


def with_relatives(home: Home) -> None:
    """Make a home one with relatives or friends, whom the council's own fostering service supports."""
    home.place, home.provider, home.urn = "U3", "PR1", OWN_SERVICE


def _moves_on(world: World, stay: Stay) -> date:
    """Give the day a young person leaves the home of their childhood for supported accommodation, if they do."""
    if stay.alone or not world.happens("moves on at 16", 60):
        return FAR_FUTURE
    return birthday(stay.dob, 16) + timedelta(days=world.between(10, 420))


def _kind(world: World, stay: Stay, day: date, number: int) -> str:
    age = (day - stay.dob).days / 365.25
    if stay.alone:
        return world.share("alone homes", {"K3": 72, "U6": 26, "K2": 2}) if age >= 16 else "U6"
    if age >= 16:
        return world.share("older homes", {"K3": 45, "U6": 15, "U4": 9, "K2": 15, "U3": 4, "R1": 6, "P1": 4})
    if age >= 10:
        return world.share("middle homes", {"U6": 41, "U4": 18, "K2": 17, "U3": 5, "U1": 3, "P1": 8, "S1": 2, "R1": 5})
    name = "first young home" if number == 0 else "next young home"
    return world.share(name, {"U6": 57, "U3": 13, "U4": 9, "U1": 4, "P1": 11, "R3": 8 if age < 3 else 0.5, "U5": 2})


def _length(world: World, kind: str, number: int) -> int:
    """Draw days in one home: some first homes are for a few days only, later ones settle for years."""
    if number == 0 and world.happens("short first home", 21):
        return world.between(2, 60)
    if kind == "R3":
        return world.between(60, 110)
    mean = {"K3": 400, "K2": 560, "U6": 700, "U4": 2600, "U1": 2600}.get(kind, 900)
    return max(8, round(world.chance.expovariate(1 / mean)))


def _home(world: World, stay: Stay, start: date, end: date | None, kind: str) -> Home:
    provider = _provider(world, kind)
    inside = kind in ("P1",) or world.happens("inside", 15)
    far = not inside and world.happens("far", 26)
    miles = (
        world.chance.uniform(0.3, 3.5)
        if inside
        else world.chance.uniform(21, 90)
        if far
        else world.chance.uniform(3, 19)
    )
    street = world.one(settings("names")["places"]["streets"])
    if not inside and provider == "PR1" and kind in ("K2", "K3", "R1", "R3", "S1"):
        provider = "PR4"  # what the council runs itself lies in the borough
    registered = kind in ("K2", "K3", "R3") or kind.startswith("U")
    serial = world.between(10000, 99999) if registered else 10001 + world.counters.get("H", 0) % 89999
    urn = None if kind in ("P1", "R1") else _own_number(world, serial)
    return Home(
        start,
        end,
        kind,
        provider,
        urn,
        postcode(world, street, far=not inside),
        round(miles, 1),
        street=f"{world.between(1, 90)} {street}",
    )


def _own_number(world: World, serial: int) -> str:
    """A register number that no other home has: the first free one from `serial`."""
    while (number := f"SC9{serial}") in world.taken or number == OWN_SERVICE:
        serial = 10000 + (serial - 9999) % 90000
    world.taken.add(number)
    return number


def _provider(world: World, kind: str) -> str:
    if kind == "P1":
        return "PR0"
    if kind in ("U1", "U2", "U3"):
        return "PR1"
    if kind in ("K2", "K3", "S1", "R1", "R3"):
        return world.share("providers of homes", {"PR4": 90, "PR1": 4, "PR5": 6})
    return world.share("providers of care", {"PR1": 50, "PR4": 42, "PR2": 6, "PR5": 2})


def _adoptive(world: World, stay: Stay, homes: list[Home]) -> None:
    """Give the last stretch before adoption to the adopters: placed under a placement order."""
    placed = (stay.exit or world.on) - timedelta(days=world.between(180, 320))
    while homes and homes[-1].start >= placed:
        homes.pop()
    homes[-1].end = placed
    homes.append(_home(world, stay, placed, world.happened(stay.exit), "A6"))
    homes[-1].provider, homes[-1].urn = "PR1", "XXXXXXX"


def _changes(world: World, homes: list[Home]) -> None:
    for home in homes[:-1]:
        shares = {"CARPL": 74, "CREQB": 8, "CHILD": 5, "CREQO": 5, "CLOSE": 3, "OTHER": 5}
        home.change = world.share("why moved", shares)


def plan_statuses(world: World, stay: Stay) -> list[Status]:
    """Plan the legal statuses of one period of care, first to last, by what the courts usually do."""
    if stay.alone:
        return [Status(stay.entry, "V2")]
    age = (stay.entry - stay.dob).days / 365.25
    if stay.reason == "E12":
        return _adoption_path(world, stay)
    path = world.share(
        "path young" if age < 14 else "path older",
        {"court": 89, "agreed": 11} if age < 14 else {"court": 50, "agreed": 50},
    )
    short = stay.exit is not None and (stay.exit - stay.entry).days < 100
    if path == "agreed" or short:
        return [Status(stay.entry, "V2")]
    return _court_path(world, stay)


def _court_path(world: World, stay: Stay) -> list[Status]:
    start = stay.entry
    first = world.share("first status", {"V2": 25, "L2": 10, "L1": 5, "C1": 60})
    statuses = [Status(start, first)]
    interim = start + timedelta(days={"V2": world.between(15, 120), "L2": 7, "L1": 2, "C1": 0}[first])
    if first != "C1":
        statuses.append(Status(interim, "C1"))
    final = interim + timedelta(days=world.between(150, 290))
    statuses.append(Status(final, "C2"))
    if age_under(stay, final, 6) and world.happens("placement order", 38):
        statuses.append(Status(final + timedelta(days=world.between(5, 60)), "E1"))
    last = stay.exit or FAR_FUTURE
    return [status for status in statuses if status.start < last and status.start <= world.on]


def _adoption_path(world: World, stay: Stay) -> list[Status]:
    last = stay.exit or world.on
    order = last - timedelta(days=330)
    return [Status(stay.entry, "C1"), Status(order, "E1")] if order > stay.entry else [Status(stay.entry, "E1")]


def age_under(stay: Stay, day: date, years: int) -> bool:
    """Say whether the child is younger than `years` on `day`."""
    return (day - stay.dob).days < years * 365.25
