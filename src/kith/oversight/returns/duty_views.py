"""What the authority itself has to do: when it is due, and recording what is done outside Kith."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kith.foundation.access.door import KithRequest, opens_to
from kith.foundation.access.viewer import worker_of
from kith.foundation.screens.lists import Listing, page_asked_for
from kith.vocabulary.errors import KithError

from . import duties, own_duties
from .forms import DoneForm, MistakenForm, OwnDutyForm
from .models import OwnDuty
from .own_duties import KEEP, KINDS
from .queries import SEE

TITLES = {"now": "Late, or due soon", "later": "Due after that", "done": "Done"}


@opens_to(SEE)
@require_GET
def due(request: KithRequest) -> HttpResponse:
    """Every turn, or those late or due soon, due later, or done; each count opens its list."""
    on, which = timezone.localdate(), request.GET.get("which", "")
    which = which if which in duties.WHICH else ""
    every = duties.turns(request.viewer, on=on)
    found = {key: [turn for turn in every if turn.state in states] for key, states in duties.WHICH.items()}
    rows = found[which] if which else every
    pages = page_asked_for(
        path=request.path, filters={"which": which}, count=len(rows), asked=request.GET.get("page"), size=50
    )
    counts = [Listing(TITLES[key], {"which": key}, len(turns), request.path) for key, turns in found.items()]
    here = {"turns": rows[pages.rows], "pages": pages, "counts": counts, "which": TITLES.get(which, ""), "today": on}
    here["kinds"] = own_duties.in_force(on=on) if request.viewer.may(KEEP) else {}
    return render(request, "returns/due.html", here)


@opens_to(KEEP)
@require_http_methods(["GET", "POST"])
def add(request: KithRequest, key: str) -> HttpResponse:
    """Record that something of a kind began, and when it was done if it is."""
    today = timezone.localdate()
    kind = own_duties.in_force(on=today).get(key)
    if kind is None:
        raise Http404("kind")
    form = OwnDutyForm(request.POST if request.method == "POST" else None, kind=kind, today=today)
    if form.is_valid():
        given = {"reference": ""} | form.cleaned_data
        try:
            made = own_duties.add(kind=key, **given, at=timezone.now(), by=worker_of(request.viewer))
        except KithError as refused:
            form.add_error("began_on" if kind.yearly else "reference", str(refused))
        else:
            messages.success(request, "Recorded.")
            return redirect("returns:duty", made.pk)
    return render(request, "returns/add_duty.html", {"form": form, "kind": kind})


@opens_to(SEE)
@require_GET
def duty(request: KithRequest, pk: int) -> HttpResponse:
    """One thing that was recorded: when it is due, and whether it is done."""
    return _shown(request, own_duties.one(request.viewer, pk))


@opens_to(KEEP)
@require_POST
def done(request: KithRequest, pk: int) -> HttpResponse:
    """Say when it was done."""
    held = own_duties.one(request.viewer, pk)
    form = _done_form(held, request.POST)
    if not form.is_valid():
        return _shown(request, held, done=form)
    return _said(request, held, "Saved. It is done.", lambda: own_duties.done(duty=pk, on=form.cleaned_data["done_on"]))


@opens_to(KEEP)
@require_POST
def mistaken(request: KithRequest, pk: int) -> HttpResponse:
    """Say that it should not have been recorded."""
    held, form = own_duties.one(request.viewer, pk), MistakenForm(request.POST)
    if not form.is_valid():
        return _shown(request, held, mistaken=form)
    told = {"why": form.cleaned_data["why"], "at": timezone.now(), "by": worker_of(request.viewer)}
    return _said(request, held, "It is not counted any more.", lambda: own_duties.mistaken(duty=pk, **told))


def _said(request: KithRequest, held: OwnDuty, words: str, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except KithError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, words)
    return redirect("returns:duty", held.pk)


def _done_form(held: OwnDuty, posted: Any = None) -> DoneForm:
    return DoneForm(posted, kind=KINDS[held.kind], began_on=held.began_on, today=timezone.localdate())


def _shown(
    request: KithRequest, held: OwnDuty, *, done: DoneForm | None = None, mistaken: MistakenForm | None = None
) -> HttpResponse:
    on = timezone.localdate()
    may = request.viewer.may(KEEP) and held.mistaken_at is None
    here = {
        "duty": held,
        "kind": KINDS[held.kind],
        "turn": duties.turn_of(held, on=on),
        "today": on,
        "done": done or _done_form(held) if may and held.done_on is None else None,
        "mistaken": mistaken or MistakenForm() if may else None,
    }
    return render(request, "returns/duty.html", here)
