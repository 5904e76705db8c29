"""Workers with their accounts and posts, and teams, for those who keep them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from kith.foundation.access.models import Account, Post, Team, Worker
from kith.foundation.access.policy import policy

SOON = timedelta(days=10)


@dataclass(frozen=True)
class AccountLine:
    """One worker of the list."""

    worker: Worker
    posts: str
    state: str
    colour: str
    used_at: datetime | None


def workers(*, words: str, which: str, on: date) -> QuerySet[Worker]:
    """Workers by name; `which` is "open", "closed", "none" (no account) or empty for all."""
    held = Post.objects.filter(Q(ended_on=None) | Q(ended_on__gte=on)).select_related("team").order_by("started_on")
    found = Worker.objects.select_related("account").prefetch_related(Prefetch("posts", held, to_attr="held"))
    for word in words.split()[:6]:
        found = found.filter(Q(name__icontains=word) | Q(account__email__icontains=word))
    chosen = {"open": {"account__is_active": True}, "closed": {"account__is_active": False}}
    if which == "none":
        found = found.filter(account=None, pk__in=held.values("worker_id"))
    return found.filter(**chosen.get(which, {})).order_by("name", "pk")


def line(worker: Worker, *, now: datetime) -> AccountLine:
    """A worker as the list shows it. The worker came from `workers`."""
    account: Account | None = getattr(worker, "account", None)
    state, colour = state_of(account, now=now)
    posts = "; ".join(post_in_words(post) for post in worker.held)  # type: ignore[attr-defined]
    return AccountLine(worker, posts or "No post", state, colour, account.last_login if account else None)


def state_of(account: Account | None, *, now: datetime) -> tuple[str, str]:
    """How an account stands, and the colour of its tag."""
    if account is None:
        return "No account", "grey"
    if not account.is_active:
        return {"dormant": "Closed: not used", "left": "Closed: has left"}.get(account.closed_why, "Closed"), "red"
    used = max(each for each in (account.last_login, account.opened_at) if each is not None)
    ends = used + timedelta(days=settings.DORMANT_DAYS)
    return ("Closes soon", "yellow") if ends - now < SOON else ("Open", "green")


def post_in_words(post: Post) -> str:
    """A post: the role, and the team."""
    roles = policy().roles
    return f"{roles[post.role].title if post.role in roles else post.role}, {post.team.name}"


def teams_with_counts(*, on: date) -> list[tuple[Team, int, int]]:
    """Every team in the order of the tree, with how deep it lies and how many are in post."""
    in_post = Post.objects.filter(Q(ended_on=None) | Q(ended_on__gte=on), started_on__lte=on)
    counted = Counter(in_post.values_list("team_id", flat=True))
    below: dict[int | None, list[Team]] = {}
    for team in Team.objects.order_by("name"):
        below.setdefault(team.parent_id, []).append(team)
    shown: list[tuple[Team, int, int]] = []

    def put(parent: int | None, depth: int) -> None:
        for team in below.get(parent, []):
            shown.append((team, depth, counted[team.pk]))
            put(team.pk, depth + 1)

    put(None, 0)
    return shown
