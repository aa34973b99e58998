"""JSON of identities as a run has them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.config.pagination import PageQuery
from backend.identities.selectors import ORDERINGS, TrackletView
from backend.tracking.attributes import ReadSerializer


class IdentitiesQuery(PageQuery):
    min_cameras = serializers.IntegerField(min_value=1, max_value=10_000, default=1)
    camera = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False, help_text="seen by this camera")
    ordering = serializers.ChoiceField(choices=list(ORDERINGS), default="number")


class IdentityTrackletSerializer(serializers.Serializer[Any]):
    # Of a TrackletView.

    id = serializers.IntegerField(source="tracklet.pk")
    number = serializers.IntegerField(source="tracklet.number", help_text="within its run and video")
    camera = serializers.IntegerField(source="tracklet.camera_id")
    video = serializers.IntegerField(source="tracklet.video_id")
    category = serializers.IntegerField(source="tracklet.category", help_text="COCO: 3 car, 6 bus, 8 truck")
    colour = serializers.CharField(source="tracklet.colour", help_text="as people say, empty if nobody did")
    machine = ReadSerializer(source="tracklet.read", allow_null=True, help_text="what the network read of it")
    start_s = serializers.FloatField(source="tracklet.start_s", help_text="scene time")
    end_s = serializers.FloatField(source="tracklet.end_s")
    first_frame = serializers.IntegerField(source="tracklet.first_frame")
    last_frame = serializers.IntegerField(source="tracklet.last_frame")
    length = serializers.IntegerField(source="tracklet.length", help_text="number of boxes")
    crop_urls = serializers.SerializerMethodField(help_text="pictures, the best first")

    def get_crop_urls(self, view: TrackletView) -> list[str]:
        return [f"/api/v1/tracklets/{view.tracklet.pk}/crops/{rank}.jpg" for rank in view.crop_ranks]


class IdentitySerializer(serializers.Serializer[Any]):
    # Of an IdentityView.

    id = serializers.IntegerField(source="summary.identity_id")
    number = serializers.IntegerField(source="summary.number", help_text="stable across the runs of a scene")
    camera_count = serializers.IntegerField(source="summary.camera_count")
    tracklet_count = serializers.IntegerField(source="summary.tracklet_count")
    start_s = serializers.FloatField(source="summary.start_s", help_text="scene time of its first frame")
    end_s = serializers.FloatField(source="summary.end_s")
    tracklets = IdentityTrackletSerializer(many=True)
