"""Checking the returns of many authorities here: each as it would be alone, and one that is bad stops no other."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from tests.unit.statutory.returns import fuzzing
from tests.unit.statutory.returns.many_returns import BROKEN, CLEAN, FAULTY, XML, YEAR, authorities, regions

from kith.cli import main
from kith.statutory.returns.authorities import AskedOfAll, authorities_in, check_each
from kith.statutory.returns.checking_returns import check_across, check_annex_a, check_cin, check_ssda903
from kith.statutory.returns.results import RefusedFile


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authorities(tmp_path_factory.mktemp("region"))


def check(*words: object) -> Result:
    return CliRunner().invoke(main, ["check", "ssda903", *map(str, words), "--year", str(YEAR)])


def test_each_authority_is_checked_as_it_would_be_alone(now: Path, tmp_path: Path) -> None:
    asked = AskedOfAll("ssda903", year=YEAR, last_year=now.parent / "last", parquet=tmp_path / "issues")
    found = {each.name: each for each in check_each(asked, now)}
    assert list(found) == [CLEAN, FAULTY, BROKEN, XML]
    for name in (CLEAN, FAULTY):
        last = [now.parent / "last" / name]
        alone = check_ssda903([now / name], year=YEAR, last_year=last, authority=name)
        told = found[name]
        assert (told.rows_in, told.issues) == (alone.returned.rows_in, alone.how_many)
        assert told.rules_run == tuple(alone.rules) and told.not_run == alone.outcome.not_run
        assert told.children == alone.outcome.issues["child"].drop_nulls().n_unique()
        written = pl.read_parquet(tmp_path / "issues" / f"{name}.parquet")
        assert written.rows() == list(alone.rows())
    assert found[CLEAN].clean and not found[FAULTY].clean
    assert (found[FAULTY].children, found[FAULTY].issues) == (11, 19)  # 8 of them were there last year too
    assert "episodes.csv, line 2: a quotation mark" in found[BROKEN].refused
    assert not (tmp_path / "issues" / f"{BROKEN}.parquet").exists()
    assert any(each.needs == "last_year" for each in found[XML].not_run)
    assert [each[:3] for each in found[XML].by_rule] == [("SW12STG2", "error", 12)]  # XML has no social workers


def test_the_command_says_each_authority_each_rule_and_what_could_not_be_read(now: Path, tmp_path: Path) -> None:
    told = tmp_path / "region.json"
    result = check("--authorities", now, "--json", told, "--json-lines", tmp_path / "lines")
    assert result.exit_code == 2
    assert "of 4 authorities" in result.stdout and f"{BROKEN}  could not be read" in result.stdout
    assert "in 1 authority  " in result.stdout and "(--last-year)" in result.stdout
    assert f"{BROKEN}: episodes.csv, line 2: a quotation mark" in result.stderr
    said = {each["authority"]: each for each in json.loads(told.read_text())["authorities"]}
    lines = (tmp_path / "lines" / f"{FAULTY}.jsonl").read_text().splitlines()
    assert said[FAULTY]["issues"] == len(lines) == 11
    assert {json.loads(line)["rule"] for line in lines} == {each["rule"] for each in said[FAULTY]["by_rule"]}
    assert (said[BROKEN]["refused"] is None, said[CLEAN]["issues"]) == (False, 0)


def test_it_ends_with_0_where_all_are_clean_and_1_where_there_are_issues(now: Path, tmp_path: Path) -> None:
    for names, code in (((CLEAN,), 0), ((CLEAN, FAULTY), 1)):
        folder = tmp_path / str(code)
        folder.mkdir()
        for name in names:
            (folder / name).symlink_to(now / name)
        result = check("--authorities", folder)
        assert result.exit_code == code, result.output


def test_censuses_and_workbooks_of_many_are_checked_too(fixtures: Path, tmp_path: Path) -> None:
    censuses = check_each(AskedOfAll("cin"), fixtures / "cin")
    assert [(each.name, each.year) for each in censuses] == [("every_module_2025", 2025), ("older_2018", 2018)]
    for each in censuses:
        alone = check_cin([fixtures / "cin" / f"{each.name}.xml"])
        assert (each.rows_in, each.issues) == (alone.returned.rows_in, alone.how_many) and each.issues
    (tmp_path / "801.xlsx").write_bytes(fuzzing.workbook())
    [lists] = check_each(AskedOfAll("annex_a"), tmp_path)
    assert (lists.name, lists.year, lists.rows_in) == ("801", None, 22)
    assert lists.issues == check_annex_a([tmp_path / "801.xlsx"]).how_many > 0


def test_what_several_returns_of_each_say_of_a_child_is_compared(tmp_path: Path) -> None:
    region = regions(tmp_path / "region")
    words = ["check", "across", "--authorities", str(region), "--year", str(YEAR), "--json"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2, result.output
    said = {each["authority"]: each for each in json.loads(result.stdout)["authorities"]}
    for name, rules in ((CLEAN, []), (FAULTY, ["X02"])):
        here = region / name
        alone = check_across(cin=here / "census.xml", ssda903=here / "care", annex_a=here / "annex.xlsx", year=YEAR)
        assert (said[name]["rows_in"], said[name]["issues"]) == (alone.returned.rows_in, alone.how_many)
        assert [each["rule"] for each in said[name]["by_rule"]] == rules
        assert said[name]["rules_run"] == list(alone.rules)
    assert f"{BROKEN}: there are not two returns to compare." in said[BROKEN]["refused"]
    (region / BROKEN / "again.xml").write_bytes((region / BROKEN / "census.xml").read_bytes())
    (region / CLEAN / "readme.txt").write_text("what is here")
    refused = {each.name: each.refused for each in check_each(AskedOfAll("across", year=YEAR), region)}
    assert "census.xml: again.xml is of the same return." in refused[BROKEN]
    assert refused[CLEAN].startswith("readme.txt: ") and not refused[FAULTY]
    one = CliRunner().invoke(main, ["check", "across", "--authorities", str(region), "--cin", str(region / CLEAN)])
    assert one.exit_code == 2 and "not both" in one.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["{now}", "--authorities", "{now}"], "not both"),
        (["{now}", "--spark"], "--authorities FOLDER"),
        ([], "--authorities FOLDER"),
        (["--authorities", "{now}", "--xlsx", "a.xlsx"], "--xlsx is for one return"),
        (["--authorities", "{now}", "--authority", "E10000016"], "--authority is for one return"),
        (["--authorities", "{now}", "--spark", "{now}"], "not the address of a Spark master"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(now: Path, words: list[str], says: str) -> None:
    result = check(*(word.format(now=now) for word in words))
    assert result.exit_code == 2
    assert says in result.stderr


def test_two_of_one_name_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match="empty"):
        authorities_in(tmp_path)
    (tmp_path / "801").mkdir()
    (tmp_path / "801.xml").write_text("<a/>")
    with pytest.raises(RefusedFile, match="two are called 801"):
        authorities_in(tmp_path)


@pytest.mark.skipif(find_spec("pyspark") is not None, reason="pyspark is here: what is said without it is not tried")
def test_without_spark_it_says_what_to_install(now: Path) -> None:
    result = check("--authorities", now, "--spark")
    assert result.exit_code == 2
    assert "Apache Spark is not installed here. Install it with pip install “kith[spark]”" in result.stderr
