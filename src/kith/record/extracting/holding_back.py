"""What of an extract is kept back from whoever builds it: of the hidden all but what is counted, of the shielded where.

The law asks for every child, so nobody is left out of a return. That two records are one person, and who was adopted as
whom, is in no table of the dataset; a record sealed by an adoption gives nothing that came after the seal.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from kith.foundation.access.viewer import Viewer
from kith.record.loading.models import SourceRow
from kith.record.people.models import Person, Restriction
from kith.record.people.one_of import Ids
from kith.record.people.shields import veil_over
from kith.record.people.standing import standing_of
from kith.record.people.whereabouts import Veil, listed
from kith.statutory.returns.ssd.dataset import Dataset, keys, references, schema

from .extract import Extract
from .origins import PERSON, SOURCE, rows_of
from .places import places

SEALED = "R3"
_MEETINGS = ("stra_meeting_id", "icpc_icpc_meeting_id", "cppr_cp_review_meeting_id")
_ATTENDED, _RELATED = "kith_meeting_attendance", "kith_relationship"
Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class KeptBack:
    """Of whom something is kept back, by the person's number; of the sealed, since when.

    The law asks for every child, and for no grown-up: of a hidden one nothing is told at all, and nothing counted.
    """

    hidden: frozenset[int]
    untold: frozenset[int]
    withheld: frozenset[int]
    sealed: Mapping[int, datetime]


def kept_back_from(viewer: Viewer) -> KeptBack:
    """Of whom this viewer may not know the record, or the whereabouts, today."""
    standing = standing_of(viewer)
    sealed = Restriction.objects.filter(level=SEALED, ended_on=None).order_by("-pk")
    return KeptBack(
        hidden=frozenset(standing.hidden.numbers),
        untold=frozenset(_grown_up(standing.hidden)),
        withheld=frozenset(standing.withheld.numbers),
        sealed=dict(sealed.values_list("person_id", "recorded_at")),
    )


def _grown_up(people: Ids) -> Iterable[int]:
    return Person.objects.filter(pk__one_of=people, is_child=False).values_list("pk", flat=True)


def for_viewer(viewer: Viewer, extract: Extract) -> Extract:
    """The extract as this viewer may have it."""
    of = kept_back_from(viewer)
    origins = {name: frame.with_row_index("_at") for name, frame in extract.origins.items()}
    tables = {name: frame.with_row_index("_at") for name, frame in extract.dataset.tables.items()}
    tables = _without_unsealed(tables, origins, of.sealed)
    tables = _without_ties(tables, _ids(extract, of.hidden))
    tables = _without_meetings(tables, origins, of)
    tables = {name: _less(frame, _at(origins[name], of.untold)) for name, frame in tables.items()}
    tables = {name: _counted_alone(name, frame, _at(origins[name], of.hidden)) for name, frame in tables.items()}
    tables = _without_places(tables, origins, of.withheld)
    kept = {name: origins[name].join(frame.select("_at"), on="_at", how="semi") for name, frame in tables.items()}
    told = {name: frame.drop("_at") for name, frame in kept.items()}
    dataset = Dataset({name: frame.drop("_at") for name, frame in tables.items()})
    return Extract(dataset, extract.notes, lambda names: {name: told[name] for name in names}, extract.read)


def _at(origin: pl.DataFrame, people: Collection[int]) -> pl.Series:
    """Which rows are of these people, by their place in the whole table."""
    return origin.filter(rows_of(origin, people))["_at"]


def _ids(extract: Extract, people: Collection[int]) -> list[str]:
    """These people's ids in the dataset."""
    found = [
        extract.dataset.tables[name].filter(rows_of(extract.origins[name], people))[key].to_list()
        for name, key in (("ssd_person", "pers_person_id"), ("kith_adult", "adul_person_id"))
    ]
    return [each for ids in found for each in ids]


def _without_unsealed(tables: Tables, origins: Mapping[str, pl.DataFrame], sealed: Mapping[int, datetime]) -> Tables:
    """Of a sealed record no row that the record itself does not hold, and that came after the seal."""
    if not sealed:
        return tables
    alone = {name: frame.filter(rows_of(frame, sealed) & (frame["thing"] == SOURCE)) for name, frame in origins.items()}
    came = dict(SourceRow.objects.filter(pk__in=_numbers(alone.values())).values_list("pk", "load__started_at"))
    late = {name: [at for at, pk, who in _rows(frame) if came[pk] > sealed[who]] for name, frame in alone.items()}
    return {name: _less(frame, pl.Series(late[name], dtype=pl.UInt32)) for name, frame in tables.items()}


def _numbers(frames: Iterable[pl.DataFrame]) -> list[int]:
    return [number for frame in frames for number in frame["id"].to_list()]


def _rows(frame: pl.DataFrame) -> Iterable[tuple[int, int, int]]:
    return frame.select("_at", "id", "person").iter_rows()


