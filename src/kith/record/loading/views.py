"""Loading files, watching a load, and what it did."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kith.foundation.access.door import opens_to
from kith.foundation.documents.uploading import keep, told
from kith.foundation.jobs import progress
from kith.foundation.jobs.watching import watches
from kith.foundation.screens.lists import page_asked_for

from . import actions, presenters, queries, tasks
from .forms import UploadForm
from .models import Load


@watches("load_data")
@require_GET
def every(request: HttpRequest) -> HttpResponse:
    """The form to load files, and the loads there have been."""
    return _listed(request, UploadForm())


def _listed(request: HttpRequest, form: UploadForm) -> HttpResponse:
    made = queries.loads(viewer=request.viewer)  # type: ignore[attr-defined]
    found = page_asked_for(path=request.path, filters={}, count=made.count(), asked=request.GET.get("page"), size=20)
    context = {"form": form, "rows": presenters.past(made[found.rows]), "pages_found": found}
    return render(request, "loading/every.html", context)


@opens_to("load_data")
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the files and begin the job; its page tells how far it is."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _listed(request, form)
    load = actions.begin(files=[], at=timezone.now(), by=request.viewer.worker)  # type: ignore[attr-defined]
    kept = keep(load.folder, form.cleaned_data["files"])
    actions.name_files(load=load, files=told(kept))
    progress.start(load.key)
    tasks.load_uploaded.enqueue(load.pk)
    return HttpResponseRedirect(reverse("load", args=[load.pk]))


def _found(request: HttpRequest, load: int) -> Load:
    found = queries.loads(viewer=request.viewer).filter(pk=load).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404(load)
    return found


@watches("load_data")
@require_GET
def one(request: HttpRequest, load: int) -> HttpResponse:
    """One load: how far it is, or what it did."""
    found = _found(request, load)
    if not found.is_over:
        stage = progress.stage(found.key)
        return render(request, "loading/under_way.html", {"load": presenters.told(found), "stage": stage})
    kept_out = queries.problems(viewer=request.viewer, load=found)  # type: ignore[attr-defined]
    pages = page_asked_for(path=request.path, filters={}, count=kept_out.count(), asked=request.GET.get("page"))
    context = {
        "load": presenters.told(found),
        "problems": presenters.problems(kept_out[pages.rows]),
        "pages_found": pages,
    }
    return render(request, "loading/one.html", context)


@watches("load_data")
@require_GET
def how_far(request: HttpRequest, load: int) -> HttpResponse:
    """The part of the page that tells how far a load is; when it is over, the whole page is asked for again."""
    found = _found(request, load)
    stage = progress.stage(found.key)
    answer = render(request, "loading/how_far.html", {"load": presenters.told(found), "stage": stage})
    if found.is_over:
        answer["HX-Refresh"] = "true"
    return answer
