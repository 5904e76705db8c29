"""The viewer: who is asking, as what, in which teams. Every read takes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from .models import Account, Post, Team
from .policy import policy


@dataclass(frozen=True)
class Viewer:
    """A worker signed in, in the post held today. `role` is empty for somebody with no post: they may do nothing."""

    worker: int | None
    name: str
    role: str
    teams: tuple[int, ...] = ()
    team_names: tuple[str, ...] = ()
    at_the_top: bool = False  # in post in the team above every other
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)  # what one request worked out once

    def may(self, capability: str) -> bool:
        """Whether the policy lets this viewer do `capability`."""
        return policy().may(role=self.role, capability=capability)

    @property
    def title(self) -> str:
        """The role in words."""
        roles = policy().roles
        return roles[self.role].title if self.role in roles else "No post"


NOBODY = Viewer(worker=None, name="", role="")


def viewer_for(account: Account) -> Viewer:
    """The viewer an account is today: its posts are read at each request, so that a leaver is cut off at once."""
    today = timezone.localdate()
    below = Team.objects.filter(parent=OuterRef("team"))
    held = Post.objects.filter(worker_id=account.worker_id).select_related("team").annotate(teams_below=Exists(below))
    posts = [
        post
        for post in held.order_by("started_on", "id")
        if post.started_on <= today and (post.ended_on is None or post.ended_on >= today)
    ]
    return Viewer(
        worker=account.worker_id,
        name=account.worker.name,
        role=posts[-1].role if posts else "",
        teams=tuple(post.team_id for post in posts),
        team_names=tuple(post.team.name for post in posts),
        at_the_top=any(post.team.parent_id is None and post.teams_below for post in posts),
    )
