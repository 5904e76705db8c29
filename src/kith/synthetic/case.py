"""One case: a family's referral, from the contact that brought it to the day it closes."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from kith.synthetic.days import census_day
from kith.synthetic.outcomes import CONTACT, REFERRAL, outcome
from kith.synthetic.people import Child, Family
from kith.synthetic.workforce import Seat, Staff
from kith.synthetic.world import Row, World, settings
from kith.vocabulary.codes import is_valid

SOURCES = {
    "1A": "Family member or carer",
    "1B": "Neighbour or child minder",
    "1C": "Child",
    "1D": "Other individual",
    "2A": "School",
    "2B": "Education services",
    "3A": "GP",
    "3B": "Health visitor",
    "3C": "School nurse",
    "3D": "Other primary health",
    "3E": "Accident and emergency",
    "3F": "Other health",
    "4": "Housing",
    "5A": "Adult social care",
    "5B": "Youth justice or other council service",
    "5C": "Another council",
    "5D": "Early help",
    "6": "Police",
    "7": "Court, probation or other legal agency",
    "8": "Other agency",
    "9": "Anonymous",
    "10": "Not known",
}


BEFORE_5D = "5B"  # early help was counted with the council's other services until it had a code of its own


@dataclass
class Case:
    """A family's open case: its children, each child's referral row and the post that holds it now."""

    world: World
    staff: Staff
    family: Family
    children: list[Child]
    day: date
    decided: date
    referrals: dict[str, Row] = field(default_factory=dict)

    def ref(self, child: Child) -> str:
        """Give the id of a child's referral."""
        return str(self.referrals[child.id]["cine_referral_id"])

    @property
    def assessing(self) -> str:
        """The assessment team for the family's part of the borough."""
        return "north" if self.family.patch % 2 else "south"

    @property
    def supporting(self) -> str:
        """The support and protection team for the family's part of the borough."""
        return ("fsp1", "fsp2", "fsp3")[self.family.patch % 3]

    def hold(self, team: str, role: str, start: date, end: date | None, children: list[Child] | None = None) -> Seat:
        """Allocate the work to a post in a team from `start` to `end` (nothing = still open)."""
        among = children or self.children
        seat = self.staff.pick(team, role, start, end=end, children=len(among))
        for child in among:
            self.staff.involve(seat=seat, child=child.id, referral=self.ref(child), start=start, end=end)
        return seat

    def close(self, child: Child, day: date, reason: str) -> None:
        """Close a child's case; a day that has not come yet leaves it open."""
        closed = self.world.happened(day)
        row = self.referrals[child.id]
        row["cine_close_date"], row["cine_close_reason"] = closed, reason if closed else None
        self.family.closed = max(self.family.closed, day)


def add_contact(world: World, staff: Staff, child: Child, day: date, source: str, *outcomes: str) -> None:
    """Record a contact and who decided on it when."""
    contact = world.id("C")
    world.rows.add(
        "ssd_contacts",
        cont_contact_id=contact,
        cont_person_id=child.id,
        cont_contact_date=day,
        cont_contact_source_code=source,
        cont_contact_source_desc=SOURCES[source],
        cont_contact_outcome_json=outcome(CONTACT, *outcomes),
    )
    late = world.happens("contact late", 3)
    decided = world.days.add(day, world.between(2, 3) if late else world.between(0, 1))
    out_of_hours = not world.days.is_working(day) or world.happens("out of hours", 8)
    seat = ("edt", "edt_worker") if out_of_hours else ("mash", "mash_worker")
    if decided <= world.on:
        worker = staff.anyone(*seat, decided)
        world.rows.add(
            "kith_contact_decision", cdec_contact_id=contact, cdec_decision_date=decided, cdec_worker_id=worker
        )


def open_case(
    world: World,
    staff: Staff,
    family: Family,
    children: list[Child],
    day: date,
    *,
    nfa: bool = False,
    alone: bool = False,
) -> Case:
    """Open a case: a contact and a referral for each child on the same day, decided within a day or nearly."""
    late = world.happens("referral late", 4, len(children))
    decided = world.days.add(day, world.between(2, 3) if late else world.between(0, 1))
    source = "5C" if alone else world.share("sources", settings("targets")["front_door"]["sources"], len(children))
    if not is_valid("referral_source", source, on=day):
        source = BEFORE_5D
    need = "N8" if alone else world.share("needs", settings("targets")["needs"], len(children))
    if nfa:
        decided = _within_the_year(world, day, decided)
    case = Case(world, staff, family, children, day, decided)
    worker = staff.anyone("mash", "mash_worker", day)
    for child in children:
        own = "N2" if child.disabled and need == "N4" else need
        add_contact(world, staff, child, day, source, "NEW_REFERRAL_FLAG")
        case.referrals[child.id] = _referral(case, child, source, own, worker, nfa)
    family.referred = day
    if nfa:
        for child in children:
            case.close(child, decided, "RC7")
    return case


def _within_the_year(world: World, day: date, decided: date) -> date:
    """Give the day of deciding on no further action: a census has no room for one of a referral of the year before.

    Only a referral of the last working day may wait for the next.
    """
    census = census_day(day)
    last = world.days.last(census)
    return last if day < last and decided > census else decided


def _referral(case: Case, child: Child, source: str, need: str, worker: str, nfa: bool) -> Row:
    world = case.world
    referral = world.id("R")
    decided = world.happened(case.decided)
    allocated = case.decided + timedelta(days=0)
    world.rows.add(
        "kith_referral_decision",
        rdec_referral_id=referral,
        rdec_decision_date=decided,
        rdec_decision=("nfa" if nfa else "accepted") if decided else None,
        rdec_worker_id=worker if decided else None,
        rdec_allocated_date=None if nfa else world.happened(world.days.add(allocated, world.between(0, 1))),
    )
    return world.rows.add(
        "ssd_cin_episodes",
        cine_referral_id=referral,
        cine_person_id=child.id,
        cine_referral_date=case.day,
        cine_cin_primary_need_code=need,
        cine_referral_source_code=source,
        cine_referral_source_desc=SOURCES[source],
        cine_referral_outcome_json=outcome(REFERRAL, "NFA_FLAG" if nfa else "SINGLE_ASSESSMENT_FLAG"),
        cine_referral_nfa="Y" if nfa and decided else "N",
        cine_referral_team=case.staff.team_ids["mash"],
        cine_referral_worker_id=worker,
    )
