"""JSON of label sets, exports and imports."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.config.fields import FiniteField
from backend.jobs.models import JobState
from backend.labels.models import READ, IdsMeaning, ImportState, LabelExport, LabelFormat, LabelImport, LabelSet
from backend.labels.services import LARGEST_HELD_SHARE

IMPORT_FORMATS = [(each.value, each.label) for each in READ]


class LabelCameraSerializer(serializers.Serializer[Any]):
    camera = serializers.CharField()
    identities = serializers.IntegerField()
    tracklets = serializers.IntegerField()
    boxes = serializers.IntegerField()


class LabelStatisticsSerializer(serializers.Serializer[Any]):
    identities = serializers.IntegerField()
    shared_identities = serializers.IntegerField(help_text="seen by several cameras")
    held_identities = serializers.IntegerField(help_text="kept back for evaluation")
    tracklets = serializers.IntegerField()
    human_tracklets = serializers.IntegerField(help_text="confirmed by people")
    machine_tracklets = serializers.IntegerField(help_text="joined by the machine")
    boxes = serializers.IntegerField()
    other_tracklets = serializers.IntegerField(
        default=None, allow_null=True, help_text="seen and not labelled; null: unknown, no detector can learn from it"
    )
    cameras = LabelCameraSerializer(many=True)
    categories = serializers.DictField(child=serializers.IntegerField(), help_text="COCO id -> tracklets")
    colours = serializers.DictField(child=serializers.IntegerField(), help_text="colour -> tracklets")


class LabelChangesSerializer(serializers.Serializer[Any]):
    added = serializers.ListField(child=serializers.IntegerField(), help_text="identities that came")
    removed = serializers.ListField(child=serializers.IntegerField(), help_text="identities that went")
    changed = serializers.ListField(child=serializers.IntegerField(), help_text="with other tracklets or boxes")


class LabelSetSerializer(serializers.ModelSerializer[LabelSet]):
    scene = serializers.IntegerField(source="scene_id")
    statistics = LabelStatisticsSerializer()
    changes = LabelChangesSerializer(help_text="since the set before; of the first all are new")
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)

    class Meta:
        model = LabelSet
        fields = [
            "id", "scene", "number", "name", "run_number", "last_operation", "machine_from", "held_share", "seed",
            "sha256", "size", "statistics", "changes", "created_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class LabelSetCreateSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    machine_from = FiniteField(
        min_value=0.01, max_value=1, required=False, allow_null=True, help_text="take machine joins this probable too"
    )
    held_share = FiniteField(min_value=0, max_value=LARGEST_HELD_SHARE, default=0.2)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)


class LabelExportSerializer(serializers.ModelSerializer[LabelExport]):
    format = serializers.ChoiceField(choices=LabelFormat.choices)
    label_set = serializers.IntegerField(source="label_set.number", default=None, allow_null=True, help_text="number")
    run = serializers.IntegerField(source="run.number", default=None, allow_null=True, help_text="number")
    job = serializers.IntegerField(source="job_id", allow_null=True)
    job_state = serializers.ChoiceField(source="job.state", choices=JobState.choices, default=None, allow_null=True)
    problem = serializers.CharField(source="job.problem", default="", help_text="why it could not be written")
    done = serializers.IntegerField(source="job.done", default=0)
    total = serializers.IntegerField(source="job.total", default=None, allow_null=True)
    url = serializers.SerializerMethodField(help_text="of the zip; null until it is written")
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)

    class Meta:
        model = LabelExport
        fields = [
            "id", "format", "label_set", "run", "job", "job_state", "problem", "done", "total", "url", "file_name",
            "size", "sha256", "created_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_url(self, export: LabelExport) -> str | None:
        return f"/api/v1/label-exports/{export.pk}/file" if export.file else None


class LabelExportCreateSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=LabelFormat.choices)
    label_set = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, help_text="its id")
    run = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, help_text="or a run's id")


class ImportCameraSerializer(serializers.Serializer[Any]):
    camera = serializers.CharField()
    tracklets = serializers.IntegerField()
    boxes = serializers.IntegerField()
    replaced = serializers.IntegerField(help_text="shown tracklets that are hidden: imported ones stand in their place")


class ImportReportSerializer(serializers.Serializer[Any]):
    cameras = ImportCameraSerializer(many=True)
    identities = serializers.IntegerField(help_text="vehicles that the file names")
    renumbered = serializers.IntegerField(help_text="of these, whose number is in use here: they get new ones")
    dropped = serializers.DictField(child=serializers.IntegerField(), help_text="what has no place here -> how often")


class LabelImportSerializer(serializers.ModelSerializer[LabelImport]):
    format = serializers.ChoiceField(choices=IMPORT_FORMATS)
    ids = serializers.ChoiceField(choices=IdsMeaning.choices)
    state = serializers.ChoiceField(choices=ImportState.choices)
    problem = serializers.CharField(source="job.problem", default="", help_text="file, line and reason")
    report = ImportReportSerializer(allow_null=True)
    job = serializers.IntegerField(source="job_id", allow_null=True)
    operation = serializers.IntegerField(source="operation.number", default=None, allow_null=True, help_text="number")
    created_by = serializers.CharField(source="created_by.username")

    class Meta:
        model = LabelImport
        fields = [
            "id", "format", "ids", "file_name", "state", "problem", "report", "job", "operation", "created_by",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class LabelImportQuery(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=IMPORT_FORMATS)
    ids = serializers.ChoiceField(
        choices=IdsMeaning.choices, default=IdsMeaning.CAMERA, help_text="what an id without an identity means"
    )
    file_name = serializers.CharField(max_length=200, help_text="names the camera of a single file")
