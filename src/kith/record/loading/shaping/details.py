"""The rest of a step or period: what its source row says beyond the columns of the record, as JSON."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset, references, schema

EMPTY_FIELD = r'"[A-Za-z0-9_]+":null,?'
# Fields that a column of the record holds, and are in no details beside it.
COLUMNS = frozenset(
    [
        "cont_contact_source_code",
        "cine_referral_source_code",
        "cina_assessment_child_seen",
        "cinf_assessment_factors_json",
        "kasd_internal_review_date",
    ]
)
_PEOPLE = ("ssd_person.pers_person_id", "ssd_professionals.prof_professional_id", "ssd_department.dept_team_id")


@cache
def places() -> dict[str, dict[str, str]]:
    """For the beginning of a ref: each table that tells more of it, and the field that holds its id."""
    return tomllib.loads(Path(__file__).with_name("details.toml").read_text("utf-8"))


def details(dataset: Dataset) -> pl.DataFrame:
    """`ref` and `details`, for every row of the dataset that has more to say of a step or period."""
    found = [_of_kind(dataset, prefix, tables) for prefix, tables in places().items()]
    return pl.concat([pl.DataFrame(schema={"ref": pl.String, "details": pl.String}), *found])


def _of_kind(dataset: Dataset, prefix: str, tables: dict[str, str]) -> pl.DataFrame:
    parts = [_of_table(dataset, name, key) for name, key in tables.items() if name in dataset.tables]
    if not parts:
        return pl.DataFrame(schema={"ref": pl.String, "details": pl.String})
    whole = parts[0]
    for more in parts[1:]:
        whole = whole.join(more, on="id", how="full", coalesce=True, maintain_order="left")
    said = whole.filter(pl.any_horizontal(pl.all().exclude("id").is_not_null()))
    if said.is_empty():
        return pl.DataFrame(schema={"ref": pl.String, "details": pl.String})
    body = said.select(pl.struct(pl.all().exclude("id")).struct.json_encode().alias("body"))["body"]
    body = body.str.replace_all(EMPTY_FIELD, "").str.replace(r",\}$", "}")
    return said.select(ref=pl.lit(f"{prefix}:") + pl.col("id")).with_columns(details=body)


def _of_table(dataset: Dataset, name: str, key: str) -> pl.DataFrame:
    """One table's rows as `id` and what is worth keeping: all but the ids of the row, the people and the teams."""
    pointing = {field for field, target in references(name).items() if target in _PEOPLE}
    wanted = [field for field in schema(name) if field != key and field not in pointing | COLUMNS]
    plain = [
        pl.col(each).cast(pl.String) if kind == pl.Date else each
        for each, kind in schema(name).items()
        if each in wanted
    ]
    rows = dataset.table(name).filter(pl.col(key).is_not_null())
    return rows.select(pl.col(key).alias("id"), *plain).unique("id", keep="first", maintain_order=True)


def common(texts: list[str | None]) -> str | None:
    """What several children's details all say: fields that differ between them are each child's own, and left out."""
    if len(set(texts)) == 1 or any(text is None for text in texts):
        return texts[0]
    told = [json.loads(text or "{}") for text in texts]
    shared = {name: value for name, value in told[0].items() if all(each.get(name) == value for each in told[1:])}
    return json.dumps(shared, ensure_ascii=False, separators=(",", ":"))
