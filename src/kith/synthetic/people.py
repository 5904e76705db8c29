"""Children, the adults in their lives and the families they live in, as the story needs to know them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kith.synthetic.days import age_on, birthday
from kith.synthetic.world import World, settings


@dataclass
class Adult:
    """Someone grown up in a child's life."""

    id: str
    forename: str
    surname: str
    sex: str
    dob: date


@dataclass
class Child:
    """A child (or young person) the borough knows."""

    id: str
    forename: str
    surname: str
    sex: str
    dob: date
    ethnicity: str
    group: str
    unborn: bool = False
    alone: bool = False
    disabled: tuple[str, ...] = ()
    detail: bool = False
    stay: Any = None
    home: Any = None

    def age(self, day: date) -> int:
        """Give completed years of age."""
        return age_on(self.dob, day)


@dataclass
class Family:
    """A household: brothers and sisters, a mother, perhaps a father, one address at a time."""

    id: str
    surname: str
    group: str
    ethnicity: str
    children: list[Child]
    mother: Adult | None = None
    father: Adult | None = None
    father_at_home: bool = False
    street: str = ""
    postcode: str = ""
    referred: date = date.min
    closed: date = date.min
    plan_ended: date = date.max
    patch: int = 0
    addresses: list[tuple[date, str, str]] = field(default_factory=list)


AGES = {"unborn": 2, "0": 5, "1-4": 19, "5-9": 26, "10-15": 34, "16-17": 14}
# assumption: a whole authority uses most of the census's codes
DISABILITIES = {
    "LD": 28,
    "AUT": 38,
    "BEH": 9,
    "MOB": 7,
    "COMM": 7,
    "HEAR": 3,
    "VIS": 3,
    "CON": 2,
    "PC": 1,
    "HAND": 1,
    "INC": 1,
}
SIZES = {1: 52, 2: 26, 3: 14, 4: 6, 5: 2}


def new_family(
    world: World, *, day: date, dobs: list[date] | None = None, ethnicity: str | None = None, size: int = 0
) -> Family:
    """Invent a family known from `day`, with children born on `dobs` or at ages the census would expect."""
    code = ethnicity or world.share("ethnicity", settings("targets")["ethnicity"])
    group = world.one(settings("names")["of"][code])
    names = settings("names")["groups"][group]
    surname = world.one(names["surnames"])
    family = Family(world.id("F"), surname, group, code, [])
    for dob in sorted(dobs or _dobs(world, day, size)):
        family.children.append(_child(world, family, dob, day))
    if not family.children[0].alone:
        _parents(world, family)
    street = world.one(settings("names")["places"]["streets"])
    family.street, family.postcode = f"{world.between(1, 180)} {street}", postcode(world, street)
    family.patch = world.between(0, 5)
    return family


def alone(world: World, *, dob: date, day: date) -> Family:
    """Invent a young person who came to the country by themselves: no parents here, no brothers or sisters."""
    code = world.share("alone", {"OOTH": 35, "AOTH": 32, "BAFR": 33})
    family = Family(world.id("F"), "", "alone", code, [])
    family.surname = world.one(settings("names")["groups"]["alone"]["surnames"])
    child = _child(world, family, dob, day)
    child.alone = True
    family.children.append(child)
    family.street = "Riverside Town Hall, Quayside Place"
    family.postcode = f"{settings('names')['places']['area']}1 1AA"
    return family


def postcode(world: World, street: str, *, far: bool = False) -> str:
    """Invent a postcode in an area that no post goes to; one street keeps to one district."""
    places = settings("names")["places"]
    area = places["far_area"] if far else places["area"]
    tail = world.one("ABDEFGHJLNPQRSTUWXYZ") + world.one("ABDEFGHJLNPQRSTUWXYZ")
    return f"{area}{len(street) % 9 + 1} {world.between(1, 9)}{tail}"


def dob_at(world: World, day: date, low: int, high: int) -> date:
    """Draw a birth date that makes someone `low` to `high` years old on `day` (both count)."""
    youngest = birthday(day, -low) if low else day - timedelta(days=1)
    oldest = birthday(day, -(high + 1)) + timedelta(days=1)
    return oldest + timedelta(days=world.chance.randrange(max((youngest - oldest).days, 1)))


def _dobs(world: World, day: date, size: int = 0) -> list[date]:
    band = world.share("ages", AGES)
    if band == "unborn":
        first = day + timedelta(days=world.between(20, 150))
    else:
        low, _, high = band.partition("-")
        first = dob_at(world, day, int(low), int(high or low))
    dobs = [first]
    size = size or world.chance.choices(list(SIZES), weights=list(SIZES.values()))[0]
    while len(dobs) < size:
        gap = timedelta(days=world.between(400, 1300))
        older, younger = min(dobs) - gap, max(dobs) + gap
        dob = younger if world.chance.random() < 0.5 and younger < day else older
        if age_on(dob, day) > 16:
            break  # the next brother or sister is grown up
        dobs.append(dob)
    return dobs


def _child(world: World, family: Family, dob: date, day: date) -> Child:
    names = settings("names")["groups"][family.group]
    girl = world.happens("alone girl", 12) if family.group == "alone" else world.happens("girl", 47)
    taken = {child.forename for child in family.children}
    forename = next(n for n in world.chance.sample(names["girls" if girl else "boys"], 6) if n not in taken)
    surname = family.surname if world.chance.random() < 0.9 else world.one(names["surnames"])
    unborn = dob > world.on
    child = Child(
        world.id("P"), forename, surname, "F" if girl else "M", dob, family.ethnicity, family.group, unborn=unborn
    )
    if unborn:
        child.forename, child.sex = "Unborn", "U"
    if dob <= day and world.happens("disabled", 0.8 * settings("targets")["in_need"]["disability_percent"]):
        child.disabled = _disability(world)
    return child


def _disability(world: World) -> tuple[str, ...]:
    first = world.share("disability", DISABILITIES)
    return (first, "COMM") if first in ("LD", "AUT") and world.chance.random() < 0.3 else (first,)


def _parents(world: World, family: Family) -> None:
    names = settings("names")["groups"][family.group]
    eldest = min(child.dob for child in family.children)
    born = min(eldest, world.on) - timedelta(days=world.between(19 * 365, 38 * 365))
    family.mother = Adult(world.id("A"), world.one(names["girls"]), family.surname, "F", born)
    if not world.happens("father known", 84):
        return
    surname = family.surname if world.chance.random() < 0.6 else world.one(names["surnames"])
    born -= timedelta(days=world.between(-900, 2500))
    family.father = Adult(world.id("A"), world.one(names["boys"]), surname, "M", born)
    family.father_at_home = world.chance.random() < 0.55
