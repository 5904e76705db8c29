"""Which referrals nobody was allocated to: worked out whenever the facts of their children change."""

from __future__ import annotations

from collections.abc import Sequence

from kith.record.deadlines.rows import OfPeople
from kith.record.periods.queries import unallocated_needs

from .models import Part, Unallocated

_needs = OfPeople(lambda: unallocated_needs().values_list("person_id", "ref"))
_held = OfPeople(Unallocated.objects.all, path="part__person_id")


def keep(people: Sequence[int] | None) -> None:
    """Bring the rows of these people (None: everybody) into step with who is allocated now."""
    wanted = _wanted(people)
    held = {row.pk for row in _held.ask(people)}
    Unallocated.objects.filter(pk__in=held - wanted).delete()
    Unallocated.objects.bulk_create([Unallocated(part_id=each) for each in sorted(wanted - held)], batch_size=500)


def _wanted(people: Sequence[int] | None) -> set[int]:
    needs = _needs.ask(people)
    if not needs:
        return set()
    parts = Part.objects.filter(person_id__in={person for person, _ in needs}, span__in={ref for _, ref in needs})
    taken_up = parts.filter(step__kind="referral", step__done_on__isnull=False).exclude(outcome="nfa")
    return set(taken_up.values_list("pk", flat=True))
