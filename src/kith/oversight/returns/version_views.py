"""Building a return on a page, its tables and what each cell came from, signing it off, and taking its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kith.foundation.access.door import KithRequest, opens_to, page_of
from kith.foundation.access.viewer import worker_of
from kith.foundation.documents import storage
from kith.foundation.documents.serving import handed_over
from kith.foundation.documents.uploading import keep, told
from kith.foundation.history.actions import listed
from kith.foundation.jobs import progress
from kith.foundation.jobs.watching import watches
from kith.foundation.screens.lists import page_asked_for
from kith.record.people.by_return import opening_to
from kith.vocabulary.errors import KithError

from . import build_tasks, presenters, queries, version_presenters, version_queries, versions
from .forms import BuildForm


@opens_to(queries.SEE)
@require_GET
def every(request: KithRequest) -> HttpResponse:
    """The versions there have been."""
    made = version_queries.versions(request.viewer)
    pages = page_asked_for(path=request.path, filters={}, count=made.count(), asked=request.GET.get("page"), size=20)
    context = {
        "versions": [version_presenters.shown(each) for each in made[pages.rows]],
        "pages": pages,
        "may": request.viewer.may(version_queries.BUILD),
    }
    return render(request, "returns/versions.html", context)


@opens_to(version_queries.BUILD)
@require_http_methods(["GET", "POST"])
def build(request: KithRequest) -> HttpResponse:
    """Ask for a return to be built."""
    today = timezone.localdate()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = BuildForm(*sent, today=today)
    if form.is_valid():
        assert request.viewer.worker is not None
        try:
            asked = versions.ask(**form.asked, at=timezone.now(), by=request.viewer.worker)
        except KithError as refused:
            form.add_error("why", str(refused))
        else:
            files, named = form.more
            kept = {name: told(keep(asked.folder / name, chosen)) for name, chosen in files.items()}
            versions.name_beside(version=asked, beside=named | kept)
            progress.start(asked.key)
            build_tasks.build_version.enqueue(asked.pk)
            return redirect("returns:version", asked.pk)
    return render(request, "returns/build.html", {"form": form})


@opens_to(queries.SEE)
@require_GET
def version(request: KithRequest, pk: int) -> HttpResponse:
    """One version: how far it is, or its tables, what checking it found, and whether it is signed off."""
    made = version_queries.one(request.viewer, pk)
    context: dict[str, Any] = {"version": version_presenters.shown(made)}
    if not made.is_over:
        return render(request, "returns/version_under_way.html", context | {"stage": progress.stage(made.key)})
    check = made.check_of
    found = queries.found_by(request.viewer, check) if check else None
    context |= {
        "made": made,
        "tables": version_presenters.tables(made, version_queries.counted(request.viewer, made)),
        "check": presenters.told(check) if check else None,
        "found": presenters.page(found) if found else None,
        "files": version_presenters.files(made),
        "may_sign": request.viewer.may(version_queries.SIGN) and made.by_id != request.viewer.worker,
        "untouched": versions.untouched(made),
        "replaced_by": made.replaced_by.first(),
    }
    return render(request, "returns/version.html", context)


@watches(queries.SEE)
@require_GET
def how_far(request: KithRequest, pk: int) -> HttpResponse:
    """The part of the page that tells how far a building is; when it is over, the whole page is asked for again."""
    made = version_queries.one(request.viewer, pk)
    context = {"check": version_presenters.shown(made), "stage": progress.stage(made.key)}
    answer = render(request, "returns/how_far.html", context)
    if made.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@opens_to(queries.SEE)
@require_GET
def table(request: KithRequest, pk: int, part: int) -> HttpResponse:
    """The rows of one table: each cell opens the row of the record it came from, where the viewer may open that."""
    made = version_queries.one(request.viewer, pk)
    told = version_queries.table(request.viewer, made, part)
    pages = page_asked_for(
        path=request.path, filters={}, count=told.rows.height, asked=request.GET.get("page"), size=25
    )
    rows, fields = told.rows[pages.rows], version_presenters.head(told)
    people = version_presenters.people_in(rows)
    listed(people=people, page=page_of(request))
    context = {
        "version": version_presenters.shown(made),
        "title": told.name,
        "head": fields,
        "rows": version_presenters.cells(told, rows, fields, opening=opening_to(request.viewer, people)),
        "pages": pages,
    }
    return render(request, "returns/table.html", context)


@opens_to(version_queries.SIGN, again=True)
@require_POST
def sign(request: KithRequest, pk: int) -> HttpResponse:
    """Sign a version off that somebody else built: it is frozen from now on."""
    version_queries.one(request.viewer, pk)
    try:
        versions.sign(version=pk, at=timezone.now(), by=worker_of(request.viewer))
    except KithError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Signed off. This version is frozen.")
    return redirect("returns:version", pk)


@opens_to(queries.SEE, again=True)
@require_GET
def file(request: KithRequest, pk: int, part: int) -> HttpResponse:
    """Hand over a file of a version. Whom the return tells of is in the history already; that it was taken, now."""
    made = version_queries.one(request.viewer, pk)
    if part >= len(made.files):
        raise Http404("file")
    if not version_queries.may_have(request.viewer, made):
        messages.error(
            request, "This return tells of children whose records are kept from you. Who built it may take it."
        )
        return redirect("returns:version", pk)
    people: set[int] = set()
    for place in range(len(made.tables)):
        people |= version_presenters.people_in(version_queries.table(request.viewer, made, place).rows)
    listed(people=people, page=page_of(request))
    told = made.files[part]
    return handed_over(storage.get(told["sha256"]), name=told["name"], type="application/octet-stream")
