"""Measures, in the application, what bench/door.py asks for, and writes it as JSON."""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.config.settings")
django.setup()

from django.db import connection
from django.test import Client

from kith.foundation.access.models import Account
from kith.foundation.access.policy import policy
from kith.foundation.history.actions import opened
from kith.foundation.history.actor import Actor, acting
from kith.record.people.models import NameKey, Person
from kith.record.people.standing import Standing

from .pages import busiest_child, persona
from .people import busiest
from .sessions import signed_in

MILLION = 1_000_000
RUNS, SEARCHES, ADDED, ADDERS = 40, 300, 4_000, 4
SYSTEM = Actor(worker=None, role="system", purpose="measuring")


def main(out: Path) -> None:
    """Every figure, written to `out`."""
    with acting(SYSTEM):
        mine = persona("social_worker")
        child = busiest_child(mine)
        account, _ = Account.objects.get_or_create(worker=busiest(1)[0], defaults={"email": "door@riverside.example"})
    client = signed_in(mine.account)
    found = {"checked_ms": cpu_of(partial(client.get, f"/children/{child}/"))}
    with unchecked():
        found["unchecked_ms"] = cpu_of(partial(client.get, f"/children/{child}/"))
    found["checks_ms"] = found["checked_ms"] - found["unchecked_ms"]
    found["people"] = filled_up()
    found |= searched(signed_in(account))
    found["appended_per_second"] = appended()
    out.write_text(json.dumps(found))


def cpu_of(asking: Callable[[], object]) -> float:
    """Median milliseconds of processor time of one request, this process's and the database's."""
    for _ in range(3):
        answer = asking()
        if answer.status_code != 200:  # type: ignore[attr-defined]
            raise SystemExit(f"A measured page answered {answer.status_code}.")  # type: ignore[attr-defined]
    times = []
    for _ in range(RUNS):
        begun = busy()
        asking()
        times.append((busy() - begun) * 1000)
    return statistics.median(times)


def busy() -> float:
    """Seconds of processor time that this process and, on PostgreSQL, its server process have taken."""
    if connection.vendor != "postgresql":
        return time.process_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return time.process_time() + int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9


@contextmanager
def unchecked() -> Iterator[None]:
    """Nobody asks who may see what, no wall stands, and no opening is kept: for comparison, and nowhere else."""

    def everybody(viewer: object) -> Standing:
        role = policy().roles[viewer.role]  # type: ignore[attr-defined]
        return Standing(role=role, everybody="allocated")

    with ExitStack() as stack:
        stack.enter_context(patch("kith.record.people.standing._read", everybody))
        stack.enter_context(patch("kith.foundation.history.actions._keep", lambda *_, **__: None))
        stack.enter_context(patch("kith.foundation.access.door.ROLE", ""))
        yield


def filled_up() -> int:
    """How many people there are to search among. On PostgreSQL, where the cluster is ours to throw away: a million.

    The others are those there are, under new numbers, with their names and all the keys by which they are found.
    """
    people = Person.objects.count()
    if connection.vendor != "postgresql" or people >= MILLION:
        return people
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # they are no part of the record: no history of them
        last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
        for model, column, more in ((Person, "id", "ref"), (NameKey, "person_id", "")):
            columns = [each.column for each in model._meta.concrete_fields if each.column != "id" or column == "id"]
            moved = {column: f"{column} + {last}", more: "'more-' || ref"}
            chosen = ", ".join(moved.get(each, f'"{each}"') for each in columns)
            names = ", ".join(f'"{each}"' for each in columns)
            among = f"SELECT id FROM people_person WHERE id <= {last} ORDER BY id LIMIT {MILLION - people}"
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({names}) "
                f"SELECT {chosen} FROM {model._meta.db_table} WHERE {column} IN ({among})"
            )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE people_person, people_namekey")
    return Person.objects.count()


def searched(client: Client) -> dict[str, float]:
    """The times of searches on the clock, every other one of a name typed wrong."""
    chance = random.Random(41)
    ids = list(Person.objects.filter(is_child=True).values_list("pk", flat=True)[::997])
    names = [str(each.name) for each in Person.objects.filter(pk__in=chance.sample(ids, min(SEARCHES, len(ids))))]
    times = []
    for number in range(SEARCHES):
        name = chance.choice(names)
        place = chance.randrange(1, len(name))
        wanted = name if number % 2 else name[:place] + name[place + 1 :]
        begun = time.perf_counter()
        answer = client.get("/people/", {"q": wanted})
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"A search answered {answer.status_code}.")
    times = times[10:]  # the first find nothing in memory
    return {"search_p50_ms": statistics.median(times), "search_p95_ms": statistics.quantiles(times, n=20)[-1]}


def appended() -> float:
    """Openings that four at once add to the history in a second, each in a transaction of its own, safe on disk."""

    def add(first: int) -> None:
        try:
            for number in range(first, first + ADDED // ADDERS):
                with acting(SYSTEM):
                    opened(person=number, relationship="allocated", page="child", decision="relationship")
        finally:
            connection.close()

    begun = time.perf_counter()
    with ThreadPoolExecutor(ADDERS) as pool:
        list(pool.map(add, range(0, ADDED, ADDED // ADDERS)))
    return ADDED / (time.perf_counter() - begun)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
