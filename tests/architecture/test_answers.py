"""Every answer, of every route, to somebody signed in and to nobody, carries what keeps a browser safe."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.architecture.test_routes import example
from tests.factories import a_worker

from kith.foundation.access.checks import routes

ALL = sorted(routes())
POLICY = ("default-src 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'")


def lacking(answer: Any) -> list[str]:
    """What this answer should say and does not."""
    said = answer.headers
    policy = said.get("Content-Security-Policy", "")
    found = [each for each in POLICY if each not in policy]
    found += ["no inline script"] if "unsafe" in policy else []
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    found += [name for name, value in wanted.items() if said.get(name) != value]
    found += ["no-store"] if "no-store" not in said.get("Cache-Control", "") else []
    html = said.get("Content-Type", "").startswith("text/html")
    found += ["charset"] if html and "charset=utf-8" not in said["Content-Type"] else []
    return found


@pytest.mark.parametrize("role", ["", "team_manager", "data_officer"])
def test_every_answer_keeps_a_browser_safe(record: None, client: Client, role: str) -> None:
    if role:
        client.force_login(a_worker(role=role).account)
    wrong = {
        (pattern, method): bad
        for pattern, _ in ALL
        for method in ("get", "post")
        if (bad := lacking(getattr(client, method)(example(pattern))))
    }
    assert wrong == {}


def test_an_answer_that_lacks_them_is_noticed(client: Client) -> None:
    from django.http import HttpResponse

    assert len(lacking(HttpResponse("x", content_type="text/html"))) == len(POLICY) + 6


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "DELETE", "PATCH"])
def test_a_method_that_no_page_has_does_nothing(record: None, client: Client, method: str) -> None:
    client.force_login(a_worker().account)
    answer = client.generic(method, "/sign-out/", headers={"X-Mark": "kq7x"})
    assert answer.status_code in (400, 403, 405) and b"kq7x" not in answer.content
    assert client.get("/").status_code == 200


def test_a_file_of_the_project_is_not_served(client: Client) -> None:
    for path in ("/.git/config", "/static/../../config/settings.py", "/static/", "/static/screens/", "/pyproject.toml"):
        assert client.get(path).status_code == 404, path
