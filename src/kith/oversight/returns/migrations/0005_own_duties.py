"""What the authority itself has to do, and does outside Kith."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies = [("access", "0003_shifts"), ("returns", "0004_beside")]

    operations = [
        migrations.CreateModel(
            name="OwnDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("reference", models.CharField(max_length=60)),
                ("began_on", models.DateField()),
                ("done_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("mistaken_at", models.DateTimeField(null=True)),
                ("why_mistaken", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.worker"
                    ),
                ),
                (
                    "mistaken_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.worker"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("mistaken_at", None)),
                        fields=("kind", "reference"),
                        name="one_duty_of_a_reference",
                    )
                ],
            },
        ),
    ]
