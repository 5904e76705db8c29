from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loading", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="sourcerow",
            name="source",
            field=models.CharField(default="ssd", max_length=24),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="sourcerow", name="one_source_row_now"),
        migrations.AddConstraint(
            model_name="sourcerow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_by", None)), fields=("source", "table", "key"), name="one_source_row_now"
            ),
        ),
    ]
