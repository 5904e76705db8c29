"""Signing in and out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from django.utils import timezone

from kith.foundation.access.models import Account
from kith.foundation.access.proof import POST_KEPT_AS, post_of, proof_of, proved
from kith.foundation.access.viewer import viewer_for
from kith.foundation.history.actor import Actor, acting
from kith.vocabulary.errors import KithError

from . import devices
from .sessions import BEGAN, DEVICE

BACKEND = "kith.foundation.access.viewer.Door"


class NotOpen(KithError):
    """The account is closed."""


def number_of(*, email: str) -> int | None:
    """The number of the account with this address, if there is one."""
    return Account.objects.filter(email__iexact=email.strip()).values_list("pk", flat=True).first()


def account_for(*, email: str, password: str) -> Account | None:
    """The account that this e-mail and password open, or None. It takes as long when there is no such account."""
    account = Account.objects.filter(email__iexact=email.strip()).first()
    if account is None:
        make_password(password)  # as much work as checking one, so that the time taken tells nothing
        return None
    right = check_password(password, account.password, setter=lambda raw: _hash_again(account, raw))
    if not right or is_the_address(account, password):
        return None
    try:
        check_open(account)
    except NotOpen:
        return None
    return account


def is_the_address(account: Account, password: str) -> bool:
    """Whether a password is the address it goes with, or the part before the @: never good enough, wherever it came
    from."""
    said = password.strip().lower()
    return said in (account.email.lower(), account.email.lower().partition("@")[0])


def check_open(account: Account) -> None:
    """Raise NotOpen for a closed account; one that nobody used for too long is closed here and now."""
    if account.is_active and is_dormant(account, now=timezone.now()):
        with acting(Actor(worker=account.worker_id, role="signing in")):
            close(account=account, why="dormant", at=timezone.now())
    if not account.is_active:
        raise NotOpen("This account is closed.", mend="Ask whoever keeps accounts to open it.")


def is_dormant(account: Account, *, now: datetime) -> bool:
    """Whether nobody has used the account for longer than an account may rest."""
    used = max(each for each in (account.last_login, account.opened_at) if each is not None)
    return now - used > timedelta(days=settings.DORMANT_DAYS)


def close(*, account: Account, why: str, at: datetime) -> None:
    """Close the account and end everything it has open. `why` is "dormant", "left" or "closed"."""
    account.is_active, account.closed_at, account.closed_why = False, at, why
    account.save(update_fields=["is_active", "closed_at", "closed_why"])
    end_sessions(account=account)


def end_sessions(*, account: Account, but: str = "") -> int:
    """End every session of the account, but for one; how many there were."""
    return account.sessions.exclude(session_key=but).delete()[0]


def set_password(*, account: Account, password: str) -> None:
    """Another password, already judged good enough by the form."""
    account.set_password(password)
    account.save(update_fields=["password"])


def _hash_again(account: Account, password: str) -> None:
    """Keep the password under today's hash settings. Only this writes: hashing itself holds no lock on the database."""
    with acting(Actor(worker=account.worker_id, role="signing in")):
        account.set_password(password)
        account.save(update_fields=["password"])


def sign_in(*, request: HttpRequest, account: Account, how: str) -> None:
    """Sign the account in; `how` it was proved whose it is. The session is a new one: one planted beforehand is gone.

    It ends at a moment fixed now: being used does not lengthen it.
    """
    request.session.flush()
    with acting(Actor(worker=account.worker_id, role="signing in")):
        login(request, account, backend=BACKEND)
    now = timezone.now()
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    request.session[BEGAN], request.session[DEVICE] = now.isoformat(), devices.in_words(request)
    request.session[POST_KEPT_AS] = post_of(viewer_for(account))
    proved(request, how=how)


def prove_again(*, request: HttpRequest) -> None:
    """The person signed in has just proved again who they are."""
    last = proof_of(request)
    if last is None:
        raise RuntimeError("Nobody who is not signed in can prove who they are again.")
    proved(request, how=last.how)


def sign_out(*, request: HttpRequest) -> None:
    """Sign out, and forget the session altogether."""
    logout(request)
