"""The second wall, on PostgreSQL, taken down for a control: behind it a page that forgets to ask tells nothing."""

from __future__ import annotations

from django.db import connection


def second_wall_down() -> None:
    """Until the transaction is undone, the database hides nobody; on SQLite there is no such wall."""
    if connection.vendor == "postgresql":
        says = "CREATE OR REPLACE FUNCTION kith_hidden(acting bigint) RETURNS bigint[] LANGUAGE sql SECURITY DEFINER"
        with connection.cursor() as cursor:
            cursor.execute(says + " AS $$ SELECT '{}'::bigint[] $$")
