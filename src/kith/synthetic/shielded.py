"""Families whose whereabouts are shielded, and children who were adopted, for tests and demonstrations."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kith.synthetic.front_door import Town
from kith.synthetic.lived import Care
from kith.synthetic.people import Family
from kith.synthetic.personas import Cast
from kith.synthetic.world import Row, settings

ENOUGH = 15  # people shielded, whole families at a time
ADOPTED, TO_BE_ADOPTED = 3, 2


@dataclass(frozen=True)
class Shielded:
    """Somebody shielded, and where she lives: what no page may say to those not entitled."""

    person_id: str
    lines: str
    postcode: str


@dataclass(frozen=True)
class Adopted:
    """A child whose birth record is to be sealed, and the name that the order gave."""

    person_id: str
    forename: str
    surname: str
    ordered_on: date


def shield(town: Town, parts: Cast) -> tuple[Shielded, ...]:
    """Shield a few families, mother and children; first those that the reviewing persona knows."""
    details = {row["pdet_person_id"]: row for row in town.world.rows.of("kith_person_detail")}
    reviewed = {row["invo_person_id"] for row in _open(town, "reviewing_officer", parts.people["reviewing_officer"])}
    families = sorted(
        _families(town, parts, details),
        key=lambda family: (reviewed.isdisjoint(child.id for child in family.children), family.id),
    )
    made: list[Shielded] = []
    for family in families:
        if len(made) >= ENOUGH:
            break
        assert family.mother
        for person in (*(child.id for child in family.children), family.mother.id):
            row = details.get(person) or town.world.rows.add("kith_person_detail", pdet_person_id=person)
            row["pdet_restriction"] = "R2"
            made.append(Shielded(person, f"{family.street}, Riverside", family.postcode))
    return tuple(made)


def _families(town: Town, parts: Cast, details: dict[str, Row]) -> Iterator[Family]:
    """Families with open work that nothing else is shown with: not held by a persona, barred or restricted."""
    spoken_for = parts.held | set(parts.barred_from)
    busy = {row["invo_person_id"] for row in _open(town, "social_worker")}
    for family in town.families:
        ids = {child.id for child in family.children}
        whole = family.mother is not None and ids <= details.keys() and ids <= busy
        if whole and not ids & spoken_for and all(details[each]["pdet_restriction"] == "R0" for each in ids):
            yield family


def _open(town: Town, role: str, worker: str = "") -> list[Row]:
    rows = town.world.rows.of("ssd_involvements")
    return [
        row
        for row in rows
        if row["invo_involvement_end_date"] is None
        and row["invo_professional_role_id"] == role
        and worker in ("", row["invo_professional_id"])
    ]


def adopt(town: Town, parts: Cast) -> tuple[Adopted, ...]:
    """The last children to leave care by adoption, each with a name that no record has; one officer works with two
    more, whose orders are still to come."""
    world = town.world
    gone = [care for care in town.cares if care.stay.reason == "E12" and (care.stay.exit or world.on) < world.on]
    gone.sort(key=lambda care: (care.stay.exit, care.id), reverse=True)
    made = []
    for care in gone[:ADOPTED]:
        groups = settings("names")["groups"]
        other = groups[world.one([key for key in groups if key not in ("alone", care.child.group)])]
        forename = world.one(other["girls" if care.child.sex == "F" else "boys"])
        assert care.stay.exit
        made.append(Adopted(care.child.id, forename, f"{world.one(other['surnames'])}-Vale", care.stay.exit))
    for care in _waiting(town, parts):
        _involve(town, parts.people["adoption_officer"], care)
    return tuple(made)


def _waiting(town: Town, parts: Cast) -> list[Care]:
    """The youngest children in care today who are nobody else's showpiece."""
    details = {row["pdet_person_id"]: row["pdet_restriction"] for row in town.world.rows.of("kith_person_detail")}
    spoken_for = parts.held | set(parts.barred_from)
    free = [
        care
        for care in town.cares
        if care.open_on(town.world.on) and care.child.id not in spoken_for and details.get(care.child.id) == "R0"
    ]
    return sorted(free, key=lambda care: (care.child.dob, care.child.id), reverse=True)[:TO_BE_ADOPTED]


def _involve(town: Town, officer: str, care: Care) -> None:
    world = town.world
    world.rows.add(
        "ssd_involvements",
        invo_involvements_id=world.id("I"),
        invo_professional_id=officer,
        invo_professional_role_id="adoption_officer",
        invo_professional_team=town.staff.team_ids["adoption"],
        invo_involvement_start_date=max(care.stay.entry, world.days.back(world.on, 60)),
        invo_involvement_end_date=None,
        invo_worker_change_reason="FCONTA",
        invo_person_id=care.child.id,
        invo_referral_id=None,
    )
