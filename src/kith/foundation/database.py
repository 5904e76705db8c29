"""Which SQLite, what either database must know of its tables to answer quickly, and a long reading nobody waits for.

The SQLite in Debian and most Pythons can corrupt a WAL database, so a sound one takes its place.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

SOUND_SINCE = (3, 51, 3)


def use_sound_sqlite() -> str:
    """Put pysqlite3 where Django looks for sqlite3; return a warning when no sound SQLite is here, else nothing."""
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except ImportError:
        import sqlite3

        if sqlite3.sqlite_version_info >= SOUND_SINCE:
            return ""
        version = sqlite3.sqlite_version
        return f"SQLite {version} has a known fault that can corrupt a busy database: use PostgreSQL here."
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
    return ""


def take_stock() -> None:
    """Have the database count what is in its tables: after a first load or a migrate it knows of nothing there.

    SQLite looks at no more than the first rows of each index: enough to choose by, and less than a second.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE")


def keep_stock() -> None:
    """Have SQLite count again the tables that have changed much. PostgreSQL does so by itself."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("PRAGMA optimize = 0x10002")  # every table, not only those that this process has asked of


@contextmanager
def one_moment() -> Iterator[None]:
    """What is read inside is all of one moment, however long it takes, and whoever writes meanwhile need not wait.

    Nothing may be written inside: either database refuses it. For a job that reads the whole record, which would else
    hold SQLite's one writer, and with it every page, until it ends. Inside a transaction it is a part of that.
    """
    from django.db import connection, transaction

    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with _sqlite_only_reads(), transaction.atomic():
            yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


@contextmanager
def _sqlite_only_reads() -> Iterator[None]:
    """Its next transaction takes no writer's place when it begins, nor later."""
    from django.db import connection

    connection.ensure_connection()
    begins_as, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        yield
    finally:
        connection.transaction_mode = begins_as
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")
