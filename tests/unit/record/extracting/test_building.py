"""Building a return is an act: of somebody who may, for a reason, in the history; and the hidden stay hidden."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.factories import SYSTEM, a_worker, bar, related, restrict, viewer
from tests.unit.record.extracting.test_round_trip import assert_equal
from tests.unit.record.loading.extracts import Rows, dataset, everything, reading, row, stored

from kith.foundation.access.models import Worker
from kith.foundation.history.actor import acting
from kith.foundation.history.models import Opening
from kith.record.adoption.actions import NewName, seal_adoption
from kith.record.extracting import actions
from kith.record.extracting.commands import build as command
from kith.record.loading.actions import load_reading
from kith.record.people.models import Named, Person
from kith.statutory.returns.building import RETURNS, Asked, Return
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd_extract.reader import read_folder
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.django_db
ASKED = Asked(on=date(2026, 4, 1))
SSD = next(each for each in RETURNS if each.key == "ssd")


def in_care() -> Rows:
    """Everything, and a boy in care whose foster home is known."""
    rows = everything()
    rows["ssd_cla_episodes"] = [
        {"clae_cla_episode_id": "E1", "clae_person_id": "P3", "clae_cla_episode_start_date": date(2026, 1, 2)}
        | {"clae_cla_id": "CLA1", "clae_cla_episode_start_reason": "S"}
    ]
    rows["ssd_cla_placement"] = [
        {"clap_cla_placement_id": "H1", "clap_person_id": "P3", "clap_cla_id": "CLA1", "clap_cla_placement_type": "U6"}
        | {"clap_cla_placement_postcode": "RV9 9ZZ", "clap_cla_placement_start_date": date(2026, 1, 2)}
    ]
    rows["ssd_permanence"] = [{"perm_table_id": "PE1", "perm_person_id": "P3", "perm_adopter_sex": "MF"}]
    row(rows, "kith_person_detail", 1)["pdet_restriction"] = "R0"
    return rows


def an_officer() -> Worker:
    with acting(SYSTEM):
        return a_worker("Sam Wren", role="data_officer")


def built(to: Path, officer: Worker, of: Return = SSD) -> Dataset:
    actions.build(viewer=viewer(officer), of=of, to=to, asked=ASKED, purpose="For the test")
    found, read = read_folder(to)
    assert read.problems == ()
    return found


def words(folder: Path) -> str:
    return "\n".join(each.read_text(encoding="utf-8") for each in sorted(folder.iterdir()))


def person(ref: str) -> Person:
    return Person.objects.get(ref=f"person:{ref}")


def loaded(rows: Rows) -> None:
    with acting(SYSTEM):
        stored(rows)


def test_a_folder_that_was_built_reads_back_as_what_was_loaded(tmp_path: Path) -> None:
    loaded(in_care())
    officer = an_officer()
    found = built(tmp_path / "out", officer)
    mine = officer.ref.removeprefix("worker:")
    less = {
        "ssd_professionals": found.table("ssd_professionals").filter(~_is("prof_professional_id", mine)),
        "kith_post": found.table("kith_post").filter(~_is("post_worker_id", mine)),
        "ssd_department": found.table("ssd_department").filter(_is("dept_team_id", "T1")),
    }
    assert_equal(Dataset({**found.tables, **less}), dataset(in_care()))


def _is(column: str, value: str) -> pl.Expr:
    return pl.col(column) == value


def test_that_it_was_built_by_whom_and_why_is_in_the_history_with_everybody_it_tells_of(tmp_path: Path) -> None:
    loaded(in_care())
    officer = an_officer()
    built(tmp_path / "out", officer)
    kept = Opening.objects.get(kind="listed")
    assert (kept.worker, kept.role, kept.page, kept.purpose) == (
        officer.pk,
        "data_officer",
        "build ssd",
        "For the test",
    )
    assert set(kept.shown or ()) == set(Person.objects.values_list("pk", flat=True))


def test_whoever_may_not_build_is_refused_and_that_is_kept(tmp_path: Path) -> None:
    loaded(in_care())
    with acting(SYSTEM):
        worker = a_worker()
    with pytest.raises(KithError, match="may not build returns"):
        built(tmp_path / "out", worker)
    assert not list(tmp_path.iterdir())
    assert Opening.objects.get().kind == Opening.REFUSED


def test_when_the_history_cannot_hold_it_there_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(in_care())
    officer = an_officer()

    def broken(**_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(actions, "listed", broken)
    with pytest.raises(OSError, match="no room"):
        built(tmp_path / "out", officer)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("how", ["R1", "R4", "barred"])
def test_of_a_hidden_child_it_tells_what_is_counted_and_no_name(how: str, tmp_path: Path) -> None:
    loaded(in_care())
    officer, leo = an_officer(), person("P3")
    with acting(SYSTEM):
        bar(officer, leo) if how == "barred" else restrict(leo, how)
        related(person("P1"), leo, "brother_or_sister")
    found = built(tmp_path / "out", officer)
    assert "Byrne" not in words(tmp_path / "out") and "RV9 9ZZ" not in words(tmp_path / "out")
    assert found.table("ssd_person").filter(_is("pers_person_id", "P3"))["pers_dob"].to_list() == [date(2010, 9, 9)]
    assert found.table("ssd_cla_episodes").height == found.table("ssd_cla_placement").height == 1
    assert found.table("kith_relationship").filter(_is("rela_other_person_id", "P3")).height == 0


def test_whoever_is_named_for_the_record_builds_it_whole(tmp_path: Path) -> None:
    loaded(in_care())
    officer, leo = an_officer(), person("P3")
    with acting(SYSTEM):
        stamp = restrict(leo, "R1")
        Named.objects.create(ref="named:x", person=leo, worker=officer, recorded_at=stamp.recorded_at)
    assert built(tmp_path / "out", officer).table("ssd_person").filter(_is("pers_surname", "Byrne")).height == 1


def test_where_a_shielded_child_is_is_in_no_table(tmp_path: Path) -> None:
    loaded(in_care())
    officer = an_officer()
    with acting(SYSTEM):
        restrict(person("P1"), "R2")
        restrict(person("P3"), "R2")
    found = built(tmp_path / "out", officer)
    text = words(tmp_path / "out")
    assert "Quay Row" not in text and "RV12AB" not in text and "RV9 9ZZ" not in text and "At home" not in text
    assert "Byrne" in text and found.table("ssd_address").height == found.table("ssd_cla_placement").height == 1


def test_a_sealed_birth_record_and_the_adopted_child_are_never_joined(tmp_path: Path) -> None:
    loaded(in_care())
    officer = an_officer()
    with acting(SYSTEM):
        seal_adoption(child=person("P3"), name=NewName("Tom", "Hale"), ordered_on=date(2026, 3, 1), by=None)
    renamed = in_care()
    row(renamed, "ssd_person", 2).update(pers_forename="Tom", pers_surname="Hale", pers_legacy_id="NEW-77")
    renamed["ssd_send"] = [{"send_table_id": "S9", "send_person_id": "P3", "send_upn": "H801200001001"}]
    with acting(SYSTEM):
        load_reading(reading=reading(renamed), files=[], at=timezone.now())
    found = built(tmp_path / "out", officer)
    [told] = found.table("ssd_person").filter(_is("pers_person_id", "P3")).to_dicts()
    assert {told[each] for each in ("pers_forename", "pers_surname", "pers_legacy_id")} == {None}
    assert "Byrne" not in words(tmp_path / "out") and "H801200001001" not in words(tmp_path / "out")
    [episode] = found.table("ssd_cla_episodes").to_dicts()
    assert (episode["clae_cla_episode_ceased_date"], episode["clae_cla_episode_ceased_reason"]) == (
        date(2026, 3, 1),
        "E12",
    )
    adopted = Person.objects.get(surname="Hale").ref.removeprefix("person:")
    assert adopted not in words(tmp_path / "out"), (
        "nobody has worked with the adopted child: there is nothing to return"
    )


def test_nothing_is_written_over(tmp_path: Path) -> None:
    loaded(in_care())
    officer = an_officer()
    built(tmp_path / "out", officer)
    with pytest.raises(KithError, match="already"):
        built(tmp_path / "out", officer)


def test_the_command_builds_and_refuses_in_words(tmp_path: Path) -> None:
    loaded(in_care())
    officer = an_officer()
    to = str(tmp_path / "out")
    said = CliRunner().invoke(command, ["ssd", to, "--as", officer.account.email, "--why", "Weekly"])
    assert said.exit_code == 0 and "in the" not in said.output.split("\n")[0], said.output
    assert "rows of the record" in said.output
    nobody = CliRunner().invoke(command, ["ssd", to, "--as", "nobody@riverside.example", "--why", "Weekly"])
    assert nobody.exit_code == 2 and "Nobody here has the address" in nobody.output


def test_it_tells_the_record_as_it_stood_on_an_earlier_day(tmp_path: Path) -> None:
    loaded(in_care())
    officer = an_officer()
    for day, homes in (("2026-01-01", []), ("2026-01-02", ["H1"])):
        to = tmp_path / day
        words = ["ssd", str(to), "--on", day, "--as", officer.account.email, "--why", "The year's end"]
        said = CliRunner().invoke(command, words)
        assert said.exit_code == 0, said.output
        found, read = read_folder(to)
        assert read.problems == ()
        assert found.table("ssd_cla_placement")["clap_cla_placement_id"].to_list() == homes
