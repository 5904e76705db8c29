"""The people a demonstration signs in as, and the caseload and barred family that make their pages worth seeing."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from kith.synthetic.case import Case
from kith.synthetic.front_door import Town
from kith.synthetic.people import Family
from kith.synthetic.workforce import Seat
from kith.synthetic.world import Row

NAMES = {
    "social_worker": ("fsp2", "social_worker", "Asha Rahman"),
    "team_manager": ("fsp2", "team_manager", "Maureen Okafor"),
    "mash_worker": ("mash", "mash_worker", "Ben Sutton"),
    "edt_worker": ("edt", "edt_worker", "Tomasz Lis"),
    "missing_coordinator": ("missing", "missing_coordinator", "Nadia Haddad"),
    "reviewing_officer": ("review", "reviewing_officer", "Dev Patel"),
    "auditor": ("quality", "auditor", "Effie Laurent"),
    "divisional_director": ("top", "divisional_director", "Grace Adeyemi"),
    "data_officer": ("data", "data_officer", "Sam Wren"),
    "adoption_officer": ("adoption", "adoption_officer", "Ines Duarte"),
    "adoption_second": ("adoption", "adoption_officer", "Ruth Calder"),
    "designated_officer": ("quality", "designated_officer", "Noreen Baptiste"),
    "barred": ("fsp2", "social_worker", "Farid Khan"),
}
ON_PLANS, IN_CARE = 13, 5


@dataclass
class Cast:
    """Who plays which part, which families they hold, and the family one of them must never see."""

    people: dict[str, str] = field(default_factory=dict)
    brothers: tuple[str, ...] = ()
    held: set[str] = field(default_factory=set)
    barred_from: tuple[str, ...] = ()


def cast(town: Town) -> Cast:
    """Name the personas, give the social worker her caseload and choose the barred family."""
    parts = Cast()
    taken: set[int] = set()
    workers = {row["prof_professional_id"]: row for row in town.world.rows.of("ssd_professionals")}
    for part, (team, role, name) in NAMES.items():
        seat = _longest(town, team, role, taken)
        taken.add(id(seat))
        parts.people[part] = seat.worker(town.world.on)
        workers[parts.people[part]]["prof_professional_name"] = name
    _caseload(town, parts)
    _reviews(town, parts)
    _bar(town, parts)
    return parts


def _longest(town: Town, team: str, role: str, taken: set[int]) -> Seat:
    """Choose the post whose holder has been there longest, so that the demonstration's history fits."""
    free = [seat for seat in town.staff.seats[team, role] if id(seat) not in taken]
    return min(free, key=lambda seat: seat.holders[-1][1])


def _open_rows(town: Town, role: str) -> dict[str, Row]:
    """Give each child's open involvement in a role."""
    rows = town.world.rows.of("ssd_involvements")
    open_rows = [row for row in rows if row["invo_involvement_end_date"] is None]
    return {row["invo_person_id"]: row for row in open_rows if row["invo_professional_role_id"] == role}


def _open_plans(town: Town) -> dict[str, str]:
    plans = town.world.rows.of("ssd_cp_plans")
    return {row["cppl_person_id"]: row["cppl_cp_plan_id"] for row in plans if row["cppl_cp_plan_end_date"] is None}


def _caseload(town: Town, parts: Cast) -> None:
    """Clear the social worker's desk, then give her children on plans (two brothers or sisters first) and in care."""
    asha, team = parts.people["social_worker"], town.staff.team_ids["fsp2"]
    open_rows = _open_rows(town, "social_worker")
    _clear(town, open_rows, asha)
    plans = _open_plans(town)
    everywhere = [family for family in town.families if any(child.id in plans for child in family.children)]
    pairs = [family for family in everywhere if _is_pair(family, plans, open_rows, town)]
    pair = min(pairs, key=lambda each: _due(town, each, plans))
    families = _families_on_plans(town, plans, open_rows)
    chosen = [pair] + [family for family in families if family is not pair]
    for family in chosen:
        theirs = [child.id for child in family.children if child.id in plans and child.id in open_rows]
        if len(parts.held) + len(theirs) <= ON_PLANS:
            parts.held |= set(theirs)
    parts.brothers = tuple(child.id for child in pair.children)
    in_care = [c.child.id for c in town.cares if c.open_on(town.world.on) and c.child.id in open_rows]
    lately = sorted(in_care, key=lambda child: open_rows[child]["invo_involvement_start_date"], reverse=True)
    for child in [child for child in lately if child not in parts.held][:IN_CARE]:
        parts.held.add(child)
    for child in sorted(parts.held):
        open_rows[child]["invo_professional_id"] = asha
        open_rows[child]["invo_professional_team"] = team


