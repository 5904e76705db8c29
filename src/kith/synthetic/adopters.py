"""People who hope to adopt: those whom the borough's children went to live with, and those still on the way."""

from datetime import date, timedelta

from kith.synthetic.front_door import Town
from kith.synthetic.lived import Care
from kith.synthetic.world import Row, World, settings

DAY = timedelta(days=1)
SEXES = {"MF": ("M", "F"), "FF": ("F", "F"), "MM": ("M", "M"), "F1": ("F",), "M1": ("M",)}
HOPEFUL = 9  # families on the way to approval today
# days from one step to the next: at least, at most
STEPS = (
    ("stage_1_start", 20, 40),
    ("stage_1_end", 50, 75),
    ("stage_2_start", 5, 30),
    ("application", 60, 80),
    ("stage_2_end", 20, 35),
    ("approved", 5, 20),
)


def find_adopters(town: Town) -> None:
    """Record a family for each child adopted, and families who are still being assessed or waiting for a match."""
    world = town.world
    told = {row["perm_person_id"]: row for row in world.rows.of("ssd_permanence")}
    for care in town.cares:
        row = told.get(care.child.id)
        if row and care.stay.reason == "E12" and row["perm_matched_date"]:
            _family_of(world, care, row)
    for number in range(HOPEFUL):
        start = world.on - timedelta(days=60 + 45 * number)
        days = _steps(world, start)
        left = start + timedelta(days=world.between(30, 150)) if number % 4 == 3 else None
        known = {step: day for step, day in days.items() if day <= (left or world.on)}
        sexes = SEXES[world.one(list(SEXES))]
        _rows(world, sexes, {**known, "left": left}, left_reason="Withdrew" if left else None)


def _family_of(world: World, care: Care, row: Row) -> None:
    """The adopters of a child: approved before the match, and theirs by law on the day care ended."""
    days = _steps(world, date.min + timedelta(days=1000))
    late = row["perm_matched_date"] - timedelta(days=world.between(30, 200)) - days["approved"]
    moved = {step: day + late for step, day in days.items()}
    ordered = world.happened(care.stay.exit)
    placed = world.happened(row["perm_placed_for_adoption_date"])
    known = {**moved, "matched": row["perm_matched_date"], "placed": placed, "order": ordered}
    _rows(world, SEXES[row["perm_adopter_sex"]], known, children=1 if placed else None)


def _steps(world: World, enquiry: date) -> dict[str, date]:
    days = {"enquiry": enquiry}
    day = enquiry
    for step, low, high in STEPS:
        day += timedelta(days=world.between(low, high))
        days[step] = day
    return days


def _rows(
    world: World,
    sexes: tuple[str, ...],
    days: dict[str, date | None],
    *,
    children: int | None = None,
    left_reason: str | None = None,
) -> None:
    """One row for each person of the family."""
    family, ethnicity = world.id("AF"), world.share("adopters", settings("targets")["ethnicity"])
    for sex in sexes:
        world.rows.add(
            "kith_adopter",
            adop_adopter_id=world.id("AP"),
            adop_family_id=family,
            adop_sex=sex,
            adop_ethnicity=ethnicity,
            adop_disability="N",
            adop_fostering_for_adoption="N",
            adop_children_placed=children,
            adop_left_reason=left_reason,
            **{f"adop_{step}_date": day for step, day in days.items()},
        )
