"""Who was in touch, of contacts that were loaded before there was a column for it."""

from django.db import migrations

from kith.foundation.history.actor import Actor, acting

SOURCE = "cont_contact_source_code"


def fill(apps, schema_editor):
    """From what each source's row said beside the columns of its day."""
    Part, ToldPart = apps.get_model("steps", "Part"), apps.get_model("plain_work", "ToldPart")
    rows = Part.objects.filter(step__kind="contact", toldpart=None).values_list("pk", "step__details")
    found = [
        ToldPart(part_id=pk, source=details[SOURCE])
        for pk, details in rows.iterator(20_000)
        if details and details.get(SOURCE)
    ]
    ToldPart.objects.bulk_create(found, batch_size=500)


def fill_as_system(apps, schema_editor):
    """PostgreSQL's triggers stay while tables are changed, and ask who is acting."""
    with acting(Actor(worker=None, role="system", purpose="A column of its own for what was loaded")):
        fill(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("plain_work", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(fill_as_system, migrations.RunPython.noop),
    ]
