"""Signing in and out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kith.foundation.access.door import opens_to_everyone
from kith.foundation.history.actor import Actor, acting

from . import actions, asking, factors, signing
from .forms import PasskeyForm, SignInForm
from .going_on import next_page


@opens_to_everyone
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: Any) -> HttpResponse:
    """E-mail and password; then on to the second proof."""
    if request.method == "GET" and request.viewer.worker is not None:
        return redirect(next_page(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = asking.account_or_why(request, **form.cleaned_data)
        if not isinstance(found, str):
            return signing.begin(request, account=found, how="password")
        form.add_error(None, found)
    return _page(request, form)


@opens_to_everyone
@never_cache
@require_POST
def passkey_ask(request: HttpRequest) -> HttpResponse:
    """What the browser needs to ask for a passkey; it tells nothing of who has one."""
    return JsonResponse(factors.ask_for_passkey())


@opens_to_everyone
@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey, which proves both that it is there and that its holder is."""
    form = PasskeyForm(request.POST)
    try:
        with acting(Actor(worker=None, role="signing in")):
            account = factors.account_of_passkey(form.answer())
            actions.check_open(account)
    except (factors.NotThatFactor, actions.NotOpen):
        shown = SignInForm()
        return _page(request, shown, problem="That passkey is not known here. Use another, or sign in with a password.")
    return signing.finish(request, account=account, how="passkey", onward=next_page(request))


@opens_to_everyone
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    actions.sign_out(request=request)
    return redirect(f"{reverse('sign_in')}?{urlencode({'signed_out': 'yes'})}")


def _page(request: HttpRequest, form: SignInForm, problem: str = "") -> HttpResponse:
    shown = {"form": form, "next": next_page(request, default=""), "problem": problem}
    return render(request, "accounts/sign_in.html", shown)
