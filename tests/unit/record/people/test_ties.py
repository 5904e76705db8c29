"""Records of one person: who is tied to whom, which leads, and that the stricter restriction holds for both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import (
    a_child,
    a_period,
    a_step,
    a_team,
    a_worker,
    allocate,
    bar,
    holds,
    one_family,
    recorded,
    restrict,
    viewer,
)

from kith.foundation.access.models import Worker
from kith.record.chronology.queries import reads
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.people import ties
from kith.record.people.access import hidden_from, visible_to
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.asking import asked
from kith.record.people.finding import find
from kith.record.people.models import Named, Person, Same
from kith.record.people.queries import brothers_and_sisters
from kith.record.people.shields import withheld_among

pytestmark = pytest.mark.usefixtures("record")


def link(person: Person, leads: Person, *, by: Worker, other: Worker | None = None) -> Same:
    """A link as a row: agreed by the other worker, or only proposed."""
    row = Same.objects.create(
        person=person,
        leads=leads,
        why="The same child.",
        proposed_by=by,
        decided_by=other,
        decided_at=timezone.now() if other else None,
        agreed=True if other else None,
        **recorded("same"),
    )
    ties.rebuild([person.pk, leads.pk])
    return row


def test_a_record_joined_to_none_is_read_alone() -> None:
    child = a_child()
    assert ties.together(child.pk) == (child.pk,)
    assert ties.all_together([child.pk]) == {child.pk: child.pk}


def test_joined_records_are_read_together_and_a_chain_has_one_that_leads() -> None:
    one, two, three, mine, hers = a_child("Ann"), a_child("Anne"), a_child("Anna"), a_worker("A"), a_worker("B")
    link(two, one, by=mine, other=hers)
    last = link(one, three, by=mine, other=hers)
    for child in (one, two, three):
        assert ties.together(child.pk)[0] == three.pk
        assert set(ties.together(child.pk)) == {one.pk, two.pk, three.pk}
        assert ties.all_together([child.pk]) == dict.fromkeys((one.pk, two.pk, three.pk), three.pk)
    assert set(ties.followers().values_list("person_id", flat=True)) == {one.pk, two.pk}
    last.parted_at = timezone.now()
    last.save()
    ties.rebuild([one.pk])
    assert ties.together(two.pk) == (one.pk, two.pk)
    assert ties.together(three.pk) == (three.pk,)


@pytest.mark.parametrize("agreed", [False, True])
def test_the_stricter_restriction_holds_from_the_moment_it_is_proposed(agreed: bool) -> None:
    plain, strict, mine, hers = a_child("Ann"), a_child("Anne"), a_worker("A"), a_worker("B")
    assert visible_to(viewer(mine)).filter(pk=plain.pk).exists()
    link(plain, strict, by=mine, other=hers if agreed else None)
    restrict(strict, "R1")  # after the link: no copy of it is made, so none can be stale
    assert set(hidden_from(viewer(mine)).values_list("pk", flat=True)) == {plain.pk, strict.pk}
    assert not visible_to(viewer(mine)).filter(pk__in=[plain.pk, strict.pk]).exists()


def test_who_is_barred_from_one_is_barred_from_both_and_nobody_else_is() -> None:
    one, other, aunt, mine = a_child("Ann"), a_child("Anne"), a_worker("Aunt"), a_worker("A")
    bar(aunt, one)
    link(other, one, by=mine)
    assert not visible_to(viewer(aunt)).filter(pk__in=[one.pk, other.pk]).exists()
    assert visible_to(viewer(mine)).filter(pk__in=[one.pk, other.pk]).count() == 2


def test_the_database_itself_refuses_one_worker_who_proposes_and_agrees() -> None:
    one, other, mine = a_child("Ann"), a_child("Anne"), a_worker("A")
    with pytest.raises(IntegrityError), transaction.atomic():
        link(one, other, by=mine, other=mine)
    with pytest.raises(IntegrityError), transaction.atomic():
        link(one, one, by=mine, other=a_worker("B"))


@pytest.mark.parametrize("agreed", [False, True])
def test_a_shield_on_one_record_holds_for_the_other(agreed: bool) -> None:
    plain, strict, mine, hers = a_child("Ann"), a_child("Anne"), a_worker("A"), a_worker("B")
    link(plain, strict, by=mine, other=hers if agreed else None)
    restrict(strict, "R2")
    assert withheld_among(viewer(mine), [plain.pk, strict.pk]) == {plain.pk, strict.pk}


class TestReadTogether:
    """Two records joined: one page, one set of clocks, one answer to a search; parted, each as it was."""

    def test_the_page_of_either_shows_one_record_with_the_facts_of_both(self) -> None:
        mine, hers = a_worker("A"), a_worker("B")
        one, other = a_child("Ann", "Lee"), a_child("Anne", "Leigh")
        a_step(one, kind="visit", happened_on=timezone.localdate())
        a_step(other, kind="visit", happened_on=timezone.localdate())
        a_period(other, "cp_plan")
        before = {each.pk: self.told(mine, each) for each in (one, other)}
        row = link(other, one, by=mine, other=hers)
        for each in (one, other):
            told = self.told(mine, each)
            assert told["who"] == one.pk
            assert told["events"] == 2 and told["plans"] == 1
            assert ("name", "Anne", "Leigh") in told["facts"]
        assert {each.pk: self.told(mine, each) for each in (one, other)} != before
        row.parted_at = timezone.now()
        row.save()
        ties.rebuild([one.pk])
        assert {each.pk: self.told(mine, each) for each in (one, other)} == before

    def told(self, worker: Worker, child: Person) -> dict[str, Any]:
        """What the child's page reads."""
        read = reads(viewer(worker), child.pk, on=timezone.localdate(), few=99)
        return {
            "who": read.person.pk,
            "events": len(read.events),
            "plans": len(read.periods),
            "facts": [tuple(each) for each in read.facts],
            "involved": len(read.involved),
        }

    def test_what_one_record_asks_for_the_other_may_meet(self) -> None:
        """A visit recorded on the second record meets the clock of the plan on the first; parted, it does not."""
        holds("cp_plan", "visit.happened:cp", "visit:cp")
        mine, hers, today = a_worker("A"), a_worker("B"), timezone.localdate()
        one, other = a_child("Ann", "Lee"), a_child("Anne", "Leigh")
        plan = a_period(one, "cp_plan", days=20)
        a_step(other, kind="visit", code="cp", span=plan.ref, happened_on=today - timedelta(days=15), done_on=today)
        recompute(people=[one.pk, other.pk], on=today)
        before = self.clocks()
        row = link(other, one, by=mine, other=hers)
        recompute(people=[other.pk], on=today)
        joined = self.clocks()
        assert {pk for pk, *_ in joined} == {one.pk}
        assert joined != before
        assert [each for each in joined if each[4]] and not [each for each in before if each[0] == one.pk and each[4]]
        row.parted_at = timezone.now()
        row.save()
        recompute(people=sorted(ties.rebuild([one.pk])), on=today)
        assert self.clocks() == before

    def clocks(self) -> list[Any]:
        """Every clock there is, less its number."""
        names = ("person_id", "rule", "opened_by", "due_on", "met_by", "ended_on")
        return sorted(Deadline.objects.values_list(*names), key=str)

    def test_a_search_finds_the_child_once_by_either_name(self) -> None:
        mine, hers = a_worker("A"), a_worker("B")
        one, other = a_child("Caoimhe", "Okafor"), a_child("Wendeline", "Brough")
        rebuild_name_keys()
        link(other, one, by=mine, other=hers)
        for words in ("Caoimhe Okafor", "Wendeline Brough"):
            found, _ = find(viewer=viewer(mine), asked=asked(words, on=timezone.localdate()))
            assert [each.person for each in found] == [one.pk]

    def test_brothers_and_sisters_are_those_of_both_and_each_once(self) -> None:
        mine, hers = a_worker("A"), a_worker("B")
        one, other, brother, again = a_child("Ann"), a_child("Anne"), a_child("Tom"), a_child("Thomas")
        one_family(other, again)
        link(other, one, by=mine, other=hers)
        link(again, brother, by=mine, other=hers)
        for child in (one, other):
            assert list(brothers_and_sisters(viewer(mine), child)) == [brother]
        for child in (brother, again):
            assert list(brothers_and_sisters(viewer(mine), child)) == [one]


