"""How details that two people changed at once are shown side by side, and how what was chosen is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.drafts.registry import Current
from kith.record.people.models import Person
from kith.record.people.shields import hides_places_of, places_kept_back
from kith.record.plain_work.clashes import answers_of, check, read
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from .actions import change
from .forms import DetailsForm, initial_of
from .queries import person_for

__all__ = ["FORM", "current", "form_of", "may_see", "read", "save", "title", "veil"]
FORM = "personal_details"


def title(*, viewer: Viewer, about: str) -> str:
    """Whose details they are; to one who may not know, only what they are."""
    person = _person(viewer, about)
    return f"The details of {person.name}" if person else "Somebody’s details"


def may_see(*, viewer: Viewer, about: str) -> bool:
    """Whether the record is still open to the writer."""
    return _person(viewer, about) is not None


def veil(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    """What takes the places of a shielded person out of a draft."""
    person = _person(viewer, about)
    return hides_places_of(viewer, [person.pk]) if person else str


def current(*, viewer: Viewer, about: str) -> Current | None:
    """The details as they are saved now, box by box as the form has them."""
    person = _person(viewer, about)
    if person is None:
        return None
    return Current.of(person, answers_of(form_of(viewer, person), initial_of(person)), person.page)


def save(*, viewer: Viewer, about: str, values: Mapping[str, str], at: datetime) -> str:
    """Save what was chosen over the version that stands now, as if it had been typed into the form."""
    person = _person(viewer, about)
    if person is None:
        raise KithError("This is not open to you.", mend="Go back to Today.")
    form = form_of(viewer, person, dict(values))
    check(form)
    by, on = Worker.objects.get(pk=viewer.worker), timezone.localdate(at)
    change(person=person, version=person.version, details=form.details(), by=by, on=on)
    return person.page


def form_of(viewer: Viewer, person: Person, data: object = None) -> DetailsForm:
    """The form as it is, or as posted."""
    return DetailsForm(data, person=person, placed=not places_kept_back(viewer, person.pk))


def _person(viewer: Viewer, about: str) -> Person | None:
    pk = whole_number(about)
    return person_for(viewer, pk) if pk is not None else None
