"""The looked-after children return: its CSV tables and its XML become the same dataset."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kith.statutory.returns.results import Reading, RefusedFile
from kith.statutory.returns.ssd.dataset import keys
from kith.statutory.returns.ssd.journeys import periods, steps
from kith.statutory.returns.ssda903.reader import read_files
from kith.statutory.returns.ssda903.tables import SPECS, table_of

D = date


@pytest.fixture
def folder(fixtures: Path) -> Reading:
    return read_files(sorted((fixtures / "ssda903").iterdir()))


def _rows(reading: Reading, table: str, key: str, *, person: str = "") -> list[dict[str, object]]:
    frame = reading.dataset.table(table)
    return [row for row in frame.iter_rows(named=True) if not person or row[key] == person]


def test_each_table_is_known_by_its_columns() -> None:
    for name, spec in SPECS.items():
        assert table_of(spec.columns) is spec, name
    assert table_of(["Child ID Number", "Date of Birth", "Review Date", "Participation Code"]) is SPECS["Reviews"]
    assert table_of(["CHILD", "DOB"]) is None
    assert table_of(["DECOM", "RNE"]) is None


def test_all_twelve_tables_are_read_whatever_the_files_are_called(folder: Reading) -> None:
    assert set(folder.tables) == set(SPECS)
    assert folder.rows_in == folder.rows_read == 27
    assert not folder.problems


def test_every_child_that_any_table_names_is_a_person(folder: Reading) -> None:
    people = {row["pers_person_id"]: row for row in _rows(folder, "ssd_person", "")}
    assert set(people) == {"RV0001", "RV0004", "RV0005", "RV0009", "RV0010", "RV0011"}
    assert people["RV0010"]["pers_dob"] == D(2006, 3, 3)
    assert (people["RV0004"]["pers_sex"], people["RV0004"]["pers_ethnicity"]) == ("M", "BAFR")
    assert (people["RV0004"]["pers_upn"], people["RV0004"]["pers_upn_unknown"]) == (None, "UN4")
    assert people["RV0001"]["pers_is_mother"] == "Y"


def test_periods_of_care_follow_from_episodes_that_leave_no_gap(folder: Reading) -> None:
    episodes = _rows(folder, "ssd_cla_episodes", "clae_person_id", person="RV0001")
    assert [row["clae_cla_id"] for row in episodes] == ["RV0001-2024-05-01"] * 3 + ["RV0001-2025-01-10"]
    care = periods(folder.dataset).filter(pl.col("kind") == "care", pl.col("child") == "RV0001")
    assert care["ended_on"].to_list() == [D(2024, 12, 20), None]
    assert care["end_reason"].to_list() == ["E4A", None]


def test_a_change_of_legal_status_alone_is_not_a_new_home(folder: Reading) -> None:
    homes = _rows(folder, "ssd_cla_placement", "clap_person_id", person="RV0001")
    assert [(row["clap_cla_placement_type"], row["clap_cla_placement_end_date"]) for row in homes] == [
        ("U6", D(2024, 9, 15)),
        ("K2", D(2024, 12, 20)),
        ("U6", None),
    ]
    assert homes[0]["clap_cla_placement_change_reason"] == "CREQB"
    statuses = _rows(folder, "ssd_legal_status", "lega_person_id", person="RV0001")
    assert [row["lega_legal_status"] for row in statuses] == ["V2", "C1", "V2"]
    assert statuses[1]["lega_legal_status_end_date"] == D(2024, 12, 20)


def test_a_review_belongs_to_the_care_it_was_held_in(folder: Reading) -> None:
    reviews = folder.dataset.table("ssd_cla_reviews")
    assert reviews["clar_cla_id"].to_list() == ["RV0001-2024-05-01"] * 2 + ["RV0001-2025-01-10", "RV0004-2025-02-03"]
    assert folder.dataset.table("kith_care_review")["kcar_person_id"].to_list() == ["RV0009"]
    assert any("with no episode here, kept without a period of care: 1." in note for note in folder.notes)
    assert steps(folder.dataset).filter(pl.col("kind") == "care_review").height == 5


def test_adoption_is_told_with_the_decision_that_was_not_reversed(folder: Reading) -> None:
    rows = sorted(_rows(folder, "ssd_permanence", ""), key=lambda row: str(row["perm_table_id"]))
    assert [row["perm_decision_reversed_reason"] for row in rows] == ["RD1", None]
    assert [row["perm_matched_date"] for row in rows] == [None, D(2024, 8, 1)]
    assert rows[1]["perm_adopted_by_carer_flag"] == "N"


def test_what_care_leavers_and_others_have_is_kept(folder: Reading) -> None:
    leavers = _rows(folder, "ssd_care_leavers", "")
    assert [(row["clea_care_leaver_accommodation"], row["clea_care_leaver_accom_suitable"]) for row in leavers] == [
        ("U", "1"),
        ("0", None),
    ]
    assert folder.dataset.table("ssd_cla_previous_permanence")["lapp_previous_permanence_order_date"].to_list() == [
        "ZZ/05/2020",
        None,
    ]
    assert folder.dataset.table("ssd_professionals")["prof_professional_id"].to_list() == ["SW9990001", "SW9990002"]
    assert folder.dataset.table("ssd_immigration_status")["immi_immigration_status"].to_list() == ["UASC"]
    assert folder.dataset.table("kith_oc2")["koc2_sdq_score"].to_list() == ["14"]
    assert folder.dataset.table("kith_deprivation_of_liberty")["kdol_end_date"].to_list() == [D(2024, 12, 20)]
    assert folder.dataset.table("kith_episode_detail").height == 4
    assert periods(folder.dataset).filter(pl.col("kind") == "missing")["code"].to_list() == ["missing", "away"]


def test_the_xml_form_fills_the_same_tables(fixtures: Path) -> None:
    reading = read_files([fixtures / "ssda903.xml"])
    assert {name: count.rows_read for name, count in reading.tables.items()} == {
        "Header": 2,
        "Reviews": 2,
        "Missing": 1,
        "PrevPerm": 1,
        "OC2": 1,
        "SWEpisodes": 1,
        "Episodes": 2,
        "UASC": 1,
        "AD1": 1,
        "PlacedAdoption": 1,
    }
    assert not reading.problems
    assert any("SHOESIZE in HEADER" in note for note in reading.notes)
    assert reading.dataset.table("ssd_cla_placement").height == 1
    assert reading.dataset.table("ssd_permanence").height == 1


def test_a_bad_row_is_named_and_the_rest_is_read(fixtures: Path, tmp_path: Path) -> None:
    shutil.copy(fixtures / "ssda903" / "a.csv", tmp_path)
    (tmp_path / "e.csv").write_text(
        "CHILD,DECOM,RNE,LS,PLACE\nRV0001,31/04/2024,S,C2,U6\nRV0004,,S,C2,U6\nRV0004,01/05/2024,S,C2,U6\n"
    )
    reading = read_files(sorted(tmp_path.iterdir()))
    assert [(problem.line, problem.field, problem.shown) for problem in reading.problems] == [
        (2, "DECOM", "31/04/2024"),
        (3, "DECOM", None),
    ]
    assert (reading.tables["Episodes"].rows_in, reading.tables["Episodes"].rows_read) == (3, 1)


def test_a_table_without_its_child_is_refused(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("CHILD,RNE,LS,PLACE\nRV0001,S,C2,U6\n")
    with pytest.raises(RefusedFile, match="missing") as refused:
        read_files(sorted(tmp_path.iterdir()))
    assert refused.value.field == "DECOM"


@pytest.mark.samples
def test_every_published_sample_is_read_without_a_lost_row(samples: Path) -> None:
    everything = sorted((samples / "ssda903").iterdir())
    tables = read_files([path for path in everything if path.suffix == ".csv"])
    xml = read_files([path for path in everything if path.suffix == ".xml"])
    assert (tables.rows_in, tables.rows_reported) == (25975, 3)  # the three are exact repeats
    assert (xml.rows_in, xml.rows_reported) == (2454, 0)
    for reading in (tables, xml):
        assert reading.rows_in == reading.rows_read + reading.rows_reported
        assert all("repeats" in problem.message for problem in reading.problems)
        for table, frame in reading.dataset.tables.items():
            assert frame.select(keys(table)).is_unique().all(), table
        assert not steps(reading.dataset)["child"].has_nulls()
