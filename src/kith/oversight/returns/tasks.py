"""The job that checks an uploaded return."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone
from django_tasks import task

from kith.foundation.documents import storage
from kith.foundation.history.actor import Actor, acting
from kith.foundation.jobs import progress
from kith.foundation.jobs.reading import reading
from kith.statutory.returns.across.together import KIND as ACROSS
from kith.statutory.returns.checking_returns import check_across, check_annex_a, check_cin, check_ssda903
from kith.statutory.returns.kept_reports import packed
from kith.statutory.returns.results import Progress
from kith.statutory.returns.rule_reports import Checked

from . import actions
from .beside import beside_of, files_of
from .forms import RETURNS_OF_A_CHILD
from .models import Check

RETURN = "return"


@task()
def check_uploaded(check: int) -> None:
    """Read a return, run every rule of its year and keep what was found; the files are then taken away."""
    found = Check.objects.get(pk=check)
    actor = Actor(worker=found.by_id, role="data_officer", purpose=f"check {check}")
    with reading(found, by=actor) as told:
        checked = _checked(found, _in_parts(told))
        told("Keeping what was found", 0.95)
        report = storage.put(packed(checked))  # before anybody acts: of a million issues it takes a while
        with acting(actor):
            actions.keep(check=found, checked=checked, report=report, at=timezone.now())


def _in_parts(told: progress.Step) -> Progress:
    return lambda words, share: told(words if share < 1 else "Running the rules", 0.7 * share)


def _checked(check: Check, progress: Progress) -> Checked:
    if check.kind == ACROSS:
        return check_across(**_returns(check), year=check.beside.get("year"), progress=progress)
    if check.kind == "cin":
        return check_cin(_files(check, RETURN), progress=progress)
    if check.kind == "annex_a":
        return check_annex_a(_files(check, RETURN), progress=progress)
    return check_ssda903(
        _files(check, RETURN), year=check.beside.get("year"), progress=progress, **beside_of(check.folder, check.beside)
    )


def _returns(check: Check) -> dict[str, Path]:
    """The returns to compare: a file each, of the SSDA903 its folder."""
    there = {name: _files(check, name) for name in RETURNS_OF_A_CHILD}
    return {name: check.folder / name if name == "ssda903" else files[0] for name, files in there.items() if files}


def _files(check: Check, part: str) -> list[Path]:
    return files_of(check.folder, part)
