"""The file as it was known on any date equals what the page showed then, whatever was edited since and however."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests import factories as make

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.history.actor import Actor, acting
from kith.foundation.history.models import Change, Opening
from kith.record.chronology import queries as chronology
from kith.record.chronology.presenters import child_page
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.freeze_frame.frame import OF_TODAY, SHOWN, _details, _own_of_a_person, as_known, end_of
from kith.record.people.models import Address, Alias, FamilyMember, Involvement, Person, Relationship, Story
from kith.record.periods.models import Home, Period
from kith.record.promises.models import Promise
from kith.record.steps.models import Part
from kith.record.visits.models import VisitPart

TODAY = timezone.localdate


def now() -> datetime:
    """The database's own clock, once it has moved on: two changes of one tick could not be told apart."""

    def tick() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"
                if connection.vendor == "sqlite"
                else "SELECT clock_timestamp()::text"
            )
            return cursor.fetchone()[0]

    first = tick()
    while tick() == first:
        pass
    found = timezone.now()
    while timezone.now() - found < timedelta(milliseconds=2):
        pass
    return found


def page(viewer: Viewer, child: Person) -> Any:
    """What the child's page shows, but for the addresses of pages about single deadlines."""
    reads = chronology.reads(viewer, child.pk, on=TODAY(), few=1_000)
    shown = child_page(reads, viewer=viewer, on=TODAY(), looked=[], few=1_000)
    due = sorted((replace(line, why_url="") for line in shown.due.shown), key=str)
    return replace(shown, due=replace(shown.due, shown=due))


def then(viewer: Viewer, child: Person, at: datetime) -> Any:
    with as_known(viewer, [child.pk], at=at, on=TODAY()):
        return page(viewer, child)


@pytest.fixture
def asha(record: None) -> Worker:
    return make.a_worker("Asha Rahman")


@pytest.fixture
def imran(asha: Worker) -> Person:
    child = make.a_child("Imran", "Begum")
    make.allocate(child, asha)
    return child


def test_what_was_corrected_later_says_what_it_said_then(imran: Person, asha: Worker) -> None:
    viewer, before = make.viewer(asha), now()
    imran.forename = "Imrahn"
    imran.save()
    Story.objects.create(person=imran, written_on=TODAY(), who_i_am="I like boats", **make.recorded("story"))
    assert then(viewer, imran, before).header.name == "Imran Begum"
    assert then(viewer, imran, before).story is None
    assert page(viewer, imran).header.name == "Imrahn Begum"
    assert page(viewer, imran).story.who_i_am == "I like boats"


def test_what_a_load_brought_later_is_not_there_and_what_it_changed_is_as_it_was(imran: Person, asha: Worker) -> None:
    viewer = make.viewer(asha)
    day = make.a_period(imran, "cp_plan")
    before = now()
    with acting(Actor(worker=None, role="system", bulk=True)):
        make.a_period(imran, "care", load=3)
        Period.objects.filter(pk=day.pk).update(code="PHY", recorded_at=timezone.now(), load=3)
    assert "Child protection plan" in str(then(viewer, imran, before).plans.shown)
    assert "neglect" in str(then(viewer, imran, before).plans.shown)
    assert "Looked after" not in str(then(viewer, imran, before).header.tags)
    assert "Looked after" in str(page(viewer, imran).header.tags)


def test_a_row_that_was_taken_away_or_given_to_another_child_is_back(imran: Person, asha: Worker) -> None:
    viewer, other = make.viewer(asha), make.a_child("Other", "Child")
    alias = Alias.objects.create(person=imran, forename="Immy", surname="Khan", **make.recorded("alias"))
    moved = make.a_period(imran, "care")
    before = now()
    alias.delete()
    Period.objects.filter(pk=moved.pk).update(person=other)
    was = then(viewer, imran, before)
    assert "Immy" in str(was.header.lines)
    assert "Looked after" in str(was.header.tags)
    assert "Immy" not in str(page(viewer, imran).header.lines)


