"""Checking the returns of many authorities on Apache Spark's local cluster: equal to checking them here."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from tests.unit.statutory.returns.many_returns import YEAR, authorities, regions

from kith.cli import main
from kith.statutory.returns.authorities import AskedOfAll, check_each
from kith.statutory.returns.on_spark import spread
from kith.vocabulary.errors import KithError

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed: make spark runs this"),
]
CLUSTER = "local-cluster[2,1,1024]"  # two workers, each a process of its own with a core and 1 GB


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authorities(tmp_path_factory.mktemp("region"))


def test_what_the_cluster_finds_is_what_is_found_here(now: Path, tmp_path: Path) -> None:
    last = now.parent / "last"
    here, there = (
        AskedOfAll(
            "ssda903", year=YEAR, last_year=last, parquet=tmp_path / name / "p", json_lines=tmp_path / name / "j"
        )
        for name in ("here", "there")
    )
    found = check_each(here, now)
    assert check_each(there, now, spark=CLUSTER) == found
    assert sum(each.issues for each in found) == 31
    written = sorted(path.relative_to(tmp_path / "here") for path in (tmp_path / "here").rglob("E*"))
    assert written == sorted(path.relative_to(tmp_path / "there") for path in (tmp_path / "there").rglob("E*"))
    assert len(written) == 6
    for path in written:
        one, other = tmp_path / "here" / path, tmp_path / "there" / path
        if path.suffix == ".parquet":
            assert pl.read_parquet(one).equals(pl.read_parquet(other))
        else:
            assert one.read_bytes() == other.read_bytes()


def test_returns_are_compared_on_the_cluster_as_they_are_here(tmp_path: Path) -> None:
    region = regions(tmp_path / "region")
    here, there = (AskedOfAll("across", year=YEAR, json_lines=tmp_path / name) for name in ("here", "there"))
    found = check_each(here, region)
    assert check_each(there, region, spark=CLUSTER) == found
    assert [each.issues for each in found] == [0, 1, 0] and found[2].refused
    for path in sorted((tmp_path / "here").iterdir()):
        assert path.read_bytes() == (tmp_path / "there" / path.name).read_bytes()


def _process(at: int) -> tuple[int, int]:
    import os

    return at, os.getpid()


def test_the_cluster_has_processes_of_its_own_and_the_order_is_kept() -> None:
    import os

    found = spread(_process, range(20), master=CLUSTER)
    assert [at for at, _ in found] == list(range(20))
    assert os.getpid() not in {pid for _, pid in found}
    assert len({pid for _, pid in found}) > 1


def _broken(at: int) -> int:
    raise ZeroDivisionError(f"number {at}")


def test_an_error_in_the_work_is_not_taken_for_one_of_the_cluster() -> None:
    with pytest.raises(Exception, match="ZeroDivisionError: number") as raised:
        spread(_broken, [1], master="local[1]")
    assert not isinstance(raised.value, KithError)


def test_the_command_prints_the_same_on_spark_and_here(now: Path) -> None:
    words = ["check", "ssda903", "--authorities", str(now), "--year", str(YEAR), "--json"]
    here = CliRunner().invoke(main, words)
    there = CliRunner().invoke(main, [*words, "--spark", "local[2]"])
    assert (there.exit_code, there.stdout) == (here.exit_code, here.stdout) and here.exit_code == 2
    assert len(json.loads(there.stdout)["authorities"]) == 4
