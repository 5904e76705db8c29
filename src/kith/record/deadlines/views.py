"""The pages of deadlines: the list that every count of them opens, why one is due, and why one was late."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kith.foundation.access.door import opens_to
from kith.foundation.access.models import Worker
from kith.foundation.access.queries import teams, workers_of
from kith.foundation.access.viewer import worker_of
from kith.foundation.screens.lists import page_asked_for
from kith.vocabulary.errors import KithError

from . import presenters, queries
from .duties import title_of
from .filters import STATES, DueFilter
from .forms import BetweenForm, DueForm, LateForm, NotRequiredForm, RequiredForm, as_shown
from .held import left_out
from .models import Deadline
from .reasons import say_not_required, say_why_late, take_back


@opens_to("see_today")
@require_GET
def listed(request: Any) -> HttpResponse:
    """The deadlines asked for, a page at a time, and how many there are in all."""
    asked, today = DueFilter.read(request.GET), timezone.localdate()
    rows = queries.listed(request.viewer, asked, on=today)
    pages = page_asked_for(
        path=request.path, filters=asked.address(), count=rows.count(), asked=request.GET.get("page")
    )
    here = {
        "asked": asked,
        "pages": pages,
        "today": today,
        "lines": presenters.lines(rows[pages.rows], on=today),
        "form": _form(asked),
        "between": BetweenForm(initial={"since": asked.since, "until": asked.until}),
        "which": STATES[asked.state],
        "ahead": presenters.week_ahead(asked, queries.soon_late(request.viewer, asked, on=today), on=today),
        "not_judged": [title_of(rule) for rule in left_out()],
    }
    return render(request, "deadlines/list.html", here)


def _form(asked: DueFilter) -> DueForm:
    people = workers_of(team=int(asked.team), on=timezone.localdate()) if asked.team.isdigit() else []
    shown = [(str(each.pk), each.name) for each in people]
    if asked.worker.isdigit() and asked.worker not in dict(shown):
        shown += [(str(each.pk), each.name) for each in Worker.objects.filter(pk=int(asked.worker))]
    every = [(str(each.pk), each.name) for each in teams()]
    return DueForm(initial=as_shown(asked), teams=every, workers=shown)


@opens_to("see_child")
@require_GET
def why(request: Any, pk: int) -> HttpResponse:
    """Why this is due: the whole counting, and what met it."""
    return _why(request, _found(request, pk))


@opens_to("say_why_late")
@require_POST
def late(request: Any, pk: int) -> HttpResponse:
    """Keep why it is late, as the person signed in says it."""
    deadline, form = _found(request, pk), LateForm(request.POST)
    if not form.is_valid():
        return _why(request, deadline, form)
    by, now = worker_of(request.viewer), timezone.now()
    try:
        say_why_late(deadline=deadline, reason=form.cleaned_data["reason"], by=by, at=now, on=timezone.localdate(now))
    except KithError as refused:
        form.add_error("reason", refused.sentence)
        return _why(request, deadline, form)
    messages.success(request, "Saved. The date has not changed.")
    return redirect("deadlines:why", pk=pk)


def _found(request: Any, pk: int) -> Deadline:
    try:
        return queries.one(request.viewer, pk)
    except queries.NoSuchDeadline as none:
        raise Http404 from none


@opens_to("say_not_required")
@require_POST
def not_required(request: Any, pk: int) -> HttpResponse:
    """Keep that this once it need not be done, as the person signed in decides it; or take that back."""
    deadline = _found(request, pk)
    back = "back" in request.POST
    form = RequiredForm(request.POST) if back else NotRequiredForm(request.POST)
    if not form.is_valid():
        return _why(request, deadline, back=form) if back else _why(request, deadline, excuse=form)
    who = {"by": worker_of(request.viewer), "at": timezone.now(), "on": timezone.localdate()}
    try:
        if back:
            said = queries.not_required(deadline).filter(back_at=None).first()
            if said is None:
                raise Http404("decision")
            take_back(said=said, why=form.cleaned_data["required"], **who)
        else:
            say_not_required(deadline=deadline, reason=form.cleaned_data["not_required"], **who)
    except KithError as refused:
        messages.warning(request, refused.sentence)
        return redirect("deadlines:why", pk=pk)
    messages.success(
        request, "It is required again." if back else "Saved. It is not required, and that is said with your name."
    )
    return redirect("deadlines:why", pk=pk)


def _why(
    request: Any, deadline: Deadline, form: LateForm | None = None, *, excuse: Any = None, back: Any = None
) -> HttpResponse:
    today = timezone.localdate()
    page = presenters.why_page(deadline, viewer=request.viewer, on=today)
    here = {
        "page": page,
        "deadline": deadline,
        "today": today,
        "form": form or LateForm(),
        "excuse": excuse or NotRequiredForm(),
        "back": back or RequiredForm(),
        "reasons": list(queries.reasons_of(deadline)),
        "excused": list(queries.not_required(deadline)),
    }
    return render(request, "deadlines/why.html", here)
