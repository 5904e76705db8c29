"""T5: however many people save one record at once, no answered save is lost and the loser's text is kept."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.assurance.kit import Measuring, Sized
from tests.assurance.service import Service, database, hidden, serving

WRITERS = (2, 4, 8, 16, 32)
DUE = date.today() + timedelta(days=7)


@dataclass
class Told:
    """What the writers were answered, by the text they sent."""

    saved: dict[str, str] = field(default_factory=dict)  # text: what its writer had read
    kept: set[str] = field(default_factory=set)  # told that it met another's, and is kept
    trouble: list[str] = field(default_factory=list)


def race(service: Service, *, rounds: int, seed: int) -> Told:
    """So many saves of one promise after another, by 2 to 32 writers at once."""
    told, lock, chance = Told(), threading.Lock(), random.Random(seed)
    left = [rounds]
    for number, promise in enumerate(service.who["promises"]):
        many = WRITERS[number % len(WRITERS)]
        share = max(many, rounds // len(service.who["promises"]))
        each = -(-share // many)
        if left[0] <= 0:
            break
        threads = [
            threading.Thread(target=writes, args=(service, who, promise, each, told, lock, chance.random()))
            for who in range(many)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        left[0] -= each * many
    return told


def writes(service: Service, who: int, promise: int, times: int, told: Told, lock: Any, salt: float) -> None:
    """One writer: opens the form, reads what it says, and saves a text that nobody else ever wrote."""
    path = f"/promises/{promise}/change/"
    for turn in range(times):
        text = f"token-{promise}-{who}-{turn}-{int(salt * 1e9)}"
        status, _, page = service.ask(who, "GET", path)
        form = hidden(page)
        read = page.partition('name="what"')[2].partition(">")[2].partition("</textarea>")[0].strip()
        form |= {"what": text, "owner": f"worker:{service.who['workers'][0]}", "owner_name": ""}
        form |= {"due_on-day": str(DUE.day), "due_on-month": str(DUE.month), "due_on-year": str(DUE.year)}
        status, where, page = service.ask(who, "POST", path, form)
        with lock:
            if status == 302 and where == f"/promises/{promise}/":
                told.saved[text] = read
            elif status == 302 and where.startswith("/drafts/clash/"):
                told.kept.add(text)
            else:
                told.trouble.append(f"{status} {where}")


@dataclass
class Checked:
    """What the database itself says of what was answered."""

    lost: list[str]
    unkept: list[str]
    over_unseen: list[str]
    broken: list[str]


def checked(service: Service, told: Told, *, alone: bool = True) -> Checked:
    """Every answered text is in the record or its history; every loser's is kept; no text went over one unseen."""
    steps = changes(service)
    written = {after for _, after in steps}
    bodies = " ".join(str(row[0]) for row in service.rows("SELECT CAST(body AS text) FROM drafts_clash"))
    seen = Counter(after for _, after in steps)
    before = {after: first for first, after in steps}
    versions = service.rows("SELECT id, version, what FROM promises_promise")
    saves = Counter(text.split("-")[1] for text in told.saved)
    broken = [f"promise {pk}" for pk, version, _ in versions if alone and version != 1 + saves[str(pk)]]
    broken += [f"doubled {text}" for text, times in seen.items() if times > 1]
    return Checked(
        lost=[text for text in told.saved if text not in written],
        unkept=[text for text in told.kept if f'"{text}"' not in bodies or text in written],
        over_unseen=[text for text, read in told.saved.items() if before.get(text) != read],
        broken=broken,
    )


def changes(service: Service) -> list[tuple[str, str]]:
    """What each promise said before and after each change, from the history's own table."""
    pick = "before->>'what', after->>'what'"
    query = f"SELECT {pick} FROM history_change WHERE \"table\" = 'promises_promise' AND act = 'changed'"
    return [(str(first), str(second)) for first, second in service.rows(query)]


@pytest.mark.both
def test_t05_no_answered_save_is_lost(measuring: Measuring, sized: Sized, tmp_path: Path, db: None) -> None:
    rounds, children = sized(short=100, full=5_000), sized(short=5, full=50)
    with measuring("T5", seed=5) as figure:
        with database("kith_t05") as url, serving(tmp_path, workers=32, children=children, url=url) as service:
            told = race(service, rounds=rounds, seed=figure.seed)
            found = checked(service, told)
            without = checked(service, race(service.again(broken="versions"), rounds=40, seed=50), alone=False)
        saved, kept, trouble = len(told.saved), len(told.kept), len(told.trouble)
        figure.none("answered saves lost", found=len(found.lost), of=saved)
        figure.all("losers' texts kept", found=kept - len(found.unkept), of=kept)
        figure.none("texts saved over one that the writer had not read", found=len(found.over_unseen), of=saved)
        figure.none("broken invariants", found=len(found.broken), of=children)
        figure.none("saves that were not answered", found=trouble, of=saved + kept + trouble)
        figure.note(f"By 2 to 32 writers at once: {saved} saved, {kept} told and kept. Half of it on each database.")
        if trouble:
            figure.note(f"Answered otherwise: {dict(Counter(told.trouble))}.")
            print(Counter(told.trouble))
        words = f"{len(without.over_unseen)} texts saved over one that the writer had not read"
        figure.control("the version check taken out", failed=bool(without.over_unseen), said=words)
