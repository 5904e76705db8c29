"""Shielded people, each with a word of her own in every column and text that says where she is, and who reads them.

A word is letters and figures that stand nowhere else, and is looked for in what is left of a page when everything but
letters and figures is taken out: however a page spaces or breaks it, it is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from html import unescape
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from kith.foundation.access.models import Team, Worker
from kith.foundation.access.policy import policy
from kith.foundation.drafts import actions as drafts
from kith.record.meetings.models import Attendance
from kith.record.people.models import Address, Person, Story
from kith.record.periods.models import Home
from kith.record.promises.models import Promise
from kith.record.steps.models import Part
from kith.record.visits.models import Visit, VisitPart
from tests import factories as make

PLAIN = re.compile(r"[^0-9a-z]")
TAG = re.compile(r"<[^>]+>")
MARK = re.compile(r"(?=(q\d{4}|0770\d{3}))")  # how the words of one person begin, wherever one begins
# What somebody entitled can read on a page there is; the rest is kept, and stands on no page yet.
SHOWN = ("lines", "postcode", "old", "home", "where", "school", "role", "carer")
KEPT = ("uprn", "phone", "provider", "urn", "details", "period_details")
BORN = date(2014, 1, 1)


@dataclass
class Hidden:
    """One shielded person, the words that say where she is, and the pages about her."""

    person: Person
    child: Person  # herself, or of a shielded mother the child who lives with her
    words: dict[str, str]
    pages: list[str] = field(default_factory=list)

    @cached_property
    def marks(self) -> set[str]:
        """How each of her words begins."""
        return {mark for each in self.words.values() for mark in MARK.findall(each.casefold())[:1]}


@dataclass
class Borough:
    """Everybody in it: the shielded, a worker of each role who is not entitled, and one who is."""

    hidden: list[Hidden]
    others: dict[str, Worker]
    entitled: Worker


def word(number: int, what: str) -> str:
    """The word of one person for one field; a telephone's is figures."""
    if what == "phone":
        return f"0770{number:03d}{number * 7919 % 10000:04d}"
    return f"Q{number:04d}{what.replace('_', '')}xz".capitalize()


def build(many: int) -> Borough:
    """A borough of `many` shielded people. Each role has somebody with a part in every life, and no right to know."""
    team, elsewhere = make.a_team(), make.a_team("Elsewhere")
    entitled = make.a_worker("Asha Rahman", team=team)
    others = {role: make.a_worker(f"Worker {role}", role=role, team=elsewhere) for role in sorted(policy().roles)}
    hidden = [_one(number, entitled, team) for number in range(1, many + 1)]
    for each in hidden:
        for role, worker in others.items():
            _let_in(role, worker, each, team)
    return Borough(hidden, others, entitled)


def _let_in(role: str, worker: Worker, hidden: Hidden, team: Team) -> None:
    """Let this worker open the record by a relationship that shows no place."""
    grounds = {"auditor": "audit_sample", "data_officer": "records_request"}
    for person in {hidden.person.pk: hidden.person, hidden.child.pk: hidden.child}.values():
        if role in grounds:
            make.grant(worker, person, ground=grounds[role])
        else:
            make.allocate(person, worker, role="Family support", team=team)
    body = {"who_i_am": [f"I live at {hidden.words['lines']} Wharf"], "after": [""]}
    drafts.keep(author=worker.pk, form="story", about=str(hidden.child.pk), body=body, at=timezone.now())


def _one(number: int, entitled: Worker, team: Team) -> Hidden:
    """Every third is a mother, whose child is not shielded and lives with her."""
    words = {what: word(number, what) for what in (*SHOWN, *KEPT)}
    born = BORN + timedelta(days=number)
    child = make.a_child(f"Forename{number}", f"Surname{number}", born_on=born, phone="")
    person = child
    if number % 3 == 0:
        person = make.a_child(f"Mother{number}", f"Surname{number}", born_on=date(1985, 1, 1) + timedelta(days=number))
        Person.objects.filter(pk=person.pk).update(is_child=False)
        make.related(child, person, "mother", in_household=True)
    Person.objects.filter(pk=person.pk).update(phone=words["phone"])
    for each in {child.pk: child, person.pk: person}.values():
        make.allocate(each, entitled)
        _lives(each, words)
    make.restrict(person, "R2")
    found = Hidden(person, child, words)
    _in_care(found, team)
    _work(found, entitled)
    return found


def _lives(person: Person, words: dict[str, str]) -> None:
    today = timezone.localdate()
    columns = {"person": person, "uprn": words["uprn"][:20]}
    now = {"lines": f"{words['lines']} Wharf, Riverside", "postcode": words["postcode"][:15]}
    Address.objects.create(**now, **columns, **make.recorded("address"))
    then = {"lines": f"3, {words['old']} Row, Riverside", "ended_on": today - timedelta(days=9)}
    Address.objects.create(**then, **columns, **make.recorded("address"))


