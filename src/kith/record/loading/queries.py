"""Reading loads: who may make one, those that were made, and what was kept out."""

from __future__ import annotations

from django.db.models import QuerySet

from kith.foundation.access.models import Account
from kith.foundation.access.viewer import Viewer, viewer_for
from kith.vocabulary.errors import KithError

from .models import Load, Problem

CAPABILITY = "load_data"


def loader(*, email: str | None) -> int | None:
    """The worker who loads; none is a load by the system itself. Raises KithError for somebody who may not."""
    if email is None:
        return None
    account = Account.objects.filter(email__iexact=email, is_active=True).select_related("worker").first()
    if account is None or not viewer_for(account).may(CAPABILITY):
        mend = "Give the e-mail address of a data officer, or leave --as out."
        raise KithError(f"{email} may not load data.", mend=mend)
    return account.worker_id


def loads(*, viewer: Viewer) -> QuerySet[Load]:
    """Every load, newest first, for somebody who may load; nothing for anybody else."""
    everything = Load.objects.select_related("by").order_by("-pk")
    return everything if viewer.may(CAPABILITY) else everything.none()


def problems(*, viewer: Viewer, load: Load) -> QuerySet[Problem]:
    """The rows that a load kept out, in the order of the files."""
    found = Problem.objects.filter(load=load).order_by("pk")
    return found if viewer.may(CAPABILITY) else found.none()
