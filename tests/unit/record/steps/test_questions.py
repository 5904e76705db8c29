"""A council's own questions: each type asked, checked, kept and said again, in the version that asked it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kith.foundation.screens.forms import GovForm
from kith.record.steps.models import FormVersion
from kith.record.steps.questions import answers_of, as_initial, fields_of, in_force, said
from kith.vocabulary.errors import KithError

TODAY = timezone.localdate
ASKED: list[dict[str, Any]] = [
    {"name": "name", "label": "Nickname", "type": "text", "hint": "If there is one"},
    {"name": "story", "label": "In your words", "type": "long_text"},
    {"name": "rooms", "label": "How many rooms?", "type": "number", "required": True},
    {"name": "since", "label": "Living there since", "type": "date"},
    {"name": "pets", "label": "Are there pets?", "type": "yes_no"},
    {"name": "warm", "label": "Was it warm?", "type": "choice", "choices": ["Warm", "Cold"]},
    {"name": "food", "label": "What was there to eat?", "type": "choices", "choices": ["Bread", "Fruit", "Milk"]},
]
POSTED = {
    "own-name": "Ace", "own-story": "We have a garden", "own-rooms": "4", "own-since": "2025-03-09",
    "own-pets": "no", "own-warm": "Cold", "own-food": ["Bread", "Milk"],
}  # fmt: skip


def version(number: int = 1, *, days: int = 10, ended: int | None = None, asked: Any = ASKED) -> FormVersion:
    today = TODAY()
    until = today - timedelta(days=ended) if ended is not None else None
    return FormVersion(
        kind="visit", number=number, owner="Riverside", reason="a pilot", questions=asked,
        in_force_from=today - timedelta(days=days), in_force_until=until,
    )  # fmt: skip


def form_of(asked: FormVersion, body: dict[str, Any] | None) -> GovForm:
    from django.http import QueryDict

    posted = QueryDict(mutable=True)
    for name, value in (body or {}).items():
        posted.setlist(name, value if isinstance(value, list) else [value])
    form = GovForm(posted)
    form.fields |= fields_of(asked)
    return form


def test_every_type_of_question_is_asked_kept_as_plain_data_and_said_in_words() -> None:
    asked = version()
    form = form_of(asked, POSTED)
    assert form.is_valid(), form.errors
    kept = answers_of(asked, form.cleaned_data)
    assert kept == {
        "name": "Ace", "story": "We have a garden", "rooms": 4, "since": "2025-03-09",
        "pets": False, "warm": "Cold", "food": ["Bread", "Milk"],
    }  # fmt: skip
    words = dict(said(asked, kept))
    assert words["Living there since"] == "9 March 2025"
    assert words["Are there pets?"] == "No"
    assert words["What was there to eat?"] == "Bread and Milk"
    assert as_initial(asked, kept)["own-since"] == date(2025, 3, 9)


def test_what_was_left_empty_is_not_kept_and_what_is_required_is_asked_for_by_name() -> None:
    asked = version()
    form = form_of(asked, {})
    assert not form.is_valid()
    assert form.errors["own-rooms"] == ["Answer the question: How many rooms?"]
    assert set(form.errors) == {"own-rooms"}
    assert answers_of(asked, {"own-rooms": 0, "own-name": "", "own-food": []}) == {"rooms": 0}


def test_an_answer_that_was_not_among_the_choices_is_refused() -> None:
    assert "own-warm" in form_of(version(), POSTED | {"own-warm": "Tropical"}).errors


def test_a_type_that_nobody_knows_is_refused_by_the_name_of_its_question() -> None:
    with pytest.raises(KithError, match=r"“How do you feel\?” has a type that Kith does not know: slider"):
        fields_of(version(asked=[{"name": "x", "label": "How do you feel?", "type": "slider"}]))


def test_the_version_in_force_is_the_newest_that_has_begun_and_not_ended(record: None) -> None:
    for each in (version(1, days=90, ended=31), version(2, days=30), version(3, days=-5)):
        each.save()
    days = {ago: in_force(kind="visit", on=TODAY() - timedelta(days=ago)) for ago in (100, 60, 31, 30, 0, -5)}
    assert {ago: found.number if found else None for ago, found in days.items()} == {
        100: None, 60: 1, 31: 1, 30: 2, 0: 2, -5: 3,
    }  # fmt: skip
    assert in_force(kind="contact", on=TODAY()) is None


def test_a_councils_question_can_never_take_the_place_of_one_of_ours() -> None:
    assert set(fields_of(version(asked=[{"name": "seen", "label": "Seen?", "type": "yes_no"}]))) == {"own-seen"}
    assert fields_of(None) == {}
