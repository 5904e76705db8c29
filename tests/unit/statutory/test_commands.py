"""The clocks on the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from kith.cli import main
from kith.statutory import commands
from kith.statutory.commands import deadlines_of
from kith.statutory.returns.ssd.dataset import Dataset, conform
from kith.statutory.returns.ssd.writing import write_folder
from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.loading import rule_book


def kith(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def table(name: str, *rows: dict[str, object]) -> pl.DataFrame:
    return conform(name, pl.DataFrame(list(rows)))


@pytest.fixture
def dataset() -> Dataset:
    """One invented child on a child protection plan, seen once."""
    return Dataset.of(
        {
            "ssd_person": table("ssd_person", {"pers_person_id": "A1", "pers_dob": date(2019, 5, 4)}),
            "ssd_cp_plans": table(
                "ssd_cp_plans",
                {"cppl_cp_plan_id": "P1", "cppl_person_id": "A1", "cppl_cp_plan_start_date": date(2026, 3, 2)},
            ),
            "ssd_cp_visits": table(
                "ssd_cp_visits",
                {
                    "cppv_cp_visit_id": "V1",
                    "cppv_person_id": "A1",
                    "cppv_cp_plan_id": "P1",
                    "cppv_cp_visit_date": date(2026, 3, 6),
                    "cppv_cp_visit_seen": "Y",
                },
            ),
        }
    )


def test_due_prints_the_day() -> None:
    assert kith("due", "assessment_complete", "2026-03-02").output == "2026-05-07\n"


def test_due_shows_the_counting_when_asked_why() -> None:
    output = kith("due", "assessment_complete", "2026-03-02", "--why").output
    assert output.startswith("2026-05-07\nAn assessment is concluded")
    assert "3 April 2026 was left out: Good Friday." in output


def test_due_counts_hours_by_the_london_clock() -> None:
    assert kith("due", "rhi_completed", "2026-03-28 23:30").output == "2026-04-01 00:30\n"
    assert kith("due", "rhi_completed", "2026-06-30T23:30Z").output == "2026-07-04 00:30\n"
    assert kith("due", "rhi_completed", "2026-03-28").output == "2026-03-31\n"


def test_due_counts_any_rule_of_the_book_those_that_wait_for_a_fact_too() -> None:
    assert kith("due", "edt_handover", "2026-03-06 22:10").output == "2026-03-09 09:00\n"
    assert kith("due", "conference_letter", "2026-03-06").exit_code == 1
    assert kith("due", "cp_report_to_family_rcpc", "2026-04-09").output == "2026-03-31\n"
    assert kith("due", "sdq_annual", "2025-06-10").output == "2027-03-31\n"
    assert "No term dates" in kith("due", "pep_termly", "2026-03-09", "--why").output
    back = kith("due", "cp_report_to_family_rcpc", "2026-04-09", "--why").output
    assert "Counting back 5 working days" in back
    assert "3 April 2026 was left out: Good Friday." in back
    assert "No day is set yet" in kith("due", "fgdm_offer", "2030-01-01").output


def test_due_lists_every_rule_and_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = kith("due", "--list").output.splitlines()
    assert any(line.startswith("icpc_15wd: ") for line in lines)
    assert {line.partition(":")[0] for line in lines} == {rule.id for rule in rule_book().whole}
    assert not any("waits for" in line for line in lines)
    waits = [replace(rule, waits_for=("visit.happened",)) for rule in rule_book().rules if rule.id == "cin_visit"]
    monkeypatch.setattr(commands, "rule_book", lambda: RuleBook((), tuple(waits)))
    assert all("waits for: " in line for line in kith("due", "--list").output.splitlines())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("due", "teatime", "2026-03-02"), "There is no rule named “teatime”."),
        (("due", "contact_decision", "2 March"), "“2 March” is not a date."),
        (("due", "contact_decision"), "Give a rule and a date"),
        (("due", "contact_decision", "2001-01-01"), "was not in force on 2001-01-01"),
        (("deadlines", ".", "--on", "2026-03-02", "--out", "x.txt"), "must end in .csv or .parquet"),
    ],
)
def test_a_mistake_is_answered_in_plain_words(words: tuple[str, ...], said: str) -> None:
    result = kith(*words)
    assert result.exit_code != 0
    assert said in result.output


@pytest.mark.parametrize("command", ["due", "deadlines"])
def test_help_shows_examples(command: str) -> None:
    assert f"  kith {command} " in kith(command, "--help").output.split("Examples:")[1]


def test_deadlines_of_a_folder_are_written_as_csv_and_as_parquet(dataset: Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "extract"
    folder.mkdir()
    write_folder(dataset, folder)
    expected, not_judged = deadlines_of(dataset, on=date(2026, 3, 23))
    assert dict(expected.select("rule", "state").iter_rows()) == {
        "cp_visit": "overdue",
        "cp_visit_first": "met",
        "cp_visit_max_gap": "not_due",
    }
    assert "core_group_first" in {rule.id for rule in not_judged}
    for name in ("out.csv", "out.parquet"):
        result = kith("deadlines", str(folder), "--on", "2026-03-23", "--out", str(tmp_path / name))
        assert result.exit_code == 0, result.output
        assert "core_group_first" in result.output
        assert f"{expected.height} deadlines on 2026-03-23" in result.output
    assert pl.read_parquet(tmp_path / "out.parquet").equals(expected)
    assert pl.read_csv(tmp_path / "out.csv")["rule"].to_list() == expected["rule"].to_list()


def test_a_folder_that_holds_nothing_known_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "shopping.csv").write_text("eggs,milk\n6,2\n")
    result = kith("deadlines", str(tmp_path), "--on", "2026-03-17", "--out", str(tmp_path / "out.csv"))
    assert result.exit_code == 1
    assert "was not recognised" in result.output


@pytest.mark.samples
@pytest.mark.parametrize("sample", ["cin/CIN_Census_2024.xml", "ssda903", "annex_a/Annex_A_2024_Jan.xlsx"])
def test_every_kind_of_return_gives_its_deadlines(shared: Path, tmp_path: Path, sample: str) -> None:
    out = tmp_path / "out.parquet"
    source = shared / "samples" / sample
    if source.name == "ssda903":
        source = tmp_path / "ssda903"
        source.mkdir()
        for name in ("header", "episodes", "reviews", "missing", "uasc", "oc2", "oc3", "ad1"):
            (source / f"{name}.csv").write_bytes((shared / "samples" / sample / f"{name}.csv").read_bytes())
    result = kith("deadlines", str(source), "--on", "2024-03-31", "--out", str(out))
    assert result.exit_code == 0, result.output
    rows = pl.read_parquet(out)
    assert rows.height > 0
    assert rows["due_on"].null_count() == 0
