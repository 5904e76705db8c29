"""Teams and the people in post, for choosing from and for naming."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from kith.foundation.prepared import Prepared

from .models import Post, Team, Worker
from .viewer import Viewer


def teams() -> QuerySet[Team]:
    """Every team, by name."""
    return Team.objects.order_by("name")


def workers_of(*, team: int, on: date) -> QuerySet[Worker]:
    """The people in post in a team on a day, by name."""
    in_post = Post.objects.filter(Q(ended_on=None) | Q(ended_on__gte=on), team_id=team, started_on__lte=on)
    return Worker.objects.filter(pk__in=in_post.values("worker_id")).order_by("name")


def names_of(*, workers: Iterable[int | None]) -> dict[int, str]:
    """The names of these workers, by id, in one query; nobody is left out for having left."""
    wanted = {worker for worker in workers if worker is not None}
    return dict(Worker.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def team_names(viewer: Viewer) -> dict[int, str]:
    """The name of every team, by id, in order of their names; read once in a request."""
    if "team_names" not in viewer.memo:
        viewer.memo["team_names"] = dict(_team_names.ask())
    found: dict[int, str] = viewer.memo["team_names"]
    return found


@Prepared
def _team_names() -> QuerySet[Any, Any]:
    return teams().values_list("pk", "name")
