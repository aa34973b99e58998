from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracking', '0007_remove_candidate_asking'),
    ]

    operations = [
        migrations.AlterField(
            model_name='embedding',
            name='rank',
            field=models.PositiveSmallIntegerField(default=0, help_text='of a view, 0 = the best picture'),
        ),
    ]
