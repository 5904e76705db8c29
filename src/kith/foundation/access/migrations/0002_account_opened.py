"""When an account was opened or closed, and why."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="account", name="opened_at", field=models.DateTimeField(default=django.utils.timezone.now)
        ),
        migrations.AddField(model_name="account", name="closed_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="account", name="closed_why", field=models.CharField(blank=True, max_length=20)),
    ]
