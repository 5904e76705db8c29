"""The plain column of drafts goes: from here on their text is sealed alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("drafts", "0002_sealed_drafts")]

    operations = [
        migrations.RemoveField("draft", "body"),
        migrations.AlterField("draft", "sealed", models.BinaryField()),
    ]
