from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0003_job_progress_at"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("receive", "check an uploaded file"),
                    ("ingest", "read the video"),
                    ("detect", "find vehicles"),
                    ("track", "follow vehicles"),
                    ("embed", "describe vehicles"),
                    ("match", "match across cameras"),
                    ("evaluate", "score against ground truth"),
                ],
                max_length=20,
            ),
        ),
    ]
