"""Choosing who to be in the demonstration."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kith.foundation.access.door import opens_to_everyone
from kith.foundation.accounts import actions
from kith.foundation.accounts.going_on import next_page

from . import queries


@opens_to_everyone
@never_cache
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Everybody who may be signed in as."""
    context = {"personas": queries.personas(), "next": next_page(request, default="")}
    return render(request, "personas/choose.html", context)


@opens_to_everyone
@require_POST
def become(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as one of them, with no password: nobody here is real."""
    account = queries.account_of(key=key)
    if account is None:
        raise Http404(key)
    actions.sign_in(request=request, account=account, how="persona")
    return HttpResponseRedirect(next_page(request))