def _less(frame: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
    return frame.filter(~pl.col("_at").is_in(at.implode())) if len(at) else frame


def _without_ties(tables: Tables, hidden: list[str]) -> Tables:
    """No row of somebody else that names one of the hidden: a brother's relationship, a mother's child."""
    if not hidden:
        return tables
    tied = {name: [field for field, to in references(name).items() if to == PERSON] for name in tables}
    tied[_RELATED] = [*tied[_RELATED], "rela_other_person_id"]
    alone = {name: fields for name, fields in tied.items() if len(fields) > 1}
    return tables | {
        name: tables[name].filter(~pl.any_horizontal(pl.col(each).is_in(hidden).fill_null(False) for each in fields))
        for name, fields in alone.items()
    }


def _without_meetings(tables: Tables, origins: Mapping[str, pl.DataFrame], of: KeptBack) -> Tables:
    """Nobody who was asked to a meeting about a hidden child; nor, of a shielded one, whose name leads to her."""
    frame = tables[_ATTENDED]
    meeting = pl.col("matt_meeting_id")
    frame = frame.filter(~meeting.is_in(_meetings(tables, origins, of.hidden)).fill_null(False))
    telling = meeting.is_in(_meetings(tables, origins, of.withheld)) & pl.col("matt_agency").is_in(listed().agencies)
    blank = [pl.when(telling).then(None).otherwise(pl.col(each)).alias(each) for each in ("matt_name", "matt_role")]
    return tables | {_ATTENDED: frame.with_columns(blank)}


def _meetings(tables: Tables, origins: Mapping[str, pl.DataFrame], people: Collection[int]) -> list[str]:
    """Whatever the meetings about these people may be called by."""
    found: set[str] = set()
    for name, frame in tables.items():
        for field in (each for each in _MEETINGS if each in frame.columns):
            rows = frame.filter(pl.col("_at").is_in(_at(origins[name], people).implode()))
            found.update(rows[field].drop_nulls().to_list(), rows[keys(name)[0]].drop_nulls().to_list())
    return sorted(found)


@cache
def counted() -> Mapping[str, frozenset[str]]:
    """What may be told of the hidden: each table and its fields."""
    told = tomllib.loads(Path(__file__).with_name("counted.toml").read_text("utf-8"))
    return {name: frozenset(schema(name)).difference(said["but"]) for name, said in told.items()}


def _counted_alone(name: str, frame: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
    if not len(at):
        return frame
    theirs, told = pl.col("_at").is_in(at.implode()), counted().get(name)
    if told is None:
        return frame.filter(~theirs)
    blank = [each for each in frame.columns if each not in told and each != "_at"]
    return frame.with_columns(pl.when(~theirs).then(pl.col(each)).alias(each) for each in blank)


@cache
def telling(name: str) -> frozenset[str]:
    """The fields of a table that say where somebody is: by their own name, or by the column they are made of."""
    columns = {column for each in listed().columns.values() for column in each} - {"kind", "name", "role"}
    made = {
        field
        for each in places()
        if each.table == name
        for field, uses in each.uses.items()
        if columns.intersection(uses)
    }
    return frozenset(made | {field for field in schema(name) if listed().tells(field)})


def _without_places(tables: Tables, origins: Mapping[str, pl.DataFrame], withheld: Collection[int]) -> Tables:
    """Of the shielded and whoever lives with them: every field that says where is blank, and texts lose the place."""
    if not withheld:
        return tables
    veil = veil_over(withheld)
    found = dict(tables)
    for name, frame in tables.items():
        if len(at := _at(origins[name], withheld)):
            found[name] = _veiled(name, frame, at, veil)
    return found


def _veiled(name: str, frame: pl.DataFrame, at: pl.Series, veil: Veil) -> pl.DataFrame:
    theirs = pl.col("_at").is_in(at.implode())
    rows = frame.filter(theirs)
    if name == _RELATED:
        rows = rows.filter(~pl.col("rela_kind").is_in(listed().carers).fill_null(False))
    told = [_row(name, each, veil) for each in rows.to_dicts()]
    return pl.concat([frame.filter(~theirs), pl.DataFrame(told, schema=frame.schema)]).sort("_at")


def _row(name: str, row: dict[str, Any], veil: Veil) -> dict[str, Any]:
    return {field: _value(name, field, value, veil) for field, value in row.items()}


def _value(name: str, field: str, value: Any, veil: Veil) -> Any:
    if field in telling(name):
        return None
    pointing = field in references(name) or field in keys(name) or field == "_at"
    return veil.over(value) if isinstance(value, str) and not pointing else value


def people_in(extract: Extract) -> Iterable[int]:
    """Everybody of whom the extract has a row."""
    found = [frame["person"].drop_nulls().unique() for frame in extract.origins.values()]
    return pl.concat(found).unique().to_list() if found else []
