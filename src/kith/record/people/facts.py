"""Who had a part in each child's life, and from when until when, as safeguards see it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, Q, Value, When

from .models import Involvement

# How the role of an involvement begins, by what safeguards call that part.
PARTS = {"worker": "allocated", "reviewing_officer": "reviewing officer"}


def parts(kinds: Collection[str], *, since: date | None = None) -> list[tuple[Any, ...]]:
    """Child, kind, ref, first and last day of each part of these kinds (of PARTS) that a named worker had since a day.

    In one query, however many kinds.
    """
    chosen = {kind: Q(role__istartswith=PARTS[kind]) for kind in kinds}
    if not chosen:
        return []
    called = Case(*(When(role, then=Value(kind)) for kind, role in chosen.items()), output_field=CharField())
    rows = Involvement.objects.filter(reduce(or_, chosen.values())).exclude(worker=None)
    if since:
        rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=since))
    return list(rows.values_list("person_id", called, "ref", "started_on", "ended_on"))
