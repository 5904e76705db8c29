"""The children in need census of the record: what was loaded is what is sent, with what was recorded since."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone
from lxml import etree
from tests.factories import SYSTEM, a_period, a_worker, restrict

from kith.foundation.access.models import Worker
from kith.foundation.history.actor import acting
from kith.record.duplicates.adding import Entered, add_person
from kith.record.extracting.commands import build as command
from kith.record.loading.actions import load_reading
from kith.record.people.models import Person
from kith.statutory.checking_commands import check
from kith.statutory.returns.cin_census.reader import read_files
from kith.statutory.returns.cin_census.validity import faults_of_form
from kith.statutory.returns.ssd.dataset import Dataset
from kith.synthetic.clean_census import clean_census
from kith.vocabulary.identifiers import is_child_id

pytestmark = pytest.mark.django_db
YEAR = 2026


def loaded(folder: Path) -> Dataset:
    """A census of sixty-five children, in the record."""
    path = folder / "clean.xml"
    etree.ElementTree(clean_census(year=YEAR)).write(path, encoding="utf-8", xml_declaration=True)
    reading = read_files([path])
    with acting(SYSTEM):
        load_reading(reading=reading, files=[], at=timezone.now())
    return reading.dataset


def an_officer() -> Worker:
    with acting(SYSTEM):
        return a_worker("Sam Wren", role="data_officer")


def built(to: Path, *, by: Worker | None = None) -> Result:
    officer = by or an_officer()
    words = ["cin", str(to), "--year", f"{YEAR}", "--authority", "999", "--as", officer.account.email]
    return CliRunner().invoke(command, [*words, "--why", "The census"])


def test_what_was_loaded_is_what_is_sent_and_passes_every_rule(tmp_path: Path) -> None:
    before = loaded(tmp_path)
    said = built(tmp_path / "CIN.xml")
    assert said.exit_code == 0 and "Note: The file" not in said.output, said.output
    checked = CliRunner().invoke(check, ["cin", str(tmp_path / "CIN.xml")])
    assert checked.exit_code == 0, checked.output
    assert faults_of_form(tmp_path / "CIN.xml", year=YEAR) == ()
    after = read_files([tmp_path / "CIN.xml"]).dataset
    assert set(after) == set(before)
    for name, frame in before.tables.items():
        assert after.table(name).sort(frame.columns).equals(frame.sort(frame.columns)), name


def test_the_header_says_whose_it_is_and_when_it_was_built(tmp_path: Path) -> None:
    loaded(tmp_path)
    built(tmp_path / "CIN.xml")
    header = etree.parse(tmp_path / "CIN.xml").getroot().find("Header")
    assert header is not None
    said = {each.tag: each.text or "" for each in header.iter() if not len(each)}
    assert (said["Collection"], said["Year"], said["ReferenceDate"], said["LEA"]) == (
        "CIN",
        "2026",
        "2026-03-31",
        "999",
    )
    assert said["DateTime"].startswith(f"{timezone.localdate()}T")


def test_a_hidden_child_is_counted_whole_for_the_census_names_nobody(tmp_path: Path) -> None:
    before = loaded(tmp_path)
    with acting(SYSTEM):
        restrict(Person.objects.get(ref="person:FULL"), "R1")
    built(tmp_path / "CIN.xml")
    after = read_files([tmp_path / "CIN.xml"]).dataset
    for name in ("ssd_person", "ssd_cin_episodes", "ssd_cp_plans", "ssd_cp_reviews", "ssd_disability"):
        frame = before.table(name)
        assert after.table(name).sort(frame.columns).equals(frame.sort(frame.columns)), name


def test_what_lacks_what_the_census_must_have_is_said_by_line(tmp_path: Path) -> None:
    loaded(tmp_path)
    with acting(SYSTEM):
        reading = read_files([_a_child_of_whom_little_is_said(tmp_path)])
        load_reading(reading=reading, files=[], at=timezone.now())
    said = built(tmp_path / "CIN.xml")
    assert said.exit_code == 0
    assert re.search(
        r"Note: The file does not have the form of the census: line \d+: ChildCharacteristics", said.output
    )


def _a_child_of_whom_little_is_said(folder: Path) -> Path:
    path = folder / "other.xml"
    child = "<ChildIdentifiers><LAchildID>NEW1</LAchildID><Sex>F</Sex></ChildIdentifiers><ChildCharacteristics/>"
    referral = "<CINdetails><CINreferralDate>2025-06-01</CINreferralDate><ReferralNFA>0</ReferralNFA></CINdetails>"
    path.write_text(f"<Message><Children><Child>{child}{referral}</Child></Children></Message>")
    return path


def test_the_year_must_be_said(tmp_path: Path) -> None:
    words = ["cin", str(tmp_path / "CIN.xml"), "--authority", "999", "--as", "a@b.example", "--why", "x"]
    said = CliRunner().invoke(command, words)
    assert said.exit_code == 2 and "--year" in said.output
    assert not list(tmp_path.iterdir())


def test_a_child_whose_record_was_begun_here_has_an_id_that_the_census_takes(tmp_path: Path) -> None:
    officer = an_officer()
    with acting(SYSTEM):
        child = add_person(entered=Entered(True, "Ivy", "Marsh", sex="F"), by=officer, on=date(2025, 6, 1))
        a_period(child, "need", started_on=date(2025, 6, 2), code="N1")
    built(tmp_path / "CIN.xml", by=officer)
    [told] = read_files([tmp_path / "CIN.xml"]).dataset.table("ssd_person")["pers_person_id"]
    assert told == child.ref.removeprefix("person:")
    assert is_child_id(told)
