"""Reading the history: what was changed, by whom and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from .models import Change


def changes_to(rows: Mapping[str, Iterable[object]]) -> QuerySet[Change]:
    """Every change to these rows (ids by table), newest first. The caller has been let in to see the rows."""
    wanted = Q(pk__in=[])
    for table, ids in rows.items():
        wanted |= Q(table=table, row__in=[str(each) for each in ids])
    return Change.objects.filter(wanted).order_by("-at", "-pk")
