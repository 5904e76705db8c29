"""A return is built on a page, opened to the record cell by cell, signed off by a second person, and then frozen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from tests.factories import a_team, a_worker, hold, restrict
from tests.unit.oversight.returns.kit import counts, listed, officer, read, words

from kith.foundation.access.models import Worker
from kith.foundation.documents import storage
from kith.foundation.history.actor import Actor, acting
from kith.foundation.history.models import Change, Opening
from kith.oversight.returns import build_tasks
from kith.oversight.returns.models import Version
from kith.record.loading import actions as loading
from kith.record.people.models import Person
from kith.statutory.returns.reading import read as read_files
from kith.synthetic.clean_care import clean_return, write_tables
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.django_db
CENSUS = Path(__file__).resolve().parents[3] / "fixtures" / "returns" / "cin" / "every_module_2025.xml"
PURPOSE = "The yearly extract"


@pytest.fixture
def client(record: None) -> Client:
    loading.load_reading(reading=read_files([CENSUS]), files=[], at=timezone.now())
    return officer()


def asked(client: Client, **more: object) -> Version:
    """Ask for the dataset to be built: it waits for its job."""
    today = timezone.localdate()
    day = {"on-day": today.day, "on-month": today.month, "on-year": today.year}
    said = client.post("/returns/versions/build/", {"key": "ssd", "purpose": PURPOSE} | day | more)
    assert said.status_code == 302, read(said.content)
    return Version.objects.latest("pk")


def built(client: Client, **more: object) -> Version:
    """Have the dataset built."""
    version = asked(client, **more)
    build_tasks.build_version.func(version.pk)
    version.refresh_from_db()
    assert version.state == "built", version.refusal
    return version


def test_a_return_is_asked_for_watched_and_built(client: Client, places: Path) -> None:
    version = asked(client)
    page = words(client, f"/returns/versions/{version.pk}/")
    assert "is being built" in page and '<noscript><meta http-equiv="refresh"' in page
    build_tasks.build_version.func(version.pk)
    assert client.get(f"/returns/versions/{version.pk}/how-far/")["HX-Refresh"] == "true"
    version.refresh_from_db()
    page = words(client, f"/returns/versions/{version.pk}/")
    assert "Built, not signed off" in page and PURPOSE in page and "ssd_cin_episodes" in page
    assert not list((places / "uploads").iterdir()), "files are made, kept sealed, and not left lying"
    assert {each["sha256"] for each in version.files} <= set(storage.every())
    [row] = Change.objects.filter(table="returns_version", act="added")
    assert row.worker
    told = Opening.objects.filter(kind="listed", page="build ssd").get()
    assert set(Person.objects.filter(is_child=True).values_list("pk", flat=True)) <= set(told.shown)


def test_every_count_opens_exactly_what_it_counted(client: Client) -> None:
    version = built(client)
    found = counts(words(client, f"/returns/versions/{version.pk}/"))
    assert len(found) > 5
    for url, number in found:
        assert listed(words(client, url)) == number > 0, url


def test_each_cell_opens_the_row_of_the_record_it_came_from(client: Client) -> None:
    version = built(client)
    child = Person.objects.get(ref="person:RV0001")
    hold(child, a_team())
    director = a_worker("Dee", role="divisional_director", team=a_team())
    reader = Client()
    reader.force_login(director.account)
    place = next(at for at, each in enumerate(version.tables) if each["name"] == "ssd_cin_assessments")
    page = words(reader, f"/returns/versions/{version.pk}/tables/{place}/")
    opens = set(re.findall(r'href="(/work/assessment/\d+/)"', page))
    assert opens
    for path in opens:
        assert reader.get(path).status_code == 200, path
    people = next(at for at, each in enumerate(version.tables) if each["name"] == "ssd_person")
    page = words(reader, f"/returns/versions/{version.pk}/tables/{people}/")
    assert f'href="/children/{child.pk}/record/"' in page
    assert reader.get(f"/children/{child.pk}/record/").status_code == 200
    assert 'href="/children/' not in words(client, f"/returns/versions/{version.pk}/tables/{people}/"), (
        "none opens to her"
    )


LAST_DAY = {"on-day": 31, "on-month": 3, "on-year": 2025}


def test_a_census_is_built_checked_and_its_issues_answered_like_any_other(client: Client) -> None:
    version = built(client, key="cin", authority="999", **LAST_DAY)
    assert version.term == "2025" and [each["name"] for each in version.files] == ["CIN.xml"]
    page = words(client, f"/returns/versions/{version.pk}/")
    assert "2024/25" in page and "What checking it found" in page and "rules run" in page
    check = version.check_of
    assert check and check.of_record
    report = words(client, f"/returns/checks/{check.pk}/")
    assert "This report stays with the version that was built" in report and "Take this report away" not in report
    said = client.post(f"/returns/checks/{check.pk}/take-away/", follow=True)
    assert "belongs to a version" in read(said.content) and words(client, f"/returns/checks/{check.pk}/")
    names = [each["name"] for each in version.tables]
    assert {"Child", "CINdetails", "Assessments", "Section47", "ChildProtectionPlans"} <= set(names)


def test_each_cell_of_a_census_opens_the_work_that_it_was_made_of(client: Client) -> None:
    version = built(client, key="cin", authority="999", **LAST_DAY)
    child = Person.objects.get(ref="person:RV0001")
    hold(child, a_team())
    reader = Client()
    reader.force_login(a_worker("Dee", role="divisional_director", team=a_team()).account)
    kinds = {"CINdetails": "referral", "Assessments": "assessment", "Section47": "section47"}
    for name, kind in kinds.items():
        place = next(at for at, each in enumerate(version.tables) if each["name"] == name)
        page = words(reader, f"/returns/versions/{version.pk}/tables/{place}/")
        opens = set(re.findall(r'href="(/work/\w+/\d+/)"', page))
        assert any(f"/work/{kind}/" in path for path in opens), (name, opens)
        assert all(reader.get(path).status_code == 200 for path in opens)


def test_a_return_that_names_the_authority_asks_for_its_number(client: Client) -> None:
    page = read(client.post("/returns/versions/build/", {"key": "cin", "purpose": PURPOSE, **LAST_DAY}).content)
    assert "Enter the authority’s number" in page and not Version.objects.exists()


def test_a_second_person_signs_it_off_and_it_is_frozen(client: Client) -> None:
    version = built(client)
    said = client.post(f"/returns/versions/{version.pk}/sign/", follow=True)
    assert "You built this, so somebody else signs it off" in read(said.content)
    director = officer("divisional_director")
    assert "Sign this version off" in words(director, f"/returns/versions/{version.pk}/")
    director.post(f"/returns/versions/{version.pk}/sign/")
    version.refresh_from_db()
    assert version.state == "signed" and version.signed_by and len(version.content) == 64
    page = words(client, f"/returns/versions/{version.pk}/")
    assert "Signed off and frozen" in page and version.content in page and "Sign this version off" not in page
    said = director.post(f"/returns/versions/{version.pk}/sign/", follow=True)
    assert "Somebody signed this off already" in read(said.content)
    kept = Change.objects.filter(table="returns_version", act="changed").latest("pk")
    assert kept.worker == version.signed_by_id


def test_the_database_itself_refuses_one_worker_who_builds_and_signs(client: Client) -> None:
    version = built(client)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(signed_by=version.by_id)


def test_a_frozen_version_is_not_written_to_whoever_tries(client: Client) -> None:
    version = built(client)
    officer("divisional_director").post(f"/returns/versions/{version.pk}/sign/")
    version.refresh_from_db()
    for field, value in (("files", []), ("tables", []), ("content", "0" * 64), ("state", "built"), ("notes", ["x"])):
        held = Version.objects.get(pk=version.pk)
        setattr(held, field, value)
        with pytest.raises(KithError, match="frozen"):
            held.save()
    with pytest.raises(KithError, match="frozen"):
        Version.objects.get(pk=version.pk).delete()
    assert "are not those that were signed off" not in words(client, f"/returns/versions/{version.pk}/")
    unfreeze()
    Version.objects.filter(pk=version.pk).update(files=[])  # past every door: the page says so
    assert "are not those that were signed off" in words(client, f"/returns/versions/{version.pk}/")


def unfreeze() -> None:
    """What somebody who may do everything in the database could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER kith_frozen_returns_version_update")
            cursor.execute("DROP TRIGGER kith_frozen_returns_version_delete")
        else:
            cursor.execute("DROP TRIGGER kith_frozen ON returns_version")


