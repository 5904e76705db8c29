"""Pages about promises: the list, one promise, and saying that it was done or will not be."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from kith.foundation.access.door import KithRequest, opens_to
from kith.foundation.access.models import Team
from kith.foundation.access.viewer import worker_of
from kith.foundation.drafts import actions as drafts
from kith.foundation.drafts.presenters import Drafting
from kith.foundation.drafts.writing import clash_over, drafting_of
from kith.foundation.screens import asked
from kith.foundation.screens.lists import page_asked_for
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.record.people.queries import person_for
from kith.record.steps.kinds import kind
from kith.vocabulary.errors import KithError

from . import actions, owners, presenters, queries
from .clashes import CHANGE, DONE, DROP
from .forms import DoneForm, DropForm, FilterForm, PromiseForm, VersionForm
from .models import Promise
from .states import WORDS


@opens_to("see_child")
def promises(request: KithRequest) -> HttpResponse:
    """The promises that the filters ask for, soonest due first. `print=1` gives them all on one page."""
    today = timezone.localdate()
    filters = _filters(request)
    child = person_for(request.viewer, int(str(filters["child"]))) if filters.get("child") else None
    if child:
        _note(request, child, "promises")
    found = queries.listed(request.viewer, filters, on=today)
    size = 1_000 if request.GET.get("print") else 50
    pages = page_asked_for(
        path=request.path, filters=filters, count=found.count(), asked=request.GET.get("page"), size=size
    )
    shown = list(found[pages.rows])
    teams = list(Team.objects.values_list("pk", "name"))
    context = {
        "title": _title(filters),
        "child": child,
        "rows": presenters.rows(shown, on=today, steps=queries.steps_of(request.viewer, shown)),
        "pages": pages,
        "form": FilterForm(data=request.GET or None, initial=filters, teams=teams),
        "kept": {key: filters[key] for key in ("child", "made_in", "kind") if filters.get(key)},
        "may_add": request.viewer.may("record_promise"),
    }
    return render(request, "promises/list.html", context)


def _title(filters: dict[str, Any]) -> str:
    state = str(filters.get("state") or "")
    words = f"Promises: {WORDS[state].lower()}" if state else "Promises"
    return f"{words}, made in {kind(filters['kind']).plural.lower()}" if filters.get("kind") else words


def _filters(request: HttpRequest) -> dict[str, Any]:
    """The filters of the address, those that mean nothing left out."""
    given = request.GET
    owner, state = given.get("owner", ""), given.get("state", "")
    numbers = {key: asked.number(given, key) for key in ("child", "team", "owner")}
    filters: dict[str, Any] = {
        "owner": owner if owner == "me" else str(numbers["owner"] or ""),
        "state": state if state in WORDS and state != "made" else "",
        "made_in": asked.text(given, "made_in", 120),
        "kind": asked.text(given, "kind", 24),
        "due_until": _day(given.get("due_until", "")),
    }
    return filters | {key: value for key, value in numbers.items() if value and key != "owner"}


def _day(typed: str) -> date | None:
    try:
        return parse_date(typed)
    except ValueError:
        return None


@opens_to("see_child")
def promise(request: KithRequest, pk: int) -> HttpResponse:
    """One promise: what, who, by when, and what came of it."""
    row = queries.promise_for(request.viewer, pk)
    _note(request, row.person, "promise")
    done, drop = _drafted(request, row, DONE), _drafted(request, row, DROP)
    forms = _unsent(DoneForm, row, done, "done_%s"), _unsent(DropForm, row, drop, "drop_%s")
    return _page(request, row, *forms)


def _done(row: Promise, data: Any = None) -> DoneForm:
    return DoneForm(data, initial={"version": row.version}, auto_id="done_%s")


def _drop(row: Promise, data: Any = None) -> DropForm:
    return DropForm(data, initial={"version": row.version}, auto_id="drop_%s")


def _unsent(form: type[DoneForm | DropForm], row: Promise, drafting: Drafting, auto_id: str) -> Any:
    """The form with the viewer's own unsent text, where there is some."""
    if drafting.draft:
        return form.with_unsent(drafting.draft.body, auto_id=auto_id)
    return form(initial={"version": row.version}, auto_id=auto_id)


def _drafted(request: KithRequest, row: Promise, form: str) -> Drafting:
    back = reverse("promises:change" if form == CHANGE else "promises:promise", args=[row.pk])
    return drafting_of(request, form=form, about=str(row.pk), title=f"A promise for {row.person.name}", back=back)


def _drop_draft(request: KithRequest, form: str, about: str) -> None:
    drafts.drop(author=request.viewer.worker, form=form, about=about)


def _page(request: KithRequest, row: Promise, done: DoneForm, drop: DropForm, problem: str = "") -> HttpResponse:
    today = timezone.localdate()
    context = {
        "promise": row,
        "it": presenters.shown(row, on=today, step=queries.steps_of(request.viewer, [row]).get(row.made_in)),
        "closed": bool(row.done_on or row.dropped_on),
        "may_change": request.viewer.may("record_promise"),
        "done": done,
        "drop": drop,
        "again": VersionForm(initial={"version": row.version}, auto_id="again_%s"),
        "problem": problem,
        "today": today,
        "drafting": {form: _drafted(request, row, form) for form in (DONE, DROP)},
    }
    return render(request, "promises/promise.html", context)


