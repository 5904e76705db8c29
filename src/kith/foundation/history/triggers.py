"""Triggers, made from the models, that write the history on SQLite and on PostgreSQL: bulk and raw writes too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models

from . import chain
from .actor import as_json, is_bulk

NOW_SQLITE = "strftime('%Y-%m-%d %H:%M:%f', 'now')"


def kept_models() -> list[type[models.Model]]:
    """The models of Kith whose changes are in the history, in a fixed order."""
    found = [each for each in apps.get_models() if getattr(each, "in_history", False) and each._meta.managed]
    return sorted(found, key=lambda each: each._meta.db_table)


def frozen_models() -> list[type[models.Model]]:
    """The models of which a row may be frozen."""
    return [each for each in kept_models() if getattr(each, "frozen_once", "")]


def install() -> None:
    """Make every trigger again. Django's SQLite table rebuilds drop them, so this runs after each migrate."""
    make = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        for statement in make():
            cursor.execute(statement)
        for model in frozen_models():
            for statement in _freezing(model):
                cursor.execute(statement)
    chain.install()


def take_away() -> None:
    """Take every trigger away, on SQLite, for as long as tables are being changed; PostgreSQL's may stay."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'kith\\_%' ESCAPE '\\'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def missing() -> list[str]:
    """Tables whose triggers are not there: start-up refuses when there are any."""
    wanted = {
        "kith_history": {each._meta.db_table for each in kept_models()},
        "kith_link": {each._meta.db_table for each in chain.TABLES.values()},
        "kith_kept": set(chain.kept_tables()),
        "kith_frozen": {each._meta.db_table for each in frozen_models()},
    }
    query = (
        "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
        if connection.vendor == "sqlite"
        else "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_name LIKE %s"
    )
    without: set[str] = set()
    with connection.cursor() as cursor:
        for begins, tables in wanted.items():
            cursor.execute(query, [f"{begins}%"])
            without |= tables - {row[0] for row in cursor.fetchall()}
    return sorted(without)


def register_sqlite(*, connection: object, **_: object) -> None:
    """Give each new SQLite connection the functions its triggers call; without them a write fails, as it should."""
    if getattr(connection, "vendor", "") == "sqlite":
        connection.connection.create_function("kith_actor", 0, as_json)  # type: ignore[attr-defined]
        connection.connection.create_function("kith_bulk", 0, is_bulk)  # type: ignore[attr-defined]
        chain.register(connection.connection)  # type: ignore[attr-defined]


@contextmanager
def spared(model: type[models.Model]) -> Iterator[None]:
    """While a load adds very many rows to a table on SQLite, the trigger that would let each of them pass is away.

    Only a load may: its new rows carry its own number, and no other actor's go unwritten. The trigger comes back in
    the same transaction, and a failure takes the whole of it back; changes and removals are written all the while.
    """
    name = f"kith_history_{model._meta.db_table}_added"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [name])
        found = cursor.fetchone()
        if not (found and is_bulk() and connection.in_atomic_block):
            yield
            return
        cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        cursor.execute(found[0])


def _sqlite() -> Iterable[str]:
    for model in kept_models():
        table, key = model._meta.db_table, model._meta.pk.column
        for act, op, row in (("added", "INSERT", "NEW"), ("changed", "UPDATE", "NEW"), ("removed", "DELETE", "OLD")):
            name = f"kith_history_{table}_{act}"
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield (  # names come from the models, never from a person
                f'CREATE TRIGGER "{name}" AFTER {op} ON "{table}" {_when(act)} BEGIN '
                'INSERT INTO history_change (at, "table", row, act, person, worker, role, purpose, request, client, '
                f"before, after) SELECT {NOW_SQLITE}, '{table}', {row}.\"{key}\", '{act}', "
                f"{_person('NEW' if act == 'added' else 'OLD', model)}, "
                "a->>'worker', a->>'role', a->>'purpose', a->>'request', a->>'client', "
                f"{_json('OLD', model) if act != 'added' else 'NULL'}, "
                f"{_json('NEW', model) if act != 'removed' else 'NULL'} FROM (SELECT kith_actor() AS a); END"
            )


def _person(row: str, model: type[models.Model]) -> str:
    """SQL for the id of the person a row is about; NULL where it names nobody."""
    column = person_column(model)
    return f'{row}."{column}"' if column else "NULL"


def person_column(model: type[models.Model]) -> str:
    """The column that says whose row it is: a person's own id, or the link named `person`; empty where none does."""
    if model._meta.label_lower == "people.person":
        return str(model._meta.pk.column)
    return next((each.column for each in model._meta.concrete_fields if each.name == "person"), "")