def test_nothing_of_the_record_is_changed_by_looking(imran: Person, asha: Worker) -> None:
    make.a_period(imran)
    recompute(people=[imran.pk], on=TODAY())
    held, changes = list(Deadline.objects.values_list("pk", flat=True)), Change.objects.count()
    assert held
    with as_known(make.viewer(asha), [imran.pk], at=now(), on=TODAY()):
        assert list(Person.objects.values_list("pk", flat=True)) == [imran.pk]
    assert list(Deadline.objects.values_list("pk", flat=True)) == held
    assert Change.objects.count() == changes


def test_what_the_viewer_may_see_is_decided_as_of_today(imran: Person, asha: Worker) -> None:
    brother = make.a_child("Adam", "Begum")
    make.one_family(imran, brother)
    make.allocate(brother, asha)
    viewer, before = make.viewer(asha), now()
    assert "Adam" in str(then(viewer, imran, before).siblings)
    make.bar(asha, brother)
    assert "Adam" not in str(then(make.viewer(asha), imran, before).siblings)


def test_every_model_of_the_page_has_its_place() -> None:
    """A model that is added to these apps is either put back to then, or decides who may see and speaks of today."""
    shown = {model.__name__ for model in _own_of_a_person()} | {model.__name__ for model, _, _ in _details()}
    assert {"Story", "Alias", "Identifier", "Address", "Disability", "Involvement", "Period", "Part"} <= shown
    assert {"Promise", "Home", "VisitPart", "Visit", "StrategyDecision", "Attendance"} <= shown
    assert not shown & OF_TODAY
    assert "people" in SHOWN


@dataclass
class Editor:
    """Writes to a child's record in one of many ways: adds, changes, corrects, moves, takes away."""

    chance: random.Random
    child: Person
    family: list[Person]
    worker: Worker

    def edit(self) -> None:
        """One change, whichever."""
        self.word, self.today = f"w{self.chance.randrange(10_000)}", TODAY()
        self.chance.choice([self.add, self.add, self.change, self.change, self.take, self.name, self.see, self.tie])()

    def add(self) -> None:
        """Something new about the child."""
        more, word, today = {"person": self.child}, self.word, self.today
        way = self.chance.randrange(6)
        if way == 0:
            Story.objects.create(written_on=today, who_i_am=word, **more, **make.recorded("story"))
        elif way == 1:
            Address.objects.create(lines=word, postcode="RV1 2AB", **more, **make.recorded("address"))
        elif way == 2:
            Alias.objects.create(forename=word, surname="X", **more, **make.recorded("alias"))
        elif way == 3:
            Promise.objects.create(what=word, made_on=today, due_on=today, **more, **make.recorded("promise"))
        elif way == 4:
            home = make.a_period(self.child, "home", code="U1")
            Home.objects.create(period=home, postcode=f"RV{self.chance.randrange(9)} 2AB")
        else:
            kind = self.chance.choice(["cp_plan", "care", "need"])
            make.a_period(self.child, kind, days=self.chance.randrange(5, 200))

    def change(self) -> None:
        """A column of something that is there."""
        ways: list[tuple[Any, dict[str, Any]]] = [
            (Address, {"ended_on": self.today}),
            (Period, {"ended_on": self.today - timedelta(days=self.chance.randrange(4))}),
            (Period, {"voided_at": timezone.now()}),
            (Period, {"person": self.family[0]}),
            (Involvement, {"ended_on": self.today}),
            (Promise, {"done_on": self.today, "evidence": self.word}),
            (Part, {"significant": True, "impact": self.word}),
        ]
        model, columns = self.chance.choice(ways)
        if (row := self._one_of(model)) is not None:
            model.objects.filter(pk=row.pk).update(**columns)

    def take(self) -> None:
        """Away with something."""
        if (row := self._one_of(self.chance.choice([Alias, Relationship, Address]))) is not None:
            row.delete()

    def name(self) -> None:
        """Another name, of the child or of somebody near."""
        Person.objects.filter(pk=self.chance.choice([self.child, *self.family]).pk).update(known_as=self.word)

    def see(self) -> None:
        """A visit with a brother or sister, or other words in every visit there was."""
        if self.chance.random() < 0.3:
            VisitPart.objects.filter(part__person=self.child).update(said=self.word)
            return
        step = make.a_step(
            self.child, self.chance.choice(self.family), kind="visit", happened_on=self.today, worker=self.worker
        )
        VisitPart.objects.create(part=Part.objects.get(step=step, person=self.child), seen=True, said=self.word)

    def tie(self) -> None:
        """Kin, a family, a worker."""
        near = self.chance.choice(self.family)
        way = self.chance.randrange(3)
        if way == 0:
            kin = {"person": self.child, "other": near, "kind": "brother_or_sister"}
            Relationship.objects.create(**kin, **make.recorded("relationship"))
        elif way == 1:
            person = self.chance.choice([self.child, near])
            FamilyMember.objects.create(family="f1", person=person, **make.recorded("member"))
        else:
            make.allocate(self.child, self.worker, role="Family support")

    def _one_of(self, model: Any) -> Any:
        rows = list(model.objects.filter(person=self.child).order_by("pk"))
        return self.chance.choice(rows) if rows else None


