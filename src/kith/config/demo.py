"""`kith demo`: builds the invented borough and loads it, with people to sign in as."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.foundation.jobs.console import bar, part, plainly
from kith.vocabulary.errors import KithError

if TYPE_CHECKING:
    from kith.foundation.access.models import Worker
    from kith.statutory.returns.results import Progress
    from kith.synthetic.borough import Borough

PASSWORD = "quiet river stone bridge"  # noqa: S105 - printed for whoever tries the invented borough; refused in production
SEED = 20260401
SAMPLE = 40  # children in the auditor's sample
EXAMPLES = """
Examples:

\b
  kith demo                        the borough as it stands today
  kith demo --fresh                take away what is here and build it again
  kith demo --on 2026-03-31        as it stood on a day
  kith demo --boroughs 10          ten boroughs' worth, to measure with
"""


@click.command(epilog=EXAMPLES)
@click.option("--seed", default=SEED, show_default=True, help="The same seed and day give the same borough.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day the story stops; today if not given.")
@click.option("--boroughs", default=1, show_default=True, type=click.IntRange(1, 50), help="How many times as big.")
@click.option("--fresh", is_flag=True, help="Take away the database that is here first (SQLite only).")
@plainly
def demo(seed: int, on: datetime | None, boroughs: int, fresh: bool) -> None:
    """Build the invented borough, Riverside, and load it: nobody in it is real.

    Also writes planted.json, the failures put in on purpose for the software to find.
    """
    import django

    django.setup()
    make(seed=seed, on=on.date() if on else None, boroughs=boroughs, fresh=fresh)
    click.echo(who_can_sign_in())


def make(*, seed: int = SEED, on: date | None = None, boroughs: int = 1, fresh: bool = False) -> None:
    """Build and store the borough as it stands on `on` (None: today). Raises KithError when it must not."""
    from django.core.management import call_command
    from django.utils import timezone

    from kith.synthetic.borough import build

    _check_may(fresh)
    call_command("migrate", verbosity=0)
    day = on or timezone.localdate()
    with bar() as progress:
        progress("Inventing five years of a borough", 0.01)
        borough = build(seed=seed, on=day, boroughs=boroughs)
        _store(borough, day, part(progress, 0.25, 0.93))
        progress("Finding which safeguards hold", 0.94)
        _read_controls(day)
        progress("Done", 1.0)
    _write_planted(borough)


def _check_may(fresh: bool) -> None:
    from django.conf import settings
    from django.db import connection

    if settings.PRODUCTION:
        raise KithError("The invented borough is never built in production.", mend="Unset KITH_PRODUCTION to try it.")
    if fresh:
        _take_away(connection.settings_dict)
    if there_is_a_record():
        raise KithError(
            "There is a record here already, and the invented borough would be mixed into it.",
            mend="Use kith demo --fresh to take it away first, or set KITH_HOME to another folder.",
        )


def there_is_a_record() -> bool:
    """Whether this database holds any person."""
    from django.db import connection

    from kith.record.people.models import Person

    return Person._meta.db_table in connection.introspection.table_names() and Person.objects.exists()


def _take_away(database: dict[str, object]) -> None:
    from django.db import connections

    from kith.foundation.history.anchors import files

    if not str(database["ENGINE"]).endswith("sqlite3"):
        raise KithError("--fresh takes away a SQLite file only.", mend="Make an empty PostgreSQL database instead.")
    connections.close_all()
    for end in ("", "-wal", "-shm"):
        Path(f"{database['NAME']}{end}").unlink(missing_ok=True)
    for each in files():  # the signed heads of an invented history that is gone
        each.unlink()


def _store(borough: Borough, on: date, progress: Progress) -> None:
    from kith.foundation.history.actor import Actor, acting
    from kith.record.loading import actions
    from kith.statutory.returns.results import Reading, TableCount

    tables = {name: TableCount(frame.height, frame.height) for name, frame in borough.dataset.tables.items()}
    reading = Reading(kind="ssd", dataset=borough.dataset, tables=tables)
    at = _at_the_end_of(on)
    with acting(Actor(worker=None, role="system", purpose="the invented borough")):
        actions.load_reading(reading=reading, files=[{"name": "Riverside (invented)"}], at=at, progress=progress)
        _accounts(borough.personas)
        _bar(borough.barred, at)
        _sample(borough.personas, at)
        roster(from_day=on)
        _seal(borough)
        _own_duties(borough, at)


def _at_the_end_of(day: date) -> datetime:
    """The moment the borough was loaded: now, or for a day gone by its last minute."""
    from django.utils import timezone

    return min(timezone.now(), timezone.make_aware(datetime.combine(day, time(23, 59))))


def _accounts(personas: dict[str, str]) -> None:
    """An account for each persona, all with the password that is printed."""
    from django.contrib.auth.hashers import make_password

    from kith.foundation.access.models import Account, Worker

    password = make_password(PASSWORD)
    for role, worker in personas.items():
        found = Worker.objects.get(ref=f"worker:{worker}")
        Account.objects.create(email=f"{role}@riverside.example", worker=found, password=password)
    keeper = _keeper_of_accounts()
    Account.objects.create(email="system_administrator@riverside.example", worker=keeper, password=password)


def _keeper_of_accounts() -> Worker:
    """Somebody who keeps accounts and posts, beside those who load data; she works with no child."""
    from kith.foundation.access.models import Post, Worker

    beside = Post.objects.filter(role="data_officer", ended_on=None).order_by("pk").first()
    keeper = Worker.objects.create(ref="worker:keeper", name="Ines Duarte", title="System administrator")
    if beside is not None:
        since = {"team_id": beside.team_id, "started_on": beside.started_on}
        Post.objects.create(ref="post:keeper", worker=keeper, role="system_administrator", **since)
    return keeper


def _bar(barred: tuple[str, tuple[str, ...]], at: datetime) -> None:
    from kith.foundation.access.models import Worker
    from kith.record.people.models import Barring, Person

    worker = Worker.objects.get(ref=f"worker:{barred[0]}")
    for number, person in enumerate(Person.objects.filter(ref__in=[f"person:{each}" for each in barred[1]])):
        ref = f"barring:{worker.pk}:{number}"
        why = "A relative of the family."
        Barring.objects.create(ref=ref, worker=worker, person=person, reason=why, recorded_at=at)


def _sample(personas: dict[str, str], at: datetime) -> None:
    """The auditor's sample: some of the social worker's children, and others of the borough, forty in all."""
    from kith.foundation.access.models import Worker
    from kith.record.people.models import Grant, Involvement, Person

    if not {"auditor", "social_worker", "team_manager"} <= set(personas):
        return  # a borough of a few children, made for a test, need not have them all
    auditor, asha, manager = (
        Worker.objects.get(ref=f"worker:{personas[role]}") for role in ("auditor", "social_worker", "team_manager")
    )
    plain = Person.objects.filter(is_child=True, restrictions=None).values("pk")
    now = Involvement.objects.filter(ended_on=None, person_id__in=plain, role__istartswith="allocated")
    hers = list(now.filter(worker=asha).order_by("person_id").values_list("person_id", flat=True))
    others = list(now.exclude(worker=asha).order_by("person_id").values_list("person_id", flat=True)[::53])
    for number, person in enumerate((hers + others)[:SAMPLE]):
        Grant.objects.create(
            ref=f"grant:sample-{auditor.pk}-{number}",
            person_id=person,
            worker=auditor,
            ground="audit_sample",
            reference="Riverside sample",
            purpose="How well do we listen to children? A sample of forty.",
            starts_at=at,
            ends_at=at + timedelta(days=90),
            recorded_at=at,
            recorded_by=manager,
        )


def roster(*, from_day: date, days: int = 60) -> None:
    """Put the night team's workers who can sign in on shift at every hour of these days: a demonstration is at any."""
    from django.utils import timezone

    from kith.foundation.access.models import Post, Shift

    first = timezone.make_aware(datetime.combine(from_day, time(0)))
    posts = Post.objects.filter(role="edt_worker", ended_on=None).exclude(worker__account=None)
    Shift.objects.bulk_create(
        Shift(
            worker_id=post.worker_id,
            team_id=post.team_id,
            starts_at=first + timedelta(hours=12 * turn),
            ends_at=first + timedelta(hours=12 * (turn + 1)),
        )
        for post in posts
        for turn in range(2 * days)
    )


