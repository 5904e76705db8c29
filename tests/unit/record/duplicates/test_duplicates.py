"""Likely duplicates: found by the job, seen by those who may, proposed by one, agreed by another, parted again."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_period, a_worker, bar, recorded, related, restrict, viewer

from kith.foundation.access.models import Worker
from kith.foundation.history.models import Opening
from kith.record.duplicates import actions, queries
from kith.record.duplicates.models import Likely
from kith.record.people import ties
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.models import Address, Alias, Identifier, Person, Same
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()


def signed_in(worker: Worker) -> Client:
    """A browser of theirs."""
    client = Client()
    client.force_login(worker.account)
    return client


def text(answer: Any) -> str:
    """The page in words."""
    return unescape(answer.content.decode())


def twice(**columns: Any) -> tuple[Person, Person]:
    """One child written twice: misspelt, at one address."""
    first = a_child("Mohammed", "Rahman", born_on=date(2015, 4, 3), sex="M")
    second = a_child("Muhamed", "Rehman", born_on=date(2015, 3, 4), sex="M", **columns)
    for each in (first, second):
        Address.objects.create(person=each, lines="12 Quay Street", postcode="RV1 2AB", **recorded("address"))
    rebuild_name_keys()
    return first, second


@pytest.fixture
def manager() -> Worker:
    """Somebody who may agree."""
    return a_worker("Grace Osei", role="team_manager")


class TestTheJob:
    def test_finds_a_child_written_twice_and_says_why(self) -> None:
        first, second = twice()
        a_child("Zofia", "Kowalska", born_on=date(2012, 1, 9))
        assert actions.find_all(on=TODAY) == 1
        row = Likely.objects.get()
        assert (row.one, row.other) == (first, second)
        assert "date of birth with day and month turned round" in row.why
        assert actions.find_all(on=TODAY) == 1  # found anew, not twice

    @pytest.mark.parametrize("level", ["R3", "R4"])
    def test_never_sets_a_sealed_record_beside_another(self, level: str) -> None:
        _, second = twice()
        restrict(second, level)
        assert actions.find_all(on=TODAY) == 0

    def test_joins_nothing(self) -> None:
        twice()
        actions.find_all(on=TODAY)
        assert not Same.objects.exists()

    def test_does_not_ask_again_about_a_pair_that_was_decided(self, manager: Worker) -> None:
        first, second = twice()
        actions.two_people(one=first, other=second, why="", by=manager)
        assert actions.find_all(on=TODAY) == 0

    def test_twins_with_numbers_of_their_own_are_not_shown(self) -> None:
        first, second = twice()
        for each, number in ((first, "9990000018"), (second, "9990000476")):
            Identifier.objects.create(person=each, kind="NHS Number", value=number, **recorded("identifier"))
        assert actions.find_all(on=TODAY) == 0

    def test_a_child_and_a_grown_up_are_not_one_person(self) -> None:
        twice(is_child=False)
        assert actions.find_all(on=TODAY) == 0


class TestJoining:
    def test_one_proposes_and_another_agrees(self, manager: Worker) -> None:
        (first, second), worker = twice(), a_worker("Asha Rahman")
        same = actions.propose(person=second, leads=first, why="The same mother.", by=worker)
        assert ties.together(second.pk) == (second.pk,)  # only tied
        with pytest.raises(actions.NeedsAnother):
            actions.agree(same=same, by=worker, on=TODAY)
        actions.agree(same=same, by=manager, on=TODAY)
        assert ties.together(second.pk) == (first.pk, second.pk)
        with pytest.raises(KithError):
            actions.propose(person=second, leads=first, why="Again.", by=worker)

    def test_parting_needs_a_reason_and_gives_each_back(self, manager: Worker) -> None:
        (first, second), worker = twice(), a_worker("Asha Rahman")
        same = actions.propose(person=second, leads=first, why="The same mother.", by=worker)
        actions.agree(same=same, by=manager, on=TODAY)
        with pytest.raises(KithError):
            actions.part(same=same, why=" ", by=manager, on=TODAY)
        actions.part(same=same, why="Two boys after all.", by=manager, on=TODAY)
        assert ties.together(first.pk) == (first.pk,) and ties.together(second.pk) == (second.pk,)
        with pytest.raises(KithError):
            actions.part(same=same, why="Again.", by=manager, on=TODAY)

    @pytest.mark.parametrize("level", ["R3", "R4"])
    def test_a_sealed_record_is_never_joined(self, level: str) -> None:
        (first, second), worker = twice(), a_worker("Asha Rahman")
        restrict(second, level)
        with pytest.raises(KithError):
            actions.propose(person=second, leads=first, why="The same child.", by=worker)

    def test_one_sealed_since_it_was_proposed_is_not_joined(self, manager: Worker) -> None:
        (first, second), worker = twice(), a_worker("Asha Rahman")
        same = actions.propose(person=second, leads=first, why="The same child.", by=worker)
        restrict(first, "R3")
        with pytest.raises(KithError):
            actions.agree(same=same, by=manager, on=TODAY)

    def test_a_refused_proposal_lets_both_go_at_once(self, manager: Worker) -> None:
        (first, second), worker = twice(), a_worker("Asha Rahman")
        same = actions.propose(person=second, leads=first, why="The same child.", by=worker)
        bar(worker, second)
        assert not queries.comparable(viewer(worker)).filter(pk=first.pk).exists()
        actions.refuse(same=same, by=manager)
        assert queries.comparable(viewer(worker)).filter(pk=first.pk).exists()


class TestThePages:
    def test_the_list_shows_the_pair_and_who_may_not_open_one_sees_neither(self, manager: Worker) -> None:
        _, second = twice()
        actions.find_all(on=TODAY)
        assert "Mohammed Rahman" in text(signed_in(manager).get("/duplicates/"))
        bar(manager, second)
        page = text(signed_in(manager).get("/duplicates/"))
        assert "Rahman" not in page and "Rehman" not in page

    def test_a_pair_of_which_one_is_hidden_is_not_there(self, manager: Worker) -> None:
        first, second = twice()
        restrict(second)
        assert signed_in(manager).get(f"/duplicates/{first.pk}/{second.pk}/").status_code == 404
        assert signed_in(manager).get(f"/duplicates/{first.pk}/{first.pk}/").status_code == 404

    def test_proposed_by_one_agreed_by_another_and_parted_through_the_pages(self, manager: Worker) -> None:
        (first, second), worker = twice(), a_worker("Asha Rahman")
        mine, theirs = signed_in(worker), signed_in(manager)
        pair = f"/duplicates/{first.pk}/{second.pk}/"
        assert "Say why you think" in text(mine.post(pair, {"leads": first.pk}))
        made = mine.post(pair, {"leads": first.pk, "why": "One mother."})
        link = made.headers["Location"]
        assert mine.get(pair).headers["Location"] == link
        assert "somebody else must agree" in text(mine.get(link))
        assert "may be the same person as another record" in text(mine.get(f"/children/{first.pk}/"))
        refused = mine.post(link, {"agree": "yes"})
        assert refused.status_code == 200 and Same.objects.get().agreed is None
        assert theirs.post(link, {"agree": "yes"}).status_code == 302
        assert Same.objects.get().decided_by == manager
        page = theirs.get(f"/children/{second.pk}/")
        assert "Also Muhamed Rehman" in text(page) and "Two records are read as one here" in text(page)
        assert theirs.post(link, {"part": "yes", "why": ""}).status_code == 200
        theirs.post(link, {"part": "yes", "why": "Two boys."})
        assert Same.objects.get().parted_by == manager
        assert "Also" not in text(theirs.get(f"/children/{first.pk}/")).split("Who I am")[0]

    def test_a_manager_who_proposed_it_is_refused_by_the_page_too(self, manager: Worker) -> None:
        first, second = twice()
        client = signed_in(manager)
        link = client.post(f"/duplicates/{first.pk}/{second.pk}/", {"leads": first.pk, "why": "One."}).headers[
            "Location"
        ]
        answer = client.post(link, {"agree": "yes"})
        assert "You proposed this" in text(answer)
        assert Same.objects.get().agreed is None

    def test_a_social_worker_may_not_agree_to_what_another_proposed(self, manager: Worker) -> None:
        (first, second), worker = twice(), a_worker("Asha Rahman")
        same = actions.propose(person=second, leads=first, why="One.", by=manager)
        for said in ("agree", "no"):
            assert "You cannot decide this" in text(
                signed_in(worker).post(f"/duplicates/link/{same.pk}/", {said: "yes"})
            )
        assert Same.objects.get().agreed is None

    def test_where_a_shielded_child_lives_is_not_compared(self, manager: Worker) -> None:
        first, second = twice()
        restrict(second, "R2")
        colleague = a_worker("Sam Reid", role="social_worker")
        page = text(signed_in(colleague).get(f"/duplicates/{first.pk}/{second.pk}/"))
        assert "Quay Street" not in page and "Withheld" in page
        answers_for_it = text(signed_in(manager).get(f"/duplicates/{first.pk}/{second.pk}/"))
        assert "Quay Street" in answers_for_it

    def test_a_record_that_does_not_open_is_compared_by_who_it_is_and_no_more(self) -> None:
        first, second = twice()
        a_period(first, "cp_plan")
        data = a_worker("Dev Shah", role="data_officer")
        page = text(signed_in(data).get(f"/duplicates/{first.pk}/{second.pk}/"))
        assert "Mohammed Rahman" in page and "Muhamed Rehman" in page and "3 April 2015" in page
        assert "Quay Street" not in page and "Child protection plan" not in page
        assert "Only for those who work with them" in page and "/children/" not in page.split("<main")[1]

    def test_the_opening_of_both_is_in_the_history(self, manager: Worker) -> None:
        first, second = twice()
        signed_in(manager).get(f"/duplicates/{first.pk}/{second.pk}/")
        rows = Opening.objects.filter(page="compared")
        assert set(rows.values_list("person", flat=True)) == {first.pk, second.pk}


class TestAdding:
    ENTERED = {
        "who": "child",
        "forename": "Muhamad",
        "surname": "Rahmann",
        "born_on-day": "3",
        "born_on-month": "4",
        "born_on-year": "2015",
    }

    def test_somebody_like_one_who_is_here_is_shown_before_anything_is_saved(self) -> None:
        first, _ = twice()
        client, before = signed_in(a_worker()), Person.objects.count()
        page = client.post("/people/new/", self.ENTERED)
        assert "Is this one of these people?" in text(page) and "Mohammed Rahman" in text(page)
        assert Person.objects.count() == before
        seen = page.context["seen"] if page.context else text(page).split('name="seen" value="')[1].split('"')[0]
        assert str(first.pk) in seen.split(",")
        made = client.post("/people/new/", self.ENTERED | {"seen": seen})
        assert made.status_code == 302 and Person.objects.count() == before + 1

    def test_what_was_seen_must_be_who_is_there_now(self) -> None:
        twice()
        before = Person.objects.count()
        signed_in(a_worker()).post("/people/new/", self.ENTERED | {"seen": "1,2,3"})
        assert Person.objects.count() == before

    def test_nobody_hidden_is_shown_as_alike(self) -> None:
        first, second = twice()
        for each in (first, second):
            restrict(each)
        page = signed_in(a_worker()).post("/people/new/", self.ENTERED)
        assert page.status_code == 302

    def test_a_number_is_enough(self) -> None:
        child = a_child("Zofia", "Kowalska")
        Identifier.objects.create(person=child, kind="NHS Number", value="9990000018", **recorded("identifier"))
        rebuild_name_keys()
        sent = {"who": "child", "forename": "Ada", "surname": "Brough", "nhs": "999 000 0018"}
        assert "Zofia Kowalska" in text(signed_in(a_worker()).post("/people/new/", sent))

    def test_somebody_new_is_added_with_all_that_was_entered_and_can_be_found(self) -> None:
        client = signed_in(a_worker())
        sent = self.ENTERED | {"nhs": "999 000 0018", "lines": "3 Mill Lane", "postcode": "rv12ab", "sex": "M"}
        assert client.post("/people/new/", sent).status_code == 302
        person = Person.objects.get()
        assert (person.name, person.born_on, person.sex) == ("Muhamad Rahmann", date(2015, 4, 3), "M")
        assert person.identifiers.get().value == "9990000018"
        assert person.addresses.get().postcode == "RV1 2AB"
        assert "Muhamad Rahmann" in text(client.get("/people/", {"q": "Mohammed Rahman"}))

    def test_who_added_a_child_can_go_on_with_the_record(self) -> None:
        client = signed_in(a_worker())
        page = client.get(client.post("/people/new/", self.ENTERED).headers["Location"])
        assert page.status_code == 200 and "Muhamad Rahmann" in text(page)

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"forename": "Ada"}, "Choose whether this is a child or a grown-up"),
            ({"who": "child"}, "Enter a name, or the day the birth is expected"),
            ({"who": "child", "forename": "Ada", "nhs": "9990000019"}, "Enter a true NHS number"),
            ({"who": "child", "forename": "Ada", "upn": "A1"}, "Enter a true pupil number"),
            ({"who": "child", "forename": "Ada", "postcode": "RV1"}, "Enter a whole postcode"),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(self, sent: dict[str, str], said: str) -> None:
        page = signed_in(a_worker()).post("/people/new/", sent)
        assert said in text(page) and not Person.objects.exists()

    def test_an_unborn_child_needs_no_name(self) -> None:
        soon = TODAY.replace(day=1)
        parts = {"expected_on-day": "1", "expected_on-month": str(soon.month), "expected_on-year": str(soon.year)}
        signed_in(a_worker()).post("/people/new/", {"who": "child", **parts})
        assert Person.objects.get().name == "Unborn child"

    def test_a_grown_up_is_added_too(self) -> None:
        signed_in(a_worker()).post("/people/new/", {"who": "adult", "forename": "Ruksana", "surname": "Begum"})
        assert not Person.objects.get().is_child


def test_a_known_alias_and_mother_are_compared(manager: Worker) -> None:
    first, second = twice()
    Alias.objects.create(person=second, forename="Mo", surname="Rahman", **recorded("alias"))
    mother = Person.objects.create(forename="Ruksana", surname="Begum", is_child=False, **recorded("person"))
    related(first, mother, "mother")
    page = text(signed_in(manager).get(f"/duplicates/{first.pk}/{second.pk}/"))
    assert "Mo Rahman" in page and "Ruksana Begum" in page
