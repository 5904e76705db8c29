"""Keeping unsent text, and keeping both texts when two people save one record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kith.foundation.access.viewer import Viewer

from .models import Clash, Draft
from .posted import key_for, posted_text
from .registry import kind_of

LARGEST = 2**31 - 1  # what the column holds: a version that no form ever had is still a clash, not an error


def keep(*, author: int, form: str, about: str, body: Mapping[str, list[str]], at: datetime) -> Draft:
    """Keep this text as the author's one draft of this form about this thing, in place of the one before."""
    key = {"author_id": author, "form": form, "about": key_for(about)}
    sealed = Draft(**key).seal(body).sealed
    draft, _ = Draft.objects.update_or_create(**key, defaults={"sealed": sealed, "saved_at": at})
    return draft


def drop(*, author: int, form: str, about: str) -> bool:
    """Throw the draft away, because it was sent or is not wanted. Says whether there was one."""
    gone, _ = Draft.objects.filter(author_id=author, form=form, about=key_for(about)).delete()
    return gone > 0


def version_now(row: Any) -> int:
    """The version of a row as it stands, locked until the transaction ends: two who save at once take turns.

    Without it, on PostgreSQL, both find the version they wrote against, and the second to save is refused, not kept.
    """
    return int(type(row)._default_manager.select_for_update().get(pk=row.pk).version)


def check_version(
    *,
    viewer: Viewer,
    form: str,
    about: str,
    posted_version: int,
    current_version: int,
    body: Mapping[str, list[str]],
    at: datetime,
) -> Clash | None:
    """None when nobody saved since this form was opened. Otherwise the second text, kept as a clash to be settled.

    The caller saves nothing then, and answers with redirect("clash", clash.pk). It must not raise: the clash is written
    in the request's own transaction. `form` must be registered (drafts.registry), or the clash could not be shown.
    """
    kind_of(form)
    if posted_version == current_version:
        return None
    if viewer.worker is None:
        raise RuntimeError("A text met another's with nobody signed in.")
    clash = Clash.objects.create(
        form=form,
        about=about,
        author_id=viewer.worker,
        written_against=min(max(posted_version, 0), LARGEST),
        found=current_version,
        body=posted_text(body.items()),
        at=at,
    )
    drop(author=viewer.worker, form=form, about=about)
    return clash


def settle(*, clash: Clash, by: int, kept: str, at: datetime) -> None:
    """Note which text was kept: theirs, mine or both. The text that was not kept stays in the clash."""
    clash.settled_at, clash.settled_by_id, clash.kept = at, by, kept
    clash.save(update_fields=["settled_at", "settled_by", "kept"])
