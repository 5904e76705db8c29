"""T21: a history that was changed, cut, reordered, rewritten or put back from an older copy is found, and where."""

from __future__ import annotations

import os
import random
from collections import Counter
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from django.db import connection

from kith.foundation.history import anchors
from kith.foundation.history.actions import dispose, opened
from kith.foundation.history.actor import acting
from kith.foundation.history.verifying import verify
from tests.assurance import tampering
from tests.assurance.kit import FULL_ONLY, Measuring, Sized
from tests.factories import SYSTEM

OF_ONE = 20  # edits made to one history before another is built
MINUTE = 60
APPENDED = 3_000


@pytest.mark.both
def test_t21_tampering_is_found(
    measuring: Measuring, sized: Sized, record: None, settings: Any, tmp_path: Path
) -> None:
    edits = sized(short=140, full=10_000)
    with measuring("T21", seed=21) as figure:
        chance = random.Random(figure.seed)
        found, named, alarms, histories, kinds = 0, 0, 0, 0, Counter[str]()
        for first in range(0, edits, OF_ONE):
            settings.ANCHORS = tmp_path / str(first)
            with tampering.history(chance):
                histories, alarms = histories + 1, alarms + bool(verify().faults)
                for at in range(first, min(first + OF_ONE, edits)):
                    with tampering.tampered(partial(tampering.KINDS[at % len(tampering.KINDS)], chance)) as edit:
                        faults = verify().faults
                    found, named = found + bool(faults), named + tampering.named(edit, faults)
                    kinds[edit.kind] += 1
        settings.ANCHORS = tmp_path / "last"
        tampering.build(chance)
        with tampering.tampered(partial(tampering.cut, chance)):
            without = verify(against_anchors=False).faults
        alarms += _after_a_disposal() + _after_putting_back()
        figure.all("edits found", found=found, of=edits)
        figure.all("first bad row named", found=named, of=edits)
        figure.none("false alarms", found=alarms, of=histories + 2)
        figure.at_most("seconds between two signings of the heads", anchors.OFTEN, gate=MINUTE)
        figure.note(f"Edits: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}.")
        figure.note("A rewrite with every hash worked out again is named by the stretch between two signed heads.")
        figure.control("no heads kept elsewhere", failed=not without, said="the cut tail was missed")


def _after_a_disposal() -> bool:
    rows = [row for _, _, kind, row in tampering.links() if kind == 1]
    with acting(SYSTEM):
        gone = dispose(table="history_change", first=rows[0], last=rows[2], reason="its time had come")
    found = verify()
    return bool(found.faults) or found.disposed != gone


def _after_putting_back() -> bool:
    """A copy that lacks nothing, put back: every row away and in again, as a dump and its restore do."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE kept AS SELECT * FROM history_link ORDER BY random()")
            tampering._blind()
            cursor.execute("DELETE FROM history_link")
            cursor.execute("INSERT INTO history_link SELECT * FROM kept")
            cursor.execute("DROP TABLE kept")
    return bool(verify().faults)


@FULL_ONLY
@pytest.mark.both
def test_t21_checking_and_adding_are_quick(measuring: Measuring, record: None, settings: Any, tmp_path: Path) -> None:
    settings.ANCHORS = tmp_path
    with measuring("T21", part="speed", seed=21) as figure:
        started = processor_time()
        for number in range(APPENDED):
            tampering.elsewhere()
            with acting(SYSTEM):
                opened(person=number, relationship="allocated", page="child", decision="relationship", shown=[1, 2])
        seconds = processor_time() - started
        figure.at_least("openings added in a second of processor time", APPENDED / seconds, gate=500)
        figure.note("Openings are added as a page adds them; the wait for the disk at its end is the bench's.")
        _add_many(60_000)
        started, here = processor_time(), process_time()
        found = verify(against_anchors=False)
        seconds = processor_time() - started
        figure.note(f"Of {seconds:.1f} s, {process_time() - here:.1f} s were Kith's own and the rest the database's.")
        assert found.links >= 60_000 and not found.faults
        figure.at_least("links checked in a second of processor time", found.links / seconds, gate=50_000)
        tampering._blind()
        tampering._run(
            "UPDATE history_link SET number = number + 1 WHERE number = (SELECT max(number) FROM history_link)"
        )
        figure.control("one link moved by one", failed=bool(verify(against_anchors=False).faults), said="found")


def processor_time() -> float:
    """Seconds of processor time that this process and, on PostgreSQL, its server process have taken.

    The machine is shared: time on the clock would measure its other users.
    """
    if connection.vendor != "postgresql":
        return process_time()
    [(backend,)] = tampering._run("SELECT pg_backend_pid()")
    words = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return process_time() + (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _add_many(rows: int) -> None:
    """Openings added by the database itself, each linked by its trigger."""
    columns = "at, kind, person, worker, role, relationship, decision, purpose, page, request, client"
    series: Any = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT i FROM n"
        if connection.vendor == "sqlite"
        else "SELECT i FROM generate_series(1, %s) i"
    )
    tampering._run(
        f"INSERT INTO history_opening ({columns}) SELECT CURRENT_TIMESTAMP, 'opened', s.i, 7, 'social_worker', "
        f"'allocated social worker', 'allocated', '', 'child', 'r', 'web 203.0.113.7' FROM ({series}) s",
        [rows],
    )
