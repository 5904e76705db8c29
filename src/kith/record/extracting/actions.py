"""Building a return of the record: an act of somebody who may, for a reason, kept in the history with whom it tells."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from kith.foundation.access.door import actor_for
from kith.foundation.access.viewer import Viewer
from kith.foundation.database import one_moment
from kith.foundation.history.actions import listed, refused
from kith.foundation.history.actor import Actor, acting
from kith.statutory.returns.building import Asked, Return
from kith.statutory.returns.results import Progress, no_progress
from kith.vocabulary.errors import KithError

from .extract import Extract, extract
from .holding_back import for_viewer, people_in

CAPABILITY = "build_returns"


@dataclass(frozen=True)
class Built:
    """A return that was built: its files, how many rows of the dataset it was made of, and what is to be known."""

    files: tuple[Path, ...]
    rows: int
    notes: tuple[str, ...]
    extract: Extract  # what it was made of, as whoever built it may have it


def build(
    *, viewer: Viewer, of: Return, to: Path, asked: Asked, purpose: str, progress: Progress = no_progress
) -> Built:
    """Build a return of the record as it stands, for somebody who may, and keep in the history whom it tells of.

    Of somebody hidden from the viewer it tells only what is counted. The files are at `to` only when the history holds
    that they were made. All of it is of one moment, and nobody who saves meanwhile waits for it. Raises KithError for
    somebody who may not, without a purpose, and where files are in the way.
    """
    actor = _actor(viewer, purpose)
    page = f"build {of.key}"
    if not viewer.may(CAPABILITY):
        refused(actor=actor, page=page, decision="role")
        raise KithError(f"{viewer.name} may not build returns.", mend="A data officer can.")
    if not purpose.strip():
        raise KithError("Say what this is built for.", mend="The reason is kept with it.")
    _check_free(to)
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent) as held:
        progress("Reading the record", 0.0)
        with one_moment():
            found = for_viewer(viewer, extract(on=asked.on))
            people = people_in(found)
        progress("Writing the return", 0.8)
        files = of.build(found.dataset, Path(held) / to.name, asked)
        notes = (*found.notes, *of.notes(found.dataset, files, asked))
        with acting(actor):
            listed(people=people, page=page, purpose=purpose.strip())
        shutil.move(Path(held) / to.name, to)
    progress("Done", 1.0)
    return Built(_moved(files, Path(held), to.parent), found.dataset.row_count(), notes, found)


def _actor(viewer: Viewer, purpose: str) -> Actor:
    return replace(actor_for(viewer), purpose=purpose.strip(), client="command")


def _check_free(to: Path) -> None:
    """Nothing is written over: an old file among new ones would be sent with them."""
    if to.is_file() or (to.is_dir() and any(to.iterdir())):
        raise KithError(f"There is something at {to.name} already.", mend="Choose another name, or take it away first.")


def _moved(files: tuple[Path, ...], before: Path, after: Path) -> tuple[Path, ...]:
    return tuple(after / each.relative_to(before) for each in files)
