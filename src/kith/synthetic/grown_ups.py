"""Work with grown-ups in the invented borough: carers, people who hope to adopt, allegations, workers' supervision."""

from datetime import date, timedelta

from kith.synthetic.front_door import Town
from kith.synthetic.personas import Cast
from kith.synthetic.plain_work import add_work
from kith.synthetic.world import Row, settings

DAY = timedelta(days=1)
CARERS, HOPEFUL, ALLEGATIONS, SUPERVISED = 18, 6, 8, 8
YEAR = 365


def work_with_grown_ups(town: Town, parts: Cast) -> None:
    """Tell all of it; the personas keep the allegations, and the supervision of a team."""
    for number in range(CARERS):
        _carer(town, town.world.on - timedelta(days=40 + 38 * number))
    for number in range(HOPEFUL):
        _hopeful(town, town.world.on - timedelta(days=30 + 55 * number))
    for number in range(ALLEGATIONS):
        _allegation(town, parts.people["designated_officer"], town.world.on - timedelta(days=3 + 42 * number))
    _supervise(town, parts)


def _grown_up(town: Town, record: str, worker: str, role: str, start: date, **told: str) -> str:
    """A grown-up with such a record, and the worker who has a part in it since a day."""
    world = town.world
    names = settings("names")["groups"]
    group = names[world.one([key for key in names if key != "alone"])]
    person, woman = world.id("A"), world.happens("carer woman", 70)
    row = {
        "adul_forename": world.one(group["girls" if woman else "boys"]),
        "adul_surname": world.one(group["surnames"]),
        "adul_sex": "F" if woman else "M",
        "adul_dob": world.on - timedelta(days=world.between(28 * YEAR, 60 * YEAR)),
    }
    world.rows.add("kith_adult", adul_person_id=person, adul_record=record, **row | told)
    team = next(seat.team for seats in town.staff.seats.values() for seat in seats if seat.worker(world.on) == worker)
    world.rows.add(
        "ssd_involvements",
        invo_involvements_id=world.id("I"),
        invo_professional_id=worker,
        invo_professional_role_id=role,
        invo_professional_team=town.staff.team_ids[team],
        invo_involvement_start_date=start,
        invo_involvement_end_date=None,
        invo_person_id=person,
    )
    return person


def _carer(town: Town, day: date) -> None:
    """Approved on a day, visited about every five weeks, reviewed once a year; now and then a visit is late."""
    world = town.world
    by = town.staff.anyone("adoption", "adoption_officer", world.on)
    carer = _grown_up(town, "carer", by, "supervising_social_worker", day)
    kin = world.happens("kinship carer", 25)
    applied = add_work(
        town, "fostering_application", carer, by, opened_date=day - timedelta(days=world.between(150, 230))
    )
    follows = _ref(applied)
    add_work(town, "fostering_panel", carer, by, done_date=day - 5 * DAY, follows=follows)
    add_work(town, "fostering_decision", carer, by, done_date=day - DAY, outcome="approved", follows=follows)
    approval = add_work(town, "carer_approval", carer, by, code="kinship" if kin else "mainstream", opened_date=day)
    span = _ref(approval)
    visit, number = day + timedelta(days=world.between(20, 40)), 0
    while visit <= world.on:
        code = "unannounced" if number % 7 == 3 else "announced"
        add_work(town, "carer_visit", carer, by, code=code, happened_date=visit, belongs_to=span)
        late = world.happens("carer visited late", 6)
        visit, number = visit + timedelta(days=world.between(46, 60) if late else world.between(30, 41)), number + 1
    review = day + timedelta(days=world.between(330, 362))
    add_work(town, "carer_review", carer, by, done_date=review, outcome="goes_on", belongs_to=span)
    trained = day + timedelta(days=world.between(200, 380))
    add_work(town, "carer_training", carer, by, done_date=trained, belongs_to=span)


def _ref(row: Row | None) -> str:
    return f"{row['work_kind']}:{row['work_table_id']}" if row else ""


def _hopeful(town: Town, day: date) -> None:
    """Registered on a day; the first stage takes two months, the second four."""
    world = town.world
    by = town.staff.anyone("adoption", "adoption_officer", world.on)
    person = _grown_up(town, "carer", by, "supervising_social_worker", day)
    ended = day + timedelta(days=world.between(45, 70))
    over = world.happened(ended)
    add_work(town, "adopter_stage1", person, by, opened_date=day, done_date=ended, outcome="goes_on" if over else None)
    second = add_work(town, "adopter_stage2", person, by, opened_date=ended + 10 * DAY)
    if second:
        decided = ended + timedelta(days=world.between(110, 145))
        yes = "approved" if world.happened(decided) else None
        add_work(town, "adopter_approval", person, by, done_date=decided, outcome=yes, follows=_ref(second))


def _allegation(town: Town, by: str, day: date) -> None:
    """Reported by an employer, weighed the next day, looked at each month until it has its outcome."""
    world = town.world
    person = _grown_up(town, "allegation", by, "designated_officer", day)
    add_work(town, "allegation_known", person, by, opened_date=world.days.back(day, world.between(0, 2)))
    ended = day + timedelta(days=world.between(20, 120))
    said = world.share("allegation outcome", {"substantiated": 30, "unsubstantiated": 45, "unfounded": 15, "false": 10})
    outcome = said if world.happened(ended) else None
    follows = _ref(add_work(town, "allegation", person, by, opened_date=day, done_date=ended, outcome=outcome))
    weighed = world.later(day, 0, 1)
    heavy = world.happens("allegation over the threshold", 60)
    found = ("threshold" if heavy else "advice") if world.happened(weighed) else None
    add_work(town, "allegation_evaluation", person, by, done_date=weighed, outcome=found, follows=follows)
    if heavy:
        add_work(town, "allegation_meeting", person, by, happened_date=world.later(weighed, 2, 6), follows=follows)
    looked = weighed + timedelta(days=world.between(24, 28))
    while looked < ended:
        add_work(town, "allegation_review", person, by, happened_date=looked, follows=follows)
        looked += timedelta(days=world.between(25, 31))


def _supervise(town: Town, parts: Cast) -> None:
    """The persona's manager supervises her, and some of her team, every month for a year."""
    world, manager = town.world, parts.people["team_manager"]
    seats = [seat.worker(world.on) for seat in town.staff.seats["fsp2", "social_worker"]]
    workers = [parts.people["social_worker"], *(each for each in seats if each != parts.people["social_worker"])]
    names = {row["prof_professional_id"]: row["prof_professional_name"] for row in world.rows.of("ssd_professionals")}
    for worker in workers[:SUPERVISED]:
        forename, _, surname = names[worker].rpartition(" ")
        held = world.on - timedelta(days=world.between(330, YEAR))
        told = {"adul_forename": forename, "adul_surname": surname, "adul_worker_id": worker}
        person = _grown_up(town, "worker", manager, "supervisor", held, **told)
        while held <= world.on:
            follows = _ref(add_work(town, "supervision", person, manager, happened_date=held))
            add_work(town, "supervision_record", person, manager, done_date=world.later(held, 1, 6), follows=follows)
            late = world.happens("supervised late", 8)
            held += timedelta(days=world.between(35, 45) if late else world.between(24, 29))
