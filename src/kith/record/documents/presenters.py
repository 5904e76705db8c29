"""Documents in words, for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from kith.foundation.documents import scanning
from kith.foundation.documents.checking import kinds
from kith.foundation.screens.words import nice_date

from .models import Document
from .words import KINDS

NO_SCANNER = "No malware scanner is set up here. Files are checked in other ways, and not for viruses."
DOES_NOT_OPEN = "Until one has seen them, they do not open."


@dataclass(frozen=True)
class Line:
    """One document, as a line."""

    url: str
    title: str
    about: str
    facts: list[str]
    warning: str = ""


def lines(documents: Iterable[Document]) -> list[Line]:
    """Documents as lines."""
    return [
        Line(
            url=reverse("documents:one", args=[each.pk]),
            title=f"{KINDS.get(each.kind, 'Document')}, {nice_date(each.dated_on)}",
            about=each.about,
            facts=[each.name, size_words(each.size)],
            warning=scan_words(each) if each.infected_at else "",
        )
        for each in documents
    ]


def facts(document: Document) -> list[tuple[str, str]]:
    """All that is known of one document."""
    file = kinds().get(document.name.rpartition(".")[2].lower())
    added = document.recorded_by.name if document.recorded_by else "another system"
    rows = [
        ("What it is", KINDS.get(document.kind, "Document")),
        ("Its own day", nice_date(document.dated_on)),
        ("About", document.about),
        ("File", f"{document.name} ({file.words if file else 'file'}, {size_words(document.size)})"),
        ("Added", f"{nice_date(document.recorded_at.date())} by {added}"),
        ("Malware", scan_words(document)),
        ("Why it took another’s place", document.why),
        ("Fingerprint (SHA-256)", document.sha256),
    ]
    return [(name, value) for name, value in rows if value]


def scan_words(document: Document) -> str:
    """What a malware scanner said of it."""
    if document.infected_at:
        return f"The scanner knew it on {nice_date(document.infected_at.date())}. It opens to nobody."
    if document.scanned_at:
        return f"The scanner found nothing on {nice_date(document.scanned_at.date())}"
    return "No scanner has seen it"


def scanner_words() -> str:
    """What a reader must know where no scanner is set up; nothing where one is."""
    if scanning.scanner():
        return ""
    return NO_SCANNER if settings.OPEN_UNSCANNED else f"{NO_SCANNER} {DOES_NOT_OPEN}"


def size_words(size: int) -> str:
    """How large, in words."""
    if size < 1024:
        return f"{size} bytes"
    return f"{size / 1024:.0f} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"
