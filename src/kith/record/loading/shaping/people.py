"""People and what is known of them, from a dataset: names, numbers, addresses, disabilities, who they are."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

import polars as pl

from kith.record.people.models import ALLEGATION, APART, GROWN_UPS, SUPERVISED
from kith.statutory.returns.ssd.dataset import Dataset

from .words import Frames, known, ref, told_of, yes
from .workforce import named_in

HIDDEN_LEVELS = ("R1", "R2", "R3", "R4", APART)


def people(dataset: Dataset, *, on: date) -> Frames:
    """Everything about people themselves; `on` dates what the dataset gives no day for."""
    return {
        "person": _persons(dataset),
        "alias": _aliases(dataset),
        "identifier": _identifiers(dataset),
        "address": _addresses(dataset),
        "disability": _disabilities(dataset),
        "restriction": _restrictions(dataset, on),
        "story": _stories(dataset, on),
    }


def _persons(dataset: Dataset) -> pl.DataFrame:
    """Children, the adults in their lives, and anybody only named by other rows."""
    children = dataset.table("ssd_person").select(
        id="pers_person_id",
        forename="pers_forename",
        surname="pers_surname",
        sex="pers_sex",
        gender="pers_gender",
        born_on="pers_dob",
        expected_on="pers_expected_dob",
        died_on="pers_death_date",
        ethnicity="pers_ethnicity",
        nationality="pers_nationality",
        upn_unknown="pers_upn_unknown",
        is_mother=yes("pers_is_mother"),
        is_child=True,
    )
    whole = pl.concat([children, _adults(dataset), *_only_named(dataset)], how="diagonal").unique(
        "id", keep="first", maintain_order=True
    )
    detail = dataset.table("kith_person_detail").select(
        id="pdet_person_id",
        known_as="pdet_known_as",
        first_language="pdet_first_language",
        religion="pdet_religion",
        interpreter=yes("pdet_interpreter"),
    )
    return (
        whole.join(detail, on="id", how="left", maintain_order="left")
        .with_columns(ref("person", "id").alias("ref"))
        .drop("id")
    )


def _adults(dataset: Dataset) -> pl.DataFrame:
    return dataset.table("kith_adult").select(
        id="adul_person_id",
        forename="adul_forename",
        surname="adul_surname",
        sex="adul_sex",
        born_on="adul_dob",
        ethnicity="adul_ethnicity",
        phone="adul_phone",
        record=record(),
        worker=ref("worker", "adul_worker_id"),
        is_child=False,
    )


def record() -> pl.Expr:
    """Of what a grown-up has a record of work; what is none of those it may be of is none."""
    told = pl.col("adul_record").str.to_lowercase()
    return pl.when(told.is_in(GROWN_UPS)).then(told)


def _only_named(dataset: Dataset) -> list[pl.DataFrame]:
    others = dataset.table("kith_relationship").select(id="rela_other_person_id", is_child=False)
    mothers = dataset.table("ssd_mother").select(id="moth_person_id", is_child=False)
    children = named_in(dataset, "ssd_person.pers_person_id").with_columns(is_child=True)
    told = dataset.table("ssd_mother").select(id="moth_childs_person_id", is_child=True, born_on="moth_childs_dob")
    # A mother is named among the persons too: she is taken for a child only where a child's own row says so.
    return [told.drop_nulls("id"), mothers.drop_nulls("id"), others.drop_nulls("id"), children]


@told_of("kith_alias")
def _aliases(dataset: Dataset) -> pl.DataFrame:
    return dataset.table("kith_alias").select(
        ref=ref("alias", "alia_table_id"),
        person=ref("person", "alia_person_id"),
        forename="alia_forename",
        surname="alia_surname",
        kind="alia_kind",
    )


def _identifiers(dataset: Dataset) -> pl.DataFrame:
    """Every number a person is known by, the one this dataset uses among them; a number said twice is kept once."""
    linked = dataset.table("ssd_linked_identifiers").select(
        ref=ref("identifier", "link_table_id"),
        person=ref("person", "link_person_id"),
        kind="link_identifier_type",
        value="link_identifier_value",
        started_on="link_valid_from_date",
        ended_on="link_valid_to_date",
    )
    own = [
        _numbers(dataset, "ssd_person", "pers_person_id", field, kind)
        for field, kind in (
            ("pers_person_id", "Case Number"),
            ("pers_common_child_id", "NHS Number"),
            ("pers_single_unique_id", "Single Unique Identifier"),
            ("pers_legacy_id", "Former Case Number"),
            ("pers_upn", "Unique Pupil Number"),
        )
    ]
    schools = [
        _numbers(dataset, "ssd_send", "send_person_id", "send_upn", "Unique Pupil Number"),
        _numbers(dataset, "ssd_send", "send_person_id", "send_uln", "Unique Learner Number"),
    ]
    whole = pl.concat([linked, *own, *schools], how="diagonal").filter(pl.col("value").is_not_null())
    return whole.unique(["person", "kind", "value"], keep="first", maintain_order=True).unique(
        "ref", keep="first", maintain_order=True
    )


def _numbers(dataset: Dataset, table: str, person: str, field: str, kind: str) -> pl.DataFrame:
    told = dataset.table(table).filter(pl.col(field).is_not_null())
    return told.select(
        ref=pl.lit(f"identifier:{field}:") + pl.col(person),
        person=ref("person", person),
        kind=pl.lit(kind),
        value=pl.col(field),
    )


@told_of("ssd_address")
def _addresses(dataset: Dataset) -> pl.DataFrame:
    """Addresses, their lines put together from the parts that the standard names, in the order they are said."""
    parts = ("FLAT", "ROOM", "FLOOR", "BUILDING", "HOUSE", "STREET", "TOWN")
    kinds = pl.Struct({each: pl.String for each in (*parts, "UPRN")})
    table = dataset.table("ssd_address")
    is_json = pl.col("addr_address_json").str.starts_with("{")
    parted = table.select(
        pl.when(is_json).then("addr_address_json").otherwise(pl.lit("{}")).str.json_decode(kinds).alias("parts")
    )["parts"].struct.unnest()
    parted = parted.with_columns(pl.col(each).str.strip_chars().replace("", None) for each in parted.columns)
    lines = parted.select(pl.concat_str(parts, separator=", ", ignore_nulls=True).alias("lines"))["lines"]
    return table.with_columns(_lines=lines.replace("", None), _uprn=parted["UPRN"]).select(
        ref=ref("address", "addr_table_id"),
        person=ref("person", "addr_person_id"),
        kind="addr_address_type",
        lines=pl.when(is_json).then("_lines").otherwise("addr_address_json"),
        postcode="addr_address_postcode",
        uprn="_uprn",
        started_on="addr_address_start_date",
        ended_on="addr_address_end_date",
    )


@told_of("ssd_disability")
def _disabilities(dataset: Dataset) -> pl.DataFrame:
    return dataset.table("ssd_disability").select(
        ref=ref("disability", "disa_table_id"), person=ref("person", "disa_person_id"), code="disa_disability_code"
    )


def restrictions(dataset: Dataset) -> pl.DataFrame:
    """Whose record (`id`) is restricted, and how (`level`).

    An allegation, and a worker's own record, is kept apart whatever else is told of it.
    """
    level = pl.col("pdet_restriction").str.to_uppercase()
    said = dataset.table("kith_person_detail").select(id="pdet_person_id", level=level)
    apart = dataset.table("kith_adult").filter(record().is_in((ALLEGATION, SUPERVISED)))
    kept = pl.concat([said, apart.select(id="adul_person_id", level=pl.lit(APART))])
    return kept.filter(pl.col("level").is_in(HIDDEN_LEVELS)).unique(maintain_order=True)


@told_of("kith_person_detail", "kith_adult")
def _restrictions(dataset: Dataset, on: date) -> pl.DataFrame:
    return restrictions(dataset).select(
        ref=ref("restriction", "id") + pl.lit(":") + pl.col("level"),  # another level is another restriction
        person=ref("person", "id"),
        level="level",
        started_on=pl.lit(on),
    )


@told_of("kith_person_detail")
def _stories(dataset: Dataset, on: date) -> pl.DataFrame:
    """Who I am. Other words are another writing, so the ref holds a digest of them and the earlier stays."""
    told = known(dataset.table("kith_person_detail"), "pdet_who_i_am")
    digests = [blake2b(words.encode(), digest_size=5).hexdigest() for words in told["pdet_who_i_am"]]
    return told.with_columns(_words=pl.Series(digests, dtype=pl.String)).select(
        ref=ref("story", "pdet_person_id") + pl.lit(":") + pl.col("_words"),
        person=ref("person", "pdet_person_id"),
        who_i_am="pdet_who_i_am",
        written_on=pl.lit(on),
    )
