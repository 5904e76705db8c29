"""Writing down who everyone is: persons, the adults around them, where they live and what they are called."""

import json
from datetime import date, timedelta

from kith.synthetic.identifiers import nhs_number, pupil_number
from kith.synthetic.people import Adult, Child, Family
from kith.synthetic.world import World, settings

RELATIVES = (("grandparent", "F"), ("grandparent", "M"), ("aunt_or_uncle", "F"), ("step_parent", "M"))
OTHER_SPELLINGS = {
    "Mohammed": "Muhammad",
    "Muhammad": "Mohamed",
    "Mohammad": "Muhammed",
    "Siobhán": "Siobhan",
    "Aoife": "Eefa",
    "Anna": "Анна",
    "Анна": "Anna",
    "Nguyễn": "Nguyen",
    "Ли": "Li",
    "Łukasz": "Lukas",
    "Chowdhury": "Choudhury",
    "Ahmed": "Ahmad",
    "Hussain": "Hossain",
    "Иванова": "Ivanova",
}


def write_households(world: World, families: list[Family], open_children: set[str]) -> None:
    """Write every family's rows; children with open work also get their own words about who they are."""
    for family in families:
        _address_rows(world, family)
        for child in family.children:
            _person(world, child)
            _details(world, child, child.id in open_children)
            world.rows.add(
                "ssd_family", fami_table_id=world.id("FM"), fami_family_id=family.id, fami_person_id=child.id
            )
        _adults(world, family)
        _brothers_and_sisters(world, family)


def _person(world: World, child: Child) -> None:
    serial = int(child.id[1:]) % 540_000
    school, upn = child.age(world.on) >= 4 and not child.unborn, child_pupil_number(world, child)
    male = child.sex == "M"
    world.rows.add(
        "ssd_person",
        pers_person_id=child.id,
        pers_forename=child.forename,
        pers_surname=child.surname,
        pers_sex=child.sex,
        pers_gender="00" if child.unborn else "01" if male else "02",
        pers_ethnicity=child.ethnicity,
        pers_dob=None if child.unborn else child.dob,
        pers_expected_dob=child.dob if child.unborn else None,
        pers_common_child_id=None if child.unborn else nhs_number(serial),
        pers_upn=upn,
        pers_upn_unknown=None if upn else "UN2" if school else "UN1",  # never at a school in England, or not yet at one
        pers_send_flag="Y" if child.disabled else "N",
        pers_is_mother="N",
        pers_nationality=_nationality(world, child),
    )


def child_pupil_number(world: World, child: Child) -> str | None:
    """Give a child's pupil number: from age 4, and for most young people who came alone not yet."""
    serial = int(child.id[1:]) % 540_000
    if child.unborn or child.age(world.on) < 4 or (child.alone and serial % 5 < 3):
        return None
    return pupil_number(serial, born=child.dob)


def _nationality(world: World, child: Child) -> str:
    countries = settings("names")["groups"]["alone"]["countries"]
    return str(world.one(countries)) if child.alone else "United Kingdom"


def _details(world: World, child: Child, has_open_work: bool) -> None:
    for code in child.disabled or (() if child.unborn else ("NONE",)):
        if child.detail or code != "NONE":
            world.rows.add(
                "ssd_disability",
                disa_person_id=child.id,
                disa_table_id=world.id("DI"),
                disa_disability_code=code,
            )
    if not child.detail:
        return
    names, words = settings("names")["groups"][child.group], settings("words")
    own = words["who_i_am_baby"] if child.age(world.on) < 4 else words["who_i_am"]
    language = world.one(names["languages"])
    world.rows.add(
        "kith_person_detail",
        pdet_person_id=child.id,
        pdet_known_as=_short(child.forename) if world.chance.random() < 0.04 else None,
        pdet_first_language=language,
        pdet_religion=world.one(names["religions"]),
        pdet_interpreter="Y"
        if language != "English" and world.chance.random() < (0.9 if child.alone else 0.12)
        else "N",
        pdet_who_i_am=world.one(own) if has_open_work and not child.unborn else None,
        pdet_restriction="R0",
    )
    _alias(world, child)


def _alias(world: World, child: Child) -> None:
    forename = OTHER_SPELLINGS.get(child.forename)
    surname = OTHER_SPELLINGS.get(child.surname)
    if (forename or surname) and world.chance.random() < 0.35:
        world.rows.add(
            "kith_alias",
            alia_table_id=world.id("AL"),
            alia_person_id=child.id,
            alia_forename=forename or child.forename,
            alia_surname=surname or child.surname,
            alia_kind="other spelling",
        )


