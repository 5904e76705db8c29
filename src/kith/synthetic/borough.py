"""Riverside, the invented borough: one call makes its data, its personas and the list of its planted failures."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset, schema
from kith.synthetic.adopters import find_adopters
from kith.synthetic.around import add_contacts, add_court_and_history, drop_promises, help_early
from kith.synthetic.front_door import Town, tell
from kith.synthetic.grown_ups import work_with_grown_ups
from kith.synthetic.households import write_households
from kith.synthetic.leaving_care import leave_care
from kith.synthetic.missing import go_missing, write_up_interviews
from kith.synthetic.own_duties import OwnDuty, own_duties
from kith.synthetic.personas import cast, restrict
from kith.synthetic.plain_work import record_plain_work
from kith.synthetic.planted import Free, Planted, plant
from kith.synthetic.planted_controls import plant_for_controls
from kith.synthetic.planted_plain_work import plant_allegations, plant_for_plain_work
from kith.synthetic.rights import record_rights
from kith.synthetic.school_needs import write_school_needs
from kith.synthetic.shielded import Adopted, Shielded, adopt, shield
from kith.synthetic.twice import write_twice
from kith.synthetic.workforce import Staff
from kith.synthetic.world import Rows, World, new_world


def frames(rows: Rows) -> dict[str, pl.DataFrame]:
    """Turn the rows made into the dataset's typed tables; a column the dataset lacks raises ValueError."""
    made = {}
    for name, table in rows.tables.items():
        wanted = schema(name)
        strangers = {key for row in table for key in row} - wanted.keys()
        if strangers:
            raise ValueError(f"{name} has no column called {', '.join(sorted(strangers))}.")
        columns = {column: [row.get(column) for row in table] for column in wanted}
        made[name] = pl.DataFrame(columns, schema=wanted)
    return made


@dataclass(frozen=True, eq=False)
class Borough:
    """An invented borough: its data, its planted failures and the people a demonstration signs in as.

    `personas` gives a worker id for each role, and for "barred" the worker in `barred`, who may never see the
    persons named there. `brothers` are two children on plans in the social worker's caseload, soon due a visit.
    `shielded` are those whose whereabouts are; `adopted` those whose birth record is to be sealed once loaded.
    `own_duties` are the authority's own, which are in nobody's record and so in no table of the dataset.
    """

    dataset: Dataset
    planted: tuple[Planted, ...]
    personas: dict[str, str]
    barred: tuple[str, tuple[str, ...]]
    brothers: tuple[str, ...]
    shielded: tuple[Shielded, ...] = ()
    adopted: tuple[Adopted, ...] = ()
    own_duties: tuple[OwnDuty, ...] = ()


def build(*, seed: int = 20260401, on: date = date(2026, 3, 31), boroughs: int = 1, planted: bool = True) -> Borough:
    """Build the borough as it stands at the end of `on`; the same seed and day give the same data, row for row.

    With more than one borough the data holds that many of the same size, with ids that never meet; the
    personas and the planted failures are the first one's. Not `planted`: the same borough without the failures.
    """
    first = _one(seed=seed, on=on, number=0, planted=planted)
    if boroughs == 1:
        return first
    others = [_one(seed=seed, on=on, number=number, planted=planted).dataset.tables for number in range(1, boroughs)]
    tables = {
        name: pl.concat([table, *(other[name] for other in others if name in other)])
        for name, table in first.dataset.tables.items()
    }
    return replace(first, dataset=Dataset(tables))


def _one(*, seed: int, on: date, number: int, planted: bool) -> Borough:
    world = new_world(seed=seed, on=on, borough=number)
    staff = Staff(world)
    town = tell(world, staff)
    for case in town.cases:
        for child in case.children:
            child.detail = True
    around = (
        go_missing,
        leave_care,
        help_early,
        write_school_needs,
        add_contacts,
        add_court_and_history,
        find_adopters,
    )
    for part in (*around, record_plain_work, record_rights, write_up_interviews, drop_promises):
        with world.aside(part.__name__):
            part(town)
    parts = cast(town)
    free = Free(town, parts)
    failures = _failures(town, free) if planted else ()
    open_work = {r["invo_person_id"] for r in world.rows.of("ssd_involvements") if not r["invo_involvement_end_date"]}
    write_households(world, town.families, open_work)
    restricted = restrict(town, parts)
    shielded = shield(town, parts)
    with world.aside("adopt"):
        adopted = adopt(town, parts)
    apart = {each.person_id for each in shielded} | {each.person_id for each in adopted}
    with world.aside("write_twice"):
        failures += write_twice(town, restricted | apart | parts.held | set(parts.barred_from))
    with world.aside("work_with_grown_ups"):
        work_with_grown_ups(town, parts)
    failures += plant_allegations(town) if planted else ()
    write_caseloads(world)
    barred = (parts.people["barred"], parts.barred_from)
    dataset = Dataset(frames(world.rows))
    with world.aside("own_duties"):
        own = own_duties(world)
    return Borough(dataset, failures, parts.people, barred, parts.brothers, shielded, adopted, own)


def _failures(town: Town, free: Free) -> tuple[Planted, ...]:
    return plant(town, free) + plant_for_controls(town, free) + plant_for_plain_work(town, free)


def write_caseloads(world: World) -> None:
    """Write each worker's caseload as it was on the last 30 September, as the workforce return asks."""
    year = world.on.year if (world.on.month, world.on.day) >= (9, 30) else world.on.year - 1
    day = date(year, 9, 30)
    held: Counter[str] = Counter()
    for row in world.rows.of("ssd_involvements"):
        start, end = row["invo_involvement_start_date"], row["invo_involvement_end_date"]
        if row["invo_professional_role_id"] == "social_worker" and start <= day and (end is None or end >= day):
            held[row["invo_professional_id"]] += 1
    for row in world.rows.of("ssd_professionals"):
        row["prof_professional_caseload"] = held[row["prof_professional_id"]]
