"""A small world: a child who is there to all, a brother from whom a worker is barred, and a restricted girl.

Every row about the two hidden children carries a number between LOWEST and HIGHEST, and their names are nobody
else's: a number or a name of theirs on any page is a leak, whichever page it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone
from tests import factories as make
from tests.architecture.hidden_returns import returns_of

from kith.foundation.access.models import Account, Team, Worker
from kith.foundation.documents import storage
from kith.foundation.drafts.models import Clash, Draft
from kith.foundation.history.models import Opening
from kith.record.break_glass.models import Emergency
from kith.record.deadlines.models import Deadline, LateReason
from kith.record.documents.models import Document
from kith.record.duplicates.models import Likely
from kith.record.loading.models import Load, Problem
from kith.record.meetings.models import Addition, Attendance
from kith.record.people.models import (
    Address,
    Alias,
    Disability,
    Grant,
    Identifier,
    Named,
    NameKey,
    Person,
    Same,
    Story,
)
from kith.record.periods.models import Period
from kith.record.plain_work.kinds import plain_kinds
from kith.record.promises.models import Promise
from kith.record.protection.models import StrategyDecision, StrategyMeeting
from kith.record.steps.kinds import all_kinds
from kith.record.steps.models import FormVersion, Part, SignOff, Step
from kith.record.visits.models import Visit, VisitPart

LOWEST, HIGHEST = 7_710_001, 7_719_999
SEEN_FROM = 5_500_001  # and the rows of the child who is there, from here
MISSING = 7_700_000  # a number that nothing has
NAMES = ("Zephyrin", "Quillfeather", "Oswaldina", "Marrowby", "Zephiquill", "Ossimarrow")
TELLS_ALL = "Zephyrin Quillfeather was in the room"  # what a text about all the children of a step might say


@dataclass
class World:
    """The ids of what is hidden, by what they are of; and of what is not, for filling a path in the same way."""

    viewer: Worker
    seen: Person
    hidden: dict[str, list[int]] = field(default_factory=dict)
    shown: dict[str, list[int]] = field(default_factory=dict)
    refs: list[str] = field(default_factory=list)  # the refs of hidden steps and periods
    # What a route must be sent to do anything about a hidden person at all, by route and person.
    sent: dict[str, dict[int, dict[str, list[str]]]] = field(default_factory=dict)

    @property
    def every_hidden(self) -> list[int]:
        """Each hidden id once."""
        return [pk for ids in self.hidden.values() for pk in ids]


def build(role: str) -> World:
    """The whole of it, for a viewer of one role who is barred from one child and not named for the other."""
    numbers, others = count(LOWEST), count(SEEN_FROM)
    team = make.a_team()
    viewer = make.a_worker("Vera Lund", role=role, team=team)
    make.on_shift(viewer)
    author = make.a_worker("Asha Rahman", team=team)
    seen = make.a_child("Imran", "Begum")
    world = World(viewer, seen)
    barred = make.a_child("Zephyrin", "Quillfeather", pk=next(numbers), known_as="Zephiquill")
    secret = make.a_child("Oswaldina", "Marrowby", pk=next(numbers), known_as="Ossimarrow")
    make.one_family(seen, barred)
    make.related(seen, barred, "brother_or_sister")
    make.related(barred, seen, "brother_or_sister")
    make.related(seen, secret, "other")
    make.bar(viewer, barred)
    make.restrict(secret)
    for each in (barred, secret):  # what returns call them by is a number of theirs too
        Person.objects.filter(pk=each.pk).update(ref=f"person:{each.pk}")
    world.hidden["person"] = [barred.pk, secret.pk]
    for each in (barred, secret):
        _life(world, each, author, numbers, world.hidden)
    _life(world, seen, author, others, world.shown)
    _together(world, barred, author, numbers, others)
    _own_texts(world, barred, numbers)
    _two_records(world, (barred, secret), author, numbers)
    for each in (barred, secret):
        _an_emergency(each, author, team)
    _grown_ups(world, numbers, others)
    _a_load(viewer)
    returns_of(author, [str(barred.pk), str(secret.pk), "SEEN-1"])
    _passkey(viewer)
    Account.objects.filter(worker=make.a_worker("Gone Away", role="auditor", team=team)).update(is_active=False)
    world.shown |= {"person": [seen.pk], "team": [team.pk]}
    return world


def _grown_ups(world: World, numbers: Iterator[int], others: Iterator[int]) -> None:
    """A carer who is there, one whom the viewer is barred from, and an allegation that nobody here is named for."""
    seen = make.a_grown_up(pk=next(others))
    carer = make.a_grown_up(forename="Zephyrin", surname="Quillfeather", pk=next(numbers))
    alleged = make.a_grown_up("allegation", forename="Oswaldina", surname="Marrowby", pk=next(numbers))
    make.bar(world.viewer, carer)
    for each, ids, own in (
        (seen, world.shown, others),
        (carer, world.hidden, numbers),
        (alleged, world.hidden, numbers),
    ):
        visit = make.a_step(each, kind="carer_visit", code="announced", happened_on=timezone.localdate(), **_pk(own))
        _keep(world, ids, "visit to a grown-up", visit)
    world.hidden["grown_up"] = [carer.pk, alleged.pk]
    world.shown["grown_up"] = [seen.pk]
    # what opens a record to those whose work brings them to none
    Named.objects.create(person=world.seen, worker=world.viewer, **make.recorded("named"))


def _life(world: World, child: Person, author: Worker, numbers: Iterator[int], ids: dict[str, list[int]]) -> None:
    """What a child's record may hold; its rows take their numbers from `numbers`, and are noted in `ids`."""
    today = timezone.localdate()
    make.allocate(child, author)
    make.allocate(child, world.viewer, role="Family support")
    for ground in ("audit_sample", "records_request"):  # what opens a record to those whose work brings them to none
        make.grant(world.viewer, child, ground=ground)
    _entitled(world, child, author)
    _keep(world, ids, "document", _document(child, author, numbers))
    _about(child, numbers)
    for kind in ("need", "cp_plan", "care", "home", "missing", "care_leaver"):
        _keep(world, ids, "period", make.a_period(child, kind, days=80, **_pk(numbers)))
    for kind in tried_kinds():
        step = _step(kind, author, numbers)
        _keep(world, ids, "step", step)
        _keep(world, ids, "part", _part(step, child, numbers))
    for days, due in enumerate((-9, 0, 3, 40)):
        row = _deadline(child, author, cycle=days + 1, due_on=today + timedelta(days=due), **_pk(numbers))
        _keep(world, ids, "deadline", row)
    _keep(world, ids, "promise", _promise(child, world.viewer, ids["step"][0], numbers))
    Opening.objects.create(at=timezone.now(), person=child.pk, worker=author.pk, role="social_worker", page="child")


