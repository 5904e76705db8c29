"""The whole record as a dataset: what stands of every source, and what the record has come to say since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from kith.record.loading import ledger
from kith.record.loading.shaping.whole import kept_refs, whole
from kith.record.loading.shaping.words import Frames
from kith.record.people.one_of import Ids
from kith.record.steps.models import Part
from kith.statutory.returns.ssd.dataset import Dataset, empty_table, table_names

from .facts import Said, differing, facts
from .following import following
from .one_person import as_one, leading
from .origins import origins
from .places import places
from .rows import ID, record_rows
from .scope import in_scope
from .sources import as_given
from .telling import Tables, told

NOTHING = ("ssd", Dataset({}))  # a record that was begun in Kith
# Meetings that several children share: how their refs begin, their tables, and whose a row is.
MEETINGS = {
    "strategy_meeting": ("kith_strategy_meeting", "stra_person_id"),
    "conference": ("ssd_initial_cp_conference", "icpc_person_id"),
    "cp_review": ("ssd_cp_reviews", "cppr_person_id"),
}
TOLD_BY_OTHERS = ("care",)  # its episodes tell it


@dataclass(frozen=True, eq=False)
class Extract:
    """A dataset, and for each table beside it the row of the record that each of its rows came from (origins.py).

    Every table of the dataset is there, those without a row too. `notes` say what the dataset has no place for.
    """

    dataset: Dataset
    notes: tuple[str, ...]
    work_out: Callable[[Iterable[str]], Mapping[str, pl.DataFrame]] = field(repr=False)
    read: tuple[int, ...] = ()  # the numbers of everybody of whom a row was read, where it is of some people

    @cached_property
    def origins(self) -> Mapping[str, pl.DataFrame]:
        """What each row of each table came from; worked out when it is first asked for."""
        return self.work_out(self.dataset.tables)

    def origins_of(self, tables: Iterable[str]) -> Mapping[str, pl.DataFrame]:
        """The same of a few tables alone, which is much quicker."""
        return self.work_out(tables)


def extract(*, on: date) -> Extract:
    """The record as it stands today, of everybody. Reads only, in one query a table; asks nothing of who reads.

    What a source says of something that a worker has changed since is what the worker says; what the record has no
    column for is as the source gave it, unless it speaks of what was changed. `on` dates what sources give no day for.
    """
    standing = ledger.standing()
    there = kept_refs() if len(standing) > 1 else frozenset()
    return _told(standing, record_rows(), there=there, on=on, leads=leading())


def extract_of(people: Sequence[int], *, on: date) -> Extract:
    """The same of some people, by their numbers, with the adults, workers and teams that their rows name.

    Records read as one person's are one child only where they are given together: who asks knows which of them open.
    For few: of a source's row that points at another load's row and names nobody, it is not known whose it is.
    """
    record = record_rows(people)
    theirs = record["person"].filter(pl.col(ID).is_in(list(people)))
    standing = ledger.standing_of(whose=_ids(theirs), keys={**_keys(record), **_beside(record, people)})
    there = frozenset([*record["part"]["ref"], *record["period"]["ref"]])
    leads = leading(among=people) if len(people) > 1 else {}
    return _told(standing, record, there=there, on=on, leads=leads, these=_ids(theirs))


def _beside(record: Frames, people: Sequence[int]) -> Mapping[str, frozenset[str]]:
    """The rows of other children in these children's meetings: what one meeting says is what they say together."""
    shared = record["step"].filter(pl.col("ref").str.starts_with("meeting:"))[ID].to_list()
    refs = (
        Part.objects.filter(step__one_of=Ids(shared)).exclude(person__one_of=Ids(people)).values_list("ref", flat=True)
    )
    told = [ref.split(":", 1) for ref in refs]
    return {table: frozenset(key for kind, key in told if kind == begins) for begins, (table, _) in MEETINGS.items()}


def _of_these(tables: Tables, ids: Sequence[str]) -> Tables:
    """The tables without the rows that were read beside these children's."""
    return tables | {name: tables[name].filter(pl.col(whose).is_in(list(ids))) for name, whose in MEETINGS.values()}


def _ids(rows: pl.DataFrame) -> list[str]:
    """The ids by which the dataset calls what the record calls by its refs."""
    return rows.select(pl.col("ref").str.replace(r"^\w+:", ""))["ref"].to_list()


def _keys(record: Frames) -> Mapping[str, frozenset[str]]:
    """Of rows that are known by what they are of: who came to a meeting, a visit's note, an adult, a worker."""
    visits = record["visit_part"].select(pl.col("ref").str.replace(r"^visit:(?:cin|cp|cla):", ""))["ref"]
    return {
        "kith_meeting_attendance": frozenset(_ids(record["attendance"])),
        "kith_adult": frozenset(_ids(record["person"].filter(~pl.col("is_child")))),
        "kith_visit_note": frozenset(visits.to_list()),
        "ssd_professionals": frozenset(_ids(record["worker"])),
        "ssd_department": frozenset(_ids(record["team"])),
    }


def _told(
    standing: ledger.Standing,
    record: Frames,
    *,
    there: frozenset[str],
    on: date,
    leads: Mapping[str, str],
    these: Sequence[str] | None = None,
) -> Extract:
    sources = list(ledger.datasets(standing)) or [NOTHING]
    shaped = whole(sources, on=on, there=there, detailed=False)
    now = facts(record)
    said = in_scope(differing(sources=facts(shaped), record=now), now)
    tables = following(told(as_given(standing, shaped=shaped, there=there, on=on), said), said)
    tables = {name: tables[name] if name in tables else empty_table(name) for name in table_names()}
    tables = as_one(tables if these is None else _of_these(tables, these), leads)
    read = () if these is None else tuple(record["person"][ID].to_list())
    return Extract(
        Dataset(tables), _notes(said), lambda names: origins({name: tables[name] for name in names}, now), read
    )


def _notes(said: Mapping[str, Said]) -> tuple[str, ...]:
    """What the record holds and no table of the dataset has a place for, counted; never whose it is."""
    return tuple(
        f"{count:,} rows of {kind.replace('_', ' ')} are in no table of the dataset, and are not told."
        for name in ("step", "period")
        for kind, count in _untold(name, said[name])
        if kind not in TOLD_BY_OTHERS
    )


def _untold(name: str, said: Said) -> list[tuple[str, int]]:
    columns = said.added.columns
    held = pl.any_horizontal(each.holds(columns) for each in places() if each.of == name)
    rows = said.added.filter(~held).group_by("kind").len().sort("kind")
    return [(str(kind), int(count)) for kind, count in rows.iter_rows()]
