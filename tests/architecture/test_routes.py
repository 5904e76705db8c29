"""Every route states who may open it, and is tried as a person who may not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import URLPattern, path
from django.utils import timezone
from tests.factories import a_worker

from kith.foundation.access.checks import every_route_states_its_access, routes
from kith.foundation.access.models import Worker
from kith.foundation.access.policy import policy

ALL = sorted(routes())
IDS = [pattern for pattern, _ in ALL]


def example(pattern: str) -> str:
    """A path that the pattern matches: every argument filled with something that does not exist."""
    fill = {
        "int": "999999",
        "str": "nothing",
        "slug": "nothing",
        "uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12,
        "path": "x",
    }
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda match: fill[match.group(1) or "str"], pattern)


def test_there_are_routes() -> None:
    assert len(ALL) > 20


def test_every_route_states_its_access() -> None:
    assert every_route_states_its_access() == []
    assert [each for each in run_checks(tags=["access"]) if each.is_serious()] == []


def test_a_route_that_says_nothing_stops_start_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.urls import clear_url_caches

    from kith.config import urls

    silent: URLPattern = path("silent/", lambda request: None)  # type: ignore[arg-type,return-value]
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, silent])
    clear_url_caches()
    try:
        assert [each.id for each in every_route_states_its_access()] == ["kith.E001"]
    finally:
        monkeypatch.undo()
        clear_url_caches()


@pytest.mark.parametrize(("pattern", "view"), ALL, ids=IDS)
def test_nobody_gets_in_without_signing_in(record: None, client: Client, pattern: str, view: Any) -> None:
    answers = [client.get(example(pattern)), client.post(example(pattern))]
    if view.opens_to == "public":
        return
    for answer in answers:
        assert answer.status_code == 302, f"{pattern} answered {answer.status_code}"
        assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(("pattern", "view"), ALL, ids=IDS)
def test_a_worker_whose_post_has_ended_gets_nothing(record: None, client: Client, pattern: str, view: Any) -> None:
    if view.opens_to == "public":
        return
    client.force_login(leaver().account)
    assert client.get(example(pattern)).status_code == 403


@pytest.mark.parametrize("role", sorted(policy().roles))
def test_each_role_is_refused_what_its_row_does_not_say(record: None, client: Client, role: str) -> None:
    client.force_login(a_worker(role=role).account)
    refused = [
        (pattern, view)
        for pattern, view in ALL
        if view.opens_to not in {"public", "signed in", *policy().roles[role].may}
    ]
    wrong = [pattern for pattern, _ in refused if client.get(example(pattern)).status_code != 403]
    assert not wrong


def leaver() -> Worker:
    worker = a_worker()
    post = worker.posts.get()
    post.ended_on = timezone.localdate() - timedelta(days=1)
    post.save()
    return worker