class TestNamed:
    """Somebody named for one of two records that are, or may be, one person."""

    @pytest.fixture
    def pair(self) -> tuple[Person, Person, Worker, Worker]:
        """A record that is restricted, one that is not, a manager of all teams who is named, and a colleague."""
        strict, plain = a_child("Anne"), a_child("Ann")
        named, colleague = a_worker("Named", role="team_manager"), a_worker("B")
        allocate(plain, named)
        restrict(strict, "R1")
        Named.objects.create(person=strict, worker=named, **recorded("named"))
        return strict, plain, named, colleague

    def seen(self, worker: Worker) -> set[int]:
        """Whose records open."""
        return set(visible_to(viewer(worker)).values_list("pk", flat=True))

    @pytest.mark.parametrize("agreed", [False, True])
    def test_opens_both_so_that_it_can_be_decided(
        self, pair: tuple[Person, Person, Worker, Worker], agreed: bool
    ) -> None:
        strict, plain, named, colleague = pair
        link(plain, strict, by=named, other=colleague if agreed else None)
        assert {strict.pk, plain.pk} <= self.seen(named)
        assert not {strict.pk, plain.pk} & self.seen(colleague)

    @pytest.mark.parametrize("agreed", [False, True])
    def test_opens_neither_where_the_other_names_somebody_else(
        self, pair: tuple[Person, Person, Worker, Worker], agreed: bool
    ) -> None:
        strict, plain, named, colleague = pair
        restrict(plain, "R1")
        Named.objects.create(person=plain, worker=colleague, **recorded("named"))
        link(plain, strict, by=named, other=colleague if agreed else None)
        assert not {strict.pk, plain.pk} & (self.seen(named) | self.seen(colleague))

    def test_a_proposal_opens_no_ordinary_record_that_was_not_open_to_her(
        self, pair: tuple[Person, Person, Worker, Worker]
    ) -> None:
        strict, plain, _, colleague = pair
        other = a_worker("Elsewhere", role="social_worker", team=a_team("Another"))
        Named.objects.create(person=strict, worker=other, **recorded("named"))
        link(plain, strict, by=colleague)
        assert plain.pk not in self.seen(other)
