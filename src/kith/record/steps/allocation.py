"""Which referrals nobody was allocated to: worked out whenever the facts of their children change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet, Value

from kith.foundation.prepared import OneOf
from kith.record.deadlines.rows import OfPeople
from kith.record.periods.queries import unallocated_needs

from .models import Part, Unallocated


def _asked(hers: OneOf) -> QuerySet[Any, Any]:
    """In one query: the needs that nobody is allocated to, by person and ref; and what is held, with no ref."""
    needs = unallocated_needs().filter(hers("person_id")).values_list("person_id", "ref")
    held = Unallocated.objects.filter(hers("part__person_id")).values_list("part_id", Value(""))
    return needs.union(held, all=True)


_needed_and_held = OfPeople(_asked)


def keep(people: Sequence[int] | None) -> None:
    """Bring the rows of these people (None: everybody) into step with who is allocated now."""
    rows = _needed_and_held.ask(people)
    wanted = _wanted({(person, ref) for person, ref in rows if ref})
    held = {part for part, ref in rows if not ref}
    Unallocated.objects.filter(pk__in=held - wanted).delete()
    Unallocated.objects.bulk_create([Unallocated(part_id=each) for each in sorted(wanted - held)], batch_size=500)


def _wanted(needs: Collection[tuple[int, str]]) -> set[int]:
    if not needs:
        return set()
    parts = Part.objects.filter(person_id__in={person for person, _ in needs}, span__in={ref for _, ref in needs})
    taken_up = parts.filter(step__kind="referral", step__done_on__isnull=False).exclude(outcome="nfa")
    return set(taken_up.values_list("pk", flat=True))
