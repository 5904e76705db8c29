"""Referrals that nobody was allocated to: kept in step with the facts, in the transaction that changes them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.factories import a_child, a_period, a_step, a_worker, allocate, bar, viewer

from kith.record.deadlines.actions import recompute
from kith.record.people.models import Person
from kith.record.steps.filters import WorkFilter
from kith.record.steps.models import Step, Unallocated
from kith.record.steps.queries import first_few

TODAY = timezone.localdate
NOBODY = WorkFilter(kind="referral", held="nobody")


def a_referral(child: Person, **columns: object) -> Step:
    """A referral that was taken up eight days ago, and the need it opened."""
    need = a_period(child, "need", code="N1", days=9)
    columns.setdefault("done_on", TODAY() - timedelta(days=8))
    return a_step(child, kind="referral", code="", span=need.ref, opened_on=TODAY() - timedelta(days=9), **columns)


def test_a_referral_is_listed_until_somebody_is_allocated_and_again_if_she_is_taken_away(record: None) -> None:
    child, worker = a_child(), a_worker()
    referral = a_referral(child)
    recompute(people=[child.pk], on=TODAY())
    assert [each.pk for each in first_few(viewer(worker), NOBODY, first=5).rows] == [referral.pk]
    held = allocate(child, worker)
    recompute(people=[child.pk], on=TODAY())
    assert first_few(viewer(worker), NOBODY, first=5).count == 0
    held.delete()
    recompute(people=[child.pk], on=TODAY())
    assert first_few(viewer(worker), NOBODY, first=5).count == 1


def test_one_undecided_or_turned_away_waits_for_nobody(record: None) -> None:
    undecided, away = a_child("Not", "Decided"), a_child("Turned", "Away")
    a_referral(undecided, done_on=None)
    a_referral(away).parts.update(outcome="nfa")
    recompute(people=[undecided.pk, away.pk], on=TODAY())
    assert Unallocated.objects.count() == 0


def test_a_rebuild_of_everything_gives_the_same_rows(record: None) -> None:
    children = [a_child(f"Child{number}") for number in range(4)]
    for number, child in enumerate(children):
        a_referral(child)
        if number % 2:
            allocate(child, a_worker(f"Worker {number}"))
        recompute(people=[child.pk], on=TODAY())
    kept = set(Unallocated.objects.values_list("pk", flat=True))
    assert len(kept) == 2
    Unallocated.objects.all().delete()
    recompute(people=None, on=TODAY())
    assert set(Unallocated.objects.values_list("pk", flat=True)) == kept


def test_it_is_listed_to_nobody_who_may_not_know_of_the_child(record: None) -> None:
    child, barred = a_child(), a_worker()
    a_referral(child)
    recompute(people=[child.pk], on=TODAY())
    bar(barred, child)
    assert first_few(viewer(barred), NOBODY, first=5).count == 0
