"""Writing periods: opened, changed, and voided where they should never have been; the caller moves the clocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.record.people.models import Person

from .models import Period


@transaction.atomic
def put_period(*, ref: str, kind: str, child: Person, by: Worker, team: int | None = None, **columns: Any) -> Period:
    """Open a period under this ref, or change the one that is there and not voided."""
    held = Period.objects.select_for_update().filter(ref=ref, kind=kind, voided_at=None).first()
    if held is None:
        given = {"recorded_at": timezone.now(), "recorded_by": by, "worker": by, "team_id": team}
        return Period.objects.create(ref=ref, kind=kind, person=child, **given, **columns)
    write(held, columns)
    return held


def write(held: Period, columns: Mapping[str, Any]) -> None:
    """Change these columns of a period that is locked; it has a new version."""
    for name, value in columns.items():
        setattr(held, name, value)
    held.version += 1
    held.save(update_fields=[*columns, "version"])


@transaction.atomic
def void_period(*, ref: str) -> None:
    """Say of a period that it never was. It stays in the record, marked; nobody counts it."""
    held = Period.objects.select_for_update().filter(ref=ref, voided_at=None).first()
    if held is not None:
        held.voided_at, held.version = timezone.now(), held.version + 1
        held.save(update_fields=["voided_at", "version"])
