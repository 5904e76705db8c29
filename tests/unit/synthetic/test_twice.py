"""The borough's second records are found by the linkage, and its twins are left alone."""

from __future__ import annotations

from datetime import date

import polars as pl

from kith.analysis.linkage import same_person
from kith.analysis.linkage.features import PEOPLE
from kith.synthetic.borough import Borough
from kith.synthetic.twice import LIKELY, NEVER, TWICE, TWINS


def people(borough: Borough) -> tuple[pl.DataFrame, dict[str, int]]:
    """The borough's children as the linkage takes them, and the number given to each."""
    table = borough.dataset.tables["ssd_person"].with_row_index("person", offset=1)
    homes = borough.dataset.tables["ssd_address"].group_by("addr_person_id").agg(
        homes=pl.col("addr_address_json").str.json_path_match("$.HOUSE") + "|" + pl.col("addr_address_postcode")
    )  # fmt: skip
    rows = table.join(homes, left_on="pers_person_id", right_on="addr_person_id", how="left").sort("person")
    numbers = dict(rows.select("pers_person_id", "person").iter_rows())
    found = [
        {
            "person": each["person"],
            "forename": each["pers_forename"],
            "surname": each["pers_surname"],
            "names": [],
            "born_on": each["pers_dob"],
            "sex": each["pers_sex"],
            "numbers": [f"nhs:{each['pers_common_child_id']}"] * bool(each["pers_common_child_id"])
            + [f"upn:{each['pers_upn']}"] * bool(each["pers_upn"]),
            "homes": each["homes"] or [],
            "kin": [],
        }
        for each in rows.iter_rows(named=True)
    ]
    return pl.DataFrame(found, schema=PEOPLE), numbers


def test_second_records_are_planted_and_found_and_twins_are_not(borough: Borough, on: date) -> None:
    rows, numbers = people(borough)
    pairs = set(same_person.likely(rows, threads=1).select("one", "other").iter_rows())

    def planted(expect: str) -> list[tuple[int, int]]:
        found = [(numbers[each.id], numbers[each.person_id or ""]) for each in borough.planted if each.expect == expect]
        return [(min(pair), max(pair)) for pair in found]

    assert len(planted(LIKELY)) == TWICE and len(planted(NEVER)) == TWINS
    assert sum(pair in pairs for pair in planted(LIKELY)) >= TWICE - 2
    assert not pairs & set(planted(NEVER))


def test_some_second_records_are_shielded_where_the_first_is_not(borough: Borough) -> None:
    details = borough.dataset.tables["kith_person_detail"]
    shielded = set(details.filter(pl.col("pdet_restriction") == "R2")["pdet_person_id"])
    pairs = [each for each in borough.planted if each.expect == LIKELY]
    assert len([each for each in pairs if each.id in shielded and each.person_id not in shielded]) == 3
