from collections import defaultdict

import polars as pl
from django.db import migrations, models
from django.db.models.fields.json import KT

from kith.statutory.returns.ssd.dataset import Dataset, references, specs
from kith.statutory.returns.ssd.owners import owners


def say_whose(apps, schema_editor):
    """Whose each row is that stands already, worked out of each source's rows together."""
    SourceRow = apps.get_model("loading", "SourceRow")
    standing = SourceRow.objects.filter(replaced_by=None)
    for source in standing.order_by().values_list("source", flat=True).distinct():
        names = standing.filter(source=source).order_by().values_list("table", flat=True).distinct()
        ids, frames = {}, {}
        for name in set(names) & set(specs()):
            ids[name], frames[name] = _told(standing.filter(source=source, table=name), name)
        whose = owners(Dataset.of({name: frame for name, frame in frames.items() if frame.width}))
        rows = defaultdict(list)
        for name, owned in whose.items():
            for pk, person in zip(ids[name], owned.to_list(), strict=True):
                rows[person or ""].append(pk)
        for person, pks in rows.items():
            for start in range(0, len(pks) if person else 0, 500):
                SourceRow.objects.filter(pk__in=pks[start : start + 500]).update(whose=person[:120])


def _told(rows, name):
    """The ids of a table's rows, and the fields by which they point at one another."""
    pointed = {to.split(".")[1] for table in specs() for to in references(table).values() if to.startswith(f"{name}.")}
    fields = sorted({*references(name), *pointed, *({"adul_person_id"} if name == "kith_adult" else set())})
    found = list(rows.order_by("pk").values_list("pk", *(KT(f"body__{field}") for field in fields)))
    columns = list(zip(*found, strict=True)) if found else [[]] * (len(fields) + 1)
    frame = pl.DataFrame({"_": list(columns[0])} | {f: list(c) for f, c in zip(fields, columns[1:], strict=True)})
    return columns[0], frame.drop("_").cast(pl.String) if fields else pl.DataFrame()


class Migration(migrations.Migration):
    dependencies = [
        ("loading", "0002_digest"),
    ]

    operations = [
        migrations.AddField(
            model_name="sourcerow",
            name="whose",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.RunPython(say_whose, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="sourcerow",
            index=models.Index(condition=models.Q(("replaced_by", None)), fields=["whose"], name="source_row_whose"),
        ),
    ]
