from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracking', '0006_candidate_asking'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='candidate',
            name='asking',
        ),
        migrations.AlterField(
            model_name='candidate',
            name='doubt',
            field=models.FloatField(help_text='chance x (1 - chance), at most 0.25'),
        ),
        migrations.RunSQL('update tracking_candidate set doubt = chance * (1 - chance)', migrations.RunSQL.noop),
    ]
