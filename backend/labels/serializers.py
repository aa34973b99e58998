"""JSON of label sets."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.labels.models import LabelSet
from backend.labels.services import LARGEST_HELD_SHARE


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
    machine_from = serializers.FloatField(
        min_value=0.01, max_value=1, required=False, allow_null=True, help_text="take machine joins this probable too"
    )
    held_share = serializers.FloatField(min_value=0, max_value=LARGEST_HELD_SHARE, default=0.2)
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
