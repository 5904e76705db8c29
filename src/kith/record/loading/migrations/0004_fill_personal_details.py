"""What sources said of pupil numbers and of mothers before the record had columns for it."""

from django.db import migrations
from django.db.models.fields.json import KT

from kith.foundation.history.actor import Actor, acting

FULLEST_FIRST = ("ssd", "annex_a", "ssda903", "cin_census")
COLUMNS = {"upn_unknown": "pers_upn_unknown", "is_mother": "pers_is_mother"}


def fill(apps, schema_editor):
    """Each column from the fullest source that says something, as a load would fill it."""
    SourceRow, Person = apps.get_model("loading", "SourceRow"), apps.get_model("people", "Person")
    rows = SourceRow.objects.filter(table="ssd_person", replaced_by=None)
    said = {}
    for source in reversed(FULLEST_FIRST):
        told = rows.filter(source=source).order_by("-pk")
        for key, unknown, mother in told.values_list(
            KT("body__pers_person_id"), *(KT(f"body__{each}") for each in COLUMNS.values())
        ):
            more = {"upn_unknown": (unknown or "")[:48]} if unknown else {}
            more |= {"is_mother": mother[:1].upper() in "YT1"} if mother and mother[:1].upper() in "YT1NF0" else {}
            if more:
                said[f"person:{key}"] = said.get(f"person:{key}", {}) | more
    refs = sorted(said)
    for start in range(0, len(refs), 500):
        people = list(Person.objects.filter(ref__in=refs[start : start + 500]))
        for person in people:
            for name, value in said[person.ref].items():
                setattr(person, name, value)
        Person.objects.bulk_update(people, list(COLUMNS), batch_size=200)


def fill_as_system(apps, schema_editor):
    """PostgreSQL's triggers stay while tables are changed, and ask who is acting."""
    with acting(Actor(worker=None, role="system", purpose="A column of its own for what was loaded")):
        fill(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("loading", "0003_whose_row"),
        ("people", "0008_personal_details"),
    ]

    operations = [
        migrations.RunPython(fill_as_system, migrations.RunPython.noop),
    ]
