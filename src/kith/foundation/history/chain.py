"""The chains: every row of the history is linked to the one before it, by the database itself, as it is written.

A transaction writes to one chain alone, the first that nobody else holds, so that writers do not wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from django.db import connection, models

from .models import Change, Disposal, Link, Opening

CHAINS = 16
LOCK = 74_850  # the first number of the locks by which PostgreSQL's writers hold a chain; any will do, if it stays
TABLES: dict[int, type[models.Model]] = {1: Change, 2: Opening, 3: Disposal}
# What of each table is in a row's digest, in this order for ever: a new column would make every older row seem false.
COLUMNS = {
    1: "id at table row act person worker role purpose request client before after",
    2: "id at kind person worker role relationship decision purpose page shown request client",
    3: "id at table first last worker role reason",
}
BEGINNING = bytes(32)  # stands before the first link of a chain


def digest(text: str) -> bytes:
    """What stands for a row in its link."""
    return sha256(text.encode()).digest()


def mark(*, chain: int, number: int, kind: int, row: int, previous: bytes, content: bytes) -> bytes:
    """The hash of a link: where it stands, what it is of, and the hash of the link before it."""
    return sha256(f"{chain}:{number}:{kind}:{row}:{previous.hex()}:{content.hex()}".encode()).digest()


def text_of(kind: int, row: str, vendor: str | None = None) -> str:
    """SQL for everything a row says, as one text that reads the same whenever it is asked. `row` is its SQL name."""
    pairs = [(f'{row}."{each}"', each == "at") for each in COLUMNS[kind].split()]
    if (vendor or connection.vendor) == "sqlite":
        return f"json_array({', '.join(name for name, _ in pairs)})"
    # a moment as a number: as text it would depend on the session's time zone
    parts = (f"extract(epoch FROM {name})" if moment else name for name, moment in pairs)
    return f"json_build_array({', '.join(parts)})::text"


def install() -> None:
    """Make the triggers that link, and those that refuse any change to what is kept."""
    make = _sqlite if connection.vendor == "sqlite" else _postgresql
    with connection.cursor() as cursor:
        for statement in make():
            cursor.execute(statement)


def kept_tables() -> list[str]:
    """The tables of the history itself: rows are added to them and never changed."""
    return [*(each._meta.db_table for each in TABLES.values()), Link._meta.db_table]


def adopt() -> int:
    """Link the rows of a database that was made before there were chains. Once, in a migration: never again."""
    if Link.objects.exists():
        raise RuntimeError("The history is linked already; a row without a link was not written by Kith.")
    number, previous = 0, BEGINNING
    for kind, model in TABLES.items():
        rows = _texts(kind, model)
        links = []
        for row, text in rows:
            number, content = number + 1, digest(text)
            here = mark(chain=0, number=number, kind=kind, row=row, previous=previous, content=content)
            links.append(
                Link(chain=0, number=number, kind=kind, row=row, previous=previous, content=content, hash=here)
            )
            previous = here
        Link.objects.bulk_create(links, batch_size=2_000)
    return number


def _texts(kind: int, model: type[models.Model]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT r.id, {text_of(kind, "r")} FROM "{model._meta.db_table}" r ORDER BY r.id')  # noqa: S608
        return cursor.fetchall()  # type: ignore[no-any-return]


def _sqlite() -> Iterator[str]:
    """SQLite has one writer at a time, so one chain is as quick as sixteen."""
    before = "(SELECT {} FROM history_link WHERE chain = 0 ORDER BY number DESC LIMIT 1)"
    number, previous = f"coalesce({before.format('number')}, 0) + 1", f"coalesce({before.format('hash')}, zeroblob(32))"
    for kind, model in TABLES.items():
        table = model._meta.db_table
        yield f'DROP TRIGGER IF EXISTS "kith_link_{table}"'
        yield (
            f'CREATE TRIGGER "kith_link_{table}" AFTER INSERT ON "{table}" BEGIN '  # noqa: S608 - names are the models'
            "INSERT INTO history_link (chain, number, kind, row, previous, content, hash) "
            f"SELECT 0, l.n, {kind}, NEW.id, l.p, l.c, kith_mark(l.n, {kind}, NEW.id, l.p, l.c) "
            f"FROM (SELECT {number} AS n, {previous} AS p, kith_digest({text_of(kind, 'NEW', 'sqlite')}) AS c) l; END"
        )
    for table in kept_tables():
        for op in ("UPDATE", "DELETE"):
            unless = _unless_disposed(table, "OLD") if op == "DELETE" else ""
            name = f"kith_kept_{table}_{op.lower()}"
            yield f'DROP TRIGGER IF EXISTS "{name}"'
            yield (
                f'CREATE TRIGGER "{name}" BEFORE {op} ON "{table}" {f"WHEN NOT {unless}" if unless else ""} BEGIN '
                "SELECT raise(abort, 'The history is never changed.'); END"
            )


def _unless_disposed(table: str, row: str) -> str:
    """SQL that is true of a row whose disposal is itself in the history; empty where nothing is ever disposed of."""
    if table not in (Change._meta.db_table, Opening._meta.db_table):
        return ""
    found = f"d.\"table\" = '{table}' AND {row}.id BETWEEN d.first AND d.last"
    return f"EXISTS (SELECT 1 FROM history_disposal d WHERE {found})"  # noqa: S608 - names are the models'


def register(native: object) -> None:
    """Give a SQLite connection the functions that its links are made with."""
    native.create_function("kith_digest", 1, digest, deterministic=True)  # type: ignore[attr-defined]
    native.create_function("kith_mark", 5, _mark, deterministic=True)  # type: ignore[attr-defined]


def _mark(number: int, kind: int, row: int, previous: bytes, content: bytes) -> bytes:
    return mark(chain=0, number=number, kind=kind, row=row, previous=previous, content=content)


def _postgresql() -> Iterator[str]:
    yield _PG_LINK.replace("<chains>", str(CHAINS)).replace("<lock>", str(LOCK))
    for kind, model in TABLES.items():
        table = model._meta.db_table
        yield (
            f"CREATE OR REPLACE FUNCTION kith_link_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM kith_history_link({kind}, NEW.id, {text_of(kind, 'NEW', 'postgresql')}); RETURN NULL; END $$"
        )
        yield f'DROP TRIGGER IF EXISTS kith_link ON "{table}"'
        yield (f'CREATE TRIGGER kith_link AFTER INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION kith_link_{table}()')
    yield _PG_REFUSE
    for table in kept_tables():
        yield f'DROP TRIGGER IF EXISTS kith_kept ON "{table}"'
        yield (
            f'CREATE TRIGGER kith_kept BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION kith_history_refuse()"
        )


# A transaction takes the first chain that nobody holds, at its first row, and keeps it: it never waits while there are
# fewer writers than chains, so it cannot be part of a deadlock. Where it stands is kept in a setting of the
# transaction, which a savepoint takes back with the rows.
_PG_LINK = """
CREATE OR REPLACE FUNCTION kith_history_link(what int, id bigint, said text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  held text[] := string_to_array(nullif(current_setting('kith.link', true), ''), ':');
  start int; c int; n bigint; p bytea; d bytea; h bytea;
BEGIN
  IF held IS NULL THEN
    start := floor(random() * <chains>)::int;
    FOR i IN 0..<chains> - 1 LOOP
      IF pg_try_advisory_xact_lock(<lock>, (start + i) % <chains>) THEN c := (start + i) % <chains>; EXIT; END IF;
    END LOOP;
    IF c IS NULL THEN c := start; PERFORM pg_advisory_xact_lock(<lock>, c); END IF;
    SELECT l.number, l.hash INTO n, p FROM history_link l WHERE l.chain = c ORDER BY l.number DESC LIMIT 1;
    IF NOT FOUND THEN n := 0; p := decode(repeat('00', 32), 'hex'); END IF;
  ELSE
    c := held[1]::int; n := held[2]::bigint; p := decode(held[3], 'hex');
  END IF;
  n := n + 1;
  d := sha256(convert_to(said, 'UTF8'));
  h := sha256(convert_to(concat_ws(':', c, n, what, id, encode(p, 'hex'), encode(d, 'hex')), 'UTF8'));
  INSERT INTO history_link (chain, number, kind, "row", previous, content, hash) VALUES (c, n, what, id, p, d, h);
  PERFORM set_config('kith.link', concat_ws(':', c, n, encode(h, 'hex')), true);
END $$
"""

_PG_REFUSE = """
CREATE OR REPLACE FUNCTION kith_history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME IN ('history_change', 'history_opening') THEN
    IF EXISTS (SELECT 1 FROM history_disposal d WHERE d."table" = TG_TABLE_NAME AND OLD.id BETWEEN d.first AND d.last)
    THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION 'The history is never changed.';
END $$
"""
