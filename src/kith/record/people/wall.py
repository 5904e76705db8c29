"""The second wall, on PostgreSQL: what is hidden from whoever is acting does not leave the database, whatever is asked.

A request is answered, read or sent, in a role of the database that owns no table and passes no wall. Each table of rows
about a person, and of what hangs from one, shows it nothing while nobody acts, and never a row about somebody hidden
from the one who does: barred, or restricted and not let in. Nor can such a row be added. The rule is worked out here,
in the database, from the tables and the policy, once for a request; the queries' own is not asked.
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


def hanging() -> dict[str, tuple[str, str]]:
    """The tables whose rows hang from one of those, each by its key: its column, and the table it hangs from."""
    behind = walled()
    found = {}
    for each in apps.get_models():
        key = each._meta.pk
        if isinstance(key, models.OneToOneField) and key.related_model._meta.db_table in behind:
            found[each._meta.db_table] = (key.column, key.related_model._meta.db_table)
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
    return sorted({*walled(), *hanging()} - there)


def _statements() -> Iterator[str]:
    yield _ROLE
    yield f"GRANT USAGE ON SCHEMA public TO {ROLE}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {ROLE}"
    for table in ("history_change", "history_opening", "history_link", "history_disposal"):
        yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {ROLE}"
    yield _hidden(policy())
    rules = {table: _shown(column) for table, column in walled().items()}
    rules |= {table: _held_up(column, by) for table, (column, by) in hanging().items()}
    for table, rule in rules.items():
        yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
        yield f'DROP POLICY IF EXISTS kith_wall ON "{table}"'
        yield f'CREATE POLICY kith_wall ON "{table}" FOR ALL TO {ROLE} USING ({rule})'
    yield "DROP FUNCTION IF EXISTS kith_hidden()"  # what the walls asked before; it read the actor at every query


def _shown(column: str) -> str:
    """True of a row that whoever is acting may know of. It is worked out once for a page, and read once for a query."""
    hidden = "nullif(current_setting('kith.hidden', true), '')"
    # unnested, PostgreSQL looks each row up among them; as an array, it would go through all of them for each row
    among = f'coalesce("{column}", 0) IN (SELECT unnest({hidden}::bigint[]))'
    return f"(SELECT {hidden}) IS NOT NULL AND NOT ({among})"


def _held_up(column: str, by: str) -> str:
    """True of a row that hangs from one that is shown: that row's own wall is asked."""
    return f'EXISTS (SELECT 1 FROM "{by}" held WHERE held.id = "{column}")'  # noqa: S608 - names of our own tables


# A role is of all the databases of a cluster: another of them may make it, or grant it, in the same moment.
_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}') THEN
    BEGIN
      CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END IF;
  BEGIN
    EXECUTE format('GRANT {ROLE} TO %I', current_user);
  EXCEPTION WHEN unique_violation THEN
    NULL;
  END;
END $$
"""  # noqa: S608 - the name is our own


def _shut(level: str, opened_by: Iterable[str]) -> str:
    """True of a person restricted so, whom the worker has none of these grounds to open."""
    grounds = ",".join(sorted(opened_by))
    return f"(l.level = '{level}' AND NOT (coalesce(g.grounds, '{{}}') && '{{{grounds}}}'::text[]))"


def _hidden(rules: Policy) -> str:
    """The numbers of everybody hidden from a worker. From a job with no worker, which says so, nobody is."""
    shut = " OR ".join(_shut(key, level.opened_by) for key, level in rules.levels.items() if level.opened_by)
    return f"""
CREATE OR REPLACE FUNCTION kith_hidden(acting bigint) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
WITH me AS (
  SELECT acting AS worker
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
