from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="progress_at",
            field=models.DateTimeField(null=True, help_text="when the process last got on with it"),
        ),
        migrations.AlterField(
            model_name="job",
            name="heartbeat_at",
            field=models.DateTimeField(null=True, help_text="when its worker last said that the process lives"),
        ),
    ]
