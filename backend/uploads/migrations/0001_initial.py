import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('media', '0003_video_start_origin'),
        ('scenes', '0003_scene_origin'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('camera_name', models.CharField(help_text='made when the file is taken in, if it is new', max_length=40)),
                ('file_name', models.CharField(help_text='as its sender calls it; never a path here', max_length=255)),
                ('size', models.BigIntegerField(help_text='bytes of the whole file')),
                ('received', models.BigIntegerField(default=0, help_text='bytes')),
                ('sha256', models.CharField(blank=True, help_text='as its sender computed it; empty: not stated', max_length=64)),
                ('start_s', models.FloatField(help_text='scene time of its first frame as its sender stated it, seconds', null=True)),
                ('state', models.CharField(choices=[('receiving', 'pieces are missing'), ('checking', 'complete, being checked'), ('done', 'taken in as a video'), ('duplicate', 'the camera had this video already'), ('failed', 'not taken in')], default='receiving', max_length=10)),
                ('problem', models.TextField(blank=True, help_text='why it was not taken in, for people')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(help_text='when its pieces go if no more come')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to=settings.AUTH_USER_MODEL)),
                ('scene', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='scenes.scene')),
                ('video', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='media.video')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['state', 'expires_at'], name='uploads_by_expiry')],
                'constraints': [models.CheckConstraint(condition=models.Q(('received__lte', models.F('size'))), name='upload_not_beyond_its_size'), models.UniqueConstraint(condition=models.Q(('state__in', ['receiving', 'checking']), models.Q(('sha256', ''), _negated=True)), fields=('scene', 'camera_name', 'sha256'), name='one_upload_of_a_file_at_a_time')],
            },
        ),
    ]
