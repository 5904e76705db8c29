"""Requests that a test takes back on SQLite cost what they cost, although a page of the past was shown before them.

Once a table was made in a transaction, if only a temporary one that is gone again, SQLite reads its whole schema anew
after every savepoint of that transaction that is taken back, and prepares every statement again. Kith serves each page
in a transaction of its own. A test is one long transaction, and the sweeps take back each of some ten thousand
requests: half of their time went there.
"""

from __future__ import annotations


def forget_made_tables() -> None:
    """From now on, in this process: when a frame of the past has dropped its tables, SQLite reads its schema once."""
    from django.db import connection

    from kith.record.freeze_frame.shadows import Shadows

    usual = Shadows.drop

    def drop(self: Shadows) -> None:
        usual(self)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA writable_schema = RESET")

    Shadows.drop = drop  # type: ignore[method-assign]
