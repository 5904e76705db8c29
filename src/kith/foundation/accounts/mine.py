"""One's own account: the ways to prove who one is, the password, and the browsers one is signed in with."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kith.foundation.access.door import SIGNED_IN, opens_to, opens_to_everyone

from . import actions, factors, queries, second
from .forms import AppForm, NewPasswordForm, PasskeyForm


@opens_to(SIGNED_IN)
@require_GET
def my_account(request: Any) -> HttpResponse:
    """Everything one signs in with, and everywhere one is signed in."""
    return _page(request)


@opens_to(SIGNED_IN, again=True)
@require_http_methods(["GET", "POST"])
def my_password(request: Any) -> HttpResponse:
    """Another password. Every other browser is signed out."""
    form = NewPasswordForm(request.POST if request.method == "POST" else None, account=request.user)
    if request.method == "POST" and form.is_valid():
        actions.set_password(account=request.user, password=form.cleaned_data["password"])
        actions.end_sessions(account=request.user, but=request.session.session_key)
        update_session_auth_hash(request, request.user)
        messages.success(request, "Your password is changed. You are signed out everywhere else.")
        return redirect("my_account")
    return render(request, "accounts/password.html", {"form": form})


@opens_to(SIGNED_IN, again=True)
@require_http_methods(["GET", "POST"])
def my_app(request: Any) -> HttpResponse:
    """Another app on another telephone, in place of the one before."""
    secret = second.secret_for(request, account=request.user.pk)
    form = AppForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            factors.add_app(account=request.user, secret=secret, code=form.cleaned_data["code"])
        except factors.NotThatFactor as wrong:
            form.add_error("code", wrong.sentence)
        else:
            del request.session[second.SECRET]
            messages.success(request, "From now on this app shows your codes.")
            return redirect("my_account")
    shown = second.app_context(request.user, secret) | {"form": form, "back_to": "my_account", "to": "my_app"}
    return render(request, "accounts/enrol_app.html", shown)


@opens_to(SIGNED_IN, again=True)
@require_http_methods(["GET", "POST"])
def my_codes(request: Any) -> HttpResponse:
    """New codes on paper; those before are worth nothing from then on."""
    if request.method == "GET":
        return render(request, "accounts/new_codes.html", {"left": factors.held_by(request.user).codes_left})
    codes = factors.new_codes(account=request.user)
    return render(request, "accounts/codes.html", {"codes": codes, "onward": "/account/"})


@opens_to(SIGNED_IN, again=True)
@require_http_methods(["GET", "POST"])
def my_passkeys(request: Any) -> HttpResponse:
    """One more passkey."""
    problem = ""
    if request.method == "POST":
        form = PasskeyForm(request.POST)
        try:
            factors.add_passkey(account=request.user, name=form.name(request), answer=form.answer())
        except factors.NotThatFactor as wrong:
            problem = wrong.sentence
        else:
            messages.success(request, "The passkey is kept. You can sign in with it alone.")
            return redirect("my_account")
    return render(request, "accounts/passkey.html", {"problem": problem})


@opens_to(SIGNED_IN, again=True)
@require_POST
def my_passkey_ask(request: Any) -> HttpResponse:
    """What the browser needs to make a passkey."""
    return JsonResponse(factors.ask_for_new_passkey(account=request.user))


@opens_to(SIGNED_IN, again=True)
@require_http_methods(["GET", "POST"])
def take_passkey_away(request: Any, pk: int) -> HttpResponse:
    """Take one passkey away."""
    found = next((each for each in factors.held_by(request.user).passkeys if each.pk == pk), None)
    if found is None:
        raise Http404("passkey")
    if request.method == "GET":
        return render(request, "accounts/passkey_away.html", {"passkey": found})
    try:
        factors.take_away_passkey(account=request.user, pk=pk)
    except factors.NotThatFactor as wrong:
        messages.error(request, wrong.sentence)
    else:
        messages.success(request, "The passkey is taken away.")
    return redirect("my_account")


@opens_to(SIGNED_IN)
@require_POST
def end_session(request: Any) -> HttpResponse:
    """End one of one's own sessions, or all but this one."""
    ended = queries.session_of(account=request.user, named=request.POST.get("session", ""))
    if request.POST.get("all"):
        actions.end_sessions(account=request.user, but=request.session.session_key)
    elif ended is not None:
        ended.delete()
    messages.success(request, "Signed out there.")
    return redirect("my_account")


@opens_to(SIGNED_IN)
@require_POST
def stay(request: Any) -> HttpResponse:
    """Somebody is still there: the session goes on."""
    request.session.touch(now_at_least=True)
    return JsonResponse({"left": request.session.seconds_left()})


@opens_to_everyone
@require_GET
def left(request: Any) -> HttpResponse:
    """How many seconds this session lasts without use. Asking is not using it."""
    return JsonResponse({"left": request.session.seconds_left() if request.viewer.worker is not None else 0})


def _page(request: Any) -> HttpResponse:
    now = timezone.now()
    context = {
        "held": factors.held_by(request.user),
        "sessions": queries.sessions_of(account=request.user, this=request.session.session_key, now=now),
        "email": request.user.email,
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "accounts/mine.html", context)
