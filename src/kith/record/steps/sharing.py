"""Which steps are shared with a child whose record does not open: what is said there of all of them is kept back.

On PostgreSQL a page reads behind the second wall, where the parts of hidden children do not come out. That there is one
must be known all the same, so the database tells the numbers of those steps, and nothing else of them.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from kith.foundation.access.viewer import Viewer
from kith.record.people.access import may_open

SHARED = """
CREATE OR REPLACE FUNCTION kith_hidden_steps() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
SELECT DISTINCT step_id FROM steps_part
WHERE person_id = ANY (nullif(current_setting('kith.hidden', true), '')::bigint[])
$$
"""


def with_others(viewer: Viewer) -> Q:
    """The parts by which a step has a child whose record does not open: that child's own, or where the wall holds
    it back, whichever comes out.
    """
    return ~may_open(viewer) | behind_the_wall("step_id")


def behind_the_wall(column: str) -> Q:
    """The rows whose `column` is a step with a part that the wall holds back."""
    if connection.vendor != "postgresql":
        return Q(pk__in=[])
    return Q(**{f"{column}__in": RawSQL("SELECT kith_hidden_steps()", [])})


def install() -> None:
    """Make the database's own answer again, after each migrate."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(SHARED)
