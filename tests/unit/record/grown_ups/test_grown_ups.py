"""Grown-ups with a record of work: their pages, what is kept apart, and who may not know of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import a_child, a_grown_up, a_team, a_worker, grant, holds, on_shift, related, restrict, viewer

from kith.foundation.access.models import Team, Worker
from kith.foundation.access.policy import policy
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.measuring import tallies
from kith.record.deadlines.models import Deadline
from kith.record.deadlines.queries import deadlines_for
from kith.record.extracting import actions as extracting
from kith.record.grown_ups.actions import Subject, begin_allegation, begin_supervision
from kith.record.people.access import known_to
from kith.record.people.models import Person, Restriction
from kith.record.people.restricting import end, guard, name
from kith.record.people.standing import forget
from kith.record.plain_work import actions
from kith.record.plain_work.actions import NotRecordedOf, Told
from kith.record.plain_work.kinds import plain_kinds
from kith.record.steps.models import Step
from kith.record.steps.queries import parts_for
from kith.statutory.returns.building import RETURNS, Asked
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
SECRET = "Thornbury"  # nobody else's name


def boxes(**days: date) -> dict[str, str]:
    """Days as the form posts them."""
    return {
        f"{moment}-{part}": str(getattr(day, part)) for moment, day in days.items() for part in ("day", "month", "year")
    }


def recorded(kind: str, person: Person, by: Worker, **days: date) -> Step:
    of = plain_kinds()[kind]
    told = Told(dict(days), code=next(iter(of.codes), ""), outcome=next(iter(of.outcomes), ""), words="As it was.")
    return actions.record(of=of, child=person, told=told, by=by)


def body(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_carer_is_added_approved_visited_and_falls_to_whoever_supervises_them(client: Client) -> None:
    by = a_worker()
    client.force_login(by.account)
    client.post("/people/new/", {"who": "carer", "forename": "Ines", "surname": "Calder"})
    carer = Person.objects.get(surname="Calder")
    assert (carer.record, carer.page) == ("carer", f"/grown-ups/{carer.pk}/")
    child = a_child()
    related(child, carer, "foster_carer")
    choose = body(client, f"/record-work/?child={carer.pk}")
    assert "carer_approval" in choose and "cin_review" not in choose and "/allegation/" not in choose
    said = {"code": "mainstream", "words": "For two children."} | boxes(opened=TODAY - timedelta(days=50))
    client.post(f"/record-work/carer_approval/new/?child={carer.pk}", said)
    answer = client.post(
        f"/record-work/carer_visit/new/?child={carer.pk}",
        {"code": "unannounced", "words": "All at home."} | boxes(happened=TODAY - timedelta(days=1)),
        follow=True,
    )
    assert "The next is due by" in answer.content.decode()
    late, due = Deadline.objects.filter(person=carer, rule="foster_supervision_visit").order_by("due_on")
    assert (late.late, due.open, due.worker) == (True, True, by)
    page = body(client, carer.page)
    for words in ("Ines Calder", "Fostering", "Visit to a foster carer, without notice", "Asha Rahman", "Imran Begum"):
        assert words in page
    assert "returns would reject" not in page and "Who I am" not in page
    assert client.get(f"/children/{carer.pk}/").headers["Location"] == carer.page
    assert f'href="{carer.page}"' in body(client, "/deadlines/?worker=" + str(by.pk))
    assert f'href="{carer.page}"' in body(client, "/grown-ups/?record=carer")
    assert client.get(f"{carer.page}looked/").status_code == 200
    assert client.get(f"/record-work/cin_review/new/?child={carer.pk}").status_code == 404
    with pytest.raises(NotRecordedOf):
        recorded("cin_review", carer, by, happened=TODAY)
    client.force_login(a_worker("Vera Lund", team=a_team("Another")).account)
    assert client.get(carer.page).status_code == 404 == client.get(f"/children/{carer.pk}/").status_code
    assert "Calder" not in body(client, "/grown-ups/") + body(client, "/deadlines/")


def test_an_allegation_is_begun_and_kept_on_its_page(client: Client) -> None:
    officer, other = a_worker("Ruth Oduya", role="designated_officer"), a_worker("Lena", role="designated_officer")
    hers = a_worker(f"Mora {SECRET}")
    client.force_login(officer.account)
    holds("allegation_evaluation.done")
    said = {"forename": "Mora", "surname": SECRET, "worker": hers.account.email}
    answer = client.post("/grown-ups/allegations/new/", said, follow=True)
    person = Person.objects.get(record="allegation")
    assert answer.redirect_chain[-1][0] == person.page
    for kind, moment in (("allegation", "opened"), ("allegation_known", "opened")):
        client.post(f"/record-work/{kind}/new/?child={person.pk}", {"words": "Said."} | boxes(**{moment: TODAY}))
    page = body(client, person.page)
    assert "Allegations" in page and "Ruth Oduya" in page and "Weigh the allegation" in page
    assert {each.worker for each in person.named.all()} == {officer, other}
    assert [each.worker for each in person.barrings.all()] == [hers]
    for about, by in ((Subject("Ruth", "Oduya"), officer), (Subject("R", "O", worker=officer), officer)):
        with pytest.raises(KithError):
            begin_allegation(subject=about, by=by, on=TODAY)
    restriction = Restriction.objects.get(person=person)
    with pytest.raises(KithError):
        end(restriction=restriction, why="Tidy", on=TODAY)
    with pytest.raises(KithError):
        name(person=person, worker=a_worker("Vera Lund"), by=officer)
    twin = Person.objects.create(forename="Mora", surname=SECRET, is_child=False, **stamp("person:twin"))
    Person.objects.update(born_on=date(1980, 2, 3))
    guard([person.pk, twin.pk], on=TODAY)
    assert not twin.restrictions.exists()  # that would tell that there is something to hide


def stamp(ref: str) -> dict[str, object]:
    return {"ref": ref, "recorded_at": timezone.now()}


@pytest.fixture
def allegation() -> Person:
    """Weighed a day late, in a service with a team above every other; the subject works here."""
    top = a_team("Department")
    Team.objects.exclude(pk=top.pk).update(parent=top)
    officer = a_worker("Ruth Oduya", role="designated_officer")
    holds("allegation.done")
    person = begin_allegation(subject=Subject("Mora", SECRET, worker=a_worker("Kit Vane")), by=officer, on=TODAY)
    opened = recorded("allegation", person, officer, opened=TODAY - timedelta(days=40))
    Step.objects.filter(pk=opened.pk).update(done_on=None, team=officer.posts.get().team)
    recompute(people=[person.pk], on=TODAY)
    return person


def told(client: Client, worker: Worker, person: Person, step: Step) -> list[str]:
    """What of an allegation a worker finds, by every way there is to it."""
    client.force_login(worker.account)
    me = viewer(worker)
    found = [path for path in (person.page, f"/children/{person.pk}/") if client.get(path).status_code == 200]
    found += [path for path in (f"/work/allegation/{step.pk}/",) if client.get(path).status_code == 200]
    pages = ["/", "/grown-ups/", "/deadlines/", "/work/", f"/work/?child={person.pk}", "/measures/"]
    pages += [
        f"/deadlines/?child={person.pk}",
        "/measures/lado_3m_pct/",
        "/measures/lado_3m_pct/children/?which=others",
    ]
    found += [path for path in pages if SECRET in body(client, path)]
    search = client.post("/people/", {"q": SECRET}, follow=True).content.decode()
    found += ["search"] if f"Mora {SECRET}" in search else []
    forget(me)
    rows = (known_to(me).filter(pk=person.pk), deadlines_for(me).filter(person=person), parts_for(me).filter(step=step))
    return found + [str(each.model) for each in rows if each.exists()]


def test_nobody_but_a_designated_officer_finds_an_allegation_by_any_way(
    client: Client, allegation: Person, tmp_path: Path
) -> None:
    step, team = Step.objects.get(kind="allegation"), Step.objects.get(kind="allegation").team
    officer = Worker.objects.get(name="Ruth Oduya")
    assert len(told(client, officer, allegation, step)) >= 8  # the control: the officer finds it by each
    seen = {}
    for role in sorted(set(policy().roles) - {"designated_officer"}):
        worker = a_worker(f"Vera {role}", role=role, team=team)
        on_shift(worker)
        name_without_asking(allegation, worker)
        for ground in ("audit_sample", "records_request", "break_glass"):
            grant(worker, allegation, ground=ground)
        seen |= {role: found} if (found := told(client, worker, allegation, step)) else {}
    subject = Worker.objects.get(name="Kit Vane")
    subject.posts.update(role="designated_officer")
    name_without_asking(allegation, subject)
    seen |= {"herself": found} if (found := told(client, subject, allegation, step)) else {}
    assert seen == {}
    assert tallies({"open": ["lado_outcome_1_month"]}, on=TODAY)["open", "lado_outcome_1_month", "late"].measured == 1
    data = a_worker("Sam Wren", role="data_officer")
    ssd = next(each for each in RETURNS if each.key == "ssd")
    extracting.build(viewer=viewer(data), of=ssd, to=tmp_path / "out", asked=Asked(on=TODAY), purpose="A test")
    texts = "".join(path.read_text(errors="replace") for path in (tmp_path / "out").rglob("*") if path.is_file())
    leaked = [each for each in (SECRET, "allegation", allegation.ref.partition(":")[2]) if each in texts]
    assert leaked == []


def name_without_asking(person: Person, worker: Worker) -> None:
    """A name that stands from another post, or that somebody wrote by another way."""
    from kith.record.people.models import Named

    Named.objects.create(person=person, worker=worker, **stamp(f"named:{worker.pk}"))


def test_a_workers_supervision_opens_to_her_and_to_whoever_supervises_her(client: Client) -> None:
    team = a_team()
    manager, worker = a_worker("Ruth Oduya", role="team_manager", team=team), a_worker("Kit Vane", team=team)
    client.force_login(manager.account)
    assert "Kit Vane" in body(client, "/grown-ups/supervision/new/")
    answer = client.post("/grown-ups/supervision/new/", {"worker": str(worker.pk)}, follow=True)
    hers = Person.objects.get(worker=worker)
    assert answer.redirect_chain[-1][0] == hers.page
    said = {"words": "She is tired."} | boxes(happened=TODAY - timedelta(days=9))
    client.post(f"/record-work/supervision/new/?child={hers.pk}", said)
    assert Deadline.objects.get(person=hers, rule="supervision_sw_monthly").worker == manager
    assert begin_supervision(worker=worker, by=manager, on=TODAY) == hers
    client.force_login(worker.account)
    step = Step.objects.get(kind="supervision")
    assert "She is tired." in body(client, f"/work/supervision/{step.pk}/") and hers.page in body(client, "/grown-ups/")
    assert client.get(f"/record-work/supervision/new/?child={hers.pk}").status_code == 403  # she reads, and writes none
    for role in ("social_worker", "team_manager", "divisional_director", "data_officer", "designated_officer"):
        other = a_worker(f"Vera {role}", role=role, team=team)
        on_shift(other)
        client.force_login(other.account)
        assert client.get(hers.page).status_code == 404 == client.get(f"/work/supervision/{step.pk}/").status_code
        assert "Kit Vane" not in body(client, "/grown-ups/")
    with pytest.raises(NotRecordedOf):
        recorded("supervision", hers, worker, happened=TODAY)
    for wrong in (manager, Worker.objects.get(name="Vera team_manager")):
        with pytest.raises(KithError):
            begin_supervision(worker=worker if wrong != manager else manager, by=wrong, on=TODAY)


def test_a_restriction_of_a_carer_is_as_a_childs(client: Client) -> None:
    carer = a_grown_up()
    client.force_login(a_worker().account)
    assert client.get(carer.page).status_code == 200
    restrict(carer)
    assert client.get(carer.page).status_code == 404
