"""Building a return on a page, signing it off, and freezing it. Call each with somebody acting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from kith.foundation.access.models import Worker
from kith.foundation.documents import storage
from kith.record.extracting.actions import Built
from kith.statutory.returns.building import RETURNS, Asked, Return
from kith.statutory.returns.kept_reports import packed
from kith.statutory.returns.rule_reports import NAMES, Checked
from kith.vocabulary.errors import KithError

from . import built_rows
from .models import Check, Version
from .queries import digest_of

OF_A_YEAR = ("cin", "ssda903")  # told of a collection year; the others of a day
SIGNED, BUILT = "signed", "built"


def returns() -> dict[str, Return]:
    """The returns that can be built, by key."""
    return {each.key: each for each in RETURNS}


def kind_of(key: str) -> str:
    """The kind of return that is checked, by the key of what is built; empty where there are no rules for it."""
    kind = key.replace("-", "_")
    return kind if kind in NAMES else ""


def term_of(key: str, on: date) -> str:
    """What a return of this day is a version of: its collection year, or the day itself."""
    return str(Asked(on=on).year) if kind_of(key) in OF_A_YEAR else on.isoformat()


def name_beside(*, version: Version, beside: dict[str, Any]) -> None:
    """Note what came beside it, once it is here."""
    version.beside = beside
    version.save(update_fields=["beside"])


def standing(key: str, term: str) -> Version | None:
    """The version of a return and term that is signed and that no other has taken the place of."""
    return Version.objects.filter(key=key, term=term, state=SIGNED, replaced_by=None).order_by("-number").first()


@transaction.atomic
def ask(*, key: str, on: date, authority: str, purpose: str, why: str, at: datetime, by: int) -> Version:
    """Ask for a version to be built. Raises KithError where one is signed, and no reason for another is given."""
    term = term_of(key, on)
    signed = standing(key, term)
    if signed and not why.strip():
        raise KithError(
            f"Version {signed.number} of this return is signed off and frozen.",
            mend="Say why another is to take its place.",
        )
    last = Version.objects.filter(key=key, term=term).aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(
        key=key,
        on=on,
        term=term,
        number=last + 1,
        authority=authority,
        purpose=purpose.strip(),
        why=why.strip() if signed else "",
        asked_at=at,
        by_id=by,
    )


def lay_down(*, version: Version, made: Built, checked: Checked | None) -> str:
    """Put the files, the tables with what each row came from, and the report among the documents; gives the report's.

    Nothing is kept of them until `keep`: this takes as long as a return is large, and nobody's saving is to wait.
    """
    version.files = [_kept(path) for path in sorted(made.files)]
    told = built_rows.of_return(checked.returned.said, made.extract) if checked else built_rows.of_dataset(made.extract)
    version.tables = [built_rows.kept(each) for each in told]
    version.rows, version.notes = made.rows, list(made.notes)
    return storage.put(packed(checked)) if checked else ""


@transaction.atomic
def keep(*, version: Version, checked: Checked | None, report: str, at: datetime) -> None:
    """Keep what was laid down, and what checking found; all of it or nothing."""
    if checked:
        version.check_of = Check.objects.create(
            started_at=version.asked_at,
            ended_at=at,
            by_id=version.by_id,
            of_record=True,
            kind=kind_of(version.key),
            year=checked.year or 0,
            files=version.files,
            beside=version.beside,
            state="done",
            rows_in=checked.returned.rows_in,
            issues=checked.how_many,
            report=report,
        )
    version.state, version.ended_at = BUILT, at
    version.save()


def _kept(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"name": path.name, "bytes": len(content), "sha256": storage.put(content)}


@transaction.atomic
def sign(*, version: int, at: datetime, by: Worker) -> Version:
    """Sign a version off: it is frozen. Raises KithError for whoever built it, and where it is not whole."""
    held = Version.objects.select_for_update().get(pk=version)
    if held.state != BUILT:
        raise KithError("Somebody signed this off already, or it is not built.", mend="Look at it again.")
    if held.by_id == by.pk:
        raise KithError("You built this, so somebody else signs it off.", mend="Ask the director, or a colleague.")
    for each in held.files:
        if sha256(storage.get(each["sha256"])).hexdigest() != each["sha256"]:
            raise KithError("A file of this return is not what was built.", mend="Build it again.")
    before = standing(held.key, held.term)
    if before and not held.why:
        raise KithError(
            f"Version {before.number} was signed off meanwhile.", mend="Build another, and say why it takes its place."
        )
    held.state, held.signed_at, held.signed_by, held.replaces = SIGNED, at, by, before
    held.content = digest_of(held.files)
    held.save()
    return held


def untouched(version: Version) -> bool:
    """Whether the files of a signed version are those that were signed."""
    return version.content == digest_of(version.files)


def hashes() -> Iterable[str]:
    """The hash of each document that a version names."""
    for files, tables in Version.objects.values_list("files", "tables"):
        yield from (each["sha256"] for each in (*files, *tables))
