"""Small makers of workers, children and work, for tests: plain functions, each with sensible defaults."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from kith.foundation.access.models import Account, Post, Shift, Team, Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.history.actor import Actor
from kith.record.deadlines.models import HeldFact
from kith.record.people.models import Barring, FamilyMember, Grant, Involvement, Person, Relationship, Restriction
from kith.record.periods.models import Period
from kith.record.promises.models import Promise
from kith.record.steps.models import Part, Step

SYSTEM = Actor(worker=None, role="system", purpose="tests")
PASSWORD = "correct horse battery staple"
_number = count(1)


def _ref(kind: str) -> str:
    return f"{kind}:test-{next(_number)}"


def recorded(kind: str) -> dict[str, Any]:
    """What every recorded row must carry."""
    return {"ref": _ref(kind), "recorded_at": timezone.now()}


def a_team(name: str = "Family Support and Protection 1") -> Team:
    """A team; the same name gives the same team."""
    return Team.objects.get_or_create(name=name, defaults={"ref": _ref("team")})[0]


def a_worker(name: str = "Asha Rahman", *, role: str = "social_worker", team: Team | None = None) -> Worker:
    """A worker in post since two years ago, with an account that can sign in."""
    worker = Worker.objects.create(ref=_ref("worker"), name=name)
    a_post(worker, role=role, team=team or a_team())
    Account.objects.create(email=f"{worker.ref.replace(':', '-')}@riverside.example", worker=worker)
    return worker


def with_app(account: Account) -> str:
    """The account has an app on a telephone, with this secret."""
    from kith.foundation.accounts.factors import Authenticator, get_adapter, new_secret, secrets_of

    secret = new_secret()
    with secrets_of(account.pk):
        Authenticator.objects.create(user=account, type="totp", data={"secret": get_adapter().encrypt(secret)})
    return secret


def a_post(
    worker: Worker, *, role: str, team: Team, started_on: date | None = None, ended_on: date | None = None
) -> Post:
    """A post."""
    since = started_on or timezone.localdate() - timedelta(days=730)
    return Post.objects.create(
        ref=_ref("post"), worker=worker, team=team, role=role, started_on=since, ended_on=ended_on
    )


def viewer(worker: Worker) -> Viewer:
    """The viewer this worker is today."""
    from kith.foundation.access.viewer import viewer_for

    return viewer_for(worker.account)


def a_child(forename: str = "Imran", surname: str = "Begum", *, held: bool = True, **columns: Any) -> Person:
    """A child of about nine, whom the first team holds: its workers may open the record. Not `held`: nobody does."""
    columns.setdefault("born_on", timezone.localdate() - timedelta(days=9 * 365 + 40))
    child = Person.objects.create(forename=forename, surname=surname, **recorded("person"), **columns)
    if held:
        hold(child)
    return child


def a_grown_up(record: str = "carer", *, held: bool = True, **columns: Any) -> Person:
    """A grown-up with a record of work. Held by the first team, or kept apart for nobody named yet."""
    columns = {"forename": "Ines", "surname": "Calder"} | columns
    person = Person.objects.create(is_child=False, record=record, **recorded("person"), **columns)
    if record == "carer" and held:
        hold(person)
    if record != "carer":
        restrict(person, "R5")
    return person


def hold(child: Person, team: Team | None = None) -> Involvement:
    """The team has a part in this child's life since last year, and no worker of it by name."""
    return Involvement.objects.create(
        person=child,
        team=team or a_team(),
        role="Team",
        started_on=timezone.localdate() - timedelta(days=300),
        **recorded("involvement"),
    )


def grant(worker: Worker, *people: Person, ground: str = "audit_sample", **columns: Any) -> None:
    """Give this worker access to these records from an hour ago, for a day."""
    now = timezone.now()
    columns = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(days=1), "purpose": "A test"} | columns
    for person in people:
        Grant.objects.create(worker=worker, person=person, ground=ground, **recorded("grant"), **columns)


def on_shift(worker: Worker) -> Shift:
    """This worker is on shift now."""
    now, team = timezone.now(), worker.posts.get().team
    return Shift.objects.create(
        worker=worker, team=team, starts_at=now - timedelta(hours=4), ends_at=now + timedelta(hours=8)
    )


def allocate(
    child: Person, worker: Worker, *, role: str = "Allocated social worker", team: Team | None = None
) -> Involvement:
    """Make `worker` part of this child's life since last year."""
    return Involvement.objects.create(
        person=child,
        worker=worker,
        team=team or worker.posts.first().team,
        role=role,
        started_on=timezone.localdate() - timedelta(days=300),
        **recorded("involvement"),
    )


def related(child: Person, other: Person | None, kind: str, **columns: Any) -> Relationship:
    """`other` is the `kind` of `child`."""
    return Relationship.objects.create(person=child, other=other, kind=kind, **recorded("relationship"), **columns)


def one_family(*children: Person) -> None:
    """Put these children in one family, so that they are brothers and sisters."""
    family = _ref("family")
    for child in children:
        FamilyMember.objects.create(family=family, person=child, **recorded("family_member"))


def bar(worker: Worker, *people: Person) -> None:
    """This worker must never see these people."""
    for person in people:
        Barring.objects.create(worker=worker, person=person, reason="a relative", **recorded("barring"))


def restrict(person: Person, level: str = "R1") -> Restriction:
    """Restrict this person's record."""
    return Restriction.objects.create(
        person=person, level=level, started_on=timezone.localdate(), **recorded("restriction")
    )


def a_period(child: Person, kind: str = "cp_plan", *, days: int = 60, code: str = "NEG", **columns: Any) -> Period:
    """A period that began `days` ago and goes on."""
    columns.setdefault("started_on", timezone.localdate() - timedelta(days=days))
    return Period.objects.create(person=child, kind=kind, code=code, **recorded(kind), **columns)


def holds(*facts: str) -> None:
    """This record has held such facts before ("core_group.happened", "visit.happened:cp"): their clocks are judged."""
    rows = [HeldFact(fact=fact.partition(":")[0], code=fact.partition(":")[2]) for fact in facts]
    HeldFact.objects.bulk_create(rows, ignore_conflicts=True)


def a_step(*children: Person, kind: str = "visit", code: str = "cp", span: str = "", **columns: Any) -> Step:
    """A step with a part for each child, written straight to the tables."""
    step = Step.objects.create(kind=kind, code=code, **recorded(kind), **columns)
    for child in children:
        Part.objects.create(step=step, person=child, span=span, **recorded("part"))
    return step


def a_promise(child: Person, owner: Worker, **columns: Any) -> Promise:
    """Something promised for this child last week, due next week."""
    today = timezone.localdate()
    columns = {
        "what": "Visit at school",
        "made_on": today - timedelta(days=7),
        "due_on": today + timedelta(days=7),
    } | columns
    return Promise.objects.create(person=child, owner=owner, **recorded("promise"), **columns)


def at(day: date, hour: int = 10) -> datetime:
    """A moment on a day, London time."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_current_timezone())
