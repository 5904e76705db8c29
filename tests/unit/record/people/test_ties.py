"""Records of one person: who is tied to whom, which leads, and that the stricter restriction holds for both."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories import a_child, a_worker, bar, recorded, restrict, viewer

from kith.foundation.access.models import Worker
from kith.record.people import ties
from kith.record.people.access import hidden_from, visible_to
from kith.record.people.models import Person, Same

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
