"""A page is read, on PostgreSQL, in a role of the database that passes no wall: what is hidden does not come out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

ROLE = "kith_reader"


@contextmanager
def behind_the_wall(*, reading: bool = True) -> Iterator[None]:
    """Read in that role until the block ends. Only PostgreSQL has a second wall; elsewhere the queries are all."""
    if not reading or connection.vendor != "postgresql":
        yield
        return
    _become(ROLE)
    yield
    _become("none")  # where the block failed, its transaction is taken back, and the role with it


def _become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