def _when(act: str) -> str:
    """A load's new rows carry the load's number, which is their history; what it changes or removes is kept here."""
    return "WHEN NOT kith_bulk()" if act == "added" else ""


def _json(row: str, model: type[models.Model]) -> str:
    parts = ", ".join(f"'{field.column}', {row}.\"{field.column}\"" for field in _columns(model))
    return f"json_object({parts})"


def _columns(model: type[models.Model]) -> list[models.Field]:  # type: ignore[type-arg]
    """What the history keeps of a row: all but secrets such as a password's hash."""
    return [field for field in model._meta.concrete_fields if field.column not in model.never_in_history]  # type: ignore[attr-defined]


def _postgresql() -> Iterable[str]:
    yield _PG_FUNCTION
    for model in kept_models():
        table, key = model._meta.db_table, model._meta.pk.column
        yield f'DROP TRIGGER IF EXISTS kith_history ON "{table}"'
        yield (
            f'CREATE TRIGGER kith_history AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION kith_history_write('{key}', '{{{','.join(model.never_in_history)}}}', "
            f"'{person_column(model)}')"
        )


def _freezing(model: type[models.Model]) -> Iterator[str]:
    """What refuses to change or remove a row in which the field that freezes it was set."""
    table, column = model._meta.db_table, model._meta.get_field(model.frozen_once).column  # type: ignore[attr-defined]
    said = "What is signed off is never changed."
    if connection.vendor == "sqlite":
        for op in ("UPDATE", "DELETE"):
            name = f"kith_frozen_{table}_{op.lower()}"
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield (
                f'CREATE TRIGGER "{name}" BEFORE {op} ON "{table}" WHEN OLD."{column}" IS NOT NULL BEGIN '
                f"SELECT raise(abort, '{said}'); END"
            )
        return
    yield (
        "CREATE OR REPLACE FUNCTION kith_frozen() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
    )
    yield f'DROP TRIGGER IF EXISTS kith_frozen ON "{table}"'
    yield (
        f'CREATE TRIGGER kith_frozen BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW '
        f'WHEN (OLD."{column}" IS NOT NULL) EXECUTE FUNCTION kith_frozen()'
    )


_PG_FUNCTION = """
CREATE OR REPLACE FUNCTION kith_history_write() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  actor json := nullif(current_setting('kith.actor', true), '')::json;
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - TG_ARGV[1]::text[] END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - TG_ARGV[1]::text[] END;
BEGIN
  IF actor IS NULL THEN RAISE EXCEPTION 'Nobody is acting: a write needs an actor.'; END IF;
  IF TG_OP = 'INSERT' AND (actor->>'bulk')::boolean THEN RETURN NULL; END IF;
  INSERT INTO history_change
    (at, "table", row, act, person, worker, role, purpose, request, client, before, after)
  VALUES (clock_timestamp(), TG_TABLE_NAME, coalesce(new_row, old_row)->>TG_ARGV[0],
    CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
    (coalesce(old_row, new_row)->>nullif(TG_ARGV[2], ''))::bigint,
    (actor->>'worker')::bigint, actor->>'role', coalesce(actor->>'purpose', ''), coalesce(actor->>'request', ''),
    coalesce(nullif(actor->>'client', ''), concat_ws(' ', 'sql', session_user, host(inet_client_addr()))),
    old_row, new_row);
  RETURN NULL;
END $$
"""
