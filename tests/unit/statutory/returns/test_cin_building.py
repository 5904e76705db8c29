"""Building a children in need census: what belongs in a year, as it stood at its end; written, valid and read back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from lxml import etree

from kith.statutory.returns.cin_census.of_year import census_rows
from kith.statutory.returns.cin_census.reader import read_files
from kith.statutory.returns.cin_census.validity import faults_of_form
from kith.statutory.returns.cin_census.writer import Source, Written, write_census
from kith.statutory.returns.ssd.dataset import Dataset
from kith.synthetic.clean_census import clean_census

D = date
YEAR = 2026  # 1 April 2025 to 31 March 2026
SOURCE = Source(authority="999", at=datetime(2026, 4, 30, 9, tzinfo=UTC))


def _dataset(**tables: list[dict[str, object]]) -> Dataset:
    return Dataset.of({name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items()})


def _person(key: str = "A1", **more: object) -> dict[str, object]:
    return {"pers_person_id": key, "pers_sex": "F", "pers_gender": "02", "pers_dob": D(2015, 6, 1), **more}


def _referral(key: str = "R1", child: str = "A1", **more: object) -> dict[str, object]:
    began = more.pop("on", D(2025, 5, 1))
    row = {"cine_referral_id": key, "cine_person_id": child, "cine_referral_date": began, "cine_referral_nfa": "N"}
    return {**row, **{f"cine_{name}": value for name, value in more.items()}}


def _rows(dataset: Dataset, table: str, year: int = YEAR) -> list[dict[str, object]]:
    return census_rows(dataset, year=year).tables[table].to_dicts()


def _write(dataset: Dataset, folder: Path, year: int) -> tuple[Path, Written]:
    path = folder / f"census-{year}.xml"
    return path, write_census(dataset, path, year=year, source=SOURCE)


# What belongs in a year


@pytest.mark.parametrize(
    ("case", "began", "closed", "nfa", "years"),
    [
        ("open throughout", D(2023, 1, 9), None, "N", {2024, 2025, 2026, 2027}),
        ("closed on the first day of the year", D(2024, 5, 1), D(2025, 4, 1), "N", {2025, 2026}),
        ("closed on the last day of the year before", D(2024, 5, 1), D(2025, 3, 31), "N", {2025}),
        ("referred on the last day of the year", D(2026, 3, 31), None, "N", {2026, 2027}),
        ("referred on the first day of the next", D(2026, 4, 1), None, "N", {2027}),
        ("no further action, and not said when it was decided", D(2025, 5, 1), None, "Y", {2026}),
        ("no further action, decided in April", D(2025, 3, 31), D(2025, 4, 1), "Y", {2025, 2026}),
    ],
)
def test_a_referral_belongs_to_each_year_in_which_it_was_open(
    case: str, began: date, closed: date | None, nfa: str, years: set[int]
) -> None:
    dataset = _dataset(
        ssd_person=[_person()], ssd_cin_episodes=[_referral(on=began, close_date=closed, referral_nfa=nfa)]
    )
    assert {year for year in range(2024, 2028) if _rows(dataset, "CINdetails", year)} == years, case


def test_what_came_after_the_year_had_not_come() -> None:
    dataset = _dataset(
        ssd_person=[_person(pers_death_date=D(2026, 6, 1))],
        ssd_cin_episodes=[_referral(close_date=D(2026, 4, 9), close_reason="RC2", referral_nfa="Y")],
        ssd_cin_assessments=[
            {
                "cina_assessment_id": "S1",
                "cina_person_id": "A1",
                "cina_referral_id": "R1",
                "cina_assessment_start_date": D(2026, 3, 2),
                "cina_assessment_auth_date": D(2026, 4, 1),
            }
        ],
        ssd_assessment_factors=[
            {"cinf_table_id": "F1", "cinf_assessment_id": "S1", "cinf_assessment_factors_json": '["4B"]'}
        ],
    )
    (child,), (referral,), (found,) = (_rows(dataset, name) for name in ("Child", "CINdetails", "Assessments"))
    assert child["PersonDeathDate"] is None
    assert (referral["CINclosureDate"], referral["ReasonForClosure"], referral["ReferralNFA"]) == (None, None, "0")
    assert (found["AssessmentAuthorisationDate"], found["AssessmentFactors"]) == (None, None)
    (later,) = _rows(dataset, "Assessments", 2027)
    assert (later["AssessmentAuthorisationDate"], later["AssessmentFactors"]) == (D(2026, 4, 1), '["4B"]')


@pytest.mark.parametrize(
    ("case", "said", "expected"),
    [
        ("born", {"pers_dob": D(2015, 6, 1)}, ("F", D(2015, 6, 1), None, None, ["AUT"])),
        (
            "born later than the year, and expected then",
            {"pers_dob": D(2026, 5, 3), "pers_expected_dob": D(2026, 5, 1)},
            ("U", None, D(2026, 5, 1), "UN1", []),
        ),
        ("born later, nobody said when expected", {"pers_dob": D(2026, 5, 3)}, ("U", None, D(2026, 5, 3), "UN1", [])),
        ("not born yet", {"pers_dob": None, "pers_expected_dob": D(2026, 7, 1)}, ("U", None, D(2026, 7, 1), None, [])),
        ("nobody knows", {"pers_dob": None}, ("F", None, None, None, ["AUT"])),
    ],
)
def test_a_child_is_born_or_expected_as_of_the_years_end(
    case: str, said: dict[str, object], expected: tuple[object, ...]
) -> None:
    dataset = _dataset(
        ssd_person=[_person(**said)],
        ssd_cin_episodes=[_referral()],
        ssd_disability=[{"disa_table_id": "D1", "disa_person_id": "A1", "disa_disability_code": "AUT"}],
    )
    (child,) = _rows(dataset, "Child")
    disabilities = [row["Disability"] for row in _rows(dataset, "Disability")]
    known = tuple(child[name] for name in ("Sex", "PersonBirthDate", "ExpectedPersonBirthDate", "UPNunknown"))
    assert (*known, disabilities) == expected, case
    assert child["GenderCurrent"] == ("0" if known[0] == "U" else "2")


def _enquired(**more: object) -> dict[str, object]:
    said = {"start_date": D(2025, 6, 2), "end_date": None, "nfa": None} | more
    return {
        "s47e_s47_enquiry_id": "E1",
        "s47e_referral_id": "R1",
        "s47e_person_id": "A1",
        **{f"s47e_s47_{name}": value for name, value in said.items()},
    }


def _conference(key: str = "K1", *, on: date, enquiry: str | None = "E1", referral: str = "R1") -> dict[str, object]:
    return {
        "icpc_icpc_id": key,
        "icpc_s47_enquiry_id": enquiry,
        "icpc_person_id": "A1",
        "icpc_referral_id": referral,
        "icpc_icpc_target_date": D(2025, 6, 23),
        "icpc_icpc_date": on,
    }


@pytest.mark.parametrize(
    ("case", "enquiry", "held", "said"),
    [
        ("in progress", {}, None, (None, "0")),
        ("no conference needed", {"end_date": D(2025, 6, 9), "nfa": "Y"}, None, (None, "1")),
        (
            "decided after the year",
            {"start_date": D(2026, 3, 30), "end_date": D(2026, 4, 9), "nfa": "Y"},
            None,
            (None, "0"),
        ),
        (
            "no conference, and an assessment that goes on",
            {"end_date": D(2025, 6, 9), "nfa": "N", "outcome_json": '{"NFA_CONTINUE_SINGLE_FLAG": "Y"}'},
            None,
            (None, "1"),
        ),
        (
            "finished, and its conference is still to be",
            {"end_date": D(2026, 3, 30), "nfa": "N", "outcome_json": '{"CP_CONFERENCE_FLAG": "Y"}'},
            None,
            (None, "0"),
        ),
        ("led to a conference", {"end_date": D(2025, 6, 9), "nfa": "N"}, D(2025, 6, 20), (D(2025, 6, 20), "0")),
        ("to one after the year", {"start_date": D(2026, 3, 20), "nfa": "N"}, D(2026, 4, 8), (None, "0")),
        ("to one before the year", {"start_date": D(2025, 3, 3), "nfa": "N"}, D(2025, 3, 20), None),
        ("from the year before", {"start_date": D(2025, 3, 20), "nfa": "N"}, D(2025, 4, 8), (D(2025, 4, 8), "0")),
        (
            "over before the year",
            {"start_date": D(2025, 3, 3), "end_date": D(2025, 3, 10), "nfa": "Y"},
            None,
            None,
        ),
        ("of the year before, and not said when it was over", {"start_date": D(2025, 3, 3), "nfa": "Y"}, None, None),
    ],
)
def test_an_enquiry_says_what_it_had_led_to(
    case: str, enquiry: dict[str, object], held: date | None, said: tuple[object, ...] | None
) -> None:
    dataset = _dataset(
        ssd_person=[_person()],
        ssd_cin_episodes=[_referral(on=D(2025, 3, 1))],
        ssd_s47_enquiry=[_enquired(**enquiry)],
        **({"ssd_initial_cp_conference": [_conference(on=held)]} if held else {}),
    )
    rows = _rows(dataset, "Section47")
    assert [(row["DateOfInitialCPC"], row["ICPCnotRequired"]) for row in rows] == ([said] if said else []), case


def test_a_conference_without_an_enquiry_is_said_with_its_referral_and_a_second_is_counted_out() -> None:
    dataset = _dataset(
        ssd_person=[_person()],
        ssd_cin_episodes=[_referral()],
        ssd_initial_cp_conference=[
            _conference("K2", on=D(2025, 9, 1), enquiry=None),
            _conference("K1", on=D(2025, 6, 2), enquiry=None),
            _conference("K0", on=D(2025, 3, 2), enquiry=None),
        ],
    )
    (referral,) = _rows(dataset, "CINdetails")
    assert referral["DateOfInitialCPC"] == D(2025, 6, 2)
    assert census_rows(dataset, year=YEAR).left_out == {"initial conferences after the first of one referral": 1}


def _plan(key: str, began: date, ended: date | None = None, **more: object) -> dict[str, object]:
    return {
        "cppl_cp_plan_id": key,
        "cppl_referral_id": "R1",
        "cppl_person_id": "A1",
        "cppl_cp_plan_start_date": began,
        "cppl_cp_plan_end_date": ended,
        "cppl_cp_plan_initial_category": "neglect",
        "cppl_cp_plan_latest_category": "Emotional abuse",
        **more,
    }


def test_plans_count_those_before_unless_it_was_recorded_and_anothers_plan_is_counted_out() -> None:
    dataset = _dataset(
        ssd_person=[_person()],
        ssd_cin_episodes=[_referral(on=D(2023, 1, 1))],
        ssd_cp_plans=[
            _plan("L1", D(2023, 2, 1), D(2024, 2, 1)),
            _plan("L2", D(2025, 5, 1), D(2026, 4, 2)),
            _plan("L3", D(2025, 6, 1), cppl_cp_plan_ola="Y"),
        ],
        ssd_cp_reviews=[
            {
                "cppr_cp_review_id": f"V{day}",
                "cppr_person_id": "A1",
                "cppr_cp_plan_id": "L2",
                "cppr_cp_review_date": day,
            }
            for day in (D(2025, 7, 20), D(2026, 1, 10), D(2026, 4, 2), None)
        ],
    )
    (plan,) = _rows(dataset, "ChildProtectionPlans")
    assert (plan["CPPendDate"], plan["NumberOfPreviousCPP"]) == (None, 1)
    assert (plan["InitialCategoryOfAbuse"], plan["LatestCategoryOfAbuse"]) == ("NEG", "EMO")
    assert [row["CPPreviewDate"] for row in _rows(dataset, "Reviews")] == [D(2025, 7, 20), D(2026, 1, 10)]
    assert census_rows(dataset, year=YEAR).left_out == {"child protection plans held by another authority": 1}
    told = Dataset.of(
        {**dataset.tables, "kith_cp_plan_detail": pl.DataFrame({"kcpp_cp_plan_id": ["L2"], "kcpp_previous_plans": [3]})}
    )
    assert [row["NumberOfPreviousCPP"] for row in _rows(told, "ChildProtectionPlans")] == [3]


def test_work_under_a_referral_that_is_not_here_is_counted_and_not_passed_over() -> None:
    dataset = _dataset(
        ssd_person=[_person(), _person("A2")],
        ssd_cin_episodes=[_referral(), _referral("R2", "A9")],
        ssd_cin_plans=[
            {"cinp_cin_plan_id": "N1", "cinp_person_id": "A1", "cinp_referral_id": "R9"},
            {"cinp_cin_plan_id": "N2", "cinp_person_id": "A2", "cinp_referral_id": "R1"},
        ],
        ssd_pre_proceedings=[
            {"prep_table_id": "P1", "prep_person_id": "A2", "prep_pre_pro_decision_date": D(2025, 6, 1)},
        ],
    )  # fmt: skip
    chosen = census_rows(dataset, year=2027)
    assert chosen.left_out == {
        "CINdetails of nobody who is here": 1,
        "CINPlanDates of no referral in this census": 2,
        "PreProceedingsandFGDM of no referral in this census": 1,
    }
    assert chosen.tables["Child"]["LAchildID"].to_list() == ["A1"]


# Written, valid, and read back


def _census(path: Path, year: int) -> Path:
    etree.ElementTree(clean_census(year=year)).write(path, encoding="utf-8", xml_declaration=True)
    return path


@pytest.mark.parametrize("year", [2018, 2022, 2024, 2025, 2026, 2027])
def test_a_census_read_and_written_is_valid_and_reads_back_equal(year: int, tmp_path: Path) -> None:
    before = read_files([_census(tmp_path / "clean.xml", year)])
    path, written = _write(before.dataset, tmp_path, year)
    assert faults_of_form(path, year=year) == ()
    after = read_files([path])
    without_plans = {"ssd_cin_plans"} if year < 2022 else set()  # that census did not ask for them
    assert _without(before.dataset, without_plans).equals(after.dataset)
    assert sum(written.rows.values()) == after.rows_in
    assert not written.left_out


def _without(dataset: Dataset, names: set[str]) -> Dataset:
    return Dataset({name: frame for name, frame in dataset.tables.items() if name not in names})


def test_a_census_with_every_module_is_read_written_and_read_back_equal(fixtures: Path, tmp_path: Path) -> None:
    text = (fixtures / "cin" / "every_module_2025.xml").read_text(encoding="utf-8")
    later = {"2024": "2026", "2025": "2027"}  # the pre-proceedings block is for the census of 2026/27
    (tmp_path / "every.xml").write_text(re.sub("2024|2025", lambda year: later[year[0]], text), encoding="utf-8")
    before = read_files([tmp_path / "every.xml"])
    path, written = _write(before.dataset, tmp_path, 2027)
    after = read_files([path])
    assert after.dataset.equals(before.dataset)
    assert (after.rows_in, after.problems) == (before.rows_in, ())
    assert written.rows == {name: count.rows_in for name, count in before.tables.items()}
    assert faults_of_form(path, year=2027) == ()


def test_what_a_year_does_not_ask_for_is_not_written(fixtures: Path, tmp_path: Path) -> None:
    before = read_files([fixtures / "cin" / "every_module_2025.xml"])
    path, _ = _write(before.dataset, tmp_path, 2025)
    after = read_files([path])
    assert before.dataset.tables.keys() - after.dataset.tables.keys() == {
        "ssd_pre_proceedings",
        "kith_pre_proceedings_detail",
    }
    assert faults_of_form(path, year=2025) == ()


def test_the_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    def stop(sentence: str, share: float) -> None:
        if share > 0.1:
            raise InterruptedError("the disk is full")

    dataset = _dataset(ssd_person=[_person()], ssd_cin_episodes=[_referral()])
    with pytest.raises(InterruptedError):
        write_census(dataset, tmp_path / "census.xml", year=YEAR, source=SOURCE, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_text_that_xml_has_no_place_for_is_shown_to_be_wrong_and_the_rest_is_kept(tmp_path: Path) -> None:
    dataset = _dataset(ssd_person=[_person(pers_ethnicity="<&\x02é]]>")], ssd_cin_episodes=[_referral()])
    path, _ = _write(dataset, tmp_path, YEAR)
    assert read_files([path]).dataset.table("ssd_person")["pers_ethnicity"].to_list() == ["<&\ufffdÉ]]>"]
