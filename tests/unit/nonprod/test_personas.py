"""One-click sign-in as an invented worker: there for a demonstration, impossible in production."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from tests.factories import a_team, a_worker
from tests.unit.foundation.screens import reading

from kith.foundation.access.models import Account
from kith.foundation.access.policy import policy
from kith.nonprod.personas import queries

KEYS = [*policy().roles, "barred"]


@pytest.fixture
def people(record: None) -> dict[str, Account]:
    return {key: persona(key) for key in KEYS}


def persona(key: str) -> Account:
    account = a_worker(f"Persona {key}", role="social_worker" if key == "barred" else key).account
    account.email = f"{key}@riverside.example"
    account.set_unusable_password()
    account.save()
    return account


def test_there_is_a_persona_for_every_role_and_one_who_is_barred(people: dict[str, Account]) -> None:
    shown = {each.key: each for each in queries.personas()}
    assert set(shown) == set(KEYS)
    assert shown["mash_worker"].title == "MASH worker" and shown["barred"].title == "Barred from a family"
    assert {each.team for each in shown.values()} == {a_team().name}


@pytest.mark.parametrize("key", KEYS)
def test_one_click_signs_in_as_the_persona(people: dict[str, Account], client: Client, key: str) -> None:
    page = client.get("/personas/?next=/drafts/")
    assert reading.faults(page.content) == []
    (form,) = reading.page(page.content).xpath(f"//form[@action='/personas/{key}/']")
    posted = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
    answer = client.post(form.get("action"), posted)
    assert answer.headers["Location"] == "/drafts/" and client.session[SESSION_KEY] == str(people[key].pk)


def test_only_those_in_the_database_are_shown_and_a_closed_account_is_not(record: None, client: Client) -> None:
    assert "nobody to be yet" in reading.text_of(client.get("/personas/").content)
    account = persona("auditor")
    assert [each.key for each in queries.personas()] == ["auditor"]
    account.is_active = False
    account.save()
    assert queries.personas() == [] and client.post("/personas/auditor/").status_code == 404


def test_nobody_else_can_be_signed_in_as(people: dict[str, Account], client: Client) -> None:
    real = a_worker("Real Person").account
    real.email = "real@riverside.example"
    real.save()
    assert client.post("/personas/real/").status_code == 404
    assert client.get("/personas/auditor/").status_code == 405
    assert SESSION_KEY not in client.session


def test_the_sign_in_page_leads_there_with_the_page_asked_for(record: None, client: Client) -> None:
    tree = reading.page(client.get("/sign-in/?next=/drafts/").content)
    assert tree.xpath("//main//a/@href") == ["/personas/?next=%2Fdrafts%2F"]


def in_production(code: str, home: Path, production: str = "1") -> subprocess.CompletedProcess[str]:
    env = os.environ | {
        "KITH_PRODUCTION": production,
        "KITH_SECRET_KEY": "k" * 50,
        "KITH_KEYS": str(home / "keys"),
        "KITH_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "kith.config.settings",
    }
    env.pop("DATABASE_URL", None)
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120)


INSTALL = """
from django.conf import settings
settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "kith.nonprod.personas"]
import django
django.setup()
print("started")
"""
ROUTES = """
import django
django.setup()
from kith.foundation.access.checks import routes
print([pattern for pattern, _ in routes() if "persona" in pattern])
from django.template import engines
print(engines.all()[0].env.globals["invented"])
"""


def test_production_cannot_import_the_personas_and_will_not_start_with_them(tmp_path: Path) -> None:
    imported = in_production("import kith.nonprod.personas.queries", tmp_path)
    assert imported.returncode != 0 and "cannot be imported when KITH_PRODUCTION is 1" in imported.stderr
    installed = in_production(INSTALL, tmp_path)
    assert installed.returncode != 0 and "started" not in installed.stdout
    assert "cannot be imported when KITH_PRODUCTION is 1" in installed.stderr


def test_production_serves_no_persona_page_and_no_banner_where_a_demonstration_does(tmp_path: Path) -> None:
    live = in_production(ROUTES, tmp_path)
    assert live.stdout.split("\n")[:2] == ["[]", "False"], live.stderr
    trial = in_production(ROUTES, tmp_path, production="0")
    assert "personas/" in trial.stdout and "True" in trial.stdout
