"""JSON of what edits did to tracklets."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.review.edited import Why
from backend.review.models import OperationKind
from backend.tracking.models import Layer


class StateCameraSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class TrackletStateSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(allow_null=True, help_text="null: a later edit of the same request took it")
    number = serializers.IntegerField(help_text="within what is shown of its run and video")
    camera = StateCameraSerializer()
    video = serializers.IntegerField()
    first_frame = serializers.IntegerField()
    last_frame = serializers.IntegerField()
    length = serializers.IntegerField(help_text="number of boxes")
    start_s = serializers.FloatField(allow_null=True, help_text="scene time")
    end_s = serializers.FloatField(allow_null=True)
    category = serializers.IntegerField(help_text="COCO: 3 car, 6 bus, 8 truck")
    colour = serializers.CharField()
    note = serializers.CharField()
    layer = serializers.ChoiceField(choices=Layer.choices)


class ChangeSerializer(serializers.Serializer[Any]):
    op = serializers.ChoiceField(choices=OperationKind.choices)
    before = TrackletStateSerializer(many=True, help_text="that are not shown any more")
    after = TrackletStateSerializer(many=True, help_text="that are shown instead, in the order that the edit says")
    of = TrackletStateSerializer(allow_null=True, help_text="what stays of a duplicate")


class OperationToldSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=OperationKind.choices)
    actor = serializers.CharField()
    at = serializers.DateTimeField()


class HiddenSerializer(serializers.Serializer[Any]):
    tracklet = TrackletStateSerializer()
    operation = OperationToldSerializer()
    of = serializers.IntegerField(allow_null=True, help_text="tracklet that it is a duplicate of")


class DanglingEditSerializer(serializers.Serializer[Any]):
    operation = OperationToldSerializer()
    why = serializers.ChoiceField(choices=Why.choices, allow_null=True, help_text="null: a tracklet that people made")
    camera = StateCameraSerializer()
    video = serializers.IntegerField()
    first_frame = serializers.IntegerField()
    last_frame = serializers.IntegerField()
