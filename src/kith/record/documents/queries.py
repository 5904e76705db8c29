"""Reading documents, always for a viewer: those of children open to the viewer, whose places they may know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db.models import Count, QuerySet, Window

from kith.foundation.access.viewer import Viewer
from kith.foundation.prepared import Prepared, number
from kith.record.people import ties
from kith.record.people.access import may_open
from kith.record.people.models import Person
from kith.record.people.one_of import Ids
from kith.record.people.queries import NotFound
from kith.record.people.shields import withheld_from

from .models import Document


@dataclass(frozen=True)
class Few:
    """The newest documents, and how many there are."""

    shown: list[Document]
    count: int


def documents_for(viewer: Viewer) -> QuerySet[Document]:
    """Every document this viewer may open. One about a child whose whereabouts are withheld may well name them."""
    if not viewer.may("see_child"):
        return Document.objects.none()
    return Document.objects.filter(may_open(viewer)).exclude(person__one_of=withheld_from(viewer))


def standing(viewer: Viewer, person: Person) -> QuerySet[Document]:
    """The child's documents that no other has taken the place of, newest first."""
    found = documents_for(viewer).filter(person_id__in=ties.of(person), replaced_by=None)
    return found.select_related("recorded_by").order_by("-dated_on", "-pk")


def newest_of(person: Person, *, first: int) -> Few:
    """The newest few and how many there are, in one query; only for a child open to the viewer, with her places."""
    rows = _newest(first).ask(people=Ids(ties.of(person)))
    return Few(rows, rows[0].many if rows else 0)


@cache
def _newest(first: int) -> Prepared:
    def build() -> QuerySet[Document]:
        found = Document.objects.filter(person_id__one_of=number("people"), replaced_by=None)
        return found.order_by("-dated_on", "-pk").annotate(many=Window(Count("*")))[:first]

    return Prepared(build)


def one(viewer: Viewer, pk: int) -> Document:
    """One document; NotFound where there is none, or none that this viewer may open."""
    found = documents_for(viewer).select_related("person", "recorded_by", "replaces").filter(pk=pk).first()
    if found is None:
        raise NotFound("document")
    return found


def earlier(document: Document) -> list[Document]:
    """Those whose place it took, the latest first."""
    found: list[Document] = []
    row = document
    while row.replaces_id:
        row = Document.objects.select_related("recorded_by").get(pk=row.replaces_id)
        found.append(row)
    return found


def newest(viewer: Viewer, document: Document) -> Document:
    """The one that stands in its place now; itself where none has taken it."""
    row = document
    while (later := Document.objects.filter(replaces=row.pk).first()) is not None:
        row = later
    return one(viewer, row.pk)


def hashes() -> set[str]:
    """The hash of each document that a row names, whosesoever it is: for the check of what is on the disk."""
    return set(Document.objects.values_list("sha256", flat=True))
