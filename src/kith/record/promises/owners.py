"""Who may keep a promise: workers near the child by name, or somebody of another agency by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kith.foundation.access.models import Post, Worker
from kith.foundation.access.viewer import Viewer
from kith.record.people.access import visible_to
from kith.record.people.models import Involvement, Person

from .models import Promise
from .words import AGENCIES

NAME_THEM = "Name the person who will do it: an agency alone does not keep a promise"


def likely_owners(viewer: Viewer, children: Iterable[Person]) -> list[Worker]:
    """Who may well keep a promise for these children: the viewer, those who work with them, the viewer's teams."""
    seen = visible_to(viewer).filter(pk__in=[child.pk for child in children]).values("pk")
    near = Involvement.objects.filter(person_id__in=seen, ended_on=None).exclude(worker=None).values_list("worker_id")
    team = Post.objects.filter(team_id__in=viewer.teams, ended_on=None).values_list("worker_id")
    workers = Worker.objects.filter(pk__in=near.union(team)).order_by("name")
    mine = Worker.objects.filter(pk=viewer.worker)
    return [*mine, *(each for each in workers if each.pk != viewer.worker)]


def choices(workers: Iterable[Worker]) -> list[tuple[str, str]]:
    """These workers by name, then each other agency."""
    named = [(f"worker:{each.pk}", each.name) for each in workers]
    return named + [(f"agency:{key}", words) for key, words in AGENCIES.items() if key != "social_care"]


def chosen(promise: Promise) -> str:
    """The choice that a promise stands at."""
    if promise.owner_id:
        return f"worker:{promise.owner_id}"
    return f"agency:{promise.owner_agency}" if promise.owner_agency else ""


def lacks_name(choice: str, name: str) -> bool:
    """Whether another agency was chosen with nobody named in it."""
    return choice.startswith("agency:") and not name.strip()


def columns(choice: str, name: str) -> dict[str, Any]:
    """The owner's columns for a choice that was offered: a worker, or an agency and the name of somebody in it."""
    kind, _, key = choice.partition(":")
    if kind == "worker":
        return {"owner": Worker.objects.get(pk=key), "owner_agency": "", "owner_name": ""}
    return {"owner": None, "owner_agency": key, "owner_name": name}


def with_owner(workers: Sequence[Worker], promise: Promise) -> list[Worker]:
    """These workers, and the one who owns the promise now."""
    mine = promise.owner
    return [*workers, mine] if mine and mine not in workers else list(workers)
