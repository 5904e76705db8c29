"""A database that was filled before is brought up to date with its history's triggers away, and back at the end."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_migrate

from kith.foundation.history import triggers

pytestmark = pytest.mark.django_db


def how_many() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'kith%'")
        return int(cursor.fetchone()[0])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL changes a table where it stands.")
@pytest.mark.parametrize(("plan", "left"), [([], True), ([("a migration", False)], False)])
def test_they_go_only_when_there_is_something_to_do(plan: list[object], left: bool) -> None:
    before = how_many()
    assert before > 100
    pre_migrate.send(sender=apps.get_app_config("history"), plan=plan)
    assert bool(how_many()) is left
    assert bool(triggers.missing()) is not left  # so the service would not start
    call_command("migrate", verbosity=0)
    assert (how_many(), triggers.missing()) == (before, [])
