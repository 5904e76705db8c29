"""Keeping accounts, posts and teams: who may, what each change does at once, and that nobody changes their own."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import PASSWORD, a_post, a_team, a_worker, with_app
from tests.unit.foundation.screens import reading

from kith.foundation.access.models import Account, Post, Team, Worker
from kith.foundation.access.policy import policy
from kith.foundation.access.proof import FRESH
from kith.foundation.accounts import actions, factors
from kith.foundation.accounts.tasks import close_dormant
from kith.foundation.history.models import Change

NEW = "seven otters cross the bridge"


@pytest.fixture
def keeper(record: None, client: Client) -> Worker:
    keeper = a_worker("Ines Duarte", role="system_administrator")
    client.force_login(keeper.account)
    return keeper


def said(answer: Any) -> str:
    return reading.text_of(answer.content)


def day(name: str, on: date) -> dict[str, int]:
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def test_only_a_system_administrator_and_the_director_keep_accounts() -> None:
    may = {key for key, role in policy().roles.items() if "manage_posts" in role.may}
    assert may == {"system_administrator", "divisional_director"}
    keeper = policy().roles["system_administrator"]
    assert not keeper.opens and "see_child" not in keeper.may and "find_people" not in keeper.may


def test_each_page_can_be_heard(keeper: Worker, client: Client) -> None:
    worker = a_worker("Tom Whitlock")
    team, post = a_team(), worker.posts.get()
    paths = ["", "?q=tom&which=open", "?which=none", "new/", "teams/", "teams/new/", f"teams/{team.pk}/"]
    paths += [f"{worker.pk}/{each}" for each in ("", "open/", "close/", "link/", "begin-anew/", "posts/")]
    for path in [*paths, f"posts/{post.pk}/end/"]:
        answer = client.get(f"/accounts/{path}")
        assert answer.status_code == 200 and reading.faults(answer.content) == [], path


def test_what_no_database_takes_in_a_text_is_left_out_of_what_is_looked_for(keeper: Worker, client: Client) -> None:
    a_worker("Tom Whitlock")
    assert "Tom Whitlock" in said(client.get("/accounts/?q=%00tom%00"))


def test_every_change_asks_for_a_fresh_proof(keeper: Worker, client: Client) -> None:
    worker = a_worker("Tom Whitlock")
    session = client.session
    session["proof"] = {"how": "passkey", "at": (timezone.now() - FRESH * 2).isoformat()}
    session.save()
    for path in ("new/", "teams/new/", *(f"{worker.pk}/{each}/" for each in ("open", "close", "link", "posts"))):
        assert client.post(f"/accounts/{path}", {}).headers["Location"].startswith("/sign-in/again/"), path
    assert client.get("/accounts/").status_code == 200


def test_a_new_worker_gets_an_account_whose_owner_chooses_the_password_and_enrols(
    keeper: Worker, client: Client
) -> None:
    made = client.post("/accounts/new/", {"name": "Bilal Ahmed", "title": "Social worker"})
    page = client.post(f"{made.headers['Location']}open/", {"email": "bilal@riverside.example"})
    [link] = re.findall(r"/sign-in/first/[^<\s]+", page.content.decode())
    bilal = Client()
    assert reading.faults(bilal.get(link).content) == []
    assert "too common" in said(bilal.post(link, {"password": "password1234", "repeated": "password1234"}))
    chosen = bilal.post(link, {"password": NEW, "repeated": NEW})
    assert chosen.headers["Location"] == "/sign-in/enrol/"
    assert Client().get(link).status_code == 404, "the link works once"
    assert Client().get("/sign-in/first/x/y/").status_code == 404
    assert Account.objects.get(email="bilal@riverside.example").check_password(NEW)


def test_an_address_belongs_to_one_account(keeper: Worker, client: Client) -> None:
    taken, worker = a_worker("Tom Whitlock").account, Worker.objects.create(ref="w:2", name="Bilal Ahmed")
    answer = client.post(f"/accounts/{worker.pk}/open/", {"email": taken.email.upper()})
    assert "address of another account" in said(answer) and not Account.objects.filter(worker=worker).exists()


def test_a_post_given_counts_from_the_next_page_under_another_session_name(keeper: Worker, client: Client) -> None:
    worker, team = a_worker("Tom Whitlock"), a_team("Court team")
    tom = Client()
    tom.force_login(worker.account)
    assert tom.get("/accounts/").status_code == 403
    before, today = tom.session.session_key, timezone.localdate()
    given = {"team": team.pk, "role": "system_administrator", **day("started_on", today)}
    assert client.post(f"/accounts/{worker.pk}/posts/", given).status_code == 302
    assert tom.get("/accounts/").status_code == 200 and tom.session.session_key != before
    again = client.post(f"/accounts/{worker.pk}/posts/", given)
    assert "holds this post already" in said(again)
    change = Change.objects.filter(table="access_post", act="added").latest("id")
    assert (change.worker, change.role) == (keeper.pk, "system_administrator")


def test_the_end_of_the_last_post_ends_the_session(keeper: Worker, client: Client) -> None:
    worker = a_worker("Tom Whitlock")
    other = a_post(worker, role="auditor", team=a_team("Quality"))
    tom = Client()
    tom.force_login(worker.account)
    yesterday = timezone.localdate() - timedelta(days=1)
    for post in (worker.posts.exclude(pk=other.pk).get(), other):
        assert tom.get("/account/").status_code == 200
        assert client.post(f"/accounts/posts/{post.pk}/end/", day("last_day", yesterday)).status_code == 302
    assert tom.get("/account/").status_code == 302 and not worker.account.sessions.exists()


def test_a_closed_account_is_out_at_the_next_page_and_may_be_opened_again(keeper: Worker, client: Client) -> None:
    worker = a_worker("Tom Whitlock")
    tom = Client()
    tom.force_login(worker.account)
    client.post(f"/accounts/{worker.pk}/close/", {"why": "left"})
    assert tom.get("/account/").status_code == 302
    assert "Closed: has left" in said(client.get(f"/accounts/{worker.pk}/"))
    client.post(f"/accounts/{worker.pk}/open/", {"email": worker.account.email})
    worker.account.refresh_from_db()
    assert worker.account.is_active and worker.account.closed_why == ""


def test_who_has_lost_everything_begins_anew(keeper: Worker, client: Client) -> None:
    worker = a_worker("Tom Whitlock")
    with_app(worker.account)
    tom = Client()
    tom.force_login(worker.account)
    client.post(f"/accounts/{worker.pk}/begin-anew/")
    assert tom.get("/account/").status_code == 302 and not factors.held_by(worker.account).any


def test_nobody_changes_their_own(keeper: Worker, client: Client) -> None:
    post = keeper.posts.get()
    today = timezone.localdate()
    sent: dict[str, dict[str, Any]] = {
        f"{keeper.pk}/open/": {"email": "x@riverside.example"},
        f"{keeper.pk}/close/": {"why": "left"},
        f"{keeper.pk}/link/": {},
        f"{keeper.pk}/begin-anew/": {},
        f"{keeper.pk}/posts/": {"team": a_team().pk, "role": "divisional_director", **day("started_on", today)},
        f"posts/{post.pk}/end/": day("last_day", today),
    }
    before = (Post.objects.count(), keeper.account.email, Post.objects.get(pk=post.pk).ended_on)
    for path, body in sent.items():
        assert "Nobody changes their own" in said(client.post(f"/accounts/{path}", body, follow=True)), path
    keeper.account.refresh_from_db()
    assert before == (Post.objects.count(), keeper.account.email, Post.objects.get(pk=post.pk).ended_on)
    assert "This is your own account" in said(client.get(f"/accounts/{keeper.pk}/"))


def test_a_team_belongs_to_another_but_never_to_itself_or_one_below(keeper: Worker, client: Client) -> None:
    client.post("/accounts/teams/new/", {"name": "West", "parent": "", "was": ""})
    west = Team.objects.get(name="West")
    client.post("/accounts/teams/new/", {"name": "West 1", "parent": west.pk, "was": ""})
    below = Team.objects.get(name="West 1")
    assert below.parent == west
    looped = client.post(f"/accounts/teams/{west.pk}/", {"name": "West", "parent": below.pk, "was": "|West"})
    assert "cannot belong to itself" in said(looped)
    taken = client.post(f"/accounts/teams/{below.pk}/", {"name": "west", "parent": "", "was": f"{west.pk}|West 1"})
    assert "Another team has this name" in said(taken)
    stale = client.post(f"/accounts/teams/{below.pk}/", {"name": "East", "parent": "", "was": "|Old name"})
    assert "Somebody changed this team meanwhile" in said(stale)


def test_what_nobody_used_for_45_days_is_closed_at_night_and_at_the_door(keeper: Worker, client: Client) -> None:
    now = timezone.now()
    used, unused, new = (a_worker(name).account for name in ("Used", "Unused", "New"))
    Account.objects.filter(pk=used.pk).update(opened_at=now - timedelta(days=400), last_login=now - timedelta(days=44))
    Account.objects.filter(pk=unused.pk).update(opened_at=now - timedelta(days=46), last_login=None)
    assert close_dormant(now=now) == 1
    state = {each.pk: (each.is_active, each.closed_why) for each in Account.objects.all()}
    assert state[unused.pk] == (False, "dormant") and state[used.pk][0] and state[new.pk][0]
    Account.objects.filter(pk=new.pk).update(
        opened_at=now - timedelta(days=90), last_login=now - timedelta(days=45, minutes=1)
    )
    new.refresh_from_db()
    new.set_password(PASSWORD)
    new.save()
    assert actions.account_for(email=new.email, password=PASSWORD) is None
    new.refresh_from_db()
    assert (new.is_active, new.closed_why) == (False, "dormant")
    assert "Closed: not used" in said(client.get(f"/accounts/?q={new.worker.name}"))
