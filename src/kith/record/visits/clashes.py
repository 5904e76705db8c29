"""How a visit that two people changed at once is shown side by side, and how what was chosen is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.drafts.registry import Answer, Body, Current, first_values
from kith.foundation.screens.words import in_words
from kith.record.people.queries import children_for
from kith.record.people.shields import hides_places_of
from kith.record.steps.kinds import kind
from kith.record.steps.models import Part, Step
from kith.record.steps.queries import in_part, may_be_written, page_of
from kith.record.steps.questions import as_initial
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from . import queries
from .actions import OF_THE_PART, change_visit
from .forms import PartForm, SharedForm, VisitForms
from .models import VisitPart

FORM = "visit"
YES_NO = {"yes": "Yes", "no": "No", "": "Not answered"}
ANSWERED = ("seen", "seen_alone", "bedroom_seen")


def title(*, viewer: Viewer, about: str) -> str:
    """What the clash is called; to one who may not see the visit, only that it is one."""
    step = _step(viewer, about)
    return f"Visit to {in_words(part.person.name for part in step.shown_parts)}" if step else "A visit"


def may_see(*, viewer: Viewer, about: str) -> bool:
    """Whether every child of the visit is still open to the writer."""
    if about.startswith("new:"):
        wanted = _named(about)
        return bool(wanted) and children_for(viewer).filter(pk__in=wanted).count() == len(wanted)
    return _whole(viewer, about) is not None


def veil(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    """What takes the places of shielded children out of a draft."""
    if about.startswith("new:"):
        return hides_places_of(viewer, _named(about))
    step = _step(viewer, about)
    return hides_places_of(viewer, [part.person_id for part in step.shown_parts]) if step else str


def _named(about: str) -> set[int]:
    """The children of a visit not recorded yet."""
    numbers = about.removeprefix("new:").split(",")
    return {pk for each in numbers if (pk := whole_number(each)) is not None}


def current(*, viewer: Viewer, about: str) -> Current | None:
    """The visit as it is saved now, box by box as the form has them."""
    step = _whole(viewer, about)
    if step is None:
        return None
    return Current.of(step, _answers(step), page_of(step))


def save(*, viewer: Viewer, about: str, values: Mapping[str, str], at: datetime) -> str:
    """Save what was chosen over the version that stands now, as if it had been typed into the form."""
    step = _whole(viewer, about)
    if step is None:
        raise KithError("This visit is not open to you.", mend="Go back to Today.")
    today = timezone.localdate(at)
    shared = SharedForm(_posted(values), on=today, questions=step.form, placed=not step.kept_back)
    forms = VisitForms(shared, [PartForm(_posted(values), person=part.person) for part in step.shown_parts])
    if not forms.is_valid():
        wrong = [str(text) for form in forms.all for texts in form.errors.values() for text in texts]
        raise KithError(". ".join(wrong) + ".", mend="Choose again.")
    change_visit(
        step=step,
        version=step.version,
        children=forms.children(),
        happened_at=shared.happened_at,
        where=shared.cleaned_data.get("where"),
        others=shared.cleaned_data["others"],
        by=Worker.objects.get(pk=viewer.worker),
        answers=shared.answers,
    )
    return page_of(step)


def read(body: Body) -> dict[str, str]:
    """A posted form as the same values: the day's three boxes become one."""
    values = first_values(body)
    parts = [values.pop(f"day-{part}", "") for part in ("year", "month", "day")]
    return values | ({"day": "-".join(parts)} if any(parts) else {})


def initial_of(step: Step) -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
    """A saved visit as the form shows it: what is shared, and each child's part by the child's id."""
    shared = {
        "day": step.happened_on,
        "time": timezone.localtime(step.happened_at).time() if step.happened_at else None,
        "where": step.detail.where if step.detail else next((_loaded(part) for part in step.shown_parts), ""),
        "others": step.detail.others if step.detail else "",
    }
    parts = {part.person_id: _part(step, part) for part in step.shown_parts}
    return shared | as_initial(step.form, step.answers), parts


def _loaded(part: Any) -> str:
    return part.detail.where if part.detail else ""


def _part(step: Step, part: Any) -> dict[str, Any]:
    detail = part.detail or VisitPart()
    return {"code": part.code or step.code} | {name: getattr(detail, name) for name in OF_THE_PART}


def _step(viewer: Viewer, about: str) -> Step | None:
    pk = whole_number(about)
    return queries.visit_for(viewer, pk) if pk is not None else None


def _whole(viewer: Viewer, about: str) -> Step | None:
    """The visit, where the viewer may see every child in it: nobody writes beside what they may not read."""
    step = _step(viewer, about)
    return step if step and not in_part(viewer, [step.pk]) and may_be_written(step) else None


def _answers(step: Step) -> list[Answer]:
    shared, parts = initial_of(step)
    day = step.happened_on
    time = shared["time"]
    found = [
        Answer("day", "Day of the visit", f"{day.year}-{day.month}-{day.day}" if day else ""),
        Answer("time", "Time", f"{time:%H:%M}" if time else ""),
        *([] if step.kept_back else [Answer("where", "Where", shared["where"])]),
        Answer("others", "Who else was there", shared["others"], long=True),
    ]
    for part in step.shown_parts:
        found += _answers_of(part, parts[part.person_id])
    return found


def _answers_of(part: Part, kept: Mapping[str, Any]) -> list[Answer]:
    """One child's boxes, under the names that the form gives them and with the child's name on each."""
    form = PartForm(person=part.person)
    found = []
    for name, field in form.fields.items():
        value, label = kept[name], f"{part.person.name}: {field.label}"
        if name in ANSWERED:
            value, words = {True: "yes", False: "no", None: ""}[value], YES_NO
        else:
            words = kind("visit").codes if name == "code" else {}
        found.append(Answer(form.add_prefix(name), label, value, long=name not in (*ANSWERED, "code"), words=words))
    return found


def _posted(values: Mapping[str, str]) -> dict[str, str]:
    return dict(values)
