import re

import django.db.models.deletion
from django.db import migrations, models

FACTORS, SEEN = "cinf_assessment_factors_json", "cina_assessment_child_seen"


def fill(apps, schema_editor):
    """What referrals and assessments said that were loaded before there were columns for it."""
    Part, ToldPart = apps.get_model("steps", "Part"), apps.get_model("plain_work", "ToldPart")
    rows = Part.objects.filter(step__kind__in=["referral", "assessment"]).values_list("pk", "step__details")
    found = []
    for pk, details in rows.iterator(20_000):
        if told := _said(details or {}):
            found.append(ToldPart(part_id=pk, **told))
    ToldPart.objects.bulk_create(found, batch_size=500)


def _said(details):
    seen = (details.get(SEEN) or "")[:1].upper()
    told = {
        "source": details.get("cine_referral_source_code") or "",
        "child_seen": True if seen in tuple("YT1") else False if seen in tuple("NF0") else None,
        "factors": ", ".join(re.findall(r"\b\d{1,2}[A-Z]?\b", details.get(FACTORS) or "")),
        "internal_review_on": details.get("kasd_internal_review_date") or None,
    }
    return told if any(value not in (None, "") for value in told.values()) else None


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("steps", "0004_planned_by_team"),
    ]

    operations = [
        migrations.CreateModel(
            name="ToldPart",
            fields=[
                (
                    "part",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="steps.part",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=255)),
                ("child_seen", models.BooleanField(null=True)),
                ("factors", models.TextField(blank=True)),
                ("internal_review_on", models.DateField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