STATEMENTS = {
    "changed": "UPDATE returns_version SET purpose = 'other' WHERE id = %s",
    "unsigned": "UPDATE returns_version SET signed_at = NULL, signed_by_id = NULL WHERE id = %s",
    "removed": "DELETE FROM returns_version WHERE id = %s",
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_the_database_itself_refuses_to_change_what_is_signed_off(client: Client, statement: str) -> None:
    signed, other = built(client), built(client, key="cin", authority="999")
    officer("divisional_director").post(f"/returns/versions/{signed.pk}/sign/")

    def run(version: Version) -> int:
        with acting(Actor(worker=None, role="system")), transaction.atomic(), connection.cursor() as cursor:
            return int(cursor.execute(statement, [version.pk]).rowcount)

    with pytest.raises(DatabaseError, match="What is signed off is never changed"):
        run(signed)
    assert Version.objects.get(pk=signed.pk).purpose == PURPOSE
    assert run(other) == 1, "what nobody has signed may still be changed"
    unfreeze()
    assert run(signed) == 1, "it is the trigger that refused"


def test_another_takes_its_place_for_a_reason_alone(client: Client) -> None:
    first = built(client)
    director = officer("divisional_director")
    director.post(f"/returns/versions/{first.pk}/sign/")
    today = timezone.localdate()
    day = {"on-day": today.day, "on-month": today.month, "on-year": today.year}
    said = client.post("/returns/versions/build/", {"key": "ssd", "purpose": PURPOSE, **day})
    assert "is signed off and frozen" in read(said.content) and Version.objects.count() == 1
    second = built(client, why="A visit was recorded late")
    assert second.number == 2
    director.post(f"/returns/versions/{second.pk}/sign/")
    page = words(client, f"/returns/versions/{first.pk}/")
    assert "another has taken its place" in page and "A visit was recorded late" in page
    assert "It takes the place of" in words(client, f"/returns/versions/{second.pk}/")


def test_two_versions_built_at_once_are_not_both_signed(client: Client) -> None:
    one, two = built(client), built(client)
    director = officer("divisional_director")
    director.post(f"/returns/versions/{one.pk}/sign/")
    said = director.post(f"/returns/versions/{two.pk}/sign/", follow=True)
    assert "Version 1 was signed off meanwhile" in read(said.content)
    two.refresh_from_db()
    assert two.state == "built"


def test_the_files_are_handed_over_to_who_asks_again_who_she_is(client: Client) -> None:
    version = built(client)
    said = client.get(f"/returns/versions/{version.pk}/files/0/")
    assert said.status_code == 200 and "attachment" in said["Content-Disposition"]
    assert Opening.objects.filter(page="returns:version_file").exists()
    session = client.session
    session["proof"] = session["proof"] | {"at": "2020-01-01T00:00:00+00:00"}
    session.save()
    assert client.get(f"/returns/versions/{version.pk}/files/0/").status_code == 302
    assert officer().get(f"/returns/versions/{version.pk}/files/99/").status_code == 404


@pytest.mark.parametrize("level", ["R1", "R3", "R4"])
def test_whoever_is_hidden_is_in_no_row_count_or_file_of_who_may_not_know(client: Client, level: str) -> None:
    version = built(client)
    director = officer("divisional_director")
    before = dict(counts(words(director, f"/returns/versions/{version.pk}/")))
    restrict(Person.objects.get(ref="person:RV0001"), level)
    for reader in (director, client):
        after = dict(counts(words(reader, f"/returns/versions/{version.pk}/")))
        assert sum(after.values()) < sum(before.values())
        for url, number in after.items():
            page = words(reader, url)
            assert "RV0001" not in page and listed(page) == number
    said = director.get(f"/returns/versions/{version.pk}/files/0/", follow=True)
    assert "kept from you" in read(said.content) and "attachment" not in said.headers.get("Content-Disposition", "")


def test_what_is_wrong_with_a_form_is_said(client: Client) -> None:
    page = read(client.post("/returns/versions/build/", {"on-day": "31", "on-month": "2", "on-year": "2026"}).content)
    for each in ("Choose which return to build", "Say what it is built for", "must be a real date"):
        assert each in page
    assert not Version.objects.exists()


def test_who_may_not_build_or_sign_does_not(client: Client) -> None:
    version = built(client)
    director, worker = officer("divisional_director"), Client()
    assert director.get("/returns/versions/build/").status_code == 403
    worker.force_login(Worker.objects.get(pk=a_worker("Asha Rahman").pk).account)
    for path in ("", "build/", f"{version.pk}/", f"{version.pk}/tables/0/", f"{version.pk}/files/0/"):
        assert worker.get(f"/returns/versions/{path}").status_code == 403
    assert worker.post(f"/returns/versions/{version.pk}/sign/").status_code == 403


def _cells(version: Version, name: str, reader: Client) -> str:
    place = next(at for at, each in enumerate(version.tables) if each["name"] == name)
    return words(reader, f"/returns/versions/{version.pk}/tables/{place}/")


def test_an_ssda903_is_built_checked_and_opens_to_the_record(record: None, tmp_path: Path) -> None:
    write_tables(clean_return(year=2026), tmp_path)
    loading.load_reading(reading=read_files(sorted(tmp_path.iterdir())), files=[], at=timezone.now())
    day = {"on-day": 31, "on-month": 3, "on-year": 2026}
    version = built(officer(), key="ssda903", **day)
    assert version.term == "2026" and version.check_of and version.check_of.issues == 0
    assert {each["name"]: each["rows"] for each in version.tables} == {
        name: len(rows) for name, rows in clean_return(year=2026).items()
    }
    child = Person.objects.get(ref="person:AWAY")
    hold(child, a_team())
    director = a_worker("Dee", role="divisional_director", team=a_team())
    reader = Client()
    reader.force_login(director.account)
    assert re.search(r'href="/work/care_review/\d+/"', _cells(version, "Reviews", reader))
    for name in ("Missing", "Episodes", "OC2"):
        assert f'href="/children/{child.pk}/record/"' in _cells(version, name, reader), name


def test_the_lists_of_an_inspection_are_built_and_checked(client: Client) -> None:
    version = built(client, key="annex-a")
    assert version.check_of and version.check_of.kind == "annex_a"
    assert [each["name"] for each in version.files] == ["annex-a.xlsx"]
