"""Measures the pages in a process of its own: wall time, CPU time and queries of each, as the persona who uses it.

Every time is written out, for whoever asks again (`bench/__main__.py`) and takes the median of all.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kith.config.settings")
django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kith.foundation.access.models import Account, Worker
from kith.record.people.models import Involvement, Person
from kith.record.periods.models import Period
from kith.record.steps import actions as steps

from . import pace
from .filling import filled
from .sessions import signed_in

# Telling the database where a transaction begins and ends, or who is acting, asks nothing of the record.
NOT_ASKED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SELECT set_config(")
SOME = 40  # children, where each request is about another
OF_THE_FIRST = "person:P01"  # how children of the first borough are called: at every size they are the same
Request = Callable[[], Any]
Act = Callable[[], Request]  # makes ready (untimed) and gives the request to be timed
Part = tuple[Any, str]  # a function by the module it stands in and its name: what is measured of a request, if not all


PARTS: dict[str, Part] = {"clocks of a saved visit": (steps, "recompute")}


def main(runs: int, out: Path) -> None:
    """Measure each page `runs` times after two warm-ups, and write every figure."""
    pages = {name: measure(act, runs, PARTS.get(name)) for name, act in acts().items()}
    out.write_text(json.dumps({"pages": pages, "children": Person.objects.filter(is_child=True).count()}))


def acts() -> dict[str, Act]:
    """What is measured, by name."""
    worker, manager, director = (
        signed_in(persona(role).account) for role in ("social_worker", "team_manager", "divisional_director")
    )
    child = busiest_child(persona("social_worker"))
    surname = Person.objects.get(pk=child).surname
    return {
        "Today, social worker": lambda: partial(worker.get, "/"),
        "Today, team manager": lambda: partial(manager.get, "/"),
        "Today, director": lambda: partial(director.get, "/"),
        "child page": lambda: partial(worker.get, f"/children/{child}/"),
        "search, exact": lambda: partial(worker.get, "/people/", {"q": surname}),
        "search, misspelt": lambda: partial(worker.get, "/people/", {"q": "Muhamad Begam"}),
        "save visit": lambda: visit_to_save(worker, child),
        "clocks of a saved visit": lambda: visit_to_save(worker, child),
        "child's returns": returns_of(director, "need"),
        "child's returns, in care": returns_of(director, "care_episode"),
    }


def persona(role: str) -> Worker:
    """The invented worker of that role."""
    return Account.objects.get(email=f"{role}@riverside.example").worker


def busiest_child(worker: Worker) -> int:
    """The child of this worker with the longest record: the page that costs most."""
    mine = Involvement.objects.filter(worker=worker, ended_on=None).values_list("person_id", flat=True)
    return max(mine, key=lambda pk: Person.objects.get(pk=pk).parts.count())


def returns_of(client: Client, kind: str) -> Act:
    """What the returns would reject of a child: each time of another of those now in such a period, here and there.

    They are of the first borough, whose children are the same however many boroughs there are: one child's page asks
    more than another's, and what is to be seen is whether the same child's asks more among ten times as many.
    """
    now = Period.objects.filter(kind=kind, ended_on=None, voided_at=None, person__ref__startswith=OF_THE_FIRST)
    people = list(now.order_by("person__ref").values_list("person_id", flat=True).distinct())
    pages = [f"/returns/children/{each}/now/" for each in people[:: max(1, len(people) // SOME)]]
    opening = cycle([page for page in pages if client.get(page).status_code == 200])  # some are held closer
    return lambda: partial(client.get, next(opening))


def visit_to_save(client: Client, child: int) -> Request:
    """Open the form and fill it as a worker would; the request saves it."""
    path = f"/visits/new/?child={child}&chosen=yes"
    return partial(client.post, path, filled(client.get(path).content))


def measure(act: Act, runs: int, part: Part | None) -> dict[str, Any]:
    """Milliseconds of wall time and of CPU of each run after two warm-ups, and the queries of one request.

    Before each run and after the last: what the fixed work takes by which the machine's pace is known.
    """
    timed, fixed = [], [pace.once()]
    for _ in range(runs + 2):
        timed.append(timed_once(act(), part))
        fixed.append(pace.once())
    timed = timed[2:]
    return {
        "fixed_ms": fixed[2:],
        "wall_ms": [wall for wall, _ in timed],
        "cpu_ms": [cpu for _, cpu in timed],
        "queries": queries_of(act(), part),
    }


def queries_of(request: Request, part: Part | None) -> int:
    """How often a request, or a part of it, asks the database."""
    seen = []

    def noting(work: Request) -> Request:
        def noted(*given: Any, **named: Any) -> Any:
            with CaptureQueriesContext(connection) as asked:
                answer = work(*given, **named)
            seen.extend(each["sql"] for each in asked)
            return answer

        return noted

    sent(request, part, noting)
    return sum(not sql.startswith(NOT_ASKED) for sql in seen)


def timed_once(request: Request, part: Part | None) -> tuple[float, float]:
    """Wall and CPU milliseconds of one request, or of a part of it.

    What was asked for must be shown, and what was sent must be saved.
    """
    taken = []

    def timing(work: Request) -> Request:
        def timed(*given: Any, **named: Any) -> Any:
            start, begun = time.perf_counter(), time.process_time()
            answer = work(*given, **named)
            taken.append((time.perf_counter() - start, time.process_time() - begun))
            return answer

        return timed

    answer = sent(request, part, timing)
    if answer.status_code != {"GET": 200, "POST": 302}[answer.request["REQUEST_METHOD"]]:
        raise SystemExit(f"A measured page answered {answer.status_code}.")
    if not taken:
        raise SystemExit(f"A measured request did nothing of {part[1] if part else 'what was asked'}.")
    return sum(wall for wall, _ in taken) * 1000, sum(cpu for _, cpu in taken) * 1000


def sent(request: Request, part: Part | None, watched: Callable[[Request], Request]) -> Any:
    """The answer to a request, with it, or the part of it, watched."""
    if part is None:
        return watched(request)()
    with patch.object(*part, watched(getattr(*part))):
        return request()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
