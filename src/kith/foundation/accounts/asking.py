"""Checking a password with the throttle in front of it: one place for signing in and for signing in again."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from kith.foundation.access.models import Account

from . import actions, throttle

WRONG = "The e-mail address or the password is not right. Check both and try again."
WRONG_PASSWORD = "The password is not right. Check it and try again."  # noqa: S105 - words for a screen
WAIT = "There have been several wrong tries. Wait a minute, then try again."


def account_or_why(request: HttpRequest, *, email: str, password: str) -> Account | str:
    """The account that these open, or what to tell the person. A wrong address and a wrong password are told alike."""
    who = {"email": email, "address": request.META.get("REMOTE_ADDR", "")}
    now = timezone.now()
    if throttle.wait_left(**who, now=now):
        return WAIT
    account = actions.account_for(email=email, password=password)
    if account is None:
        throttle.went_wrong(**who, now=now)
        return WRONG
    throttle.went_right(**who)
    return account


def wrong_password(request: HttpRequest, *, account: Account, password: str) -> str | None:
    """What to tell somebody signed in whose password this is not; nothing when it is theirs."""
    found = account_or_why(request, email=account.email, password=password)
    if isinstance(found, str):
        return WRONG_PASSWORD if found == WRONG else found
    return None
