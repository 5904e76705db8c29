"""Checking a password or a code with the throttle in front of it: one place for signing in and signing in again."""

from __future__ import annotations

import logging

from django.http import HttpRequest
from django.utils import timezone

from kith.foundation.access.models import Account

from . import actions, devices, factors, throttle
from .throttle import CODE, CODE_ANYWHERE, PASSWORD, Key

WRONG = "The e-mail address or the password is not right. Check both and try again."
WRONG_PASSWORD = "The password is not right. Check it and try again."  # noqa: S105 - words for a screen
WRONG_CODE = "That code is not right, or has been used. Wait for the next one and try again."
WAIT = "There have been several wrong tries. Wait a minute, then try again."


def account_or_why(request: HttpRequest, *, email: str, password: str) -> Account | str:
    """The account that these open, or what to tell the person. A wrong address and a wrong password are told alike."""
    number = actions.number_of(email=email)
    known = devices.known(request, account=number)
    key = Key("password", email, known or devices.source_of(request), PASSWORD)
    if not throttle.may_try(key, now=timezone.now()):
        return WAIT
    account = actions.account_for(email=email, password=password)
    if account is None:
        _note("password", account=number, known=bool(known))
        return WRONG
    throttle.went_right(key)
    return account


def wrong_password(request: HttpRequest, *, account: Account, password: str) -> str | None:
    """What to tell somebody signed in whose password this is not; nothing when it is theirs."""
    found = account_or_why(request, email=account.email, password=password)
    if isinstance(found, str):
        return WRONG_PASSWORD if found == WRONG else found
    return None


def wrong_code(request: HttpRequest, *, account: Account, code: str) -> str | None:
    """What to tell somebody whose code this is not; nothing when it is right."""
    known = devices.known(request, account=account.pk)
    keys = [Key("code", str(account.pk), known or devices.source_of(request), CODE)]
    if not known:
        keys.append(Key("code", str(account.pk), "anywhere", CODE_ANYWHERE))
    if not throttle.may_try(*keys, now=timezone.now()):
        return WAIT
    if not factors.code_is_right(account=account, code=code):
        _note("code", account=account.pk, known=bool(known))
        return WRONG_CODE
    throttle.went_right(*keys)
    return None


def _note(what: str, *, account: int | None, known: bool) -> None:
    """A wrong try, in the server's log; one that came while waiting was not judged. Signing in is in the history.

    It is not in the history too, which is kept: strangers could fill that.
    """
    whose = f"account {account}" if account else "no account"
    where = "a device it is used on" if known else "elsewhere"
    logging.getLogger(__name__).warning("wrong %s: %s, from %s", what, whose, where)
