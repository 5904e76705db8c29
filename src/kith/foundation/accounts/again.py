"""Proving again who one is, before a sensitive act: the password, or outside production one click as the persona."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kith.foundation.access import proof
from kith.foundation.access.door import opens_to_everyone

from . import actions, asking
from .forms import AgainForm
from .going_on import next_page


@opens_to_everyone
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_again(request: Any) -> HttpResponse:
    """Ask for the proof again; then on to where the person was, with what they had sent."""
    if request.viewer.worker is None:
        return redirect_to_login(next_page(request))
    one_click = _may_click(request)
    form = AgainForm(request.POST if request.method == "POST" and not one_click else None)
    if request.method == "POST":
        problem = None if one_click else _wrong(request, form)
        if problem is None:
            actions.prove_again(request=request)
            return _go_on(request)
        form.add_error(None, problem) if problem else None
    context = {"form": form, "next": next_page(request), "one_click": one_click, "held": proof.held(request)}
    return render(request, "accounts/again.html", context)


@opens_to_everyone
@never_cache
@require_http_methods(["GET"])
def send_held(request: Any) -> HttpResponse:
    """What had been sent, ready to go on its way."""
    waiting = proof.held(request) if request.viewer.worker is not None else None
    if waiting is None:
        return redirect(next_page(request))
    return render(request, "accounts/send_held.html", {"held": waiting})


def _may_click(request: HttpRequest) -> bool:
    """Somebody invented, signed in with one click, proves it with one; a real account never can."""
    last = proof.proof_of(request)
    return not settings.PRODUCTION and last is not None and last.how == "persona"


def _wrong(request: Any, form: AgainForm) -> str | None:
    """What is wrong with what was typed; nothing when it is right, an empty word when the form says it itself."""
    if not form.is_valid():
        return ""
    return asking.wrong_password(request, account=request.user, password=form.cleaned_data["password"])


def _go_on(request: HttpRequest) -> HttpResponse:
    if proof.held(request) is not None:
        return redirect("send_held")
    return HttpResponseRedirect(next_page(request))
