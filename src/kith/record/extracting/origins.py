"""From which row of the record each row of the dataset came, so that what was built of it can be opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from kith.record.loading import ledger
from kith.record.loading.models import SourceRow
from kith.record.loading.shaping.whole import FULLEST_FIRST
from kith.record.loading.shaping.words import Frames
from kith.statutory.returns.ssd.dataset import references

from .facts import STEP_ID
from .places import Place, places
from .rows import ID
from .telling import Tables

SOURCE = "source"  # a row kept as it came, of which the record has no row of its own
ADULT = "adult"
FEW = 500  # rows to look for one by one
PERSON = "ssd_person.pers_person_id"
SCHEMA = {"thing": pl.String(), "kind": pl.String(), "id": pl.Int64(), "person": pl.Int64()}


def origins(tables: Tables, now: Frames) -> Tables:
    """For each table a frame beside it, row by row: `thing` and `id`, what it came from; `kind`; and whose it is.

    A thing is named as in facts.py; a step's id is the step's own, not the child's part of it. What only a source says
    has the thing "source", and the number of its row in the ledger. `person` is empty where a row is of nobody alone.
    """
    people = dict(now["person"].select("ref", ID).iter_rows())
    known = {name: _known(name, now, people) for name in tables}
    found = {name: _beside(name, table, known[name]) for name, table in tables.items()}
    found = {name: _inherited(name, tables, found) for name in tables}
    return {name: _numbered(name, tables[name], frame) for name, frame in found.items()}


def _known(name: str, now: Frames, people: Mapping[str, int]) -> pl.DataFrame:
    told = [_of_place(each, now[each.of], people) for each in places() if each.table == name]
    empty = pl.DataFrame(schema={"_key": pl.String(), **SCHEMA})
    return pl.concat([empty, *told]).unique("_key", keep="first", maintain_order=True)


def _of_place(place: Place, rows: pl.DataFrame, people: Mapping[str, int]) -> pl.DataFrame:
    here = rows.filter(place.holds(rows.columns))
    whose = "ref" if place.of == "person" else "person"
    person = (
        pl.col(whose).replace_strict(people, default=None, return_dtype=pl.Int64) if whose in rows.columns else None
    )
    return here.select(
        place.id.alias("_key"),
        thing=pl.lit(place.of),
        kind=_kind(place.of),
        id=pl.col(STEP_ID if place.of == "step" else ID),
        person=pl.lit(None, pl.Int64) if person is None else person,
    )


def _kind(of: str) -> pl.Expr:
    if of == "person":
        return pl.when("is_child").then(pl.lit("child")).otherwise(pl.lit(ADULT))
    return pl.col("kind") if of in ("step", "period") else pl.lit(None, pl.String)


def _key(name: str) -> str:
    """The field by which rows of a table are known: its place's, else the first of its key."""
    of_place = next((each.key for each in places() if each.table == name), "")
    return of_place or next(iter(ledger.keys(name)), "")


def _beside(name: str, table: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    key = _key(name)
    if not key:
        return pl.DataFrame({each: [None] * table.height for each in SCHEMA}, schema=SCHEMA)
    left = table.select(pl.col(key).alias("_key"))
    return left.join(known, on="_key", how="left", maintain_order="left").select(list(SCHEMA))


def _inherited(name: str, tables: Tables, found: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of no thing of their own are opened by what they point at: an assessment's factors by the assessment."""
    own = found[name]
    pointing = sorted(references(name).items(), key=lambda each: each[1] == PERSON)
    for field, target in pointing:
        if not own["person"].null_count():
            break
        table, column = target.split(".")
        if table in found:
            own = _filled(own, tables[name][field], _by(table, column, tables, found), whole=target != PERSON)
    return own


def _by(table: str, column: str, tables: Tables, found: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = found[table].with_columns(tables[table][column].alias("_key"))
    return frame.filter(pl.col("person").is_not_null()).drop_nulls("_key").unique("_key", keep="first")


def _filled(own: pl.DataFrame, values: pl.Series, target: pl.DataFrame, *, whole: bool) -> pl.DataFrame:
    given = own.with_columns(values.alias("_key")).join(
        target, on="_key", how="left", suffix="_to", maintain_order="left"
    )
    lacks = pl.col("person").is_null()
    names = list(SCHEMA) if whole else ["person"]
    return given.with_columns(
        pl.when(lacks).then(pl.coalesce(name, f"{name}_to")).otherwise(name).alias(name) for name in names
    ).select(list(SCHEMA))


def _numbered(name: str, table: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The rows that only a source tells have that row's number."""
    alone = found["thing"].is_null()
    if not alone.any():
        return found
    keyed = ledger.with_key(name, table).select("_key")
    rows, wanted = SourceRow.objects.filter(table=name, replaced_by=None), keyed["_key"].filter(alone)
    if wanted.len() <= FEW:  # of one child: found by the index, and not by reading the whole service's
        rows = rows.filter(source__in=FULLEST_FIRST, key__in=wanted.to_list())
    numbers = dict(reversed(list(rows.order_by("pk").values_list("key", "pk"))))
    number = pl.col("_key").replace_strict(numbers, default=None, return_dtype=pl.Int64)
    told = found.with_columns(keyed["_key"])
    return told.with_columns(
        thing=pl.col("thing").fill_null(SOURCE), id=pl.when(pl.lit(alone)).then(number).otherwise("id")
    ).select(list(SCHEMA))


def opens_at(origin: Mapping[str, object]) -> str:
    """The path of the page on which a row of the record is seen; empty where there is none."""
    from django.urls import reverse

    if origin["thing"] == "step":
        return reverse("steps:page", args=[origin["kind"], origin["id"]])
    if origin["thing"] == "promise":
        return reverse("promises:promise", args=[origin["id"]])
    of_nobody = not origin["person"] or origin["kind"] == ADULT
    return "" if of_nobody else reverse("chronology:record", args=[origin["person"]])


def rows_of(origin: pl.DataFrame, people: Iterable[int]) -> pl.Series:
    """Whether each row is of one of these people."""
    return origin["person"].is_in(sorted(set(people))).fill_null(False)
