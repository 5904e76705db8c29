"""The list of grown-ups with a record of work, the page of one, and beginning a record that is kept apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import worker_of
from kith.foundation.history.actions import listed as note_listed
from kith.foundation.screens.lists import page_asked_for
from kith.record.chronology import openings
from kith.record.chronology.header import header
from kith.record.chronology.looking import lookers, who_looked
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.vocabulary.errors import KithError

from . import actions, queries
from .forms import AllegationForm, SupervisionForm
from .presenters import RECORDS, grown_up_page


@opens_to("see_child")
@require_GET
def listed(request: Any) -> HttpResponse:
    """The grown-ups whose records open to the viewer; of one sort, where it is asked for."""
    record = request.GET.get("record", "")
    record = record if record in RECORDS else ""
    rows = queries.listed(request.viewer, record=record)
    pages = page_asked_for(
        path=request.path, filters={"record": record}, count=rows.count(), asked=request.GET.get("page")
    )
    shown = list(rows[pages.rows])
    note_listed(people=[each.pk for each in shown], page="grown-ups")
    return render(request, "grown_ups/list.html", {"rows": shown, "pages": pages, "records": RECORDS, "chosen": record})


@opens_to("see_child")
@require_GET
def page(request: Any, pk: int) -> HttpResponse:
    """The page of one."""
    on = timezone.localdate()
    reads = queries.reads(request.viewer, pk)
    note_opening(request, reads.person, page="grown-up")
    looked = who_looked(openings.newest_of_child(reads.person)) if request.viewer.may("see_history") else []
    shown = grown_up_page(reads, viewer=request.viewer, on=on, looked=looked[:5])
    here = {"page": shown, "person": reads.person, "today": on, "viewer": request.viewer}
    return render(request, "grown_ups/page.html", here)


@opens_to("see_history")
@require_GET
def looked(request: Any, pk: int) -> HttpResponse:
    """Everybody who opened this record, newest first."""
    reads = queries.head_of(request.viewer, pk)
    note_opening(request, reads.person, page="looked")
    rows = openings.of_child(reads.person)
    pages = page_asked_for(path=request.path, filters={}, count=rows.count(), asked=request.GET.get("page"), size=50)
    head = header(reads, [], viewer=request.viewer, on=timezone.localdate())
    here = {"header": head, "rows": lookers(rows[pages.rows]), "pages": pages, "child": reads.person}
    return render(request, "chronology/looked.html", here)


@opens_to("keep_allegations")
@require_http_methods(["GET", "POST"])
def allegation(request: Any) -> HttpResponse:
    """Begin the record of an allegation."""
    form = AllegationForm(request.POST if request.method == "POST" else None)

    def begin() -> Person:
        return actions.begin_allegation(subject=form.subject(), by=worker_of(request.viewer), on=timezone.localdate())

    return _begin(
        request,
        form,
        begin,
        title="Begin the record of an allegation",
        opens="Only designated officers open it. It is a record of its own: nobody who works with this person as a "
        "carer or a parent finds it.",
    )


@opens_to("record_supervision")
@require_http_methods(["GET", "POST"])
def supervision(request: Any) -> HttpResponse:
    """Begin the record of a worker's supervision; where there is one, go to it."""
    on = timezone.localdate()
    workers = queries.may_supervise(request.viewer, on=on)
    form = SupervisionForm(request.POST if request.method == "POST" else None, workers=workers)

    def begin() -> Person:
        worker = Worker.objects.get(pk=int(form.cleaned_data["worker"]))
        return actions.begin_supervision(worker=worker, by=worker_of(request.viewer), on=on)

    return _begin(
        request,
        form,
        begin,
        title="Begin the record of a worker’s supervision",
        opens="It opens to the worker, and to you. Name anybody else who must open it on the record itself.",
    )


def _begin(request: Any, form: Any, begin: Callable[[], Person], *, title: str, opens: str) -> HttpResponse:
    """The form; `opens` says there to whom the record will open."""
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            person = begin()
        except KithError as error:
            refused = error
        else:
            messages.success(request, "The record is begun. It is kept apart, and opens only to those named for it.")
            return redirect(person.page)
    here = {"form": form, "refused": refused, "title": title, "opens": opens}
    return render(request, "grown_ups/begin.html", here)
