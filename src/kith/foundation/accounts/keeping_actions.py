"""Opening and closing accounts, giving and ending posts, keeping teams: never one's own, always in the history."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.contrib.auth.tokens import default_token_generator
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from kith.foundation.access.models import Account, Post, Team, Worker
from kith.foundation.access.policy import policy
from kith.foundation.access.viewer import Viewer
from kith.vocabulary.errors import KithError

from . import actions, factors


class MayNot(KithError):
    """What was asked may not be done."""


def check_not_oneself(*, by: Viewer, worker: Worker) -> None:
    """Nobody changes their own account, post or teams: somebody else must."""
    if by.worker == worker.pk:
        raise MayNot("Nobody changes their own account or posts.", mend="Ask somebody else who keeps accounts.")


def new_worker(*, name: str, title: str) -> Worker:
    """Somebody who starts work here."""
    return Worker.objects.create(ref=f"worker:{uuid.uuid4()}", name=name, title=title)


def open_account(*, by: Viewer, worker: Worker, email: str, at: datetime) -> Account:
    """An account for a worker, or the closed one again. It opens nothing before its owner has chosen a password."""
    check_not_oneself(by=by, worker=worker)
    taken = Account.objects.filter(email__iexact=email).exclude(worker=worker).exists()
    if taken:
        raise MayNot(f"{email} is the address of another account.", mend="Use this worker's own address.")
    account = Account.objects.filter(worker=worker).first()
    if account is None:
        account = Account(worker=worker)
        account.set_unusable_password()
    account.email, account.is_active, account.opened_at = email, True, at
    account.closed_at, account.closed_why = None, ""
    account.save()
    return account


def close_account(*, by: Viewer, worker: Worker, why: str, at: datetime) -> None:
    """Close an account; whoever is signed in with it is out at once."""
    check_not_oneself(by=by, worker=worker)
    actions.close(account=worker.account, why=why, at=at)


def first_link(*, by: Viewer, account: Account) -> str:
    """The two parts of the link that lets an account's owner choose a password; it works once, for three days."""
    check_not_oneself(by=by, worker=account.worker)
    return f"{urlsafe_base64_encode(force_bytes(account.pk))}/{default_token_generator.make_token(account)}"


def account_of_link(*, named: str, token: str) -> Account | None:
    """The open account that a link is for, while it is good."""
    try:
        pk = int(urlsafe_base64_decode(named).decode())
    except (ValueError, UnicodeDecodeError):
        return None
    account = Account.objects.filter(pk=pk, is_active=True).first() if pk < 2**63 else None
    return account if account is not None and default_token_generator.check_token(account, token) else None


def begin_anew(*, by: Viewer, account: Account) -> None:
    """The telephone is lost: forget every second proof and end every session. A new one is enrolled at next sign-in."""
    check_not_oneself(by=by, worker=account.worker)
    factors.take_all_away(account=account)
    actions.end_sessions(account=account)


def give_post(*, by: Viewer, worker: Worker, team: Team, role: str, started_on: date, ended_on: date | None) -> Post:
    """A post from a day, perhaps until a day. Several may be held; what the last begun one opens is what counts."""
    check_not_oneself(by=by, worker=worker)
    if role not in policy().roles:
        raise MayNot("There is no such role.")
    if ended_on is not None and ended_on < started_on:
        raise MayNot("The last day is before the first.")
    same = Post.objects.filter(Q(ended_on=None) | Q(ended_on__gte=started_on), worker=worker, team=team, role=role)
    if (same.filter(started_on__lte=ended_on) if ended_on else same).exists():
        raise MayNot("This worker holds this post already in that time.")
    return Post.objects.create(
        ref=f"post:{uuid.uuid4()}", worker=worker, team=team, role=role, started_on=started_on, ended_on=ended_on
    )


def end_post(*, by: Viewer, post: Post, last_day: date, today: date) -> None:
    """The last day of a post. Where no other is held from tomorrow, or today when it is over already, sessions end."""
    check_not_oneself(by=by, worker=post.worker)
    if last_day < post.started_on - timedelta(days=1):
        raise MayNot("The last day is before the first.")
    post.ended_on = last_day
    post.save(update_fields=["ended_on"])
    account = Account.objects.filter(worker=post.worker).first()
    left = Post.objects.filter(Q(ended_on=None) | Q(ended_on__gte=today), worker=post.worker, started_on__lte=today)
    if account is not None and not left.exists():
        actions.end_sessions(account=account)


def keep_team(*, team: Team | None, name: str, parent: Team | None) -> Team:
    """A team with its name and the team it belongs to; a team belongs to none of those below it."""
    above = parent
    while above is not None:
        if team is not None and above.pk == team.pk:
            raise MayNot("A team cannot belong to itself, or to a team below it.")
        above = above.parent
    if Team.objects.filter(name__iexact=name).exclude(pk=team.pk if team else None).exists():
        raise MayNot("Another team has this name.")
    team = team or Team(ref=f"team:{uuid.uuid4()}")
    team.name, team.parent = name, parent
    team.save()
    return team
