"""T2: kill the server and the database in the middle of saving: no answered save is lost, doubled or half there."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.assurance.kit import FULL_ONLY, Measuring, Sized
from tests.assurance.own_cluster import Cluster, cluster, own_cluster
from tests.assurance.service import Service, hidden

SAVERS = 6
DUE = date.today() + timedelta(days=7)


@dataclass
class Cut:
    """What was answered before each cut, and how long it took to be back."""

    answered: list[str] = field(default_factory=list)
    back: list[float] = field(default_factory=list)


def saves(service: Service, who: int, cycle: int, told: Cut, stop: threading.Event) -> None:
    """Promise one thing after another, each with words nobody else uses, until the line is cut."""
    child, number = service.who["children"][who], 0
    path = f"/promises/new/?child={child}"
    try:
        form = hidden(service.ask(who, "GET", path)[2])
        form |= {"owner": f"worker:{service.who['workers'][who]}", "owner_name": ""}
        form |= {"due_on-day": str(DUE.day), "due_on-month": str(DUE.month), "due_on-year": str(DUE.year)}
        while not stop.is_set():
            words = f"token-{cycle}-{who}-{number}"
            status, where, _ = service.ask(who, "POST", path, form | {"what": words})
            if status == 302 and where.startswith("/promises/"):
                told.answered.append(words)
            number += 1
    except OSError:
        return


def cycles(service: Service, own: Cluster | None, *, times: int, seed: int, first: int = 0) -> Cut:
    """Save, cut, start again; so many times, each at a moment that chance chooses."""
    told, chance = Cut(), random.Random(seed)
    for cycle in range(first, first + times):
        stop = threading.Event()
        savers = [threading.Thread(target=saves, args=(service, who, cycle, told, stop)) for who in range(SAVERS)]
        for each in savers:
            each.start()
        enough = len(told.answered) + chance.randint(40, 120)
        while len(told.answered) < enough and any(each.is_alive() for each in savers):
            time.sleep(chance.random() / 20)
        if own:
            own.kill()
        service.kill()
        stop.set()
        for each in savers:
            each.join()
        began = time.monotonic()
        if own:
            own.start()
        service.start()
        told.back.append(time.monotonic() - began)
    return told


def found(service: Service, told: Cut) -> dict[str, Any]:
    """What the tables hold of what was answered."""
    rows = Counter(str(row[0]) for row in service.rows("SELECT what FROM promises_promise"))
    history = "SELECT after->>'what' FROM history_change WHERE \"table\" = 'promises_promise' AND act = 'added'"
    kept = Counter(str(row[0]) for row in service.rows(history))
    ours = {words: times for words, times in rows.items() if words.startswith("token-")}
    return {
        "lost": [words for words in told.answered if words not in rows],
        "doubled": [words for words, times in ours.items() if times > 1],
        "half": [words for words, times in ours.items() if kept[words] != times],
        "held": len(ours),
    }


@contextmanager
def crashing(home: Path, engine: str) -> Iterator[tuple[Service, Cluster | None]]:
    """A service on a database of its own."""
    home.mkdir(parents=True)
    with own_cluster() if engine == "postgresql" else nullcontext() as own:
        service = Service(home, own.url if own else "")
        service.fill(workers=SAVERS, children=SAVERS)
        service.start()
        try:
            yield service, own
        finally:
            service.kill()


@FULL_ONLY
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_t02_nothing_answered_is_lost(
    measuring: Measuring, sized: Sized, tmp_path: Path, db: None, engine: str
) -> None:
    if engine == "postgresql" and cluster.binaries() is None:
        pytest.skip("PostgreSQL 15 or later is not installed here")
    times = sized(short=3, full=25)
    with measuring("T2", part=f"on-{engine}", seed=2) as figure:
        with crashing(tmp_path / "whole", engine) as (service, own):
            told = cycles(service, own, times=times, seed=figure.seed)
            seen = found(service, told)
            early = cycles(service.again(broken="early"), own, times=2, seed=20, first=times)
            without = found(service, early)
        answered = len(told.answered)
        figure.none("answered saves lost", found=len(seen["lost"]), of=answered)
        figure.none("saves doubled", found=len(seen["doubled"]), of=seen["held"])
        figure.none("saves half there: a row without its history", found=len(seen["half"]), of=seen["held"])
        figure.at_most("seconds until it answered again", max(told.back), gate=10)
        figure.note(f"{times} cuts on each database. 50,000 answered saves do not fit in the hour: {answered:,} did.")
        figure.note("The web server is timed; what `kith serve` looks at before it starts one is not.")
        figure.note(f"Seconds until it answered again, each time: {', '.join(f'{each:.1f}' for each in told.back)}.")
        words = f"{len(without['lost'])} of {len(early.answered)} answered saves lost"
        figure.control("answered before it is kept", failed=bool(without["lost"]), said=words)