@opens_to("record_promise")
def new(request: KithRequest) -> HttpResponse:
    """Promise something for a child, outside any meeting."""
    child = person_for(request.viewer, asked.number(request.GET, "child") or 0)
    _note(request, child, "new promise")
    drafting = drafting_of(request, form=CHANGE, about=f"child:{child.pk}", title=f"A new promise for {child.name}")
    near = owners.likely_owners(request.viewer, [child])
    form: Any = PromiseForm(request.POST or None, workers=near)
    if drafting.draft:
        form = PromiseForm.with_unsent(drafting.draft.body, workers=near)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.promise(
                person=child, by=worker_of(request.viewer), made_on=timezone.localdate(), **form.columns
            )
        except KithError as error:
            problem = str(error)
        else:
            _drop_draft(request, CHANGE, drafting.about)
            messages.success(request, "Promised.")
            return redirect("promises:promise", pk=made.pk)
    context = {
        "form": form,
        "child": child,
        "problem": problem,
        "title": "Promise something",
        "drafting": drafting,
        "back": f"/children/{child.pk}/",
    }
    return render(request, "promises/form.html", context)


@opens_to("record_promise")
def change(request: KithRequest, pk: int) -> HttpResponse:
    """Change what was promised, by whom or by when, while it is open. What it was stays in the history."""
    row = queries.promise_for(request.viewer, pk)
    if getattr(row, "veiled", False):  # a text without its places must not be saved over the whole one
        raise PermissionDenied("promise")
    _note(request, row.person, "promise")
    near = owners.with_owner(owners.likely_owners(request.viewer, [row.person]), row)
    first = {"what": row.what, "owner": owners.chosen(row), "owner_name": row.owner_name}
    first |= {"due_on": row.due_on, "version": row.version}
    drafting = _drafted(request, row, CHANGE)
    form: Any = PromiseForm(request.POST or None, initial=first, workers=near)
    if drafting.draft:
        form = PromiseForm.with_unsent(drafting.draft.body, workers=near)
    problem = ""
    if request.method == "POST" and form.is_valid():
        if clash := clash_over(request, row, form=CHANGE, about=str(pk), version=form.cleaned_data["version"]):
            return clash
        try:
            actions.change(promise=row, version=form.cleaned_data["version"] or 0, columns=form.columns)
        except KithError as error:
            problem = str(error)
        else:
            _drop_draft(request, CHANGE, drafting.about)
            messages.success(request, "Saved. What it said before is in the history.")
            return redirect("promises:promise", pk=pk)
    context = {
        "form": form,
        "child": row.person,
        "problem": problem,
        "title": "Change this promise",
        "drafting": drafting,
        "back": f"/promises/{pk}/",
    }
    return render(request, "promises/form.html", context)


@opens_to("record_promise")
@require_POST
def done(request: KithRequest, pk: int) -> HttpResponse:
    """Say that it was done."""
    row = queries.promise_for(request.viewer, pk)
    form = _done(row, request.POST)
    if not form.is_valid():
        return _page(request, row, form, _drop(row))
    given = form.cleaned_data
    if clash := clash_over(request, row, form=DONE, about=str(pk), version=given["version"]):
        return clash
    try:
        actions.mark_done(
            promise=row,
            version=given["version"],
            by=worker_of(request.viewer),
            on=given["done_on"],
            today=timezone.localdate(),
            evidence=given["evidence"],
            effect=given["effect"],
        )
    except KithError as error:
        return _page(request, row, form, _drop(row), problem=str(error))
    _drop_draft(request, DONE, str(pk))
    messages.success(request, "Saved: this promise was kept.")
    return redirect("promises:promise", pk=pk)


@opens_to("record_promise")
@require_POST
def drop(request: KithRequest, pk: int) -> HttpResponse:
    """Say that it will not be done, and why."""
    row = queries.promise_for(request.viewer, pk)
    form = _drop(row, request.POST)
    if not form.is_valid():
        return _page(request, row, _done(row), form)
    if clash := clash_over(request, row, form=DROP, about=str(pk), version=form.cleaned_data["version"]):
        return clash
    try:
        actions.drop(
            promise=row,
            version=form.cleaned_data["version"],
            on=timezone.localdate(),
            why=form.cleaned_data["why"],
        )
    except KithError as error:
        return _page(request, row, _done(row), form, problem=str(error))
    _drop_draft(request, DROP, str(pk))
    messages.success(request, "Saved: this promise will not be done, and the record says why.")
    return redirect("promises:promise", pk=pk)


@opens_to("record_promise")
@require_POST
def again(request: KithRequest, pk: int) -> HttpResponse:
    """Take up again a promise that was closed by mistake."""
    row = queries.promise_for(request.viewer, pk)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _page(request, row, _done(row), _drop(row), problem="This form was not complete. Try again.")
    try:
        actions.take_up_again(promise=row, version=form.cleaned_data["version"])
    except KithError as error:
        return _page(request, row, _done(row), _drop(row), problem=str(error))
    messages.success(request, "This promise is open again.")
    return redirect("promises:promise", pk=pk)


def _note(request: KithRequest, person: Person, page: str) -> None:
    note_opening(request, person, page=page)
