"""Adding a person; the likely duplicates; a pair side by side; a link between two records."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.viewer import worker_of
from kith.foundation.history.actions import listed
from kith.foundation.screens.lists import page_asked_for
from kith.record.chronology.found import lines
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.vocabulary.errors import KithError

from . import actions, presenters, queries
from .adding import add_person
from .forms import AddForm, ProposeForm, WhyForm

ON_A_PAGE = 25


@opens_to("add_person")
@require_http_methods(["GET", "POST"])
def add(request: Any) -> HttpResponse:
    """Add somebody; first, whoever they look like is shown, and only "none of these" adds them."""
    on = timezone.localdate()
    carers = request.viewer.may("record_carers")
    form = AddForm(request.POST if request.method == "POST" else None, on=on, carers=carers)
    context: dict[str, Any] = {"form": form, "alike": [], "seen": ""}
    if request.method == "POST" and form.is_valid():
        found = queries.looks_like(request.viewer, form.asked())
        seen = ",".join(str(each.person) for each in found)
        if not found or form.cleaned_data["seen"] == seen:
            return _added(request, form)
        listed(people=[each.person for each in found], page="looks like")
        context |= {"alike": lines(found, viewer=request.viewer, on=on), "seen": seen}
    return render(request, "duplicates/add.html", context)


def _added(request: Any, form: AddForm) -> HttpResponse:
    person = add_person(entered=form.entered(), by=worker_of(request.viewer), on=timezone.localdate())
    messages.success(request, f"{person.name} is added.")
    return redirect(person.page if person.about else "people")


@opens_to("propose_same")
@require_GET
def likely(request: Any) -> HttpResponse:
    """Records that may be of one person: those that wait for a second person, likely ones, and those joined."""
    rows = queries.likely_for(request.viewer)
    pages = page_asked_for(
        path=request.path, filters={}, count=rows.count(), asked=request.GET.get("page"), size=ON_A_PAGE
    )
    shown = list(rows[pages.rows])
    waiting, joined = list(queries.waiting_for(request.viewer)), list(queries.joined_for(request.viewer)[:ON_A_PAGE])
    _list(shown, "one_id", "other_id")
    _list([*waiting, *joined], "person_id", "leads_id")
    context = {
        "pages": pages,
        "likely": [presenters.likely_line(each) for each in shown],
        "waiting": [presenters.link_line(each) for each in waiting],
        "joined": [presenters.link_line(each) for each in joined],
    }
    return render(request, "duplicates/list.html", context)


def _list(rows: list[Any], *columns: str) -> None:
    listed(people=[getattr(row, column) for row in rows for column in columns], page="duplicates")


@opens_to("propose_same")
@require_http_methods(["GET", "POST"])
def pair(request: Any, one: int, other: int) -> HttpResponse:
    """Two records side by side, to say that they are one person, or two."""
    people = queries.pair_for(request.viewer, one, other)
    if standing := queries.standing_link(*people):
        return redirect("duplicates:link", standing.pk)
    choices = [
        (str(each.pk), f"{each.name} ({place} record)") for each, place in zip(people, ("left", "right"), strict=True)
    ]
    asks = request.method == "POST" and "two" not in request.POST
    form = ProposeForm(request.POST if asks else None, choices=choices)
    if request.method == "POST" and (done := _said(request, people, form)):
        return done
    why = queries.why_likely(*people)
    return render(request, "duplicates/pair.html", {**_compared(request, *people), "form": form, "why": why})


def _said(request: Any, people: tuple[Person, Person], form: ProposeForm) -> HttpResponse | None:
    """What was said of a pair; nothing where the form must be shown again."""
    me = worker_of(request.viewer)
    if "two" in request.POST:
        actions.two_people(one=people[0], other=people[1], why="", by=me)
        messages.success(request, "They are two people. Nobody will be asked about them again.")
        return redirect("duplicates:list")
    if not form.is_valid():
        return None
    first = next(each for each in people if str(each.pk) == form.cleaned_data["leads"])
    second = next(each for each in people if each is not first)
    try:
        made = actions.propose(person=second, leads=first, why=form.cleaned_data["why"], by=me)
    except KithError as error:
        form.add_error("why", error.sentence)
        return None
    messages.success(request, "A second person must agree. Until then whatever keeps one record back keeps both back.")
    return redirect("duplicates:link", made.pk)


@opens_to("propose_same")
@require_http_methods(["GET", "POST"])
def link(request: Any, pk: int) -> HttpResponse:
    """One link between two records: to agree, to say no, or to part them."""
    same = queries.link_for(request.viewer, pk)
    form = WhyForm(request.POST if "part" in request.POST else None)
    trouble = ""
    if request.method == "POST":
        try:
            if done := _decided(request, same, form):
                return done
        except KithError as error:
            trouble = f"{error.sentence} {error.mend or ''}".strip()
    context = _compared(request, same.leads, same.person) | {
        "same": same,
        "state": presenters.state_words(same),
        "form": form,
        "trouble": trouble,
        "may_agree": request.viewer.may("agree_same"),
        "mine": same.proposed_by_id == request.viewer.worker,
    }
    return render(request, "duplicates/link.html", context)


def _decided(request: Any, same: Any, form: WhyForm) -> HttpResponse | None:
    me, on = worker_of(request.viewer), timezone.localdate()
    if "no" in request.POST and (request.viewer.may("agree_same") or same.proposed_by_id == me.pk):
        actions.refuse(same=same, by=me)
        messages.success(request, "They stay two records.")
    elif "agree" in request.POST and request.viewer.may("agree_same"):
        actions.agree(same=same, by=me, on=on)
        messages.success(request, "The two records are read as one. Neither is changed, and they can be parted again.")
    elif "part" in request.POST and request.viewer.may("agree_same"):
        if not form.is_valid():
            return None
        actions.part(same=same, why=form.cleaned_data["why"], by=me, on=on)
        messages.success(request, "The two records are parted, each as it was.")
    else:
        raise KithError("You cannot decide this.", mend="Ask somebody who may.")
    return redirect("duplicates:link", same.pk)


def _compared(request: Any, one: Person, other: Person) -> dict[str, Any]:
    """Both records, as they are compared; that they were opened is noted."""
    sides = [queries.Side(request.viewer, each) for each in (one, other)]
    for each in (one, other):
        note_opening(request, each, page="compared")
    opens = {each.person.pk for each in sides if each.opens}
    return {"people": [one, other], "opens": opens, "rows": presenters.side_by_side(*sides, on=timezone.localdate())}
