"""What lasts, put right in Kith: told in the returns, followed by the time in care, and every clock moved."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import SYSTEM, a_child, a_period, a_team, a_worker, allocate, restrict
from tests.unit.oversight.returns.kit import words
from tests.unit.record.loading.extracts import stored
from tests.unit.record.plain_work.test_recording import boxes, picks, signed_in

from kith.foundation.drafts.models import Clash
from kith.foundation.history.actor import acting
from kith.foundation.history.models import Change
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.extracting.extract import extract
from kith.record.people.models import Person
from kith.record.period_forms.actions import change
from kith.record.period_forms.forms import initial_of
from kith.record.periods.models import Home, Period
from kith.vocabulary.codes import label

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
BEGAN, ENDED = TODAY - timedelta(days=120), TODAY - timedelta(days=10)
LOADED: dict[str, list[dict[str, Any]]] = {
    "ssd_person": [
        {"pers_person_id": "P1", "pers_forename": "Imran", "pers_surname": "Noor", "pers_dob": date(2015, 3, 4)}
        | {"pers_sex": "M", "pers_ethnicity": "WBRI"}
    ],
    "ssd_cla_episodes": [
        {"clae_cla_episode_id": "E1", "clae_person_id": "P1", "clae_cla_id": "C1", "clae_cla_placement_id": "H1"}
        | {"clae_cla_episode_start_date": BEGAN, "clae_cla_episode_start_reason": "S"}
        | {"clae_cla_episode_ceased_date": ENDED, "clae_cla_primary_need_code": "N1"}
    ],
    "ssd_cla_placement": [
        {"clap_cla_placement_id": "H1", "clap_cla_id": "C1", "clap_person_id": "P1"}
        | {"clap_cla_placement_start_date": BEGAN, "clap_cla_placement_type": "U9"}
        | {"clap_cla_placement_provider": "PR2"}
    ],
    "ssd_legal_status": [
        {"lega_legal_status_id": "L1", "lega_person_id": "P1", "lega_legal_status": "C2"}
        | {"lega_legal_status_start_date": BEGAN}
    ],
}


@pytest.fixture
def imran(client: Client) -> Person:
    """A child who left care ten days ago; why, and in what kind of home, the other system does not rightly say."""
    asha = signed_in(client)
    with acting(SYSTEM):
        stored(LOADED)
    child = Person.objects.get(ref="person:P1")
    allocate(child, asha)
    recompute(people=None, on=TODAY)
    return child


def one(child: Person, kind: str) -> Period:
    return Period.objects.select_related("home").get(person=child, kind=kind)


def put_right(client: Client, period: Period, **said: Any) -> str:
    """Post the form as it is, with what is said; the page that follows."""
    held = {name: value for name, value in initial_of(period).items() if value}
    days = boxes(**{name: value for name, value in held.items() if isinstance(value, date)})
    here = {name: value for name, value in held.items() if not isinstance(value, date)} | days
    answer = client.post(f"/periods/{period.pk}/change/", here | {"version": str(period.version)} | said, follow=True)
    return answer.content.decode()


def told(table: str) -> dict[str, Any]:
    [row] = extract(on=TODAY).dataset.tables[table].to_dicts()
    return row


def rules(client: Client, child: Person) -> set[str]:
    return set(re.findall(r"rule (\w+)<", words(client, f"/returns/children/{child.pk}/")))


def test_what_a_return_would_reject_is_put_right_at_its_box_and_gone(client: Client, imran: Person) -> None:
    page = words(client, f"/returns/children/{imran.pk}/")
    episode, home = one(imran, "care_episode"), one(imran, "home")
    assert f'href="/periods/{episode.pk}/change/#id_end_reason"' in page
    assert f'href="/periods/{home.pk}/change/#id_code"' in page
    assert "“U9”, which is no published code" in words(client, f"/periods/{home.pk}/change/")
    before = rules(client, imran)
    assert "kept in the history" in put_right(client, episode, end_reason="E4A")
    put_right(client, home, code="U4", provider="PR1", postcode="AB1 2CD", end_reason="CARPL", **boxes(ended_on=ENDED))
    after = rules(client, imran)
    assert after < before and before - after >= {"146", "148"}, (before, after)
    assert told("ssd_cla_episodes")["clae_cla_episode_ceased_reason"] == "E4A"
    row = told("ssd_cla_placement")
    assert (row["clap_cla_placement_type"], row["clap_cla_placement_postcode"]) == ("U4", "AB1 2CD")
    with acting(SYSTEM):
        stored(LOADED)  # the same is told again by the system it came from
    assert rules(client, imran) == after and one(imran, "home").code == "U4"
    assert Change.objects.filter(table=Home._meta.db_table, row=str(home.pk), act="changed").exists()


def test_the_need_is_put_right_once_for_all_of_a_time_in_care(client: Client, imran: Person) -> None:
    second = {"clae_cla_episode_id": "E2", "clae_cla_episode_start_date": ENDED, "clae_cla_episode_start_reason": "P"}
    [first] = LOADED["ssd_cla_episodes"]
    first = first | {"clae_cla_episode_ceased_reason": "X1", "clae_cla_primary_need_code": "N9"}
    after = {"clae_cla_episode_ceased_date": None, "clae_cla_episode_ceased_reason": None}
    loaded = LOADED | {"ssd_cla_episodes": [first, first | after | second]}
    with acting(SYSTEM):
        stored(loaded)
    care = one(imran, "care")
    page = words(client, f"/returns/children/{imran.pk}/")
    assert "145" in rules(client, imran) and f'href="/periods/{care.pk}/change/#id_code"' in page
    assert "What is the child’s main need?" in words(client, f"/periods/{care.pk}/change/")
    put_right(client, care, code="N2")
    assert "145" not in rules(client, imran)
    with acting(SYSTEM):
        stored(loaded)  # the same is told again by the system it came from
    rows = extract(on=TODAY).dataset.tables["ssd_cla_episodes"]
    assert rows["clae_cla_primary_need_code"].to_list() == ["N2", "N2"]
    assert rows["clae_cla_episode_ceased_date"].to_list() == [ENDED, None], "nothing else of them moved"
    assert one(imran, "care").started_on == BEGAN


def test_an_episode_that_is_of_no_time_in_care_leads_to_its_own_form(client: Client, imran: Person) -> None:
    episode = one(imran, "care_episode")
    Period.objects.filter(pk=episode.pk).update(parent="")
    [row] = LOADED["ssd_cla_episodes"]
    with acting(SYSTEM):
        stored(LOADED | {"ssd_cla_episodes": [row | {"clae_cla_primary_need_code": "N9", "clae_cla_id": None}]})
    page = words(client, f"/returns/children/{imran.pk}/")
    assert "145" in rules(client, imran) and f'href="/periods/{episode.pk}/change/"' in page


def test_the_record_has_the_way_to_each_that_has_a_form(client: Client, imran: Person) -> None:
    record = words(client, f"/children/{imran.pk}/record/")
    for kind in ("care", "home", "legal_status"):
        assert f'href="/periods/{one(imran, kind).pk}/change/"' in record
    assert record.count("Put right<") == 3
    client.force_login(a_worker(role="divisional_director").account)
    assert "Put right<" not in words(client, f"/children/{imran.pk}/record/")


def test_care_lasts_from_its_first_episode_to_its_last(client: Client, imran: Person) -> None:
    episode = one(imran, "care_episode")
    assert one(imran, "care").ended_on == ENDED
    put_right(client, episode, end_reason="X1")
    assert one(imran, "care").ended_on is None, "another episode follows, so that care goes on"
    earlier = BEGAN - timedelta(days=7)
    none = {"ended_on-day": "", "ended_on-month": "", "ended_on-year": "", "end_reason": ""}
    put_right(client, one(imran, "care_episode"), **none, **boxes(started_on=earlier))
    care = one(imran, "care")
    assert (care.started_on, care.start_reason, care.ended_on) == (earlier, "S", None)
    now = set(Deadline.objects.values_list("rule", "due_on", "ended_on"))
    recompute(people=None, on=TODAY)
    assert now and set(Deadline.objects.values_list("rule", "due_on", "ended_on")) == now, "every clock had moved"


def test_care_that_began_before_the_episodes_held_keeps_its_day(client: Client) -> None:
    child, asha = a_child(), signed_in(client)
    allocate(child, asha)
    care = a_period(child, "care", days=900)
    episode = a_period(child, "care_episode", code="C2", days=100, parent=care.ref, start_reason="L")
    put_right(client, episode, **boxes(started_on=TODAY - timedelta(days=90)))
    assert one(child, "care").started_on == care.started_on
    put_right(client, one(child, "care_episode"), **boxes(started_on=TODAY - timedelta(days=950)))
    assert one(child, "care").started_on == TODAY - timedelta(days=950)


def test_an_episode_is_called_by_the_legal_status_it_began_under(client: Client, imran: Person) -> None:
    assert one(imran, "care_episode").code == "C2"
    put_right(client, one(imran, "legal_status"), code="V4")
    assert one(imran, "care_episode").code == "V4"
    put_right(client, one(imran, "legal_status"), **boxes(started_on=BEGAN + timedelta(days=1)))
    episode = one(imran, "care_episode")
    assert (episode.code, episode.version) == ("", 3)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({f"started_on-{part}": "" for part in ("day", "month", "year")}, "Enter the day it began"),
        (boxes(ended_on=BEGAN - timedelta(days=1)), "must be the day it began, or after"),
        (boxes(ended_on=TODAY + timedelta(days=2)), "must be"),
        ({"end_reason": "E99"}, "Select a valid choice"),
        ({f"ended_on-{part}": "" for part in ("day", "month", "year")} | {"end_reason": "E11"}, "or leave out why"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_box(
    client: Client, imran: Person, said: dict[str, Any], sentence: str
) -> None:
    page = put_right(client, one(imran, "care_episode"), **said)
    assert sentence in page and "Problem: " in page
    assert one(imran, "care_episode").version == 1


def test_when_somebody_else_saved_it_meanwhile_both_texts_are_kept(client: Client, imran: Person) -> None:
    mine = one(imran, "home")
    change(period=mine, version=1, told=initial_of(mine) | {"code": "U6"})
    page = put_right(client, mine, code="U4")
    assert one(imran, "home").code == "U6"
    assert label("placement_type", "U6") in page and label("placement_type", "U4") in page
    clash, now = Clash.objects.get(), one(imran, "home")
    client.post(f"/drafts/clash/{clash.pk}/", {"version": str(now.version), "keep": "mine"} | picks(page))
    assert one(imran, "home").code == "U4"


def test_a_postcode_that_somebody_else_changed_meanwhile_is_not_lost(client: Client, imran: Person) -> None:
    mine = one(imran, "home")
    change(period=mine, version=1, told=initial_of(mine) | {"postcode": "AB1 2CD"})
    put_right(client, mine, postcode="ZX9 9ZX")
    assert one(imran, "home").home.postcode == "AB1 2CD" and Clash.objects.count() == 1


def test_a_draft_of_it_comes_back(client: Client, imran: Person) -> None:
    home = one(imran, "home")
    put_right(client, home, postcode="AB1 2CD", **boxes(ended_on=TODAY + timedelta(days=2)))
    assert 'value="AB1 2CD"' in words(client, f"/periods/{home.pk}/change/")


def test_where_a_shielded_child_lives_is_not_asked_of_whoever_may_not_know(client: Client, imran: Person) -> None:
    home = one(imran, "home")
    Home.objects.filter(pk=home.pk).update(postcode="ZX9 9ZX")
    beside = a_worker("Ruth Hall", team=imran.involvements.first().team)
    client.force_login(beside.account)
    assert "ZX9 9ZX" in words(client, f"/periods/{home.pk}/change/")
    restrict(imran, "R2")
    page = words(client, f"/periods/{home.pk}/change/")
    assert "ZX9" not in page and 'name="postcode"' not in page and 'name="code"' in page
    put_right(client, one(imran, "home"), code="U4", postcode="AB1 2CD")
    home = one(imran, "home")
    assert (home.code, home.home.postcode) == ("U4", "ZX9 9ZX")


def test_it_opens_to_those_who_record_work_with_the_child(client: Client, imran: Person) -> None:
    home, other = one(imran, "home"), a_worker("Ben Carter", team=a_team("Another team"))
    for worker in (other, a_worker(role="auditor")):
        client.force_login(worker.account)
        assert client.get(f"/periods/{home.pk}/change/").status_code in (403, 404)
        assert client.post(f"/periods/{home.pk}/change/", {"version": "1", "code": "U4"}).status_code in (403, 404)
    assert one(imran, "home").code == "U9"
