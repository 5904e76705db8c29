"""How a piece of plain work that two people changed at once is shown side by side, and how what was chosen is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.forms import Form
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.drafts.registry import Answer, Body, Current, first_values
from kith.foundation.screens.fields import PARTS
from kith.record.people.queries import kept_for
from kith.record.people.shields import hides_places_of
from kith.record.steps.models import Step
from kith.record.steps.queries import in_part, may_be_written, page_of, title_of
from kith.record.steps.questions import as_initial
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from .actions import change
from .forms import TIME, PlainForm
from .kinds import PlainKind
from .queries import followable, work_for
from .told import more_of, recorded_kinds

FORM = "plain_work"
NEW = "new"


def about_new(key: str, child: int) -> str:
    """What a draft of one not recorded yet is about."""
    return f"{NEW}:{key}:{child}"


def title(*, viewer: Viewer, about: str) -> str:
    """What it is called; to one who may not see it, only that it is a piece of work."""
    kind, _ = _named(about)
    step = _step(viewer, about)
    return title_of(step) if step else recorded_kinds()[kind].name if kind in recorded_kinds() else "A piece of work"


def may_see(*, viewer: Viewer, about: str) -> bool:
    """Whether the child is still open to the writer."""
    kind, child = _named(about)
    if kind:
        return kind in recorded_kinds() and kept_for(viewer).filter(pk=child).exists()
    return whole(viewer, about) is not None


def veil(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    """What takes the places of a shielded child out of a draft."""
    kind, child = _named(about)
    if kind:
        return hides_places_of(viewer, {child})
    step = _step(viewer, about)
    return hides_places_of(viewer, [part.person_id for part in step.shown_parts]) if step else str


def current(*, viewer: Viewer, about: str) -> Current | None:
    """The work as it is saved now, box by box as the form has them."""
    step = whole(viewer, about)
    if step is None:
        return None
    return Current.of(step, answers_of(form_of(viewer, step), initial_of(step)), page_of(step))


def save(*, viewer: Viewer, about: str, values: Mapping[str, str], at: datetime) -> str:
    """Save what was chosen over the version that stands now, as if it had been typed into the form."""
    step = whole(viewer, about)
    if step is None or not viewer.may(recorded_kinds()[step.kind].capability):
        raise KithError("This is not open to you.", mend="Go back to Today.")
    form = form_of(viewer, step, dict(values))
    check(form)
    by = Worker.objects.get(pk=viewer.worker)
    change(of=form.of, step=step, version=step.version, told=form.told(), by=by)
    return page_of(step)


def read(body: Body) -> dict[str, str]:
    """A posted form as the same values: the three boxes of a day become one."""
    values = first_values(body)
    for day in [name.removesuffix("-day") for name in values if name.endswith("-day")]:
        parts = [values.pop(f"{day}-{part}", "") for part in PARTS]
        values |= {day: "-".join(reversed(parts))} if any(parts) else {}
    return values


def initial_of(step: Step) -> dict[str, Any]:
    """A saved piece of work as its form shows it."""
    (part,) = step.shown_parts
    found: dict[str, Any] = {"code": step.code, "follows": step.led_from, "outcome": part.outcome, "words": part.words}
    of = kind_of(step)
    for moment in of.asks:
        found[moment] = getattr(step, f"{moment}_on")
        at = getattr(step, f"{moment}_at", None)
        found[moment + TIME] = timezone.localtime(at).time() if at else None
    return found | more_of(of, part, part.detail) | as_initial(step.form, step.answers)


def kind_of(step: Step) -> PlainKind:
    """The kind of a saved piece of work; the day of a signature is asked for only where there is one."""
    of = recorded_kinds()[step.kind]
    return of.before_signature() if of.signed and step.done_on is None else of


def form_of(viewer: Viewer, step: Step, data: Any = None, unsent: Any = None) -> PlainForm:
    """The form of a saved piece of work: as it is, as posted, or with what was not sent."""
    of, (part,) = kind_of(step), step.shown_parts
    follow = followable(viewer, part.person, of)
    if step.led_from and step.led_from not in dict(follow):
        follow = [(step.led_from, "As it is recorded now"), *follow]
    given: dict[str, Any] = {"of": of, "follow": follow, "questions": step.form}
    if unsent is not None:
        return PlainForm.with_unsent(unsent, **given)  # type: ignore[return-value]
    return PlainForm(data, initial=initial_of(step), **given)


def whole(viewer: Viewer, about: str) -> Step | None:
    """The work, where the viewer may read all of it, and it was not cancelled."""
    step = _step(viewer, about)
    if step is None or step.cancelled_on or in_part(viewer, [step.pk]) or len(step.shown_parts) != 1:
        return None
    return step if may_be_written(step) else None


def _named(about: str) -> tuple[str, int]:
    """The kind and the child of one not recorded yet; of one that is, nothing."""
    new, _, rest = about.partition(":")
    key, _, child = rest.partition(":")
    number = whole_number(child)
    return (key, number) if new == NEW and number is not None else ("", 0)


def _step(viewer: Viewer, about: str) -> Step | None:
    pk = whole_number(about)
    return work_for(viewer, pk) if pk is not None else None


def check(form: Form) -> None:
    """Raise KithError with all that is wrong with what was chosen for a form."""
    if not form.is_valid():
        wrong = [str(text) for texts in form.errors.values() for text in texts]
        raise KithError(". ".join(wrong) + ".", mend="Choose again.")


def answers_of(form: Form, held: Mapping[str, Any]) -> list[Answer]:
    """What is held, box by box as the form has them."""
    return [answer_of(form, name, held.get(name)) for name in form.fields]


def answer_of(form: Form, name: str, value: Any) -> Answer:
    """What a box says now, as the page of a clash has it."""
    field = form.fields[name]
    choices = {str(key): str(words) for key, words in getattr(field, "choices", ())}
    text = f"{value.year}-{value.month}-{value.day}" if isinstance(value, date) else ""
    if isinstance(value, bool):
        text = "yes" if value else "no"
    if not text and value:
        text = f"{value:%H:%M}" if name.endswith(TIME) else str(value)
    return Answer(name, str(field.label), text, long=name == "words", words=choices)
