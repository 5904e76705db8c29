"""The whole record as a dataset: what stands of every source, and what the record has come to say since."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

import polars as pl

from kith.record.loading import ledger
from kith.record.loading.shaping.whole import kept_refs, whole
from kith.record.loading.shaping.words import Frames
from kith.record.people.one_of import Ids
from kith.record.steps.models import Part
from kith.statutory.returns.ssd.dataset import Dataset, empty_table, table_names

from .facts import ALWAYS, DETAILS, FACTS, Said, differing, facts
from .following import following
from .one_person import as_one, leading
from .origins import origins
from .places import places
from .rows import ID, columns_of, record_rows
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
# Tables that a load reads together with another: without them it would say something else of the other's rows.
READ_WITH = {
    "ssd_cin_episodes": ("kith_referral_decision",),
    "ssd_assessment_factors": ("ssd_cin_assessments",),
    "kith_assessment_detail": ("ssd_cin_assessments",),
    "ssd_s47_enquiry": ("kith_strategy_meeting",),
    "ssd_cla_reviews": ("kith_care_review",),
    "ssd_missing": ("kith_missing_detail",),
    "ssd_care_leavers": ("kith_care_leaver_contact",),
}
TOLD_BY_OTHERS = ("care",)  # its episodes tell it
_KIND = re.compile(r"^\w+:")  # how a ref begins


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


def extract_of(people: Sequence[int], *, on: date, tables: Collection[str] | None = None) -> Extract:
    """The same of some people, by their numbers, with the adults, workers and teams that their rows name.

    Records read as one person's are one child only where they are given together: who asks knows which of them open.
    For few: of a source's row that points at another load's row and names nobody, it is not known whose it is.
    Where only some tables of the dataset are wanted, no more is read than they need: the others are not whole.
    """
    only = None if tables is None else _read_with(frozenset(tables))
    record = record_rows(people, only=None if only is None else _behind(only))
    theirs = record["person"].filter(pl.col(ID).is_in(list(people)))
    keys = {**_keys(record), **_beside(record, people)}
    wanted = keys if only is None else {name: keys[name] for name in keys if name in only}
    standing = ledger.standing_of(whose=_ids(theirs), keys=wanted, tables=only)
    there = frozenset([*record["part"]["ref"], *record["period"]["ref"]])
    leads = leading(among=people) if len(people) > 1 else {}
    return _told(standing, record, there=there, on=on, leads=leads, these=_ids(theirs), only=only)


def _read_with(tables: frozenset[str]) -> frozenset[str]:
    """These tables and those beside which a load reads them."""
    return tables.union(*(READ_WITH[name] for name in tables if name in READ_WITH))


@cache
def _behind(tables: frozenset[str]) -> frozenset[str]:
    """The tables of the record without which these of the dataset cannot be told."""
    told = [each for each in places() if each.table in tables]
    uses = {of: {column for each in told if each.of == of for column in each.columns} for of in FACTS}
    own = {name for name in FACTS if uses[name]}
    more = {name for name, of in DETAILS.items() if uses[of] & {*columns_of(name)}}
    return frozenset({*own, *more, *ALWAYS, *(("part",) if "step" in own else ())})


@cache
def _kinds(tables: frozenset[str]) -> Mapping[str, pl.Expr]:
    """Which steps and periods these tables tell, by their kinds and codes: what else a row says may have changed."""
    told = [each for each in places() if each.table in tables and "kind" in each.when]
    return {of: pl.any_horizontal(each.is_of_kind for each in told if each.of == of) for of in ("step", "period")}


@cache
def _untold_columns(tables: frozenset[str]) -> Mapping[str, list[str]]:
    """The columns of each thing that only other tables than these tell."""
    here = [each for each in places() if each.table in tables]
    told = {of: {column for each in here if each.of == of for column in each.columns} for of in FACTS}
    every = {of: {column for each in places() if each.of == of for column in each.columns} for of in FACTS}
    return {of: sorted(every[of] - told[of] - {"person"}) for of in FACTS}


def _what_they_tell(now: Frames, tables: frozenset[str]) -> Frames:
    """The facts that these tables tell, and of each no more than they say of it."""
    kinds, untold = _kinds(tables), _untold_columns(tables)
    found = {of: now[of].filter(which) for of, which in kinds.items()}
    told = {each.of for each in places() if each.table in tables}
    return {
        of: frame.drop(set(untold[of]).intersection(frame.columns)) if of in told else frame.clear()
        for of, frame in (now | found).items()
    }


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
    return [each and _KIND.sub("", each) for each in rows["ref"].to_list()]


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
    only: frozenset[str] | None = None,
) -> Extract:
    given = list(ledger.datasets(standing))
    shaped = whole(given or [NOTHING], on=on, there=there, detailed=False)
    now = facts(record)
    wanted = now if only is None else _what_they_tell(now, only)
    said = in_scope(differing(sources=facts(shaped), record=wanted), now)
    tables = following(told(as_given(standing, given=given, shaped=shaped, there=there, on=on), said, only), said)
    tables = {name: tables[name] if name in tables else empty_table(name) for name in table_names()}
    tables = as_one(tables if these is None else _of_these(tables, these), leads)
    read = () if these is None else tuple(record["person"][ID].to_list())
    notes = _notes(said) if only is None else ()
    return Extract(Dataset(tables), notes, lambda names: origins({name: tables[name] for name in names}, now), read)


def _notes(said: Mapping[str, Said]) -> tuple[str, ...]:
    """What the record holds and no table of the dataset has a place for, counted; never whose it is."""
    return tuple(
        f"{count:,} rows of {kind.replace('_', ' ')} are in no table of the dataset, and are not told."
        for name in ("step", "period")
        for kind, count in _untold(name, said[name])
        if kind not in TOLD_BY_OTHERS
    )


def _untold(name: str, said: Said) -> list[tuple[str, int]]:
    if said.added.is_empty():
        return []
    columns = said.added.columns
    held = pl.any_horizontal(each.holds(columns) for each in places() if each.of == name)
    rows = said.added.filter(~held).group_by("kind").len().sort("kind")
    return [(str(kind), int(count)) for kind, count in rows.iter_rows()]
