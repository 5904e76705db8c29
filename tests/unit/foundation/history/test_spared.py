"""A big load may put a table's own trigger by; nobody else may, and it is back afterwards."""

from __future__ import annotations

import pytest
from django.db import connection

from kith.foundation.access.models import Team
from kith.foundation.history import triggers
from kith.foundation.history.actor import Actor, NobodyIsActing, acting, is_bulk

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's triggers are never put by."),
]
NAME = "kith_history_access_team_added"


def there() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = %s", [NAME])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(("bulk", "during"), [(True, False), (False, True)])
def test_only_a_load_puts_the_trigger_by_and_it_is_back_afterwards(bulk: bool, during: bool) -> None:
    with acting(Actor(worker=None, role="system", bulk=bulk)):
        with triggers.spared(Team):
            assert there() is during
        assert there()


def test_a_load_that_fails_leaves_the_trigger_where_it_was() -> None:
    loading = acting(Actor(worker=None, role="system", bulk=True))
    with pytest.raises(ZeroDivisionError), loading, triggers.spared(Team):
        assert not there()
        raise ZeroDivisionError
    assert there()


def test_nobody_acting_may_not_ask() -> None:
    with pytest.raises(NobodyIsActing):
        is_bulk()
