"""Choosing a password with a link that somebody who keeps accounts has handed over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kith.foundation.access.door import opens_to_everyone
from kith.foundation.history.actor import Actor, acting

from . import actions, keeping_actions, signing
from .forms import NewPasswordForm


@opens_to_everyone
@never_cache
@require_http_methods(["GET", "POST"])
def first_password(request: HttpRequest, named: str, token: str) -> HttpResponse:
    """Choose it, and go on to the second proof. The link is worth nothing afterwards."""
    account = keeping_actions.account_of_link(named=named, token=token)
    if account is None:
        return render(request, "accounts/old_link.html", status=404)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        with acting(Actor(worker=account.worker_id, role="signing in")):
            actions.set_password(account=account, password=form.cleaned_data["password"])
            actions.end_sessions(account=account)
        return signing.begin(request, account=account, how="password")
    shown = {"form": form, "heading": "Choose a password", "email": account.email}
    return render(request, "accounts/password.html", shown)
