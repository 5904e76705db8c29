"""What came beside a return that was built, for its rules."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("returns", "0003_readiness")]

    operations = [
        migrations.AddField(model_name="version", name="beside", field=models.JSONField(default=dict)),
    ]
