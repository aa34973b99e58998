# Looks are searched by type, and by the colour that the network read where people named none.

from django.db import migrations, models

# As in migration 0001, whose function this takes the place of.
ADD = """
    CREATE OR REPLACE FUNCTION search_look_add() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_look
            (embedding_id, tracklet_id, run_id, camera_id, category, {more_columns} colour, start_s, end_s, size, vector)
        SELECT e.id, t.id, t.run_id, t.camera_id, t.category, {more_values} t.start_s, t.end_s,
               vector_dims(e.vector), e.vector::halfvec
        FROM added e JOIN tracking_tracklet t ON t.id = e.tracklet_id
        WHERE e.kind = 'mean';
        RETURN NULL;
    END $$;
"""
NOW = ADD.format(
    more_columns="vehicle_type,", more_values="t.machine_type, COALESCE(NULLIF(t.colour, ''), t.machine_colour),"
)
BEFORE = ADD.format(more_columns="", more_values="t.colour,")


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0002_searchpicture_job'),
        ('tracking', '0005_machine_attributes'),
    ]

    operations = [
        migrations.AddField(
            model_name='look',
            name='vehicle_type',
            field=models.CharField(blank=True, db_default='', help_text='as the network read it', max_length=20),
        ),
        migrations.AlterField(
            model_name='look',
            name='colour',
            field=models.CharField(blank=True, help_text='as people say, or else as the network read it', max_length=20),
        ),
        migrations.RunSQL(NOW, BEFORE),
    ]
