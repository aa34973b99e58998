from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('media', '0002_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='video',
            name='start_origin',
            field=models.CharField(choices=[('stated', "stated by a person or a scene's files"), ('name', "from the file's name"), ('header', "from the file's header"), ('sequence', "assumed: after the camera's last video")], default='stated', max_length=10),
        ),
    ]