def keep_rostered() -> None:
    """Where the borough was built some time ago, the night team's shifts go on."""
    from django.utils import timezone

    from kith.foundation.access.models import Shift
    from kith.foundation.history.actor import Actor, acting

    with acting(Actor(worker=None, role="system", purpose="the invented borough")):
        last = Shift.objects.order_by("-ends_at").first()
        if last is None or last.ends_at < timezone.now() + timedelta(days=7):
            began = timezone.localdate(last.ends_at) if last else timezone.localdate()
            roster(from_day=max(began, timezone.localdate()))


def _seal(borough: Borough) -> None:
    """Seal the birth records of the children who were adopted, as the adoption team would on its page."""
    from kith.record.adoption.actions import NewName, seal_adoption
    from kith.record.people.models import Person

    for each in borough.adopted:
        child = Person.objects.get(ref=f"person:{each.person_id}")
        seal_adoption(child=child, name=NewName(each.forename, each.surname), ordered_on=each.ordered_on, by=None)


def _own_duties(borough: Borough, at: datetime) -> None:
    """What the authority itself has to do, as the data officer would record it on its page."""
    from kith.foundation.access.models import Worker
    from kith.oversight.returns import own_duties

    by = Worker.objects.filter(ref=f"worker:{borough.personas.get('data_officer')}").first()
    if by is None:
        return  # a borough of a few children, made for a test, need not have them all
    for each in borough.own_duties:
        own_duties.add(
            kind=each.kind, reference=each.reference, began_on=each.began_on, done_on=each.done_on, at=at, by=by
        )


def _read_controls(on: date) -> None:
    """The controls' whole history up to this day."""
    from kith.foundation.history.actor import Actor, acting
    from kith.oversight.controls import actions

    with acting(Actor(worker=None, role="system", purpose="reading the controls")):
        actions.read_all(on=on)


def _write_planted(borough: Borough) -> None:
    from django.conf import settings

    kept = {
        "planted": [asdict(each) for each in borough.planted],
        "personas": borough.personas,
        "barred": {"worker": borough.barred[0], "people": list(borough.barred[1])},
        "brothers": list(borough.brothers),
        "shielded": [asdict(each) for each in borough.shielded],
        "adopted": [asdict(each) for each in borough.adopted],
    }
    path = settings.HOME / "planted.json"
    path.write_text(json.dumps(kept, indent=1, default=str, ensure_ascii=False) + "\n", encoding="utf-8")


def who_can_sign_in() -> str:
    """The invented workers who have an account, and the password they share; nothing in production."""
    from django.conf import settings

    if settings.PRODUCTION:
        return ""
    from kith.foundation.jobs.console import columns
    from kith.nonprod.personas.queries import account_of, personas

    rows = [[each.name, each.title, account.email] for each in personas() if (account := account_of(key=each.key))]
    if not rows:
        return "Nobody can sign in yet: kith demo builds the invented borough, with people to sign in as."
    told = columns(["Who can sign in", "as", "e-mail"], rows)
    return f"{told}\n\nOne click each at /personas/, or the password: {PASSWORD}"


commands: list[click.Command] = [demo]
