"""The job that checks an uploaded return."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from kith.foundation.history.actor import Actor, acting
from kith.foundation.jobs import progress
from kith.foundation.jobs.reading import reading
from kith.statutory.returns.checking_returns import check_annex_a, check_cin, check_ssda903
from kith.statutory.returns.results import Progress
from kith.statutory.returns.rule_reports import Checked

from . import actions
from .models import Check

RETURN, LAST_YEAR, POSTCODES, PROVIDERS = "return", "last_year", "postcodes", "providers"


def folder(check: int) -> Path:
    """Where the files of a check are put until they are read: the return's, and for each thing beside it a folder."""
    return Path(settings.UPLOADS) / f"check-{check}"


def key(check: int) -> str:
    """What the progress of a check is kept under."""
    return f"check-{check}"


@task()
def check_uploaded(check: int) -> None:
    """Read a return, run every rule of its year and keep what was found; the files are then taken away."""
    found = Check.objects.get(pk=check)
    actor = Actor(worker=found.by_id, role="data_officer", purpose=f"check {check}")

    def refuse(sentence: str) -> None:
        with acting(actor):
            actions.refuse(check=found, sentence=sentence, at=timezone.now())

    with reading(key=key(check), folder=folder(check), refuse=refuse) as told:
        with acting(actor):
            actions.checking_begins(check=found)
        checked = _checked(found, _in_parts(told))
        told("Keeping what was found", 0.95)
        with acting(actor):
            actions.keep(check=found, checked=checked, at=timezone.now())


def _in_parts(told: progress.Step) -> Progress:
    return lambda words, share: told(words if share < 1 else "Running the rules", 0.7 * share)


def _checked(check: Check, progress: Progress) -> Checked:
    if check.kind == "cin":
        return check_cin(_files(check, RETURN), progress=progress)
    if check.kind == "annex_a":
        return check_annex_a(_files(check, RETURN), progress=progress)
    return check_ssda903(_files(check, RETURN), progress=progress, **_beside(check))


def _beside(check: Check) -> dict[str, Any]:
    postcodes = _files(check, POSTCODES)
    return {
        "year": check.beside.get("year"),
        "authority": check.beside.get("authority") or None,
        "last_year": _files(check, LAST_YEAR),
        "postcodes": postcodes[0] if postcodes else None,
        "providers": _files(check, PROVIDERS),
    }


def _files(check: Check, part: str) -> list[Path]:
    inside = folder(check.pk) / part
    return sorted(inside.iterdir()) if inside.is_dir() else []
