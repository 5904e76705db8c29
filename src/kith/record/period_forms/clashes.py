"""How a period that two people changed at once is shown side by side, and how what was chosen is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from kith.foundation.access.viewer import Viewer
from kith.foundation.drafts.registry import Current
from kith.record.people.shields import hides_places_of, places_kept_back
from kith.record.periods.models import Period
from kith.record.periods.words import name_of
from kith.record.plain_work.clashes import answers_of, check, read
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from .actions import change
from .forms import PeriodForm, initial_of
from .queries import period_for

__all__ = ["FORM", "current", "form_of", "may_see", "page_of", "read", "save", "title", "title_of", "veil"]
FORM = "period"


def title(*, viewer: Viewer, about: str) -> str:
    """What it is, and whose; to one who may not see it, only that it is part of a record."""
    period = _period(viewer, about)
    return title_of(period) if period else "Part of a record"


def title_of(period: Period) -> str:
    """What it is, and whose."""
    return f"{name_of(period.kind, period.code)}: {period.person.name}"


def may_see(*, viewer: Viewer, about: str) -> bool:
    """Whether the record is still open to the writer."""
    return _period(viewer, about) is not None


def veil(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    """What takes the places of a shielded child out of a draft."""
    period = _period(viewer, about)
    return hides_places_of(viewer, [period.person_id]) if period else str


def current(*, viewer: Viewer, about: str) -> Current | None:
    """The period as it is saved now, box by box as the form has them."""
    period = _period(viewer, about)
    if period is None:
        return None
    return Current.of(period, answers_of(form_of(viewer, period), initial_of(period)), page_of(period))


def save(*, viewer: Viewer, about: str, values: Mapping[str, str], at: datetime) -> str:
    """Save what was chosen over the version that stands now, as if it had been typed into the form."""
    period = _period(viewer, about)
    if period is None:
        raise KithError("This is not open to you.", mend="Go back to Today.")
    form = form_of(viewer, period, dict(values))
    check(form)
    change(period=period, version=period.version, told=form.told())
    return page_of(period)


def form_of(viewer: Viewer, period: Period, data: Any = None, unsent: Any = None) -> PeriodForm:
    """The form as it is, as posted, or with what was not sent."""
    given = {"period": period, "placed": not places_kept_back(viewer, period.person_id)}
    if unsent is not None:
        return PeriodForm.with_unsent(unsent, **given)  # type: ignore[return-value]
    return PeriodForm(data, **given)


def page_of(period: Period) -> str:
    """Where it is seen, among the rest of the record; an episode of care, with the time in care it is part of."""
    return f"{period.person.page}record/?kind=period:{'care' if period.kind == 'care_episode' else period.kind}"


def _period(viewer: Viewer, about: str) -> Period | None:
    pk = whole_number(about)
    return period_for(viewer, pk) if pk is not None else None
