"""Pages of a child's documents: the list, adding one, one of them, opening it, putting another in its place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kith.foundation.access.door import opens_to
from kith.foundation.access.viewer import worker_of
from kith.foundation.documents.scanning import Malware
from kith.foundation.documents.serving import handed_over
from kith.foundation.drafts import actions as drafts
from kith.foundation.drafts.writing import drafting_of
from kith.foundation.screens.lists import page_asked_for
from kith.record.people.models import Person
from kith.record.people.opening import note_opening
from kith.record.people.queries import NotFound, children_for
from kith.record.people.shields import withheld_among
from kith.vocabulary.errors import KithError

from . import actions, presenters, queries
from .forms import DocumentForm, ReplaceForm
from .models import Document
from .unsent import FORM


@opens_to("see_child")
@require_GET
def listed(request: Any, pk: int) -> HttpResponse:
    """The child's documents, newest first."""
    child = _child(request, pk)
    note_opening(request, child, page="documents")
    found = queries.standing(request.viewer, child)
    pages = page_asked_for(path=request.path, filters={}, count=found.count(), asked=request.GET.get("page"))
    context = {
        "child": child,
        "lines": presenters.lines(found[pages.rows]),
        "pages": pages,
        "may_add": request.viewer.may("keep_documents"),
        "withheld": bool(withheld_among(request.viewer, [child.pk])),
        "scanner": presenters.scanner_words(),
    }
    return render(request, "documents/list.html", context)


@opens_to("keep_documents")
@require_http_methods(["GET", "POST"])
def add(request: Any, pk: int) -> HttpResponse:
    """Add a document."""
    child = _child(request, pk)
    note_opening(request, child, page="documents/add")
    drafting = drafting_of(
        request, form=FORM, about=str(child.pk), title=f"A document of {child.name}", back=request.path
    )
    form: Any = DocumentForm(request.POST or None, request.FILES or None)
    if drafting.draft:
        form = DocumentForm.with_unsent(drafting.draft.body)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.add(
                person=child, sent=form.cleaned_data["file"], said=form.said, by=worker_of(request.viewer)
            )
        except KithError as refused:
            form.add_error("file", str(refused))
        else:
            drafts.drop(author=request.viewer.worker, form=FORM, about=str(child.pk))
            messages.success(request, "The document is kept.")
            return redirect("documents:one", kept.pk)
    context = {"form": form, "child": child, "drafting": drafting, "scanner": presenters.scanner_words()}
    return render(request, "documents/add.html", context)


@opens_to("see_child")
@require_GET
def one(request: Any, pk: int) -> HttpResponse:
    """What is known of one document, and the way to open it."""
    document = _found(request, pk, "document")
    newest = queries.newest(request.viewer, document)
    context = {
        "document": document,
        "child": document.person,
        "facts": presenters.facts(document),
        "newest": newest if newest.pk != document.pk else None,
        "earlier": presenters.lines(queries.earlier(document)),
        "may_replace": request.viewer.may("keep_documents") and newest.pk == document.pk,
        "scanner": presenters.scanner_words() if not document.scanned_at else "",
        "problem": "",
    }
    return render(request, "documents/one.html", context)


@opens_to("see_child")
@require_GET
def opens(request: Any, pk: int) -> HttpResponse:
    """Hand the document over. That it was opened is in the history before any of it is sent."""
    document = _found(request, pk, "document/open")
    try:
        content = actions.opened(document=document)
    except Malware:
        actions.mark_infected(document=document)
        messages.error(request, "The malware scanner knows this document. It opens to nobody from now on.")
        return redirect("documents:one", pk)
    except KithError as refused:
        messages.error(request, str(refused))
        return redirect("documents:one", pk)
    return handed_over(content, name=document.name, type=document.type)


@opens_to("keep_documents")
@require_http_methods(["GET", "POST"])
def replace(request: Any, pk: int) -> HttpResponse:
    """Put another document in this one's place. This one stays in the record."""
    document = _found(request, pk, "document/replace")
    first = {"kind": document.kind, "about": document.about, "dated_on": document.dated_on}
    form = ReplaceForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"said": form.said, "why": form.cleaned_data["why"], "by": worker_of(request.viewer)}
        try:
            kept = actions.replace(document=document, sent=form.cleaned_data["file"], **given)
        except KithError as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, "The new document is kept. The one before stays in the record.")
            return redirect("documents:one", kept.pk)
    context = {"form": form, "child": document.person, "document": document, "scanner": presenters.scanner_words()}
    return render(request, "documents/replace.html", context)


def _child(request: Any, pk: int) -> Person:
    found = children_for(request.viewer).filter(pk=pk).first()
    if found is None:
        raise NotFound("child")
    return found


def _found(request: Any, pk: int, page: str) -> Document:
    document = queries.one(request.viewer, pk)
    note_opening(request, document.person, page=page)
    return document