@pytest.mark.parametrize("seed", range(3))
def test_the_frame_equals_what_the_page_showed_then(imran: Person, asha: Worker, seed: int) -> None:
    chance = random.Random(seed)
    family = [make.a_child(name, "Begum") for name in ("Adam", "Sara")]
    for each in family:
        make.allocate(each, asha)
    viewer, known, editor = make.viewer(asha), [], Editor(chance, imran, family, asha)
    for _ in range(20):
        bulk = chance.random() < 0.2  # as a load writes: no change tells of what it added, but its moment does
        with acting(Actor(worker=asha.pk, role="social_worker", bulk=bulk)):
            editor.edit()
            recompute(people=[imran.pk], on=TODAY())
        known.append((now(), page(viewer, imran)))
    for at, showed in chance.sample(known, 8):
        assert then(viewer, imran, at) == showed


def test_the_page_asks_for_a_day_and_shows_it(imran: Person, asha: Worker) -> None:
    client = Client()
    client.force_login(asha.account)
    address = f"/people/{imran.pk}/as-known/"
    assert "The day to look at" in client.get(address).content.decode()
    today = client.get(address, {"on": TODAY().isoformat()}).content.decode()
    assert "This is the record as it was known at the end of" in today
    assert "Record a visit" not in today
    early = client.get(address, {"on": "2001-01-01"}).content.decode()
    assert "Nothing was recorded of this child until after 1 January 2001" in early
    assert "must be today or before" in client.get(address, {"on": "2090-01-01"}).content.decode()
    assert client.get("/people/999999/as-known/").status_code == 404
    pages = set(Opening.objects.filter(person=imran.pk).values_list("page", flat=True))
    assert pages == {"as known", "as known on 2001-01-01", f"as known on {TODAY()}"}


def test_every_entry_says_what_was_written_in_it_then(imran: Person, asha: Worker) -> None:
    step = make.a_step(imran, kind="visit", happened_on=TODAY(), worker=asha)
    part = Part.objects.get(step=step)
    VisitPart.objects.create(part=part, seen=True, said="I like trains")
    viewer, before = make.viewer(asha), now()
    VisitPart.objects.filter(part=part).update(said="I like boats")
    with as_known(viewer, [imran.pk], at=before, on=TODAY()):
        assert chronology.texts(viewer, [part.pk])[part.pk]["visitpart__said"] == "I like trains"
    client = Client()
    client.force_login(asha.account)
    page = client.get(f"/people/{imran.pk}/as-known/", {"on": TODAY().isoformat()}).content.decode()
    assert "I like boats" in page.partition("Every entry, newest first")[2]


def test_a_day_ends_at_londons_midnight() -> None:
    assert timezone.localtime(end_of(date(2026, 7, 1))).isoformat() == "2026-07-01T23:59:59.999999+01:00"
