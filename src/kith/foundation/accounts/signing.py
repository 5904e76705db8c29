"""A sign-in that is half done: the first proof was given, the second not yet. Until then nobody is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone

from kith.foundation.access.models import Account

from . import actions, devices, factors
from .going_on import next_page

KEPT_AS = "signing_in"
LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class HalfDone:
    """Whose it is, how it began ("password" or "council"), and where it is to lead."""

    account: Account
    how: str
    next: str


def begin(request: HttpRequest, *, account: Account, how: str, onward: str | None = None) -> HttpResponse:
    """The first proof is given: on to the second, or to enrolling when the account has none yet."""
    onward = next_page(request, default="") if onward is None else onward
    request.session.flush()
    request.session[KEPT_AS] = {"account": account.pk, "how": how, "at": timezone.now().isoformat(), "next": onward}
    return redirect("second_proof" if factors.held_by(account).any else "enrol")


def half_done(request: HttpRequest) -> HalfDone | None:
    """The sign-in that this browser has begun, if it is not too old and its account is still open."""
    kept: dict[str, Any] | None = request.session.get(KEPT_AS)
    if not kept or timezone.now() - datetime.fromisoformat(kept["at"]) > LASTS:
        return None
    account = Account.objects.filter(pk=kept["account"], is_active=True).first()
    return HalfDone(account, kept["how"], kept["next"]) if account else None


def finish(request: HttpRequest, *, account: Account, how: str, onward: str) -> HttpResponse:
    """Every proof is given: sign in, and go on."""
    actions.sign_in(request=request, account=account, how=how)
    return known_from_now(request, HttpResponseRedirect(onward or "/"), account=account)


def known_from_now(request: HttpRequest, response: HttpResponse, *, account: Account) -> HttpResponse:
    """The same answer, with the device known to the account."""
    devices.remember(request, response, account=account.pk)
    return response
