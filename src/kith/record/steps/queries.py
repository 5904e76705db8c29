"""Reading steps, always for a viewer: a step shows only the parts of children this viewer may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Window
from django.urls import reverse

from kith.foundation.access.viewer import Viewer
from kith.foundation.prepared import Shaped, number
from kith.foundation.screens.words import in_words
from kith.record.deadlines.openings import Named
from kith.record.people.access import may_open, opens_everybody
from kith.record.people.one_of import Ids
from kith.record.people.shields import mark_withheld, veil_over
from kith.record.people.whereabouts import Veil, withhold
from kith.vocabulary.errors import KithError

from .filters import WorkFilter, in_order, with_one_of
from .kinds import kept_from, kind
from .models import Part, SignOff, Step
from .sharing import behind_the_wall, with_others
from .states import in_state


class NoSuchStep(KithError):
    """There is no such step, or every child in it is one whom the viewer may not know of."""


@dataclass(frozen=True)
class Work:
    """How many steps, and the first few of them."""

    count: int = 0
    rows: tuple[Step, ...] = ()


def parts_for(viewer: Viewer) -> Any:
    """Every child's part that this viewer may read."""
    if not viewer.may("see_child"):
        return Part.objects.none()
    return _of_the_open(viewer).filter(_told(viewer, "step__kind"))


def _of_the_open(viewer: Viewer) -> Any:
    """The parts of children whose record opens, of steps that are read already."""
    return Part.objects.filter(may_open(viewer))


def _told(viewer: Viewer, column: str = "kind") -> Q:
    """The rows that are not of a kind kept from this viewer; of whoever may read all, no question."""
    kept = kept_from(viewer)
    return ~Q(**{f"{column}__in": kept}) if kept else Q()


def steps_for(viewer: Viewer, *, few: bool = True) -> QuerySet[Step]:
    """Every step in which this viewer may read at least one part, with just those parts as `shown_parts`.

    `few`: what else is asked leaves few steps, and each is looked at; else the children's own steps are found first.
    For those who open every ordinary record, the few steps about nobody but the others are left out.
    """
    if not viewer.may("see_child"):
        return Step.objects.none()
    return Step.objects.filter(_readable(viewer, few), _told(viewer)).prefetch_related(_shown(viewer))


def _readable(viewer: Viewer, few: bool) -> Q:
    mine = _of_the_open(viewer)
    if few or not opens_everybody(viewer):
        return with_one_of(mine, few=few)
    shut = Q(pk__in=Part.objects.filter(~may_open(viewer)).values("step_id"))
    return ~(shut | behind_the_wall("pk")) | with_one_of(mine, few=True)


def _shown(viewer: Viewer) -> Prefetch[Any]:
    mine = _of_the_open(viewer).for_viewer(viewer).select_related("person").order_by("person__born_on", "person_id")
    return Prefetch("parts", queryset=mine, to_attr="shown_parts")


def in_part(viewer: Viewer, steps: Iterable[int]) -> set[int]:
    """Those of these steps with a child whose record does not open: what is said there of all of them is kept back."""
    others = Part.objects.filter(with_others(viewer), step_id__in=list(steps))
    return set(others.values_list("step_id", flat=True))


def of_kind(viewer: Viewer, key: str) -> QuerySet[Step]:
    """The steps of one kind, newest first."""
    return listed(viewer, WorkFilter(kind=key))


def listed(viewer: Viewer, asked: WorkFilter) -> QuerySet[Step]:
    """The steps that the filters ask for, newest first, with worker and team at hand."""
    return asked.applied(steps_for(viewer, few=asked.is_narrow), parts=parts_for(viewer)).select_related(
        "worker", "team"
    )


def first_few(viewer: Viewer, asked: WorkFilter, *, first: int) -> Work:
    """How many steps the filters ask for, and the first few, with the children shown."""
    if not viewer.may("see_child"):
        return Work()
    if asked.asks_about_children or not asked.is_narrow or opens_everybody(viewer):
        rows = list(listed(viewer, asked).annotate(many=Window(Count("*")))[:first])
    else:
        fixed = {"state": asked.state, "kind": asked.kind, "oldest": asked.oldest_first, "first": first}
        rows = _few.ask(may_open(viewer), asked.columns() & _told(viewer), fixed=fixed)
        show_parts(viewer, rows)
    return Work(rows[0].many if rows else 0, tuple(rows))


@Shaped
def _few(opening: Q, wanted: Q, *, state: str, kind: str, oldest: bool, first: int) -> QuerySet[Step]:
    """A few steps, each with a part that may be opened: `opening` is of parts, `wanted` of steps."""
    open_part = with_one_of(Part.objects.filter(opening), few=True)
    found = in_order(Step.objects.filter(open_part), in_state(state, key=kind), wanted, oldest=oldest, kind=kind)
    return found.select_related("worker", "team").annotate(many=Window(Count("*")))[:first]


