"""One issue: what must be true, why it is right as it stands, and taking an answer back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kith.foundation.access.door import KithRequest, opens_to, page_of
from kith.foundation.access.viewer import worker_of
from kith.foundation.history.actions import listed
from kith.record.people.by_return import known_by
from kith.vocabulary.errors import KithError

from . import actions, presenters, queries
from .forms import AnswerForm


@opens_to(queries.SEE)
@require_GET
def issue(request: KithRequest, pk: int, part: int) -> HttpResponse:
    """One issue, and its answer; or the form to answer it."""
    return _shown(request, pk, part, AnswerForm())


@opens_to(queries.CHECK)
@require_POST
def answer(request: KithRequest, pk: int, part: int) -> HttpResponse:
    """Say why an issue is right as it stands."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _shown(request, pk, part, form)
    found, row, says = _one(request, pk, part)
    if says is None:
        raise Http404("issue")
    given = {"reason": form.cleaned_data["reason"], "at": timezone.now(), "by": worker_of(request.viewer)}
    try:
        actions.answer(check=found.check, row=row, says=says, **given)
    except KithError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Answered. It is not asked again while the row says the same.")
    return redirect("returns:issue", pk, part)


def _shown(request: KithRequest, pk: int, part: int, form: AnswerForm) -> HttpResponse:
    found, row, says = _one(request, pk, part)
    may = request.viewer.may(queries.CHECK) and says is not None
    known = known_by(request.viewer, [row["child"]] if row["child"] else [])
    listed(people=[each.pk for each in known.values()], page=page_of(request))
    answers = queries.answers(request.viewer, [row["answer"]] if row["answer"] is not None else [])
    [line] = presenters.lines(found, found.rows.filter(issue=part), known=known, answers=answers)
    context = {
        "check": presenters.told(found.check),
        "line": line,
        "answer": answers.get(row["answer"]),
        "earlier": presenters.taken_back(queries.earlier(found.check, row, says)) if says else [],
        "form": form if may and row["answer"] is None else None,
        "may_withdraw": may,
        "number": part,
    }
    return render(request, "returns/issue.html", context)


@opens_to(queries.CHECK)
@require_POST
def withdraw(request: KithRequest, pk: int, part: int) -> HttpResponse:
    """Take an answer back: the issue is open again, and the answer stays in the history."""
    _, row, _ = _one(request, pk, part)
    if row["answer"] is not None and actions.withdraw(
        answer=row["answer"], at=timezone.now(), by=worker_of(request.viewer)
    ):
        messages.success(request, "The answer is taken back. The issue is open again.")
    else:
        messages.error(request, "Somebody else took this answer back already.")
    return redirect("returns:issue", pk, part)


def _one(request: KithRequest, pk: int, part: int) -> tuple[queries.Found, dict[str, Any], str | None]:
    """The report, the issue of that number in it, and what an answer to it holds on to; else not found."""
    made = queries.one(request.viewer, pk)
    if made.state != "done" or part >= 2**32:
        raise Http404("issue")
    found = queries.found_by(request.viewer, made)
    rows = found.rows.filter(issue=part)
    if not rows.height:
        raise Http404("issue")
    return found, rows.to_dicts()[0], rows.select(queries.key_of(made)).item()