def _entitled(world: World, child: Person, author: Worker) -> None:
    """The author is named for the record, and has access that was given: each can be taken away again."""
    named = Named.objects.create(person=child, worker=author, **make.recorded("named"))
    make.grant(author, child)
    given = Grant.objects.get(person=child, worker=author)
    for route, sent in (
        ("people/<int:pk>/access/end/", {"grant": [str(given.pk)]}),
        ("people/<int:pk>/restrictions/unname/", {"named": [str(named.pk)]}),
    ):
        world.sent.setdefault(route, {})[child.pk] = sent


def _document(child: Person, author: Worker, numbers: Iterator[int]) -> Document:
    """A letter that names the child, kept as every document is."""
    content = f"Dear all, {child.name} was at school today.".encode()
    kept = storage.put(content)
    return Document.objects.create(
        person=child,
        kind="letter",
        dated_on=timezone.localdate(),
        about=f"From the school, about {child.name}",
        name=f"{child.surname}.txt",
        type="text/plain",
        size=len(content),
        sha256=kept,
        sent_sha256=kept,
        recorded_by=author,
        **make.recorded("document"),
        **_pk(numbers),
    )


def _two_records(world: World, hidden: tuple[Person, ...], author: Worker, numbers: Iterator[int]) -> None:
    """The seen child and each hidden one were thought to be one child: found at night, and refused by somebody."""
    for each in hidden:
        low, high = sorted((world.seen, each), key=lambda person: person.pk)
        Likely.objects.create(
            one=low, other=high, probability=0.97, why=[f"{each.name} sounds alike"], found_on=timezone.localdate()
        )
        refused = Same.objects.create(
            person=each,
            leads=world.seen,
            why=f"{each.name} is written so in the school's list",
            proposed_by=author,
            decided_by=world.viewer,
            decided_at=timezone.now(),
            agreed=False,
            **make.recorded("same"),
            **_pk(numbers),
        )
        _keep(world, world.hidden, "link", refused)


