"""Every row as its source gave it: a load is compared with what stands, and only differences are written."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b, sha256
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Max, TextField
from django.db.models.functions import Cast

from kith.statutory.returns.ssd.dataset import Dataset, keys, schema
from kith.statutory.returns.ssd.owners import owners

from . import bulk
from .models import Load, SourceRow
from .shaping.whole import FULLEST_FIRST

LONGEST_KEY = SourceRow._meta.get_field("key").max_length or 120
_FEW = 200  # rows
EMPTY_FIELD = r'"[A-Za-z0-9_]+":null,?'  # JSON escapes every quote inside a text, so this only matches a field


@dataclass(frozen=True)
class Counts:
    """What a load did to one table. `not_here` were known before and are not in this extract: they are kept."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    not_here: int = 0


@dataclass(frozen=True)
class Comparison:
    """The rows of one table that are new or different: key, digest, body, and the id of the row replaced."""

    table: str
    fresh: pl.DataFrame
    counts: Counts


def with_key(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `_key`: its key fields as one text; a row of a table without key is told by all it says."""
    fields = keys(name) or tuple(schema(name))
    key = pl.concat_str([pl.col(each).cast(pl.String).fill_null("") for each in fields], separator="|")
    keyed = frame.with_columns(key.alias("_key"))
    if not keyed.select((pl.col("_key").str.len_chars() > LONGEST_KEY).any()).item():
        return keyed
    short = pl.col("_key").map_elements(_shortened, return_dtype=pl.String)
    return keyed.with_columns(short)


def _shortened(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else f"#{blake2b(key.encode(), digest_size=12).hexdigest()}"


def canonical(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Each row as key, body (JSON of what is not blank, in the order of the specification) and digest of the body."""
    keyed = with_key(name, frame)
    plain = [pl.col(each).cast(pl.String) if kind == pl.Date else pl.col(each) for each, kind in schema(name).items()]
    body = keyed.select(pl.struct(plain).struct.json_encode().alias("body"))["body"]
    body = body.str.replace_all(EMPTY_FIELD, "").str.replace(r",\}$", "}")
    digests = [blake2b(each.encode(), digest_size=12).hexdigest() for each in body]
    return pl.DataFrame({"key": keyed["_key"], "digest": pl.Series(digests, dtype=pl.String), "body": body})


def newest() -> int:
    """The id of the newest row of the ledger; 0 when there is none. Any load that changes anything adds one."""
    return SourceRow.objects.aggregate(last=Max("pk"))["last"] or 0


def compare(*, source: str, dataset: Dataset) -> list[Comparison]:
    """How each table of the dataset differs from what stands of this source. One query a table; nothing is written."""
    return [_compare(source, name, dataset.table(name)) for name in dataset.tables]


def _compare(source: str, name: str, frame: pl.DataFrame) -> Comparison:
    new = canonical(name, frame)
    if new["key"].is_duplicated().any():
        raise ValueError(f"{name}: two rows have one key, which a reader should have reported.")
    standing = _standing_digests(source, name)
    fresh = new.join(standing.select("key", "digest"), on=["key", "digest"], how="anti", maintain_order="left")
    fresh = fresh.join(standing.select("key", replaced="id"), on="key", how="left", maintain_order="left")
    changed = fresh["replaced"].count()
    counts = Counts(
        added=fresh.height - changed,
        changed=changed,
        unchanged=new.height - fresh.height,
        not_here=standing.join(new.select("key"), on="key", how="anti").height,
    )
    return Comparison(table=name, fresh=fresh, counts=counts)


def with_whose(comparisons: list[Comparison], tables: Mapping[str, pl.DataFrame]) -> list[Comparison]:
    """The same, each new row with the id of the person it is about: `tables` are all that will stand of its source."""
    known = owners(Dataset({name: frame.drop("_key") for name, frame in tables.items()}))
    return [replace(each, fresh=_owned(each.fresh, tables[each.table], known[each.table])) for each in comparisons]


def _owned(fresh: pl.DataFrame, table: pl.DataFrame, whose: pl.Series) -> pl.DataFrame:
    by_key = pl.DataFrame({"key": table["_key"], "whose": whose.fill_null("").str.slice(0, LONGEST_KEY)})
    return fresh.join(by_key, on="key", how="left", maintain_order="left")


def _standing_digests(source: str, name: str) -> pl.DataFrame:
    rows = SourceRow.objects.filter(source=source, table=name, replaced_by=None).values_list("id", "key", "digest")
    kinds = {"id": pl.Int64, "key": pl.String, "digest": pl.String}
    return pl.DataFrame(list(rows.iterator(20_000)), schema=kinds, orient="row")


def write(*, source: str, comparisons: list[Comparison], load: int) -> str:
    """Close the rows that are replaced and add the new ones, signed by the load's number. Gives their digest."""
    bulk.lock(SourceRow)
    first, told = bulk.next_id(SourceRow), sha256()
    for each in comparisons:
        replaced = each.fresh["replaced"].drop_nulls().to_list()
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE loading_sourcerow SET replaced_by = %s WHERE id = %s", [(load, row) for row in replaced]
            )
        rows = each.fresh.drop("replaced").with_columns(
            id=pl.int_range(first, first + each.fresh.height, dtype=pl.Int64)
        )
        same = {"source": source, "table": each.table, "load_id": load}
        first += bulk.insert(model=SourceRow, rows=rows, same=same)
        for row in rows.select("key", "digest").iter_rows():
            told.update(_line(each.table, *row))
    return told.hexdigest()


