from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_grown_ups"),
    ]

    operations = [
        migrations.AddField(
            model_name="disability",
            name="voided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="identifier",
            name="voided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="is_mother",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="upn_unknown",
            field=models.CharField(blank=True, max_length=48),
        ),
    ]
