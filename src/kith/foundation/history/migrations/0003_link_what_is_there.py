"""Whose row each change is, and a place in a chain for every row of a database that was made before there were any."""

from django.db import migrations

from kith.foundation.history import chain


def forwards(apps, schema_editor):
    """Fill in, link once, and link every row written from now on, in this very transaction."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    with schema_editor.connection.cursor() as cursor:
        for op in ("update", "delete"):
            cursor.execute(
                f"DROP TRIGGER IF EXISTS kith_kept_history_change_{op}"
                if sqlite
                else "DROP TRIGGER IF EXISTS kith_kept ON history_change"
            )
        whole = "integer" if sqlite else "bigint"
        said = "coalesce(before, after)->>'person_id'"
        cursor.execute(
            f"UPDATE history_change SET person = CAST(CASE WHEN \"table\" = 'people_person' THEN row ELSE {said} END "  # noqa: S608
            f"AS {whole})"
        )
    chain.adopt()
    chain.install()


class Migration(migrations.Migration):
    dependencies = [("history", "0002_chains")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
