"""Every form that edits: the second to save is told, both texts are kept, and either can be made to stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_promise, a_step, a_worker, allocate
from tests.unit.foundation.screens import reading

from kith.foundation.access.models import Worker
from kith.foundation.drafts.models import Clash, Draft
from kith.record.people.models import Person, Story
from kith.record.promises.models import Promise
from kith.record.steps.models import Part, SignOff, Step

pytestmark = pytest.mark.usefixtures("record")
FIRST, SECOND = "The first text, by Asha", "The second text, by Maureen"


@dataclass
class Form:
    """One form that edits: the page it is on, where it is sent, what it sends, and where its text is kept."""

    page: str
    to: str
    body: Callable[[str], dict[str, Any]]
    saved: Callable[[], list[str]]
    takes_both: bool = True  # some can be saved only once: whoever is second cannot save over it, and keeps a text


def day(name: str, of: date) -> dict[str, int]:
    return {f"{name}-day": of.day, f"{name}-month": of.month, f"{name}-year": of.year}


def story(child: Person, asha: Worker) -> Form:
    here = f"/children/{child.pk}/story/"
    return Form(
        here, here, lambda words: {"who_i_am": words}, lambda: list(Story.objects.values_list("who_i_am", flat=True))
    )


def changed_promise(child: Person, asha: Worker) -> Form:
    row, today = a_promise(child, asha), timezone.localdate()
    here = f"/promises/{row.pk}/change/"
    body = day("due_on", today) | {"owner": f"worker:{asha.pk}", "owner_name": ""}
    return Form(
        here, here, lambda words: body | {"what": words}, lambda: list(Promise.objects.values_list("what", flat=True))
    )


def kept_promise(child: Person, asha: Worker) -> Form:
    row = a_promise(child, asha)
    body = day("done_on", timezone.localdate()) | {"effect": ""}
    saved = lambda: list(Promise.objects.values_list("evidence", flat=True))  # noqa: E731
    return Form(
        f"/promises/{row.pk}/", f"/promises/{row.pk}/done/", lambda words: body | {"evidence": words}, saved, False
    )


def dropped_promise(child: Person, asha: Worker) -> Form:
    row = a_promise(child, asha)
    saved = lambda: list(Promise.objects.values_list("dropped_why", flat=True))  # noqa: E731
    return Form(f"/promises/{row.pk}/", f"/promises/{row.pk}/drop/", lambda words: {"why": words}, saved, False)


def significant(child: Person, asha: Worker) -> Form:
    part = a_step(child, happened_on=timezone.localdate()).parts.get()
    page = f"/children/{child.pk}/record/"
    saved = lambda: list(Part.objects.values_list("impact", flat=True))  # noqa: E731
    return Form(page, f"{page}{part.pk}/significant/", lambda words: {"impact": words}, saved)


def answered(child: Person, asha: Worker) -> Form:
    page = f"/work/visit/{a_step(child, worker=a_worker('Somebody Else'), submitted_at=timezone.now()).pk}/"
    saved = lambda: list(SignOff.objects.values_list("comment", flat=True))  # noqa: E731
    return Form(page, f"{page}answer/", lambda words: {"answer": "returned", "comment": words}, saved, False)


def cancelled(child: Person, asha: Worker) -> Form:
    page = f"/work/visit/{a_step(child, worker=asha, happened_on=timezone.localdate()).pk}/"
    saved = lambda: list(Step.objects.values_list("cancelled_why", flat=True))  # noqa: E731
    return Form(page, f"{page}cancel/", lambda words: {"why": words}, saved, False)


def details(child: Person, asha: Worker) -> Form:
    here, born = f"/people/{child.pk}/details/", child.born_on
    assert born
    body = day("born_on", born) | {"forename": child.forename, "surname": child.surname}
    saved = lambda: list(Person.objects.values_list("religion", flat=True))  # noqa: E731
    return Form(here, here, lambda words: body | {"religion": words}, saved)


FORMS = [story, details, changed_promise, kept_promise, dropped_promise, significant, answered, cancelled]


@pytest.fixture
def two() -> tuple[Client, Client]:
    """Two who may both write: a manager each, one of whom is Asha."""
    clients = []
    for name in ("Asha Rahman", "Maureen Okafor"):
        client = Client()
        client.force_login(a_worker(name, role="team_manager").account)
        clients.append(client)
    return clients[0], clients[1]


def opened(client: Client, form: Form) -> dict[str, Any]:
    """What the form holds when it is opened, hidden boxes and all."""
    page = reading.page(client.get(form.page).content)
    [found] = [
        each for each in page.xpath("//main//form[@method='post']") if form.to in (each.get("action"), form.page)
    ]
    return {
        each.get("name"): each.get("value") or ""
        for each in found.xpath(".//input[@type='hidden']")
        if each.get("name")
    }


def scene(make: Any) -> Form:
    asha = Worker.objects.get(name="Asha Rahman")
    child = a_child()
    allocate(child, asha)
    form: Form = make(child, asha)
    return form


@pytest.mark.parametrize("make", FORMS)
def test_the_second_to_save_is_told_and_both_texts_are_kept(two: tuple[Client, Client], make: Any) -> None:
    asha, maureen = two
    form = scene(make)
    hers, mine = opened(asha, form), opened(maureen, form)
    assert {"version", "after"} & set(hers), "the form does not say what it was written against"
    assert asha.post(form.to, hers | form.body(FIRST)).status_code == 302
    met = maureen.post(form.to, mine | form.body(SECOND))
    assert met.status_code == 302 and met.headers["Location"].startswith("/drafts/clash/"), "the second saved over it"
    assert FIRST in form.saved() and SECOND not in form.saved()
    [clash] = Clash.objects.all()
    assert SECOND in [value for values in clash.body.values() for value in values] and not Draft.objects.exists()
    shown = maureen.get(met.headers["Location"])
    assert FIRST in shown.content.decode() and SECOND in shown.content.decode() and reading.faults(shown.content) == []
    mine_stands(maureen, met.headers["Location"], form, clash)


def mine_stands(client: Client, address: str, form: Form, clash: Clash) -> None:
    """The second chooses their own: it is saved, or where the thing is closed by now, both texts stay on the page."""
    [version] = reading.page(client.get(address).content).xpath("//input[@name='version']/@value")
    answer = client.post(address, {"keep": "mine", "version": version})
    clash.refresh_from_db()
    if form.takes_both:
        assert answer.status_code == 302 and SECOND in form.saved() and clash.kept == "mine"
    else:
        assert answer.status_code == 200 and SECOND in answer.content.decode() and clash.settled_at is None
        assert FIRST in form.saved()


@pytest.mark.parametrize("make", FORMS)
def test_a_form_that_does_not_say_what_it_was_written_against_saves_over_nothing(
    two: tuple[Client, Client], make: Any
) -> None:
    form = scene(make)
    opened(two[0], form)
    two[0].post(form.to, form.body(FIRST) | ({"after": "99"} if make is story else {}))
    assert FIRST not in form.saved()
