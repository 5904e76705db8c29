"""The viewer: who is asking, as what, in which teams. Every read takes one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from .models import Account, Post
from .policy import policy


@dataclass(frozen=True)
class Viewer:
    """A worker signed in, in the post held today. `role` is empty for somebody with no post: they may do nothing."""

    worker: int | None
    name: str
    role: str
    teams: tuple[int, ...] = ()
    team_names: tuple[str, ...] = ()

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
    posts = [
        post
        for post in Post.objects.filter(worker_id=account.worker_id).select_related("team").order_by("started_on", "id")
        if post.started_on <= today and (post.ended_on is None or post.ended_on >= today)
    ]
    return Viewer(
        worker=account.worker_id,
        name=account.worker.name,
        role=posts[-1].role if posts else "",
        teams=tuple(post.team_id for post in posts),
        team_names=tuple(post.team.name for post in posts),
    )
