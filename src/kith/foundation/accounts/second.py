"""The second proof at sign-in, and enrolling one at the first: an app's code, a passkey, or a code on paper."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kith.foundation.access.door import opens_to_everyone
from kith.foundation.history.actor import Actor, acting
from kith.foundation.sealing import seal, unseal

from . import actions, asking, factors, signing
from .forms import AppForm, CodeForm, PasskeyForm
from .signing import HalfDone

SECRET = "new_app"  # noqa: S105 - the name under which the session keeps one, sealed


def half_way(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page between the two proofs: without the first one it leads back to the beginning."""

    @opens_to_everyone
    @never_cache
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        begun = signing.half_done(request)
        if begun is None:
            return redirect("sign_in")
        with acting(Actor(worker=begun.account.worker_id, role="signing in")):
            return view(request, begun, *args, **kwargs)

    checked.opens_to = "public"  # type: ignore[attr-defined]
    return checked


@half_way
@require_http_methods(["GET", "POST"])
def second_proof(request: HttpRequest, begun: HalfDone) -> HttpResponse:
    """The code that the app shows, or one on paper."""
    held = factors.held_by(begun.account)
    if not held.any:
        return redirect("enrol")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        problem = asking.wrong_code(request, account=begun.account, code=form.cleaned_data["code"])
        if problem is None:
            return signing.finish(request, account=begun.account, how=f"{begun.how} and code", onward=begun.next)
        form.add_error("code", problem)
    return render(request, "accounts/second.html", {"form": form, "held": held})


@half_way
@require_POST
def second_passkey_ask(request: HttpRequest, begun: HalfDone) -> HttpResponse:
    """What the browser needs to ask for a passkey of this account."""
    return JsonResponse(factors.ask_for_passkey(account=begun.account))


@half_way
@require_POST
def second_passkey(request: HttpRequest, begun: HalfDone) -> HttpResponse:
    """A passkey as the second proof."""
    form = PasskeyForm(request.POST)
    try:
        factors.account_of_passkey(form.answer(), account=begun.account)
    except factors.NotThatFactor as wrong:
        shown = {"form": CodeForm(), "held": factors.held_by(begun.account), "problem": wrong.sentence}
        return render(request, "accounts/second.html", shown)
    return signing.finish(request, account=begun.account, how="passkey", onward=begun.next)


@half_way
@require_http_methods(["GET"])
def enrol(request: HttpRequest, begun: HalfDone) -> HttpResponse:
    """Choose a second proof; nothing else opens before there is one."""
    if factors.held_by(begun.account).any:
        return redirect("second_proof")
    return render(request, "accounts/enrol.html", {"worker": begun.account.worker})


@half_way
@require_http_methods(["GET", "POST"])
def enrol_app(request: HttpRequest, begun: HalfDone) -> HttpResponse:
    """Scan the picture with an app, and type the code it shows."""
    if factors.held_by(begun.account).any:
        return redirect("second_proof")
    secret = secret_for(request, account=begun.account.pk)
    form = AppForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            factors.add_app(account=begun.account, secret=secret, code=form.cleaned_data["code"])
        except factors.NotThatFactor as wrong:
            form.add_error("code", wrong.sentence)
        else:
            return _enrolled(request, begun, how=f"{begun.how} and code")
    return render(request, "accounts/enrol_app.html", app_context(begun.account, secret) | {"form": form})


@half_way
@require_POST
def enrol_passkey_ask(request: HttpRequest, begun: HalfDone) -> HttpResponse:
    """What the browser needs to make a passkey."""
    if factors.held_by(begun.account).any:
        return redirect("second_proof")
    return JsonResponse(factors.ask_for_new_passkey(account=begun.account))


@half_way
@require_POST
def enrol_passkey(request: HttpRequest, begun: HalfDone) -> HttpResponse:
    """Keep the passkey that the browser made."""
    if factors.held_by(begun.account).any:
        return redirect("second_proof")
    form = PasskeyForm(request.POST)
    try:
        factors.add_passkey(account=begun.account, name=form.name(request), answer=form.answer())
    except factors.NotThatFactor as wrong:
        return render(request, "accounts/enrol.html", {"worker": begun.account.worker, "problem": wrong.sentence})
    return _enrolled(request, begun, how="passkey")


def _enrolled(request: HttpRequest, begun: HalfDone, *, how: str) -> HttpResponse:
    """Sign in, and show the codes on paper this once."""
    codes = factors.new_codes(account=begun.account)
    actions.sign_in(request=request, account=begun.account, how=how)
    shown = {"codes": codes, "onward": begun.next or "/"}
    return signing.known_from_now(request, render(request, "accounts/codes.html", shown), account=begun.account)


def secret_for(request: HttpRequest, *, account: int) -> str:
    """The secret of the app being added: the same until it is used, and sealed in the session."""
    kept, place = request.session.get(SECRET), f"session|{account}|app"
    if kept:
        return unseal(base64.b64decode(kept), place=place).decode()
    secret = factors.new_secret()
    request.session[SECRET] = base64.b64encode(seal(secret.encode(), place=place)).decode()
    return secret


def app_context(account: Any, secret: str) -> dict[str, Any]:
    """What the page that adds an app shows."""
    address = factors.app_address(account=account, secret=secret)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"picture": factors.app_picture(address), "secret": spaced}
