"""`kith load`: what it says, how it ends, and that a refused file leaves nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.apps import apps
from tests.factories import a_worker
from tests.unit.record.loading.extracts import dataset, everything

from kith.foundation.history.actor import Actor, acting
from kith.record.loading.commands import load
from kith.record.loading.models import Load
from kith.record.people.models import Person
from kith.statutory.returns.ssd.writing import write_folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    folder = tmp_path / "extract"
    write_folder(dataset(everything()), folder)
    return folder


def run(*words: object) -> Result:
    return CliRunner().invoke(load, [str(each) for each in words])


def every_count() -> dict[str, int]:
    kept = [each for each in apps.get_models() if each.__module__.startswith("kith.")]
    return {each.__name__: each._default_manager.count() for each in kept}


def spoil(folder: Path, table: str, old: str, new: str) -> Path:
    """Change some text in one file of the extract."""
    (path,) = (each for each in folder.iterdir() if table in each.read_text())
    path.write_text(path.read_text().replace(old, new))
    return path


def test_a_good_extract_ends_with_0_and_says_what_was_stored(extract: Path) -> None:
    said = run(extract)
    assert said.exit_code == 0, said.output
    made = Load.objects.get()
    assert f"{made.rows_in:,} rows in = {made.rows_stored:,} stored + 0 reported." in said.output
    assert Person.objects.filter(forename="Amina").exists()
    assert {each["name"] for each in made.files} == {path.name for path in extract.iterdir()}


def test_a_bad_row_ends_with_1_and_is_listed(extract: Path, tmp_path: Path) -> None:
    file = spoil(extract, "pers_person_id", "2018-02-03", "2018-02-33")
    said = run(extract, "--problems", tmp_path / "problems.csv")
    assert said.exit_code == 1, said.output
    made = Load.objects.get()
    assert made.rows_reported == 1 and made.rows_in == made.rows_stored + 1
    with (tmp_path / "problems.csv").open(encoding="utf-8-sig") as kept:
        (problem,) = csv.DictReader(kept)
    assert (problem["file"], problem["line"], problem["field"]) == (file.name, "3", "pers_dob")
    assert f"{file.name}, line 3, pers_dob" in said.output


def test_a_refused_file_ends_with_2_names_the_place_and_leaves_nothing(extract: Path) -> None:
    file = spoil(extract, "pers_person_id", '"Khan"', "Khan")
    file.write_text(file.read_text().replace("Khan", '"Khan', 1))  # a quotation mark that never closes
    before = every_count()
    said = run(extract)
    assert said.exit_code == 2, said.output
    assert file.name in said.stderr
    assert every_count() == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("census.xml", '<?xml version="1.0"?><Message><Header></Header><Children><Child>'),
        ("census.xml", '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><Message>&x;</Message>'),
        ("letter.xml", "<letter><to>Somebody</to></letter>"),
        ("annex.xlsx", "this is not a workbook"),
        ("things.csv", "colour,size\nred,3\n"),
        ("empty.csv", ""),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    before = every_count()
    said = run(path)
    assert said.exit_code == 2, said.output
    assert name in said.stderr and "Traceback" not in said.output
    assert every_count() == before


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    said = run(tmp_path)
    assert said.exit_code == 2 and not Load.objects.exists()


def test_a_load_may_be_somebodys(extract: Path) -> None:
    with acting(Actor(worker=None, role="system")):
        officer = a_worker("Sam Wren", role="data_officer")
        social_worker = a_worker("Asha Rahman")
    refused = run(extract, "--as", social_worker.account.email)
    assert refused.exit_code == 2 and "may not load data" in refused.stderr and not Load.objects.exists()
    assert run(extract, "--as", "nobody@riverside.example").exit_code == 2
    assert run(extract, "--as", officer.account.email.upper()).exit_code == 0
    assert Load.objects.get().by == officer


def test_the_command_shows_examples() -> None:
    said = run("--help")
    assert said.exit_code == 0 and "kith load census.xml" in said.output


ROOT = Path(__file__).resolve().parents[4]
FIXTURES = ROOT / "tests" / "fixtures" / "returns"
OWN = sorted(FIXTURES.iterdir()) if FIXTURES.exists() else []
SAMPLES = [
    "annex_a/Annex_A_2024_Jan.xlsx",
    "cin/CIN_Census_2024.xml",
    "cin/CIN_Census_2026.xml",
    "cin/fake_CIN_data.xml",
]
SAMPLES += ["ssda903/fake_903.xml", "ssda903"]


def twice(*paths: Path) -> None:
    """Load, and load again: every row is accounted for, and the second time changes nothing."""
    first = run(*paths)
    assert first.exit_code in (0, 1), first.output
    one = Load.objects.latest("pk")
    assert one.rows_in == one.rows_stored + one.rows_reported and one.rows_stored > 0
    before = every_count()
    second = run(*paths)
    assert second.exit_code == first.exit_code
    two = Load.objects.latest("pk")
    assert (two.added, two.changed, two.unchanged) == (0, 0, one.added)
    grown = {name for name, count in every_count().items() if count != before[name]}
    assert grown <= {
        "Load",
        "Problem",
        "Change",
        "Link",
    }  # what changes is in the history, and the history in its chain


@pytest.mark.parametrize("path", OWN, ids=lambda each: each.name)
def test_each_kind_of_return_loads_twice_to_the_same(path: Path) -> None:
    for each in [path] if path.is_file() or path.name == "ssda903" else sorted(path.iterdir()):
        twice(each)


@pytest.mark.samples
@pytest.mark.parametrize("name", SAMPLES)
def test_each_shared_sample_loads_twice_to_the_same(shared: Path, name: str) -> None:
    path = shared / "samples" / name
    # The folder of SSDA903 files holds an XML form of the same return, and one file with faults put in on purpose.
    twice(*(sorted(path.glob("*.csv")) if path.is_dir() else [path]))
    assert Person.objects.exists()