def _clear(town: Town, open_rows: dict[str, Row], worker: str) -> None:
    seats = town.staff.seats["fsp2", "social_worker"]
    for row in open_rows.values():
        if row["invo_professional_id"] == worker:
            began = row["invo_involvement_start_date"]
            others = [w for s in seats for w, start, end in s.holders if w != worker and start <= began and end is None]
            row["invo_professional_id"] = town.world.one(others)


def _families_on_plans(town: Town, plans: dict[str, str], open_rows: dict[str, Row]) -> list[Family]:
    team = town.staff.team_ids["fsp2"]
    return [
        family
        for family in town.families
        if any(
            c.id in plans and c.id in open_rows and open_rows[c.id]["invo_professional_team"] == team
            for c in family.children
        )
    ]


def _is_pair(family: Family, plans: dict[str, str], open_rows: dict[str, Row], town: Town) -> bool:
    """Two children, both on plans and old enough to say what they think."""
    children = family.children
    ages = [child.age(town.world.on) for child in children]
    return (
        len(children) == 2
        and all(c.id in plans and c.id in open_rows for c in children)
        and all(4 <= age <= 15 for age in ages)
    )


def _sisters(family: Family) -> int:
    """Count the girls: two brothers come first where there are two."""
    return sum(child.sex != "M" for child in family.children)


def _due(town: Town, family: Family, plans: dict[str, str]) -> tuple[bool, int, int, str]:
    """Put first a family whose next visit is due in a few days and not late, two brothers before sisters."""
    plan = plans[family.children[0].id]
    visits = [row for row in town.world.rows.of("ssd_cp_visits") if row["cppv_cp_plan_id"] == plan]
    seen = [row["cppv_cp_visit_date"] for row in visits if row["cppv_cp_visit_seen"] == "Y"]
    waited = town.world.days.between(max(seen, default=date.min + timedelta(days=400)), town.world.on) if seen else 99
    return (not 5 <= waited <= 9, _sisters(family), abs(waited - 8), family.id)


def _reviews(town: Town, parts: Cast) -> None:
    """Give the reviewing officer a caseload of looked-after children from colleagues."""
    officer = parts.people["reviewing_officer"]
    rows = _open_rows(town, "reviewing_officer")
    if not any(row["invo_professional_id"] == officer for row in rows.values()):
        for child in sorted(rows)[:20]:
            rows[child]["invo_professional_id"] = officer


def _bar(town: Town, parts: Cast) -> None:
    """Choose the family one worker may never see: two or more children on plans, held by somebody else."""
    plans, farid = _open_plans(town), parts.people["barred"]
    for family in town.families:
        theirs = [child for child in family.children if child.id in plans]
        if len(theirs) >= 2 and not parts.held & {child.id for child in family.children}:
            parts.barred_from = tuple(child.id for child in family.children)
            break
    seats = [s for s in town.staff.seats["fsp1", "social_worker"]]
    for row in town.world.rows.of("ssd_involvements"):
        if row["invo_person_id"] in parts.barred_from and row["invo_professional_id"] == farid:
            row["invo_professional_id"] = seats[0].worker(row["invo_involvement_start_date"])


def restrict(town: Town, parts: Cast, families: int = 12) -> set[str]:
    """Restrict a dozen families' records (R1); never the personas' own. Gives the children's ids."""
    spoken_for = parts.held | set(parts.barred_from)
    restricted: set[str] = set()
    details = {row["pdet_person_id"]: row for row in town.world.rows.of("kith_person_detail")}
    candidates: list[Case] = [case for case in town.cases if case.day > town.world.on - timedelta(days=500)]
    for case in town.world.chance.sample(candidates, min(families * 3, len(candidates))):
        ids = {child.id for child in case.family.children}
        if families == 0 or ids & spoken_for or not ids <= details.keys():
            continue
        families -= 1
        restricted |= ids
        for child in ids:
            details[child]["pdet_restriction"] = "R1"
    return restricted
