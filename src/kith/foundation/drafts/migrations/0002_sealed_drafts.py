"""Drafts are sealed: a sealed column beside the plain one, filled from it."""

import json

from django.db import migrations, models


def seal_them(apps, schema_editor):
    """Seal every draft there is, to its author, form and subject."""
    from kith.foundation.drafts.models import draft_place
    from kith.foundation.sealing import seal

    for draft in apps.get_model("drafts", "Draft").objects.all():
        place = draft_place(author=draft.author_id, form=draft.form, about=draft.about)
        draft.sealed = seal(json.dumps(draft.body, ensure_ascii=False).encode(), place=place)
        draft.save(update_fields=["sealed"])


class Migration(migrations.Migration):
    dependencies = [("drafts", "0001_initial")]

    operations = [
        migrations.AddField("draft", "sealed", models.BinaryField(default=b"")),
        migrations.RunPython(seal_them, migrations.RunPython.noop),
    ]
