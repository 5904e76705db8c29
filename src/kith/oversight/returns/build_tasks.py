"""The job that builds a return of the record, reads it back and checks it."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone
from django_tasks import task

from kith.foundation.access.models import Account
from kith.foundation.access.viewer import Viewer, viewer_for
from kith.foundation.history.actor import Actor, acting
from kith.foundation.jobs import progress
from kith.foundation.jobs.reading import reading
from kith.record.extracting.actions import Built, build
from kith.statutory.returns.building import Asked
from kith.statutory.returns.checking_returns import check_annex_a, check_cin, check_ssda903
from kith.statutory.returns.rule_reports import Checked

from . import versions
from .beside import beside_of, files_of
from .models import Version


@task()
def build_version(version: int) -> None:
    """Build a return for whoever asked, read it back, check it by every rule, and keep it all."""
    found = Version.objects.get(pk=version)
    viewer = viewer_for(Account.objects.select_related("worker").get(worker=found.by_id))
    actor = Actor(worker=found.by_id, role=viewer.role, purpose=f"version {version}")
    with reading(found, by=actor) as told:
        made = _built(found, viewer, told)
        told("Checking what was built", 0.6)
        checked = _checked(found, made)
        told("Keeping it", 0.9)
        report = versions.lay_down(version=found, made=made, checked=checked)
        with acting(actor):
            versions.keep(version=found, checked=checked, report=report, at=timezone.now())


def _built(version: Version, viewer: Viewer, told: progress.Step) -> Built:
    of = versions.returns()[version.key]
    return build(
        viewer=viewer,
        of=of,
        to=version.folder / Path(of.example.strip('"')).name,
        asked=Asked(
            on=version.on,
            authority=version.beside.get("area", "") if of.located else version.authority,
            postcodes=next(iter(files_of(version.folder, "postcodes")), None),
            at=timezone.localtime(),
        ),
        purpose=version.purpose,
        progress=lambda words, share: told(words, 0.6 * share),
    )


def _checked(version: Version, made: Built) -> Checked | None:
    kind = versions.kind_of(version.key)
    if kind == "cin":
        return check_cin(made.files)
    if kind == "ssda903":
        return check_ssda903(made.files, year=int(version.term), **beside_of(version.folder, version.beside))
    return check_annex_a(made.files) if kind == "annex_a" else None