def _an_emergency(child: Person, by: Worker, asks: Team) -> None:
    """The author opened the child's record in an emergency, and the viewer's team is asked what it thinks of that."""
    make.grant(by, child, ground="break_glass")
    given = Grant.objects.get(person=child, worker=by, ground="break_glass")
    Emergency.objects.create(
        person=child,
        grant=given,
        reason="A neighbour rang about shouting",
        opened_at=timezone.now(),
        asks=asks,
        review_due_on=timezone.localdate() + timedelta(days=2),
        recorded_by=by,
        **make.recorded("emergency"),
    )


def _passkey(viewer: Worker) -> None:
    Authenticator.objects.create(user=viewer.account, type="webauthn", data={"name": "Blue key", "credential": {}})


def _pk(numbers: Iterator[int]) -> dict[str, Any]:
    return {"pk": next(numbers)}


def _keep(world: World, ids: dict[str, list[int]], what: str, row: Any) -> None:
    ids.setdefault(what, []).append(row.pk)
    if ids is world.hidden and hasattr(row, "ref"):
        world.refs.append(row.ref)


def _about(child: Person, numbers: Iterator[int]) -> None:
    more = {"person": child}
    Story.objects.create(
        written_on=timezone.localdate(), who_i_am=f"I am {child.name}", **more, **make.recorded("story"), **_pk(numbers)
    )
    Alias.objects.create(forename=child.known_as or "Immy", surname="Begum", **more, **make.recorded("alias"))
    Identifier.objects.create(kind="UPN", value="A123456789012", **more, **make.recorded("identifier"))
    Address.objects.create(lines="12 Quay Street", postcode="RV1 2AB", **more, **make.recorded("address"))
    Disability.objects.create(code="HEAR", **more, **make.recorded("disability"))
    for word in (child.forename, child.surname):
        NameKey.objects.create(kind="token", key=word.lower(), **more)


# Of the plain kinds, which share one page, one model and one form: of an auditor, of a case, and one that follows.
PLAIN = ("case_audit", "case_summary", "review_record")


def tried_kinds() -> list[str]:
    """Every kind of work that has a page or a model of its own, and a few of the plain kinds."""
    return [each.key for each in all_kinds() if each.key in PLAIN or each.key not in plain_kinds()]


def _step(kind: str, author: Worker, numbers: Iterator[int]) -> Step:
    today = timezone.localdate()
    columns: dict[str, Any] = {"opened_on": today, "happened_on": today - timedelta(days=1), "worker": author}
    columns |= {"team": author.posts.get().team, **_pk(numbers)}
    if kind == "strategy_meeting":
        columns |= {"happened_on": None, "planned_on": today}
    return make.a_step(kind=kind, code="cp" if kind == "visit" else "", **columns)


def _part(step: Step, child: Person, numbers: Iterator[int]) -> Part:
    words = f"About {child.name}"
    part = Part.objects.create(
        step=step, person=child, words=words, significant=True, impact=words, **make.recorded("part"), **_pk(numbers)
    )
    if step.kind == "visit":
        VisitPart.objects.create(part=part, seen=True, seen_alone=True, said=words, letter=words)
    if step.kind == "strategy_meeting":
        StrategyDecision.objects.create(part=part, rationale=words)
        StrategyMeeting.objects.get_or_create(step=step, defaults={"reason": f"A worry about {child.name}"})
    return part


def _deadline(child: Person, worker: Worker, **columns: Any) -> Deadline:
    opened = timezone.localdate() - timedelta(days=60)
    row = Deadline.objects.create(
        person=child,
        rule="cin_visit",
        rule_version="1",
        opened_by=Period.objects.filter(person=child, kind="cp_plan").get().ref,
        opened_on=opened,
        worker=worker,
        team=worker.posts.get().team,
        **columns,
    )
    LateReason.objects.create(
        person=child,
        rule=row.rule,
        opened_by=row.opened_by,
        cycle=row.cycle,
        reason=f"{child.name} was away",
        by=worker,
        at=timezone.now(),
    )
    return row


def _promise(child: Person, owner: Worker, step: int, numbers: Iterator[int]) -> Promise:
    day = timezone.localdate()
    return Promise.objects.create(
        person=child,
        what=f"Visit {child.name}",
        owner=owner,
        made_on=day,
        due_on=day,
        made_in=Step.objects.get(pk=step).ref,
        **make.recorded("promise"),
        **_pk(numbers),
    )


