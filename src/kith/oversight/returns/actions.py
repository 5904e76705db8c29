"""Checking a return, answering what was found, taking a report away. Call each with somebody acting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from kith.foundation.access.models import Worker
from kith.foundation.documents import storage
from kith.statutory.returns.rule_reports import Checked
from kith.vocabulary.errors import KithError

from .models import Answer, Check
from .queries import AWAY


def begin(*, kind: str, at: datetime, by: int) -> Check:
    """Note that somebody asks for a return to be checked. `by` is a worker's id."""
    return Check.objects.create(kind=kind, started_at=at, by_id=by)


def name_files(*, check: Check, files: list[dict[str, Any]], beside: dict[str, Any]) -> None:
    """Note which files it is of, and what came beside them, once they are here."""
    check.files, check.beside = files, beside
    check.save(update_fields=["files", "beside"])


@transaction.atomic
def keep(*, check: Check, checked: Checked, report: str, at: datetime) -> None:
    """Keep what was found. `report` is what storage calls it: on the disk before the row that names it counts."""
    check.report = report
    check.year, check.rows_in, check.issues = checked.year or 0, checked.returned.rows_in, checked.how_many
    check.state, check.ended_at = "done", at
    check.save()


def answer(*, check: Check, row: Mapping[str, Any], says: str, reason: str, at: datetime, by: Worker) -> Answer:
    """Say why an issue is right as it stands. Raises KithError where somebody else answered it meanwhile."""
    key = {"rule": row["rule"], "child": row["child"] or "", "table": row["table"], "says": says}
    try:
        with transaction.atomic():
            return Answer.objects.create(
                kind=check.kind, year=check.year, reason=reason.strip(), given_at=at, given_by=by, **key
            )
    except IntegrityError:
        raise KithError(
            "Somebody else answered this meanwhile.", mend="Read their answer; you may take it back and give another."
        ) from None


@transaction.atomic
def withdraw(*, answer: int, at: datetime, by: Worker) -> bool:
    """Take an answer back: it stays in the history, and the issue is open again. Says whether it was given till now."""
    held = Answer.objects.select_for_update().filter(pk=answer, withdrawn_at=None).first()
    if held is None:
        return False
    held.withdrawn_at, held.withdrawn_by = at, by
    held.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return True


@transaction.atomic
def take_away(*, check: Check, at: datetime, by: Worker) -> None:
    """Take a report away. That there was one, and who took it away, stays; answers stay, for the next check."""
    report, check.report = check.report, ""
    check.state, check.taken_away_at, check.taken_away_by = AWAY, at, by
    check.save(update_fields=["state", "report", "taken_away_at", "taken_away_by"])
    if report:
        transaction.on_commit(lambda: storage.forget(report))
