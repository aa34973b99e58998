from django.db import migrations, models

# Runs from before: as backend.tracking.services.results.candidates_replace has it, by the rank that the percentile says.
FILL = """
update tracking_candidate c set asking = sqrt(c.chance * r.joinable / (r.joinable + greatest(c.percentile * r.total, 1)))
from (
    select run_id, count(*)::float as total, greatest(count(*) filter (where eligible), 1)::float as joinable
        from tracking_candidate where layer = 'run' group by run_id
) r where r.run_id = c.run_id;
update tracking_candidate set doubt = asking * (1 - asking);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tracking', '0005_machine_attributes'),
    ]

    operations = [
        migrations.AddField(
            model_name='candidate',
            name='asking',
            field=models.FloatField(
                default=0.0, help_text='sqrt(chance x what the rank of the distance suggests): the queue goes by it'
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='candidate',
            name='doubt',
            field=models.FloatField(help_text='asking x (1 - asking), at most 0.25'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
