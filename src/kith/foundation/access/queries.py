"""Teams and the people in post, for choosing from and for naming."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from .models import Post, Team, Worker


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


def names_of_teams(*, teams: Iterable[int | None]) -> dict[int, str]:
    """The names of these teams, by id, in one query."""
    wanted = {team for team in teams if team is not None}
    return dict(Team.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
