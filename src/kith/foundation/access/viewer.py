"""The viewer: who is asking, as what, in which teams. Every read takes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from kith.foundation.prepared import Prepared, number

from .models import Account, Post, Team, Worker
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
    held = _posts.ask(worker=account.worker_id) if account.posts_read is None else account.posts_read
    posts = [post for post in held if post.started_on <= today and (post.ended_on is None or post.ended_on >= today)]
    return Viewer(
        worker=account.worker_id,
        name=account.worker.name,
        role=posts[-1].role if posts else "",
        teams=tuple(post.team_id for post in posts),
        team_names=tuple(post.team.name for post in posts),
        at_the_top=any(post.team.parent_id is None and post.teams_below for post in posts),
    )


def worker_of(viewer: Viewer) -> Worker:
    """The worker who is signed in, to be named in what she records. Raises Worker.DoesNotExist for nobody."""
    return Worker.objects.get(pk=viewer.worker)


class Door(ModelBackend):
    """Who is signed in, with the posts they have held: read in one query at each request."""

    def get_user(self, user_id: int) -> Account | None:
        """The account of that number, if it may be used."""
        posts = _posts_of_account.ask(account=user_id)
        if not posts:
            return super().get_user(user_id)  # nobody who ever held a post: the page says that they may do nothing
        account: Account = posts[0].worker.account
        account.worker, account.posts_read = posts[0].worker, posts
        return account if self.user_can_authenticate(account) else None


@Prepared
def _posts() -> QuerySet[Post]:
    return _held().filter(worker_id=number("worker"))


@Prepared
def _posts_of_account() -> QuerySet[Post]:
    return _held().filter(worker__account=number("account")).select_related("team", "worker__account")


def _held() -> QuerySet[Post]:
    below = Team.objects.filter(parent=OuterRef("team"))
    return Post.objects.select_related("team").annotate(teams_below=Exists(below)).order_by("started_on", "id")