def _in_care(found: Hidden, team: Team) -> None:
    words, child = found.words, found.child
    period = make.a_period(child, "home", code="U1", team=team, details={"school_name": words["period_details"]})
    Home.objects.create(period=period, provider=words["provider"], urn=words["urn"], postcode=words["home"][:15])
    carer = make.a_child(words["carer"], "Carer", held=False)
    Person.objects.filter(pk=carer.pk).update(is_child=False)
    make.related(child, carer, "foster_carer", in_household=True)
    text = f"I live at {words['lines']} Wharf, {words['postcode'][:15]}, and lived at {words['old']} Row"
    Story.objects.create(person=child, written_on=timezone.localdate(), who_i_am=text, **make.recorded("story"))


def _work(found: Hidden, by: Worker) -> None:
    words, child, today = found.words, found.child, timezone.localdate()
    told = f"Seen at {words['lines']} Wharf; the home is at {words['home'][:15]}"
    about = {"details": {"school": words["details"]}, "summary": told, "worker": by}
    visit = make.a_step(child, code="other", happened_on=today, **about)
    Visit.objects.create(step=visit, where=words["where"], others=told)
    part = Part.objects.get(step=visit)
    part.words, part.significant, part.impact = told, True, told
    part.save()
    VisitPart.objects.create(part=part, seen=True, seen_alone=True, said=told, letter=told, note=told)
    meeting = make.a_step(child, kind="strategy_meeting", code="", planned_on=today, worker=by)
    named = {"name": words["school"], "role": f"Head of {words['role']}"}
    Attendance.objects.create(step=meeting, agency="education", **named, **make.recorded("attendance"))
    promise = {"what": told, "made_on": today, "due_on": today, "made_in": meeting.ref, "owner": by}
    row = Promise.objects.create(person=child, **promise, **make.recorded("promise"))
    here = f"/children/{child.pk}/"
    found.pages = [here, f"{here}print/", f"{here}record/", f"{here}story/", f"{here}looked/", f"{here}documents/"]
    found.pages += [
        f"/people/{child.pk}/as-known/?on={today}",
        f"/people/{found.person.pk}/restrictions/",
        f"/visits/new/?child={child.pk}",
    ]
    found.pages += [f"/work/visit/{visit.pk}/", f"/work/visit/{visit.pk}/print/", f"/visits/{visit.pk}/change/"]
    found.pages += [f"/strategy-meetings/{meeting.pk}/", f"/strategy-meetings/new/?child={child.pk}"]
    found.pages += [f"/promises/?child={child.pk}", f"/promises/{row.pk}/", f"/promises/{row.pk}/change/"]
    found.pages += [f"/work/?child={child.pk}", f"/deadlines/?child={child.pk}", f"/people/?q={child.surname}"]
    found.pages += [
        f"/people/?q={what}" for what in (words["lines"], words["postcode"][:15], words["phone"], words["home"])
    ]


LISTS = (
    "/",
    "/duplicates/",
    "/people/new/",
    "/team/",
    "/drafts/",
    "/work/",
    "/work/visit/",
    "/promises/",
    "/deadlines/",
    "/loads/",
    "/controls/",
)


def read(worker: Worker, addresses: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Each page as this worker reads it, in plain letters and figures, with its address and its status."""
    client = Client(raise_request_exception=False)
    client.force_login(worker.account)
    for address in addresses:
        with transaction.atomic():
            answer = client.get(address)
            transaction.set_rollback(True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        head = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
        yield address, plain(f"{head} {body.decode('utf-8', 'replace')}"), answer.status_code


def plain(text: str) -> str:
    """What is left of a text without tags, spaces and signs: attributes are looked through as well."""
    whole = unescape(text).casefold()
    return PLAIN.sub("", whole) + " " + PLAIN.sub("", TAG.sub("", whole))


def told(text: str, hidden: Hidden, asked: str = "") -> list[str]:
    """Whose words, by field, a plain text has; what the address itself asked for is no find."""
    given = PLAIN.sub("", unescape(asked).casefold())
    words = {what: PLAIN.sub("", each.casefold()) for what, each in hidden.words.items()}
    words |= {what: words[what][:15] for what in ("postcode", "home")}
    return [what for what, each in words.items() if each in text and each not in given]


def among(text: str, people: Iterable[Hidden]) -> list[Hidden]:
    """Of these people, those a word of whom may be in a plain text: every word begins with its person's mark."""
    marks = set(MARK.findall(text))
    return [each for each in people if marks & each.marks]


def kept_anywhere() -> Iterator[tuple[str, Any]]:
    """What is kept beside the record, as plain text: the cache, the sessions."""
    from pathlib import Path

    from django.conf import settings

    from kith.foundation.accounts.models import Session
    from kith.foundation.accounts.sessions import SessionStore

    location = settings.CACHES["default"].get("LOCATION")
    for path in Path(location).rglob("*") if location else ():
        if path.is_file():
            yield "cache", plain(path.read_bytes().decode("latin-1"))
    for session in Session.objects.all():
        yield "session", plain(str(SessionStore().decode(session.session_data)))
