"""Reading drafts, which only their author may, and clashes."""

from __future__ import annotations

from django.db.models import QuerySet

from kith.foundation.access.viewer import Viewer

from .models import Clash, Draft
from .posted import key_for
from .registry import veil_over


def draft_of(*, viewer: Viewer, form: str, about: str) -> Draft | None:
    """The viewer's own draft of this form about this thing, if there is one that opens."""
    found = drafts_of(viewer=viewer).filter(form=form, about=key_for(about)).first()
    return veiled(viewer, found) if found is not None and found.opens else None


def veiled(viewer: Viewer, draft: Draft) -> Draft:
    """The draft, whose body is read without what its author may not know any more."""
    draft.over = veil_over(viewer=viewer, form=draft.form, about=draft.about)
    return draft


def drafts_of(*, viewer: Viewer) -> QuerySet[Draft]:
    """All the viewer's own drafts, the newest first; nobody else's, whatever the viewer's role."""
    if viewer.worker is None:
        return Draft.objects.none()
    return Draft.objects.filter(author_id=viewer.worker).order_by("-saved_at", "-id")


def clashes_of(*, viewer: Viewer) -> QuerySet[Clash]:
    """The viewer's own texts that met another's and are not settled yet, the oldest first."""
    if viewer.worker is None:
        return Clash.objects.none()
    return Clash.objects.filter(author_id=viewer.worker, settled_at=None).order_by("at", "id")


def clash_of(*, viewer: Viewer, pk: int) -> Clash | None:
    """A clash the viewer may read: one's own, or any for one who signs work off; the record's access is on top."""
    clash = Clash.objects.select_related("author", "settled_by").filter(pk=pk).first()
    if clash is None or viewer.worker is None:
        return None
    return clash if clash.author_id == viewer.worker or viewer.may("sign_off") else None
