"""The teams and workers of the invented borough, and who holds which child's work as people come and go."""

import heapq
from dataclasses import dataclass, field
from datetime import date, timedelta

from kith.synthetic.world import Row, World, settings

TEAMS = {
    "top": "Children's Services",
    "mash": "MASH",
    "edt": "Emergency Duty Team",
    "north": "Assessment North",
    "south": "Assessment South",
    "fsp1": "Family Support and Protection 1",
    "fsp2": "Family Support and Protection 2",
    "fsp3": "Family Support and Protection 3",
    "cla1": "Children Looked After 1",
    "cla2": "Children Looked After 2",
    "through": "Through Care",
    "missing": "Missing and Exploitation",
    "review": "Reviewing Service",
    "quality": "Quality Assurance",
    "data": "Data and Performance",
    "adoption": "Adoption and Permanence",
}
# team, role, how many posts: about 310 in all; those who hold cases make 192 whole posts
POSTS = (
    ("top", "divisional_director", 3),
    ("mash", "team_manager", 2),
    ("mash", "mash_worker", 16),
    ("edt", "team_manager", 1),
    ("edt", "edt_worker", 9),
    ("north", "team_manager", 4),
    ("north", "social_worker", 32),
    ("south", "team_manager", 4),
    ("south", "social_worker", 32),
    ("fsp1", "team_manager", 4),
    ("fsp1", "social_worker", 31),
    ("fsp2", "team_manager", 4),
    ("fsp2", "social_worker", 31),
    ("fsp3", "team_manager", 4),
    ("fsp3", "social_worker", 31),
    ("cla1", "team_manager", 2),
    ("cla1", "social_worker", 13),
    ("cla2", "team_manager", 2),
    ("cla2", "social_worker", 13),
    ("through", "team_manager", 2),
    ("through", "social_worker", 23),
    ("missing", "team_manager", 1),
    ("missing", "missing_coordinator", 7),
    ("review", "team_manager", 1),
    ("review", "reviewing_officer", 16),
    ("quality", "auditor", 8),
    ("data", "data_officer", 8),
)
ASIDE = (  # filled by a chance of their own: nobody else's story changes
    ("adoption staff", "adoption", "adoption_officer", 4),
    ("designated officers", "quality", "designated_officer", 2),
)
TITLES = {
    "divisional_director": "Divisional director",
    "team_manager": "Team manager",
    "mash_worker": "MASH social worker",
    "edt_worker": "Emergency duty social worker",
    "social_worker": "Social worker",
    "missing_coordinator": "Missing coordinator",
    "reviewing_officer": "Independent reviewing officer",
    "auditor": "Practice auditor",
    "data_officer": "Performance analyst",
    "adoption_officer": "Adoption social worker",
    "designated_officer": "Designated officer for allegations",
}
QUALIFIED = (
    "team_manager",
    "social_worker",
    "mash_worker",
    "edt_worker",
    "reviewing_officer",
    "divisional_director",
    "adoption_officer",
    "designated_officer",
)


@dataclass
class Seat:
    """One post, the people who have held it in turn, and when each piece of work it holds will end."""

    team: str
    role: str
    holders: list[tuple[str, date, date | None]]
    ends: list[int] = field(default_factory=list)

    def load(self, day: date) -> int:
        """Count the children whose work this post holds on `day`."""
        while self.ends and self.ends[0] < day.toordinal():
            heapq.heappop(self.ends)
        return len(self.ends)

    def worker(self, day: date) -> str:
        """Say who held the post on `day`."""
        for worker, start, end in self.holders:
            if start <= day and (end is None or day <= end):
                return worker
        return self.holders[-1][0]


