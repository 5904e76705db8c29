"""The second wall, on PostgreSQL: what is hidden from whoever is acting does not leave the database, whatever is asked.

A page is read in a role of the database that owns no table and passes no wall. Each table of rows about a person shows
it nothing while nobody acts, and never a row about somebody hidden from the one who does: barred, or restricted and not
let in. The rule is worked out here, in the database, from the tables and the policy; the queries' own is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import connection, models

from kith.foundation.access.policy import Policy, policy
from kith.foundation.access.reading import ROLE

from .models import Barring, Grant, Named, Person, Relationship, Restriction, Tie

# What says who is hidden, and what opens a record, cannot itself be hidden by it; nor the tie by which a search knows
# that a grown-up would give a hidden child away. None of these rows has a name in it.
OUTSIDE = (Barring, Restriction, Named, Grant, Tie, Relationship)


def walled() -> dict[str, str]:
    """The tables of rows about a person, each with the column of that person's number."""
    ours = [each for each in apps.get_models() if each.__module__.startswith("kith.record.")]
    found = {each._meta.db_table: column for each in ours if not _stands_outside(each) and (column := _column(each))}
    return dict(sorted(found.items()))


def _stands_outside(model: type[models.Model]) -> bool:
    return model in OUTSIDE or getattr(model, "outside_the_wall", False)


def _column(model: type[models.Model]) -> str:
    if model is Person:
        return "id"
    return next((field.column for field in model._meta.concrete_fields if field.column == "person_id"), "")


def install() -> None:
    """Make the role, the rule and every policy again; after each migrate, as the owner of the tables."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def missing() -> list[str]:
    """The tables that have no wall: start-up refuses when there are any."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'kith_wall'")
        there = {row[0] for row in cursor.fetchall()}
    return sorted(set(walled()) - there)


def _statements() -> Iterator[str]:
    yield _ROLE
    yield f"GRANT USAGE ON SCHEMA public TO {ROLE}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {ROLE}"
    for table in ("history_change", "history_opening", "history_link", "history_disposal"):
        yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {ROLE}"
    yield _hidden(policy())
    for table, column in walled().items():
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'DROP POLICY IF EXISTS kith_wall ON "{table}"'
        yield f'CREATE POLICY kith_wall ON "{table}" FOR ALL TO {ROLE} USING ({_shown(column)}) WITH CHECK (true)'


def _shown(column: str) -> str:
    """True of a row that whoever is acting may know of. What it asks is asked once for a query, not for each row."""
    acting = "(SELECT nullif(current_setting('kith.actor', true), '') IS NOT NULL)"
    return f'{acting} AND NOT (coalesce("{column}", 0) = ANY ((SELECT kith_hidden())::bigint[]))'


_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}') THEN
    CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
  EXECUTE format('GRANT {ROLE} TO %I', current_user);
END $$
"""  # noqa: S608 - the name is our own


def _shut(level: str, opened_by: Iterable[str]) -> str:
    """True of a person restricted so, whom the worker has none of these grounds to open."""
    grounds = ",".join(sorted(opened_by))
    return f"(l.level = '{level}' AND NOT (coalesce(g.grounds, '{{}}') && '{{{grounds}}}'::text[]))"


def _hidden(rules: Policy) -> str:
    """The numbers of everybody hidden from the acting worker. A job with no worker, which says so, is shown all."""
    shut = " OR ".join(_shut(key, level.opened_by) for key, level in rules.levels.items() if level.opened_by)
    return f"""
CREATE OR REPLACE FUNCTION kith_hidden() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
WITH me AS (
  SELECT (nullif(current_setting('kith.actor', true), '')::json->>'worker')::bigint AS worker
), given AS (
  SELECT n.person_id, 'named' AS ground FROM people_named n, me WHERE n.worker_id = me.worker AND n.ended_on IS NULL
  UNION SELECT a.person_id, a.ground FROM people_grant a, me
  WHERE a.worker_id = me.worker AND a.ended_at IS NULL
    AND a.starts_at <= clock_timestamp() AND a.ends_at > clock_timestamp()
), grounds AS (
  SELECT person_id, array_agg(ground::text) AS grounds FROM (
    SELECT person_id, ground FROM given
    UNION SELECT t.other_id, given.ground FROM given JOIN people_tie t ON t.person_id = given.person_id AND t.joined
  ) every GROUP BY person_id
), put AS (
  SELECT person_id, level FROM people_restriction WHERE ended_on IS NULL OR ended_on > current_date
), levels AS (
  SELECT person_id, level FROM put
  UNION SELECT t.other_id, put.level FROM put JOIN people_tie t ON t.person_id = put.person_id
), barred AS (
  SELECT b.person_id FROM people_barring b, me WHERE b.worker_id = me.worker AND b.ended_on IS NULL
)
SELECT coalesce(array_agg(person_id), '{{}}') FROM (
  SELECT l.person_id FROM levels l LEFT JOIN grounds g ON g.person_id = l.person_id, me
  WHERE me.worker IS NOT NULL AND ({shut})
  UNION SELECT person_id FROM barred
  UNION SELECT t.other_id FROM barred JOIN people_tie t ON t.person_id = barred.person_id
) hidden
$$
"""  # noqa: S608 - the words come from the policy table
