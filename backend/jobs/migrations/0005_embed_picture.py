from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0004_receive"),
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
                    ("embed_picture", "describe a picture to search with"),
                ],
                max_length=20,
            ),
        ),
    ]