def _together(world: World, barred: Person, author: Worker, numbers: Iterator[int], others: Iterator[int]) -> None:
    """Steps that the seen child and her brother share, in which what is said of both names him."""
    form = FormVersion.objects.create(
        kind="visit",
        number=1,
        owner="Riverside",
        reason="Ours",
        questions=[{"name": "who", "label": "Who was in?", "type": "text"}],
        in_force_from=timezone.localdate() - timedelta(days=400),
    )
    for kind in ("visit", "strategy_meeting", "assessment"):
        step = _step(kind, author, others)
        step.summary, step.form, step.answers = TELLS_ALL, form, {"who": TELLS_ALL}
        step.save()
        world.shown["step"].append(step.pk)
        world.shown["part"].append(_part(step, world.seen, others).pk)
        _keep(world, world.hidden, "part", _part(step, barred, numbers))
        more = {"step": step, "recorded_by": author}
        SignOff.objects.create(
            by=author, at=timezone.now(), answer="returned", comment=TELLS_ALL, **more, **make.recorded("sign_off")
        )
        Addition.objects.create(words=TELLS_ALL, **more, **make.recorded("addition"))
        Addition.objects.create(words=TELLS_ALL, person=barred, **more, **make.recorded("addition"))
        Attendance.objects.create(agency="police", name="PC Quillfeather", **more, **make.recorded("attendance"))
        if kind == "visit":
            Visit.objects.create(step=step, where="At home", others=TELLS_ALL)
        if kind == "strategy_meeting":
            StrategyMeeting.objects.filter(step=step).update(reason=TELLS_ALL, information=TELLS_ALL)
    gone = _step("visit", author, others)
    gone.cancelled_on, gone.cancelled_why = timezone.localdate(), TELLS_ALL
    gone.save()
    world.shown["step"].append(gone.pk)
    for child, ids in ((world.seen, others), (barred, numbers)):
        _part(gone, child, ids)
    _led(world, author, others)


def _led(world: World, author: Worker, others: Iterator[int]) -> None:
    """What is seen and came of what is hidden: a promise to the seen child made in her brother's own meeting."""
    his = Step.objects.get(pk=world.hidden["step"][0])
    hers = Step.objects.get(pk=world.shown["step"][0])
    hers.led_from = his.ref
    hers.save()
    kept = _promise(world.seen, author, his.pk, others)
    world.shown["promise"].append(kept.pk)
    Deadline.objects.filter(person=world.seen, cycle=1).update(opened_by=his.ref)


def _own_texts(world: World, barred: Person, numbers: Iterator[int]) -> None:
    """What the viewer had written of the brother before being barred: drafts of every form, and a clash of each."""
    meeting = Step.objects.filter(kind="strategy_meeting", parts__person=barred).order_by("pk").last()
    visit = Step.objects.filter(kind="visit", parts__person=barred).order_by("pk").last()
    assert meeting and visit
    abouts = [("story", str(barred.pk)), ("visit", f"new:{world.seen.pk},{barred.pk}"), ("visit", str(visit.pk))]
    abouts += [("strategy_meeting", f"step:{meeting.pk}"), ("strategy_meeting", f"child:{barred.pk}")]
    body = {
        "who_i_am": [f"I am {barred.name}, and fond of boats"],
        "draft_title": [f"About {barred.name}"],
        "draft_back": [f"/children/{barred.pk}/"],
    }
    for form, about in abouts:
        Draft(author=world.viewer, form=form, about=about, saved_at=timezone.now()).seal(body).save()
        if ":" not in about or about.startswith("step:"):
            row = Clash.objects.create(
                form=form,
                about=about,
                author=world.viewer,
                written_against=0,
                found=1,
                body=body,
                at=timezone.now(),
                **_pk(numbers),
            )
            world.hidden.setdefault("clash", []).append(row.pk)


def _a_load(viewer: Worker) -> None:
    now = timezone.now()
    load = Load.objects.create(started_at=now, ended_at=now, by=viewer, kind="ssd", state="done", rows_reported=1)
    Load.objects.create(started_at=now, by=viewer, kind="ssd", state="reading")
    Problem.objects.create(load=load, file="ssd_person.csv", line=2, field="pers_sex", message="Not a code.")
