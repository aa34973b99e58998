# Graphs built with more candidates find as much on shorter walks. For a million
# looks that takes about 50 minutes of processor.

import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import pgvector.django.halfvec
import pgvector.django.indexes
from django.db import migrations, models

# In memory a graph is built many times faster; several processes would need it as shared memory, which containers lack.
ROOM = "SET LOCAL maintenance_work_mem = '2GB'; SET LOCAL max_parallel_maintenance_workers = 0;"


class Migration(migrations.Migration):

    dependencies = [
        ('scenes', '0005_scene_plan'),
        ('search', '0003_looks_with_types'),
        ('tracking', '0007_remove_candidate_asking'),
    ]

    operations = [
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name='look',
            name='looks_graph_64',
        ),
        migrations.RemoveIndex(
            model_name='look',
            name='looks_graph_128',
        ),
        migrations.RemoveIndex(
            model_name='look',
            name='looks_graph_256',
        ),
        migrations.RemoveIndex(
            model_name='look',
            name='looks_graph_512',
        ),
        migrations.RemoveIndex(
            model_name='look',
            name='looks_graph_1280',
        ),
        migrations.RemoveIndex(
            model_name='look',
            name='looks_graph_2048',
        ),
        migrations.AddIndex(
            model_name='look',
            index=pgvector.django.indexes.HnswIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Cast('vector', pgvector.django.halfvec.HalfVectorField(dimensions=64)), name='halfvec_ip_ops'), condition=models.Q(('size', 64)), ef_construction=256, m=24, name='looks_graph_64'),
        ),
        migrations.AddIndex(
            model_name='look',
            index=pgvector.django.indexes.HnswIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Cast('vector', pgvector.django.halfvec.HalfVectorField(dimensions=128)), name='halfvec_ip_ops'), condition=models.Q(('size', 128)), ef_construction=256, m=24, name='looks_graph_128'),
        ),
        migrations.AddIndex(
            model_name='look',
            index=pgvector.django.indexes.HnswIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Cast('vector', pgvector.django.halfvec.HalfVectorField(dimensions=256)), name='halfvec_ip_ops'), condition=models.Q(('size', 256)), ef_construction=256, m=24, name='looks_graph_256'),
        ),
        migrations.AddIndex(
            model_name='look',
            index=pgvector.django.indexes.HnswIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Cast('vector', pgvector.django.halfvec.HalfVectorField(dimensions=512)), name='halfvec_ip_ops'), condition=models.Q(('size', 512)), ef_construction=256, m=24, name='looks_graph_512'),
        ),
        migrations.AddIndex(
            model_name='look',
            index=pgvector.django.indexes.HnswIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Cast('vector', pgvector.django.halfvec.HalfVectorField(dimensions=1280)), name='halfvec_ip_ops'), condition=models.Q(('size', 1280)), ef_construction=256, m=24, name='looks_graph_1280'),
        ),
        migrations.AddIndex(
            model_name='look',
            index=pgvector.django.indexes.HnswIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.comparison.Cast('vector', pgvector.django.halfvec.HalfVectorField(dimensions=2048)), name='halfvec_ip_ops'), condition=models.Q(('size', 2048)), ef_construction=256, m=24, name='looks_graph_2048'),
        ),
    ]
