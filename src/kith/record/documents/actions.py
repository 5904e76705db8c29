"""Adding documents, putting another in one's place, and opening one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.documents import checking, scanning, storage
from kith.record.people.models import Person
from kith.record.people.recorded import new_ref
from kith.vocabulary.errors import KithError

from .models import Document

CHUNK = 1 << 20


class Sent(Protocol):
    """A file as it was sent."""

    name: str
    size: int

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class Said:
    """What is said of a document."""

    kind: str
    dated_on: date
    about: str


class NotOpened(KithError):
    """A document that is kept and may not be opened."""


@transaction.atomic
def add(*, person: Person, sent: Sent, said: Said, by: Worker) -> Document:
    """Check the file, keep it, and say what it is. The file is on the disk before the row counts."""
    return _keep(person, sent, said, by, replaces=None, why="")


@transaction.atomic
def replace(*, document: Document, sent: Sent, said: Said, why: str, by: Worker) -> Document:
    """Put another in its place. The one before stays, and says that it was replaced; it is replaced once."""
    held = Document.objects.select_for_update().get(pk=document.pk)
    if Document.objects.filter(replaces=held).exists():
        raise KithError("Somebody else put another in its place meanwhile.", mend="Open that one, and replace it.")
    if not why.strip():
        raise KithError("Say why it is replaced.", mend="A sentence is enough.")
    return _keep(held.person, sent, said, by, replaces=held, why=why.strip())


def opened(*, document: Document) -> bytes:
    """What is in a document. Raises NotOpened where it may not be opened, CannotOpen where it is not what was kept.

    One that no scanner has seen is scanned now; where there is no scanner, the settings say whether it opens.
    """
    if document.infected_at:
        raise NotOpened("The malware scanner knows this document.", mend="Tell whoever looks after your computers.")
    content = storage.get(document.sha256)
    if document.scanned_at is None and not _scanned_now(document, content) and not settings.OPEN_UNSCANNED:
        raise NotOpened(
            "No malware scanner has seen this document yet, so it does not open here.",
            mend="Try again in a few minutes, or tell whoever looks after Kith.",
        )
    return content


def mark_infected(*, document: Document) -> None:
    """A scan knew it: from now on it opens to nobody. It stays, so that what happened can be found out."""
    document.infected_at = timezone.now()
    document.version += 1
    document.save(update_fields=["infected_at", "version"])


def orphans() -> tuple[list[str], list[str]]:
    """Documents on the disk that no row names, and hashes that rows name and the disk has not."""
    on_disk, named = set(storage.every()), storage.named()
    return sorted(on_disk - named), sorted(named - on_disk)


def _keep(person: Person, sent: Sent, said: Said, by: Worker, *, replaces: Document | None, why: str) -> Document:
    with _examined(sent) as (checked, sent_hash, scanned):
        content = checked.path.read_bytes()
        row: dict[str, Any] = {"name": checked.name, "type": checked.kind.type, "size": len(content)}
        row |= {"sha256": storage.put(content), "sent_sha256": sent_hash}
    return Document.objects.create(
        ref=new_ref("document"),
        person=person,
        kind=said.kind,
        dated_on=said.dated_on,
        about=said.about.strip(),
        scanned_at=timezone.now() if scanned else None,
        replaces=replaces,
        why=why,
        recorded_at=timezone.now(),
        recorded_by=by,
        **row,
    )


@contextmanager
def _examined(sent: Sent) -> Iterator[tuple[checking.Checked, str, bool]]:
    """The file as sent, checked, with its hash and whether a scanner found it clean. Its copy is gone afterwards."""
    with TemporaryDirectory(prefix="kith-") as folder:
        path, digest = Path(folder) / "sent", hashlib.sha256()
        with path.open("wb") as out:
            for chunk in sent.chunks(CHUNK):
                digest.update(chunk)
                out.write(chunk)
        checked = checking.check(path, name=sent.name, size=path.stat().st_size, largest=settings.DOCUMENT_LIMIT)
        yield checked, digest.hexdigest(), scanning.scan(path) == scanning.CLEAN


def _scanned_now(document: Document, content: bytes) -> bool:
    if not scanning.scanner():
        return False
    with TemporaryDirectory(prefix="kith-") as folder:
        path = Path(folder) / "kept"
        path.write_bytes(content)
        clean = scanning.scan(path) == scanning.CLEAN
    if clean:
        document.scanned_at = timezone.now()
        document.version += 1
        document.save(update_fields=["scanned_at", "version"])
    return clean
