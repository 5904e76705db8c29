"""A long reading is of one moment, writes nothing, and keeps nobody who writes waiting: by two connections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from kith.foundation.database import one_moment


@pytest.fixture
def two(transactional_db: None, tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    """The connection in use and somebody else's, to a database with a table of one row.

    On SQLite a file of its own, as the product has: the tests' lies in memory, where nobody else is.
    """
    before = connections["default"]
    if before.vendor == "sqlite":
        own = before.copy()
        own.settings_dict |= {"NAME": str(tmp_path / "kith.sqlite3"), "OPTIONS": {**settings.SQLITE, "timeout": 0.2}}
        connections["default"] = own
    other = connections["default"].copy()
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE moments (number integer)")
            cursor.execute("INSERT INTO moments VALUES (1)")
        yield connections["default"], other
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE moments")
        if before.vendor == "sqlite":
            connections["default"].close()
        connections["default"] = before


def numbers(by: Any) -> list[int]:
    with by.cursor() as cursor:
        cursor.execute("SELECT number FROM moments ORDER BY number")
        return [number for (number,) in cursor.fetchall()]


def add(by: Any, number: int) -> None:
    with by.cursor() as cursor:
        cursor.execute("INSERT INTO moments VALUES (%s)", [number])


def test_another_writes_meanwhile_and_what_is_read_stays_of_one_moment(two: tuple[Any, Any]) -> None:
    mine, other = two
    with one_moment():
        assert numbers(mine) == [1]
        add(other, 2)
        assert numbers(mine) == [1]
        assert numbers(other) == [1, 2]
    assert numbers(mine) == [1, 2]


def test_control_in_a_transaction_that_may_write_sqlite_has_others_wait_and_postgresql_reads_two_moments(
    two: tuple[Any, Any],
) -> None:
    mine, other = two
    with transaction.atomic():
        assert numbers(mine) == [1]
        if mine.vendor == "sqlite":
            with pytest.raises(DatabaseError, match="locked"):
                add(other, 2)
        else:
            add(other, 2)
            assert numbers(mine) == [1, 2]


def test_nothing_can_be_written_inside_and_all_can_afterwards(two: tuple[Any, Any]) -> None:
    mine, _ = two
    with pytest.raises(DatabaseError), one_moment():
        add(mine, 3)
    add(mine, 4)
    with transaction.atomic():
        add(mine, 5)
    assert numbers(mine) == [1, 4, 5]
    assert mine.vendor != "sqlite" or mine.transaction_mode == "IMMEDIATE"


def test_inside_a_transaction_it_is_a_part_of_that(two: tuple[Any, Any]) -> None:
    mine, _ = two
    with transaction.atomic():
        add(mine, 6)
        with one_moment():
            assert numbers(mine) == [1, 6]
        add(mine, 7)
    assert numbers(mine) == [1, 6, 7]