def show_parts(viewer: Viewer, steps: Iterable[Step]) -> None:
    """Give each of these steps the parts that this viewer may read, as `shown_parts`, in one query."""
    shown: dict[int, list[Part]] = {each.pk: [] for each in steps}
    rows = _parts.ask(may_open(viewer), steps=Ids(shown)) if shown else []
    mark_withheld(viewer, rows)
    for part in rows:
        shown[part.step_id].append(part)
    for each in steps:
        each.shown_parts = shown[each.pk]  # type: ignore[attr-defined]


@Shaped
def _parts(opening: Q) -> QuerySet[Part]:
    found = Part.objects.filter(opening, step__one_of=number("steps")).select_related("person")
    return found.order_by("person__born_on", "person_id")


def one(viewer: Viewer, *, pk: int, key: str = "") -> Step:
    """One step with the parts this viewer may read; NoSuchStep where there is none."""
    found = steps_for(viewer).filter(pk=pk).select_related("worker", "team", "form", "recorded_by").first()
    if found is None or not found.shown_parts or (key and found.kind != key):
        raise NoSuchStep("There is no such record.", mend="Go back to Today.")
    return veiled(found)


def veiled(step: Step) -> Step:
    """The step without what this viewer may not know of where its children are; `step.veil` is kept for its details.

    `step.kept_back` says whether whereabouts of any of them are; then nobody may write over its texts. The step must
    have its `shown_parts`.
    """
    people = {part.person_id for part in step.shown_parts if part.withheld}
    step.veil, step.kept_back = veil_over(people), bool(people)
    return withhold(step, step.veil) if people else step


def with_details(step: Step) -> Step:
    """Give the step its kind’s own row as `detail`, and each shown part its own; None where there is none."""
    of = kind(step.kind)
    step.detail = of.detail.objects.filter(step=step).first() if of.detail else None
    rows = of.part_detail.objects.in_bulk([each.pk for each in step.shown_parts]) if of.part_detail else {}
    for part in step.shown_parts:
        part.step, part.detail = step, rows.get(part.pk)
    if getattr(step, "kept_back", False):
        _veil_details(step, step.veil)
    return step


def _veil_details(step: Step, veil: Veil) -> None:
    """What is said of brothers and sisters in one sitting may lead to the one who is shielded."""
    details = [step.detail, *step.shown_parts, *(part.detail for part in step.shown_parts)]
    for row in details:
        if row is not None:
            withhold(row, veil)


def may_be_written(step: Step) -> bool:
    """Whether nothing was taken out of any text of it: a text without its places must not be saved over the whole one.

    The step must come from `with_details`.
    """
    rows = [step, step.detail, *step.shown_parts, *(part.detail for part in step.shown_parts)]
    return not any(getattr(row, "veiled", False) for row in rows if row is not None)


def sign_offs(step: Step) -> list[SignOff]:
    """Every answer to this step, newest first."""
    return list(SignOff.objects.filter(step=step).select_related("by").order_by("-at", "-pk"))


def led_to(viewer: Viewer, step: Step) -> list[Step]:
    """The steps this one led to, of those the viewer may see."""
    refs = [step.ref, *(part.ref for part in step.shown_parts)]
    found = steps_for(viewer).filter(led_from__in=refs)
    return [each for each in found.order_by("happened_on", "opened_on", "pk") if each.shown_parts]


def names(viewer: Viewer, refs: Iterable[str]) -> dict[str, Named]:
    """What these refs are called, of those that are parts, or whole steps, that this viewer may read."""
    wanted = list(refs)
    found = {row.ref: _named(row.step) for row in parts_for(viewer).filter(ref__in=wanted).select_related("step")}
    whole = [ref for ref in wanted if ref not in found]
    return found | {row.ref: _named(row) for row in steps_for(viewer).filter(ref__in=whole) if row.shown_parts}


def may_cancel(viewer: Viewer, step: Step) -> bool:
    """Whether this viewer may say that it did not go ahead: whoever it falls to, or one who signs work off."""
    of = kind(step.kind)
    records = bool(of.capability) and viewer.may(of.capability)
    return records and (step.worker_id == viewer.worker or viewer.may("sign_off"))


def title_of(step: Step) -> str:
    """What it is, and for whom: of a step from `one`."""
    whose = in_words(part.person.name for part in step.shown_parts)
    return f"{kind(step.kind).title(step.code)}, {whose}"


def _named(step: Step) -> Named:
    return Named(kind=step.kind, words=kind(step.kind).title(step.code), url=page_of(step))


def page_of(step: Step) -> str:
    """The step's own page."""
    return reverse("steps:page", args=[step.kind, step.pk])