def digest_of(load: int) -> str:
    """The digest of the rows that a load added to the ledger, as they are now."""
    told = sha256()
    rows = SourceRow.objects.filter(load_id=load).order_by("pk").values_list("table", "key", "digest")
    for row in rows.iterator(20_000):
        told.update(_line(*row))
    return told.hexdigest()


def altered() -> list[int]:
    """The loads whose rows in the ledger are not those that they added: their digest is in the history."""
    done = Load.objects.exclude(digest="").order_by("pk").values_list("pk", "digest")
    return [load for load, digest in done if digest_of(load) != digest]


def _line(table: str, key: str, digest: str) -> bytes:
    return f"{table}\t{key}\t{digest}\n".encode()


Standing = dict[str, dict[str, pl.DataFrame]]
"""What stands of each source: source → table → its columns and `_key`."""


def standing() -> Standing:
    """Every row that stands now, by source and table, typed."""
    rows = SourceRow.objects.filter(replaced_by=None).order_by("id").values_list("source", "table")
    pairs = list(dict.fromkeys(rows.order_by("source", "table").distinct()))
    found: Standing = {}
    for source, name in pairs:
        found.setdefault(source, {})[name] = _read(source, name)
    return found


def _read(source: str, name: str) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT key, CAST(body AS text) FROM loading_sourcerow WHERE source = %s AND "table" = %s '
            "AND replaced_by IS NULL ORDER BY id",
            [source, name],
        )
        return _typed(name, cursor.fetchall())


def _typed(name: str, rows: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Rows of a table, each a key and a body as JSON, with the table's columns and `_key`."""
    if len(rows) <= _FEW:
        return _typed_few(name, rows)
    said = pl.DataFrame(rows, schema={"_key": pl.String, "body": pl.String}, orient="row")
    wanted = schema(name)
    written = {field: pl.String() if kind == pl.Date else kind for field, kind in wanted.items()}
    read = said["body"].str.json_decode(pl.Struct(written)).struct.unnest()
    days = [pl.col(field).str.to_date() for field, kind in wanted.items() if kind == pl.Date]
    return read.with_columns(*days, said["_key"])


def _typed_few(name: str, rows: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """The same of a few rows, of which it takes longer to ask for a whole column than to go through it."""
    bodies = [json.loads(body) for _, body in rows]
    columns = [_column(field, [each.get(field) for each in bodies], kind) for field, kind in schema(name).items()]
    return pl.DataFrame([*columns, pl.Series("_key", [key for key, _ in rows], pl.String)])


def _column(field: str, values: Sequence[Any], kind: pl.DataType) -> pl.Series:
    if kind == pl.Date:
        values = [None if each is None else date.fromisoformat(each) for each in values]
    return pl.Series(field, values, kind)


def standing_of(
    *, whose: Sequence[str], keys: Mapping[str, frozenset[str]], tables: Collection[str] | None = None
) -> Standing:
    """What stands now about these people, by their ids, and the rows of these keys, by table. One query each.

    Of all tables, or of these.
    """
    rows, wanted = SourceRow.objects.filter(replaced_by=None), [key for each in keys.values() for key in each]
    columns = ("pk", "source", "table", "key", Cast("body", TextField()))
    theirs = rows.filter(whose__in=[each for each in whose if each]).values_list(*columns)
    named = rows.filter(source__in=FULLEST_FIRST, table__in=list(keys), key__in=wanted).values_list(*columns)
    found: dict[tuple[str, str], dict[int, tuple[str, str]]] = defaultdict(dict)
    for pk, source, name, key, body in [*theirs, *(each for each in named if each[3] in keys[each[2]])]:
        if tables is None or name in tables:
            found[source, name][pk] = (key, body)
    told: Standing = {}
    for (source, name), held in found.items():
        told.setdefault(source, {})[name] = _typed(name, [held[pk] for pk in sorted(held)])
    return told


def after(*, before: Standing, source: str, dataset: Dataset) -> Standing:
    """What will stand when `dataset` has been written: its rows, and those known before that it does not hold."""
    tables = dict(before.get(source, {}))
    for name, frame in dataset.tables.items():
        new = with_key(name, frame)
        kept = tables[name].join(new.select("_key"), on="_key", how="anti") if name in tables else new.clear()
        tables[name] = pl.concat([kept, new])
    return {**before, source: tables}


def datasets(standing: Standing) -> Iterator[tuple[str, Dataset]]:
    """The dataset of each source."""
    for source, tables in standing.items():
        yield source, Dataset({name: frame.drop("_key") for name, frame in tables.items()})


def in_all(comparisons: list[Comparison]) -> Counts:
    """The counts of every table together."""
    return Counts(
        added=sum(each.counts.added for each in comparisons),
        changed=sum(each.counts.changed for each in comparisons),
        unchanged=sum(each.counts.unchanged for each in comparisons),
        not_here=sum(each.counts.not_here for each in comparisons),
    )


def by_table(comparisons: list[Comparison]) -> Mapping[str, Counts]:
    """The counts of each table."""
    return {each.table: each.counts for each in comparisons}
