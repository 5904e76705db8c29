"""Children written twice by another source, and twins who are two: for the linkage to find, and to leave alone."""

from datetime import timedelta

from kith.synthetic.front_door import Town
from kith.synthetic.households import address_row, child_pupil_number
from kith.synthetic.identifiers import nhs_number
from kith.synthetic.labelled import Maker, Written
from kith.synthetic.people import Child, Family
from kith.synthetic.planted import Planted
from kith.synthetic.world import World, settings

TWICE, TWINS = 20, 4  # children with a second record; pairs of twins
SHIELDED = (4, 9, 14)  # of the second records, those whose source keeps their whereabouts back
LIKELY, NEVER = "a likely duplicate", "never a likely duplicate"
FROM = 541_000  # serials that no child of the borough has


def write_twice(town: Town, kept: set[str]) -> tuple[Planted, ...]:
    """Write second records of children, and twins, and list them; nothing is written of the children in `kept`."""
    world = town.world
    maker = Maker(world.seed % 997)
    families = [each for each in town.families if _fit(world, each, kept)]
    chosen = world.chance.sample(families, min(TWICE + TWINS, len(families)))
    found = [_second(world, maker, family, number) for number, family in enumerate(chosen[:TWICE])]
    return (*found, *(_twins(world, family, number) for number, family in enumerate(chosen[TWICE:])))


def _fit(world: World, family: Family, kept: set[str]) -> bool:
    """Families with a known first child of school age and a mother, at an address."""
    first = family.children[0]
    return bool(
        first.detail and family.mother and not first.unborn and first.age(world.on) >= 5 and first.id not in kept
    )


def _second(world: World, maker: Maker, family: Family, number: int) -> Planted:
    child, mother = family.children[0], family.mother
    pupil = child_pupil_number(world, child)
    numbers = [f"nhs:{nhs_number(int(child.id[1:]) % 540_000)}", *([f"upn:{pupil}"] if pupil else [])]
    home = f"{family.street}|{family.postcode}"
    kin = [f"{mother.forename} {mother.surname}"] if mother else []
    first = Written(1, child.forename, child.surname, child.dob, child.sex, numbers, [home], kin)
    made = maker.second(first)
    while not (made.born_on or made.numbers):  # a name alone is nobody's: there is nothing to find it by
        made = maker.second(first)
    known = dict(each.split(":", 1) for each in made.numbers)
    pk = world.id("S")
    _person(world, pk, family, made, nhs=known.get("nhs"), upn=known.get("upn"))
    for where in made.homes:
        line, _, postcode = where.partition("|")
        address_row(world, pk, line, postcode, world.on - timedelta(days=90), None)
    for forename, surname in made.names:
        world.rows.add(
            "kith_alias",
            alia_table_id=world.id("AL"),
            alia_person_id=pk,
            alia_forename=forename,
            alia_surname=surname,
            alia_kind="other name",
        )
    if number in SHIELDED:
        world.rows.add("kith_person_detail", pdet_person_id=pk, pdet_restriction="R2")
    what = f"A second record from another source: {made.fault.replace('_', ' ')}"
    return Planted(pk, what, child.id, LIKELY, "Half of what is known is on each record, and a shield on only one")


def _twins(world: World, family: Family, number: int) -> Planted:
    """Two children of one birth date, surname and address, with numbers of their own."""
    child = family.children[0]
    names = settings("names")["groups"][child.group]["girls" if child.sex == "F" else "boys"]
    born = child.dob + timedelta(days=400)
    ids = []
    for place, forename in enumerate(world.chance.sample(names, 2)):
        made = Written(place, forename, child.surname, born, child.sex, [], [], [])
        ids.append(world.id("S"))
        _person(world, ids[-1], family, made, nhs=nhs_number(FROM + number * 2 + place), upn=None)
        address_row(world, ids[-1], family.street, family.postcode, born, None)
    return Planted(ids[1], "Twins of one home", ids[0], NEVER, "Two children, who must never be read as one")


def _person(world: World, pk: str, family: Family, made: Written, *, nhs: str | None, upn: str | None) -> None:
    child: Child = family.children[0]
    world.rows.add(
        "ssd_person",
        pers_person_id=pk,
        pers_forename=made.forename,
        pers_surname=made.surname,
        pers_sex=made.sex or "U",
        pers_ethnicity=child.ethnicity,
        pers_dob=made.born_on,
        pers_common_child_id=nhs,
        pers_upn=upn,
        pers_is_mother="N",
    )