def _address_rows(world: World, family: Family) -> None:
    eldest, known = min(child.dob for child in family.children), family.children[0].detail
    moved = eldest + timedelta(days=world.between(300, 2500)) if known and world.chance.random() < 0.3 else None
    if moved and moved < world.on - timedelta(days=400) and not family.children[0].alone:
        street = world.one(settings("names")["places"]["streets"])
        for child in family.children:
            if child.dob < moved:
                _address(
                    world, child, f"{world.between(1, 99)} {street}", family.postcode[:4] + "8XX", child.dob, moved
                )
    else:
        moved = None
    for child in family.children:
        start = max(min(child.dob, world.on), moved or date.min)
        if not child.alone:
            _address(world, child, family.street, family.postcode, start, None)
        if child.home and child.home.end is None:
            _address(world, child, child.home.street, child.home.postcode, child.home.start, None, "placement")


def _address(
    world: World, child: Child, line: str, postcode: str, start: date, end: date | None, kind: str = "home"
) -> None:
    address_row(world, child.id, line, postcode, start, end, kind)


def address_row(
    world: World, person: str, line: str, postcode: str, start: date, end: date | None, kind: str = "home"
) -> None:
    """Write where somebody lives or lived."""
    number, _, street = line.partition(" ")
    keys = ("ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN", "UPRN", "EASTING", "NORTHING")
    values = dict.fromkeys(keys, "") | {"HOUSE": number, "STREET": street, "TOWN": "Riverside"}
    world.rows.add(
        "ssd_address",
        addr_table_id=world.id("AD"),
        addr_address_json=json.dumps(values),
        addr_person_id=person,
        addr_address_type=kind,
        addr_address_start_date=start,
        addr_address_end_date=end,
        addr_address_postcode=postcode.replace(" ", ""),
    )


def _adults(world: World, family: Family) -> None:
    mother, father = family.mother, family.father
    if mother is None:
        return
    _adult(world, mother, family)
    if not family.children[0].detail:  # known from a contact only: who rang is known, the rest of the family is not
        for child in family.children:
            _relation(world, child, mother.id, "mother", responsible=True, at_home=True)
        return
    if father:
        _adult(world, father, family)
    relative = _relative(world, family) if world.chance.random() < 0.25 else None
    for child in family.children:
        _relation(world, child, mother.id, "mother", responsible=True, at_home=True)
        # a father nobody has named is a gap worth showing, so it is a row with nobody in it
        _relation(
            world,
            child,
            father.id if father else None,
            "father",
            responsible=bool(father) and family.father_at_home,
            at_home=family.father_at_home,
        )
        if relative:
            _relation(world, child, relative[0], relative[1], responsible=False, at_home=False)


def _relative(world: World, family: Family) -> tuple[str, str]:
    kind, sex = RELATIVES[int(world.chance.random() * len(RELATIVES))]
    names = settings("names")["groups"][family.group]
    assert family.mother
    years = {"grandparent": 24, "aunt_or_uncle": 2, "step_parent": -1}[kind]
    born = family.mother.dob - timedelta(days=365 * years + world.between(0, 900))
    forename = world.one(names["girls" if sex == "F" else "boys"])
    adult = Adult(world.id("A"), forename, world.one(names["surnames"]), sex, born)
    _adult(world, adult, family)
    return adult.id, kind


def _adult(world: World, adult: Adult, family: Family) -> None:
    world.rows.add(
        "kith_adult",
        adul_person_id=adult.id,
        adul_forename=adult.forename,
        adul_surname=adult.surname,
        adul_sex=adult.sex,
        adul_dob=adult.dob,
        adul_ethnicity=family.ethnicity,
        adul_phone=f"07700 900{int(adult.id[1:]) % 1000:03d}",
    )


def _relation(world: World, child: Child, other: str | None, kind: str, *, responsible: bool, at_home: bool) -> None:
    world.rows.add(
        "kith_relationship",
        rela_table_id=world.id("RL"),
        rela_person_id=child.id,
        rela_other_person_id=other,
        rela_kind=kind,
        rela_parental_responsibility="Y" if responsible else "N",
        rela_in_household="Y" if at_home else "N",
        rela_start_date=min(child.dob, world.on),
        rela_end_date=None,
    )


def _short(forename: str) -> str | None:
    """What such a name is shortened to; a child not born yet has no name to shorten."""
    return forename[:3] + "y" if forename.isascii() and forename != "Unborn" else None


def _brothers_and_sisters(world: World, family: Family) -> None:
    for child in family.children:
        for other in family.children:
            if other is not child:
                _relation(world, child, other.id, "brother_or_sister", responsible=False, at_home=True)
