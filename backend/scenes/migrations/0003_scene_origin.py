from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scenes', '0002_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='scene',
            name='origin_latitude',
            field=models.FloatField(blank=True, help_text="degrees, where the ground's x = y = 0 is", null=True),
        ),
        migrations.AddField(
            model_name='scene',
            name='origin_longitude',
            field=models.FloatField(blank=True, help_text='degrees; null where nobody knows', null=True),
        ),
    ]
