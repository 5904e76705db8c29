"""The pages of sealed adoption: recording an order, looking a reference up, asking, answering, looking."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kith.foundation.access.door import opens_to
from kith.foundation.access.viewer import worker_of
from kith.foundation.screens import asked
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.record.people.queries import children_for
from kith.vocabulary.errors import KithError

from . import actions, queries
from .forms import AnswerForm, AskForm, LookUpForm, OrderForm
from .models import AdoptionLink


@opens_to(queries.CAPABILITY)
@require_GET
def sealed(request: Any) -> HttpResponse:
    """What waits for a second officer, and looking a reference up by a name and a birth date."""
    tried = bool(request.GET.get("name", "").strip())
    form = LookUpForm(request.GET if tried else None)
    found = []
    if tried and form.is_valid():
        found = queries.found_by(request.viewer, form.cleaned_data["name"], form.cleaned_data["born_on"])
    here = {"form": form, "tried": tried, "found": found, "waiting": queries.waiting_for(request.viewer)}
    return render(request, "adoption/sealed.html", here | {"me": request.viewer.worker})


@opens_to(queries.CAPABILITY, again=True)
@require_http_methods(["GET", "POST"])
def order(request: Any) -> HttpResponse:
    """Record an adoption order: the adopted identity is made, and the birth record is sealed."""
    child = _child(request)
    form = OrderForm(request.POST if request.method == "POST" else None, on=timezone.localdate())
    problem = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            link = actions.seal_adoption(
                child=child,
                name=actions.NewName(given["forename"], given["surname"]),
                ordered_on=given["ordered_on"],
                court=given["court"],
                by=worker_of(request.viewer),
            )
        except KithError as error:
            problem = str(error)
        else:
            words = "The order is recorded and the birth record is sealed. Keep this reference in the adoption file"
            messages.success(request, f"{words}: {link.reference}")
            return redirect("adoption:sealed")
    note_opening(request, child, page="adoption order")
    return render(request, "adoption/order.html", {"form": form, "child": child, "problem": problem})


@opens_to(queries.CAPABILITY)
@require_GET
def link(request: Any, reference: str) -> HttpResponse:
    """One link: who asked for it, who answered."""
    return _page(request, _link(request, reference))


@opens_to(queries.CAPABILITY, again=True)
@require_POST
def ask(request: Any, reference: str) -> HttpResponse:
    """Ask that a link be opened."""
    found, form = _link(request, reference), AskForm(request.POST, auto_id="ask_%s")
    if not form.is_valid():
        return _page(request, found, asking=form)
    actions.ask(link=found, reason=form.cleaned_data["reason"], by=worker_of(request.viewer), at=timezone.now())
    messages.success(request, "Asked. Another adoption officer has to open it with you.")
    return redirect("adoption:link", reference)


@opens_to(queries.CAPABILITY, again=True)
@require_POST
def answer(request: Any, reference: str) -> HttpResponse:
    """Open a link together with the officer who asked, or refuse."""
    found, form = _link(request, reference), AnswerForm(request.POST, auto_id="answer_%s")
    opening = queries.openings_of(found).filter(pk=asked.number(request.POST, "opening") or 0).first()
    if opening is None:
        raise Http404("opening")
    if not form.is_valid():
        return _page(request, found, answering=form)
    yes = form.cleaned_data["answer"] == "yes"
    try:
        actions.answer(
            opening=opening, by=worker_of(request.viewer), yes=yes, at=timezone.now(), why=form.cleaned_data["why"]
        )
    except KithError as error:
        return _page(request, found, answering=form, problem=str(error))
    messages.success(request, "The link is open for an hour, to the two of you." if yes else "Refused.")
    return redirect("adoption:link", reference)


@opens_to(queries.CAPABILITY, again=True)
@require_POST
def look(request: Any, reference: str) -> HttpResponse:
    """Who was who, for one of the two officers while the link is open. Each look is kept."""
    found = _link(request, reference)
    opening = queries.open_now(request.viewer, found, at=timezone.now())
    if opening is None:
        return _page(request, found, problem="This link is not open.")
    try:
        who = actions.look(opening=opening, by=worker_of(request.viewer), at=timezone.now())
    except KithError as error:
        return _page(request, found, problem=str(error))
    return render(request, "adoption/who.html", {"pair": queries.people_of(who), "link": found, "opening": opening})


def _page(request: Any, found: AdoptionLink, problem: str = "", **forms: Any) -> HttpResponse:
    now = timezone.now()
    here = {
        "link": found,
        "openings": list(queries.openings_of(found)),
        "open": queries.open_now(request.viewer, found, at=now),
        "asking": AskForm(auto_id="ask_%s"),
        "answering": AnswerForm(auto_id="answer_%s"),
        "problem": problem,
        "me": request.viewer.worker,
        "now": now,
    }
    return render(request, "adoption/link.html", here | forms)


def _link(request: Any, reference: str) -> AdoptionLink:
    try:
        return queries.link_for(request.viewer, reference)
    except queries.NoSuchLink as none:
        raise Http404("link") from none


def _child(request: Any) -> Person:
    found = children_for(request.viewer).filter(pk=asked.number(request.GET, "child") or 0).first()
    if found is None:
        raise Http404("child")
    return found
