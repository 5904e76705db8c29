"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from django.utils import timezone

from kith.foundation.access.models import Account
from kith.foundation.access.proof import proof_of, proved
from kith.foundation.history.actor import Actor, acting

BACKEND = "django.contrib.auth.backends.ModelBackend"


def account_for(*, email: str, password: str) -> Account | None:
    """The account that this e-mail and password open, or None. It takes as long when there is no such account."""
    account = Account.objects.filter(email__iexact=email.strip()).first()
    if account is None:
        make_password(password)  # as much work as checking one, so that the time taken tells nothing
        return None
    right = check_password(password, account.password, setter=lambda raw: _hash_again(account, raw))
    return account if right and account.is_active else None


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
    proved(request, how=how)
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def prove_again(*, request: HttpRequest) -> None:
    """The person signed in has just proved again who they are, in the way they did at first."""
    last = proof_of(request)
    if last is None:
        raise RuntimeError("Nobody who is not signed in can prove who they are again.")
    proved(request, how=last.how)


def sign_out(*, request: HttpRequest) -> None:
    """Sign out, and forget the session altogether."""
    logout(request)
