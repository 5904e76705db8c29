"""Storing what was read: one transaction, signed by the load, that keeps every row and brings the record into step."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from datetime import datetime
from typing import Any

import polars as pl
from django.utils import timezone

from kith.foundation.database import take_stock
from kith.foundation.history.actor import Actor, acting
from kith.record.people.models import Person
from kith.statutory.returns.results import Problem as Found
from kith.statutory.returns.results import Progress, Reading, no_progress

from . import bulk, clocks, ledger, names
from .differences import Difference
from .guarding import born_restricted, guarded, without_sealed
from .models import Load, Problem, SourceRow
from .planning import Plan, make_plan
from .recording import Stamp, Written, record


def begin(*, files: list[dict[str, Any]], at: datetime, by: int | None) -> Load:
    """Note that a load begins. `files` have a name, a size in bytes and a SHA-256; `by` is a worker's id."""
    with acting(_actor(by, "load")):
        return Load.objects.create(started_at=at, by_id=by, files=files, state="waiting")


def name_files(*, load: Load, files: list[dict[str, Any]]) -> None:
    """Note which files a load is of, once they are here."""
    with acting(actor_of(load)):
        load.files = files
        load.save(update_fields=["files"])


def load_reading(
    *,
    reading: Reading,
    files: list[dict[str, Any]],
    at: datetime,
    by: int | None = None,
    progress: Progress = no_progress,
) -> Load:
    """Begin a load and store a reading in one transaction: when it fails, there was no load."""
    plan = make_plan(reading=reading, on=timezone.localdate(at), progress=progress)
    with bulk.roomy() if plan.first else nullcontext(), acting(_actor(by, "load")):
        return _carry_out(plan, begin(files=files, at=at, by=by), at, by, progress)


def store(
    *, reading: Reading, load: Load, at: datetime, by: int | None = None, progress: Progress = no_progress
) -> Load:
    """Keep every row that was read, bring the record into step, work the clocks out again: all of it or nothing.

    `at` is the moment of the load; its London day dates what the files give no day for. Rows in equal rows stored
    and rows reported, exactly. Storing the same reading again changes nothing.
    """
    plan = make_plan(reading=reading, on=timezone.localdate(at), progress=progress)
    return _carry_out(plan, load, at, by, progress)


def _carry_out(plan: Plan, load: Load, at: datetime, by: int | None, progress: Progress) -> Load:
    """Write a plan in one transaction; it is made again when another load came between."""
    with acting(Actor(worker=by, role=_role(by), purpose=f"load {load.pk}", bulk=True)):
        bulk.lock(SourceRow)
        if ledger.newest() != plan.as_of:
            plan = make_plan(reading=plan.reading, on=plan.on, progress=progress)
        notes = list(plan.reading.notes)
        if plan.found is not None:
            stamp = Stamp(at=at, by=by, load=load.pk, on=plan.on)
            progress("Keeping every row as it came", 0.25)
            load.digest = ledger.write(source=plan.reading.kind, comparisons=plan.comparisons, load=load.pk)
            progress("Writing the record", 0.35)
            found = without_sealed(plan.found)
            written = record(found, stamp)
            kept_back = born_restricted(found, stamp)
            _follow(plan, progress)
            notes += [*plan.notes, *_said(written), *guarded(plan.found, kept_back)]
        if plan.first:
            take_stock()
        _problems(load, plan.reading.problems)
        _finish(load, plan, notes)
        progress("Done", 1.0)
    return load


def actor_of(load: Load) -> Actor:
    """Whoever asked for a load acts in it."""
    return _actor(load.by_id, f"load {load.pk}")


def _actor(by: int | None, purpose: str) -> Actor:
    return Actor(worker=by, role=_role(by), purpose=purpose)


def _role(by: int | None) -> str:
    return "system" if by is None else "data_officer"


def _follow(plan: Plan, progress: Progress) -> None:
    """Name keys and clocks follow the record; they are made for everybody on a first load."""
    progress("Making names easy to find", 0.7)
    names.rebuild(people=None if plan.first else _renamed(plan.found or []))
    progress("Working out what is due", 0.8)
    touched = None if plan.first else list(bulk.ids_of(model=Person, refs=plan.touched).values())
    clocks.recompute(people=touched, on=plan.on)


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


def _finish(load: Load, plan: Plan, notes: list[str]) -> None:
    reading, counts = plan.reading, ledger.in_all(plan.comparisons)
    load.kind, load.state = reading.kind, "done"
    load.rows_in, load.rows_stored, load.rows_reported = reading.rows_in, reading.rows_read, reading.rows_reported
    load.added, load.changed, load.unchanged = counts.added, counts.changed, counts.unchanged
    load.tables = {
        "came": {
            name: {"in": count.rows_in, "stored": count.rows_read, "reported": count.rows_reported}
            for name, count in reading.tables.items()
        },
        "kept": {name: asdict(each) for name, each in ledger.by_table(plan.comparisons).items()},
    }
    load.notes = notes
    load.ended_at = timezone.now()
    load.save()
