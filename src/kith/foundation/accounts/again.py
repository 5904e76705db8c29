"""Proving again who one is, before a sensitive act: as at sign-in, or outside production one click as the persona."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kith.foundation.access import proof
from kith.foundation.access.door import SIGNED_IN, opens_to

from . import actions, asking, factors
from .forms import AgainForm, PasskeyForm
from .going_on import next_page


@opens_to(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def sign_in_again(request: Any) -> HttpResponse:
    """Ask for the proof again; then on to where the person was, with what they had sent."""
    one_click = _may_click(request)
    form = _again_form(request, request.POST if request.method == "POST" and not one_click else None)
    if request.method == "POST" and (one_click or (form.is_valid() and _is_right(request, form))):
        return _go_on(request)
    return _page(request, form)


@opens_to(SIGNED_IN)
@require_POST
def again_passkey_ask(request: Any) -> HttpResponse:
    """What the browser needs to ask for a passkey of this account."""
    return JsonResponse(factors.ask_for_passkey(account=request.user))


@opens_to(SIGNED_IN)
@require_POST
def again_passkey(request: Any) -> HttpResponse:
    """A passkey proves it: that it is there, and that its holder is."""
    try:
        factors.account_of_passkey(PasskeyForm(request.POST).answer(), account=request.user)
    except factors.NotThatFactor as wrong:
        return _page(request, _again_form(request), problem=wrong.sentence)
    return _go_on(request)


@opens_to(SIGNED_IN)
@require_http_methods(["GET"])
def send_held(request: Any) -> HttpResponse:
    """What had been sent, ready to go on its way."""
    waiting = proof.held(request)
    if waiting is None:
        return redirect(next_page(request))
    return render(request, "accounts/send_held.html", {"held": waiting})


def _page(request: Any, form: AgainForm, problem: str = "") -> HttpResponse:
    context = {
        "form": form,
        "next": next_page(request),
        "one_click": _may_click(request),
        "held": proof.held(request),
        "passkeys": factors.held_by(request.user).passkeys,
        "problem": problem,
        "by_council": _by_council(request),
    }
    return render(request, "accounts/again.html", context)


def _again_form(request: Any, posted: Any = None) -> AgainForm:
    """Password and code; the code alone for somebody who has no password here, but the council's sign-in."""
    form = AgainForm(posted)
    if not request.user.has_usable_password():
        del form.fields["password"]
    return form


def _may_click(request: HttpRequest) -> bool:
    """Somebody invented, signed in with one click, proves it with one; a real account never can."""
    last = proof.proof_of(request)
    return not settings.PRODUCTION and last is not None and last.how == "persona"


def _by_council(request: HttpRequest) -> bool:
    """Whether the council's sign-in gave both factors, and may give them again."""
    last = proof.proof_of(request)
    return bool(settings.COUNCIL) and last is not None and last.how == "council"


def _is_right(request: Any, form: AgainForm) -> bool:
    """Whether both are right. What is wrong is told of the first that is: no code is tried after a wrong password."""
    if "password" in form.fields:
        problem = asking.wrong_password(request, account=request.user, password=form.cleaned_data["password"])
        if problem:
            form.add_error("password", problem)
            return False
    problem = asking.wrong_code(request, account=request.user, code=form.cleaned_data["code"])
    if problem:
        form.add_error("code", problem)
    return problem is None


def _go_on(request: HttpRequest) -> HttpResponse:
    actions.prove_again(request=request)
    if proof.held(request) is not None:
        return redirect("send_held")
    return HttpResponseRedirect(next_page(request))
