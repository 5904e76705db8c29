"""Storing what was read: one transaction, signed by the load, that keeps every row and brings the record into step."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import polars as pl
from django.utils import timezone

from kith.foundation.history.actor import Actor, acting
from kith.record.people.models import Person
from kith.statutory.returns.results import Problem as Found
from kith.statutory.returns.results import Progress, Reading, no_progress

from . import bulk, clocks, ledger, names
from .differences import Difference, differences, people_of, unplaced
from .models import Load, Problem
from .recording import Stamp, Written, record
from .shaping.whole import kept_refs, whole


def begin(*, files: list[dict[str, Any]], at: datetime, by: int | None) -> Load:
    """Note that a load begins. `files` have a name, a size in bytes and a SHA-256; `by` is a worker's id."""
    with acting(_actor(by, "load")):
        return Load.objects.create(started_at=at, by_id=by, files=files, state="waiting")


def name_files(*, load: Load, files: list[dict[str, Any]]) -> None:
    """Note which files a load is of, once they are here."""
    with acting(_actor(load.by_id, f"load {load.pk}")):
        load.files = files
        load.save(update_fields=["files"])


def reading_begins(*, load: Load) -> None:
    """Note that a load's files are being read."""
    with acting(_actor(load.by_id, f"load {load.pk}")):
        load.state = "reading"
        load.save(update_fields=["state"])


def refuse(*, load: Load, sentence: str, at: datetime) -> None:
    """Note that a load was refused, and why; nothing of its files is kept."""
    with acting(_actor(load.by_id, f"load {load.pk}")):
        load.state, load.refusal, load.ended_at = "refused", sentence, at
        load.save(update_fields=["state", "refusal", "ended_at"])


def load_reading(
    *,
    reading: Reading,
    files: list[dict[str, Any]],
    at: datetime,
    by: int | None = None,
    progress: Progress = no_progress,
) -> Load:
    """Begin a load and store a reading in one transaction: when it fails, there was no load."""
    with acting(_actor(by, "load")):
        return store(reading=reading, load=begin(files=files, at=at, by=by), at=at, by=by, progress=progress)


def store(
    *, reading: Reading, load: Load, at: datetime, by: int | None = None, progress: Progress = no_progress
) -> Load:
    """Keep every row that was read, bring the record into step, work the clocks out again: all of it or nothing.

    `at` is the moment of the load; its London day dates what the files give no day for. Rows in equal rows stored
    and rows reported, exactly. Storing the same reading again changes nothing.
    """
    with acting(Actor(worker=by, role=_role(by), purpose=f"load {load.pk}", bulk=True)):
        progress("Comparing with what is known", 0.0)
        comparisons = ledger.compare(source=reading.kind, dataset=reading.dataset)
        notes = list(reading.notes)
        if any(each.fresh.height for each in comparisons):
            stamp = Stamp(at=at, by=by, load=load.pk, on=timezone.localdate(at))
            notes += _bring_into_step(reading, comparisons, stamp, progress)
        _problems(load, reading.problems)
        _finish(load, reading, comparisons, notes, at)
        progress("Done", 1.0)
    return load


def _actor(by: int | None, purpose: str) -> Actor:
    return Actor(worker=by, role=_role(by), purpose=purpose)


def _role(by: int | None) -> str:
    return "system" if by is None else "data_officer"


def _bring_into_step(
    reading: Reading, comparisons: list[ledger.Comparison], stamp: Stamp, progress: Progress
) -> list[str]:
    """Write what is new to the ledger and to the record; gives sentences for the result page."""
    before = ledger.standing()
    after = ledger.after(before=before, source=reading.kind, dataset=reading.dataset)
    progress("Keeping every row as it came", 0.1)
    ledger.write(source=reading.kind, comparisons=comparisons, load=stamp.load)
    progress("Telling each child's story", 0.25)
    there = kept_refs() if len(after) > 1 else frozenset()
    now = whole(ledger.datasets(after), on=stamp.on, there=there)
    then = whole(ledger.datasets(before), on=stamp.on, there=there) if before else {}
    found = differences(then, now)
    progress("Writing the record", 0.4)
    written = record(found, stamp)
    _follow(found, people_of(found, then, now) if then else None, stamp.on, progress)
    return [*unplaced(now), *_said(written)]


def _follow(found: list[Difference], touched: list[str] | None, on: date, progress: Progress) -> None:
    """Name keys and clocks follow the record; None means that everybody is new."""
    people = None if touched is None else list(bulk.ids_of(model=Person, refs=touched).values())
    progress("Making names easy to find", 0.7)
    names.rebuild(people=None if people is None else _renamed(found))
    progress("Working out what is due", 0.8)
    clocks.recompute(people=people, on=on)


def _renamed(found: list[Difference]) -> list[int]:
    refs: set[str] = set()
    for each in found:
        column = {"person": "ref", "alias": "person"}.get(each.table.name)
        if column:
            refs.update(pl.concat([each.added[column], each.changed[column]]).to_list())
    return list(bulk.ids_of(model=Person, refs=sorted(refs)).values())


def _said(written: Written) -> list[str]:
    told = []
    if written.kept_by_hand:
        told.append(
            f"{written.kept_by_hand:,} details were changed in Kith since they were last loaded: "
            "what the worker wrote stays, and the other system's new value is kept with the load."
        )
    if written.withdrawn:
        told.append(f"{written.withdrawn:,} pieces of work are no longer told of: they are marked so, and kept.")
    return told


def _problems(load: Load, found: tuple[Found, ...]) -> None:
    rows = [(each.file[-255:], each.line, (each.field or "")[:120], each.message) for each in found]
    kinds = {"file": pl.String, "line": pl.Int64, "field": pl.String, "message": pl.String}
    frame = pl.DataFrame(rows, schema=kinds, orient="row")
    bulk.lock(Problem)
    first = bulk.next_id(Problem)
    numbered = frame.with_columns(
        id=pl.int_range(first, first + frame.height, dtype=pl.Int64), load_id=pl.lit(load.pk, dtype=pl.Int64)
    )
    bulk.insert(model=Problem, rows=numbered)


def _finish(load: Load, reading: Reading, comparisons: list[ledger.Comparison], notes: list[str], at: datetime) -> None:
    counts = ledger.in_all(comparisons)
    load.kind, load.state = reading.kind, "done"
    load.rows_in, load.rows_stored, load.rows_reported = reading.rows_in, reading.rows_read, reading.rows_reported
    load.added, load.changed, load.unchanged = counts.added, counts.changed, counts.unchanged
    load.tables = {
        "came": {
            name: {"in": count.rows_in, "stored": count.rows_read, "reported": count.rows_reported}
            for name, count in reading.tables.items()
        },
        "kept": {name: asdict(each) for name, each in ledger.by_table(comparisons).items()},
    }
    load.notes = notes
    load.ended_at = timezone.now()
    load.save()