class Staff:
    """Everyone who works for the borough."""

    def __init__(self, world: World) -> None:
        """Fill every post, with the changes of five years behind it."""
        self.world = world
        self.team_ids = {key: world.id("T") for key in TEAMS}
        self.seats: dict[tuple[str, str], list[Seat]] = {}
        self._departments()
        for team, role, count in POSTS:
            self.seats[team, role] = [self._seat(team, role) for _ in range(count)]
        for name, team, role, count in ASIDE:
            with world.aside(name):
                self.seats[team, role] = [self._seat(team, role) for _ in range(count)]

    def pick(self, team: str, role: str, day: date, *, end: date | None = None, children: int = 1) -> Seat:
        """Choose the post in a team with the least work of a few, and give it the work until `end`."""
        seats = self.seats[team, role]
        free = [seat for seat in self.world.chance.sample(seats, min(4, len(seats)))]
        seat = min(free, key=lambda each: each.load(day))
        for _ in range(children):
            heapq.heappush(seat.ends, (end or date.max).toordinal())
        return seat

    def anyone(self, team: str, role: str, day: date) -> str:
        """Name someone who was in a team on `day`."""
        seat: Seat = self.world.one(self.seats[team, role])
        return seat.worker(day)

    def involve(self, *, seat: Seat, child: str, referral: str, start: date, end: date | None) -> list[Row]:
        """Record who held a child's work from `start` to `end` (both count), one row for each worker in turn.

        Nobody is given work for the one day before they leave, nor for its last day.
        """
        made: list[Row] = []
        for worker, came, left in seat.holders:
            first = max(start, came)
            last = min(end or date.max, left or date.max)
            if first > last or first > self.world.on:
                continue
            if first == last and (made or left == last):
                continue
            reason = "LEFTRL" if made else "FCONTA"
            made.append(self._involvement(seat, worker, child, referral, first, last, reason))
        return made

    def _involvement(
        self, seat: Seat, worker: str, child: str, referral: str, first: date, last: date, reason: str
    ) -> Row:
        return self.world.rows.add(
            "ssd_involvements",
            invo_involvements_id=self.world.id("I"),
            invo_professional_id=worker,
            invo_professional_role_id=seat.role,
            invo_professional_team=self.team_ids[seat.team],
            invo_involvement_start_date=first,
            invo_involvement_end_date=self.world.happened(last),
            invo_worker_change_reason=reason,
            invo_person_id=child,
            invo_referral_id=referral,
        )

    def _departments(self) -> None:
        where = "" if self.world.borough == 0 else f" (borough {self.world.borough + 1})"
        for key, name in TEAMS.items():
            top = key == "top"
            self.world.rows.add(
                "ssd_department",
                dept_team_id=self.team_ids[key],
                dept_team_name=name + where,
                dept_team_parent_id=None if top else self.team_ids["top"],
                dept_team_parent_name=None if top else TEAMS["top"] + where,
            )

    def _seat(self, team: str, role: str) -> Seat:
        world = self.world
        start = world.start - timedelta(days=world.between(6600, 7000))
        before = (world.start - start).days  # one first holder stands for all the years before the story
        holders: list[tuple[str, date, date | None]] = []
        rate = settings("targets")["workforce"]["turnover_percent"] / 100 / 365.25
        while True:
            last = start + timedelta(days=before + max(200, round(world.chance.expovariate(rate))))
            before = 0
            worker = self._worker(role)
            end = last if last < world.on - timedelta(days=20) else None
            holders.append((worker, start, end))
            self._post(worker, team, role, start, end)
            if end is None:
                return Seat(team, role, holders)
            start = end + timedelta(days=1)

    def _worker(self, role: str) -> str:
        world = self.world
        groups = settings("names")["groups"]
        names = groups[world.one([key for key in groups if key != "alone"])]
        forename = world.one(names["girls"] if world.happens("worker woman", 80) else names["boys"])
        worker = world.id("W")
        agency = role == "social_worker" and world.happens("agency", 21.2)
        world.rows.add(
            "ssd_professionals",
            prof_professional_id=worker,
            prof_staff_id=f"RS{worker[1:]}",
            prof_professional_name=f"{forename} {world.one(names['surnames'])}",
            prof_social_worker_registration_no=f"SW{900000 + int(worker[3:])}" if role in QUALIFIED else None,
            prof_professional_job_title=TITLES[role],
            prof_professional_department="Children's Services",
            prof_full_time_equivalency=world.chance.choices([1.0, 0.8, 0.6], weights=[86, 9, 5])[0],
            prof_agency_worker_flag="Y" if agency else "N",
        )
        return worker

    def _post(self, worker: str, team: str, role: str, start: date, end: date | None) -> None:
        self.world.rows.add(
            "kith_post",
            post_table_id=self.world.id("Q"),
            post_worker_id=worker,
            post_team_id=self.team_ids[team],
            post_role=role,
            post_start_date=start,
            post_end_date=end,
        )
