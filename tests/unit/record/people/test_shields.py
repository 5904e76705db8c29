"""Where a shielded person is, is kept from everybody not entitled: hers, and that of everybody who lives with her."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_post, a_step, a_team, a_worker, allocate, recorded, related, restrict
from tests.factories import viewer as viewer_of

from kith.foundation.access.models import Team, Worker
from kith.record.meetings.models import Attendance
from kith.record.people.models import Address, Named, Person
from kith.record.people.queries import household
from kith.record.people.shields import withheld_among
from kith.record.people.whereabouts import listed, veil_of, withheld_columns
from kith.record.periods.models import Home
from kith.record.promises.models import Promise
from kith.record.steps.models import Part
from kith.record.visits.models import Visit, VisitPart

pytestmark = pytest.mark.usefixtures("record")
LINES, POSTCODE = "12, Samphire Wharf, Riverside", "RV9 9ZZ"


def lives(person: Person, lines: str = LINES, postcode: str = POSTCODE) -> Address:
    return Address.objects.create(person=person, lines=lines, postcode=postcode, **recorded("address"))


@pytest.fixture
def team() -> Team:
    return a_team("Family Support and Protection 2")


@pytest.fixture
def held(team: Team) -> Worker:
    return a_worker("Asha Rahman", team=team)


@pytest.fixture
def colleague(team: Team) -> Worker:
    return a_worker("Ben Sutton", team=team)


@pytest.fixture
def child(held: Worker, colleague: Worker) -> Person:
    """A shielded girl, with a colleague who works with her too and may not know where she is."""
    found = a_child("Amira", "Osei", phone="07700 900123")
    lives(found)
    allocate(found, held)
    allocate(found, colleague, role="Family support")
    restrict(found, "R2")
    return found


def page(client: Client, worker: Worker, address: str) -> str:
    client.force_login(worker.account)
    return client.get(address).content.decode()


def test_her_worker_and_the_manager_know_where_she_is_and_a_colleague_does_not(
    child: Person, held: Worker, colleague: Worker, team: Team
) -> None:
    manager = a_worker("Maureen Okafor", role="team_manager", team=team)
    other = a_worker("Dev Patel", role="team_manager", team=a_team("Another team"))
    entitled = [
        each.name for each in (held, colleague, manager, other) if not withheld_among(viewer_of(each), [child.pk])
    ]
    assert entitled == ["Asha Rahman", "Maureen Okafor"]
    Named.objects.create(person=child, worker=colleague, **recorded("named"))
    assert withheld_among(viewer_of(colleague), [child.pk]) == set()


def test_whoever_lives_with_her_is_withheld_too_but_not_from_their_own_worker(colleague: Worker, held: Worker) -> None:
    mother, child, lodger, far = (a_child(each) for each in ("Mary", "Leon", "Lou", "Far"))
    lives(mother)
    lives(lodger)
    lives(far, "1, Open Road, Riverside", "RV1 1AA")
    related(child, mother, "mother", in_household=True)
    allocate(child, held)
    restrict(mother, "R2")
    everybody = [each.pk for each in (mother, child, lodger, far)]
    assert withheld_among(viewer_of(colleague), everybody) == {mother.pk, child.pk, lodger.pk}
    assert withheld_among(viewer_of(held), everybody) == {mother.pk, lodger.pk}
    assert not household(viewer_of(colleague), lodger).exists()


TELLING = ("amphire", "RV9", "RV8", "rv9", "Gull Lane", "SC4455667", "07700", "Wharfside")


def places_everywhere(child: Person, by: Worker) -> list[str]:
    """Her places in every column and text that may hold one; gives the pages that show them."""
    today = timezone.localdate()
    period = a_period(child, "home", code="U1")
    Home.objects.create(period=period, provider="Wharfside Care", urn="SC4455667", postcode="RV8 8YY")
    step = a_step(child, happened_on=today - timedelta(days=1), worker=by, summary="Seen at 12 Samphire Wharf")
    Visit.objects.create(step=step, where="Gull Lane Primary School")
    part = Part.objects.get(step=step)
    part.significant, part.impact = True, "Moved to 12, samphire wharf, RV99ZZ"
    part.save()
    VisitPart.objects.create(part=part, seen=True, said="I like rv9 9zz", letter="Your home at RV8 8YY")
    meeting = a_step(child, kind="strategy_meeting", code="", planned_on=today)
    for agency, name in (("education", "Head of Gull Lane"), ("police", "PC Vole")):
        Attendance.objects.create(step=meeting, agency=agency, name=name, **recorded("attendance"))
    more = {"made_on": today, "due_on": today, "made_in": meeting.ref, **recorded("promise")}
    Promise.objects.create(person=child, what="Fit a lock at 12 Samphire Wharf", **more)
    pages = [f"/children/{child.pk}/", f"/children/{child.pk}/print/", f"/children/{child.pk}/record/"]
    return [*pages, f"/work/visit/{step.pk}/", f"/strategy-meetings/{meeting.pk}/", "/promises/", "/people/?q=Amira"]


def test_no_page_about_her_says_where_she_is(child: Person, held: Worker, colleague: Worker, client: Client) -> None:
    shown = {each: page(client, colleague, each) for each in places_everywhere(child, colleague)}
    assert {(each, word) for each, text in shown.items() for word in TELLING if word in text} == set()
    assert all("Amira" in text for text in shown.values())
    assert "PC Vole" in " ".join(shown.values())


def test_her_worker_is_shown_every_place(child: Person, held: Worker, colleague: Worker, client: Client) -> None:
    whole = " ".join(page(client, held, each) for each in places_everywhere(child, colleague))
    wanted = (
        "Samphire Wharf",
        "RV9 9ZZ",
        "RV8 8YY",
        "Gull Lane Primary School",
        "Head of Gull Lane",
        "Fit a lock at 12",
    )
    assert [word for word in wanted if word not in whole] == []


def test_her_address_does_not_find_her(child: Person, held: Worker, colleague: Worker, client: Client) -> None:
    for asked in ("RV9 9ZZ", "RV9", "12 Samphire Wharf"):
        assert "Amira" not in page(client, colleague, f"/people/?q={asked}"), asked
        assert "Amira" in page(client, held, f"/people/?q={asked}"), asked


def test_a_visit_is_changed_without_its_place_being_shown_or_lost(
    child: Person, colleague: Worker, client: Client
) -> None:
    step = a_step(child, happened_on=timezone.localdate(), worker=colleague, code="other")
    step.happened_at = timezone.now() - timedelta(hours=1)
    step.save()
    Visit.objects.create(step=step, where="Gull Lane Primary School")
    VisitPart.objects.create(part=Part.objects.get(step=step), seen=True, seen_alone=True, said="Hello")
    form = page(client, colleague, f"/visits/{step.pk}/change/")
    assert "Gull Lane" not in form and 'name="where"' not in form
    key = f"child-{child.pk}"
    day = timezone.localtime(step.happened_at)
    sent = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "time": f"{day:%H:%M}", "version": 1}
    sent |= {f"{key}-code": "other", f"{key}-seen": "yes", f"{key}-seen_alone": "yes", f"{key}-said": "Hello again"}
    answer = client.post(f"/visits/{step.pk}/change/", sent)
    assert answer.status_code == 302, answer.content.decode()
    assert Visit.objects.get(step=step).where == "Gull Lane Primary School"
    assert VisitPart.objects.get(part__step=step).said == "Hello again"


def test_nobody_writes_over_a_text_from_which_a_place_was_taken(
    child: Person, colleague: Worker, client: Client
) -> None:
    step = a_step(child, happened_on=timezone.localdate(), worker=colleague, code="other")
    VisitPart.objects.create(part=Part.objects.get(step=step), seen=True, seen_alone=True, said="At 12 Samphire Wharf")
    client.force_login(colleague.account)
    assert client.get(f"/visits/{step.pk}/change/").status_code == 403


def test_a_place_is_found_however_it_is_spaced_and_ordinary_words_stay() -> None:
    veil = veil_of(["12, Quay Street, Riverside", "RV1 2AB", "07700 900123", "", "1"])
    for told in ("12 Quay Street", "quay  street", "12, Quay Street, Riverside", "RV12AB", "rv1 2ab", "07700900123"):
        assert veil.over(f"She is at {told}, they say") == "She is at [withheld], they say", told
    for kept in ("Riverside is a borough", "12 children", "The quay", "Quay Streetwise project"):
        assert veil.over(kept) == kept


def test_the_history_and_a_sources_row_lose_their_places() -> None:
    row = {"id": 1, "lines": "12, Quay Street", "postcode": "RV1 2AB", "details": {"PL_POST": "RV1", "outcome": "met"}}
    found = withheld_columns("people_address", row, veil_of(["RV1 2AB"]))
    assert found == {
        "id": 1,
        "lines": "[withheld]",
        "postcode": "[withheld]",
        "details": {"PL_POST": "[withheld]", "outcome": "met"},
    }
    assert (
        listed().tells("addr_address_postcode")
        and listed().tells("SchoolName")
        and not listed().tells("rdec_allocated_date")
    )


def test_every_column_of_the_table_is_there() -> None:
    from django.apps import apps

    for label, columns in listed().columns.items():
        assert set(columns) <= {field.name for field in apps.get_model(label)._meta.concrete_fields}, label


def test_a_manager_two_teams_above_knows_too(child: Person) -> None:
    top = a_team("Children and Families")
    middle = Team.objects.create(ref="team:middle", name="Middle", parent=top)
    Team.objects.filter(pk=child.involvements.exclude(worker=None).first().team_id).update(parent=middle)
    director = a_worker("Grace Adeyemi", role="divisional_director", team=top)
    assert withheld_among(viewer_of(director), [child.pk]) == set()
    a_post(director, role="social_worker", team=top)
