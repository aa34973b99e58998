"""JSON of what lies in space and time: checked queries, and the shapes for the API's description."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.space import diagram, paths

LATEST_S = 1e9


class ColumnsQuery(serializers.Serializer[Any]):
    after = serializers.IntegerField(
        required=False, default=0, min_value=0, max_value=2**63 - 1, help_text="`next` of the page before"
    )
    from_s = serializers.FloatField(
        required=False,
        min_value=-LATEST_S,
        max_value=LATEST_S,
        help_text="only tracklets in view after this scene time",
    )
    to_s = serializers.FloatField(
        required=False, min_value=-LATEST_S, max_value=LATEST_S, help_text="and before this one"
    )


class DiagramQuery(ColumnsQuery):
    limit = serializers.IntegerField(required=False, default=5000, min_value=1, max_value=diagram.LARGEST_PAGE)


class PathsQuery(ColumnsQuery):
    limit = serializers.IntegerField(required=False, default=500, min_value=1, max_value=paths.LARGEST_PAGE)


class Whole(serializers.ListField):
    child = serializers.IntegerField()


class DiagramColumnsSerializer(serializers.Serializer[Any]):
    id = Whole()
    camera = Whole(help_text="camera ids")
    number = Whole(help_text="within its run and video")
    start_ms = Whole(help_text="scene time")
    end_ms = Whole()
    identity = Whole(help_text="identity numbers; 0: none")
    state = Whole(help_text="indices into `states`")


class DiagramSerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField()
    states = serializers.ListField(child=serializers.ChoiceField(choices=diagram.STATES))
    next = serializers.IntegerField(allow_null=True, help_text="`after` of the next page; null: this is the last")
    columns = DiagramColumnsSerializer()


class PathColumnsSerializer(serializers.Serializer[Any]):
    id = Whole(help_text="tracklet ids")
    camera = Whole()
    identity = Whole(help_text="identity numbers; 0: none")
    times_ms = serializers.ListField(child=Whole(), help_text="scene times of each tracklet's places")
    places_cm = serializers.ListField(child=Whole(), help_text="x, y, x, y, ... on the ground")


class PathsSerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField()
    next = serializers.IntegerField(allow_null=True)
    columns = PathColumnsSerializer()


class LegSerializer(serializers.Serializer[Any]):
    left = serializers.IntegerField(help_text="tracklet id")
    right = serializers.IntegerField(help_text="tracklet id, later")
    gap_s = serializers.FloatField(help_text="negative: in view at one time")
    distance_m = serializers.FloatField(allow_null=True, help_text="as the crow flies; null: not calibrated")
    speed_mps = serializers.FloatField(allow_null=True)
    problem = serializers.ChoiceField(choices=["", "overlap", "two-places", "speed", "transit"])
    reason = serializers.CharField(help_text="a sentence for people; empty where all is well")


class JourneySerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField()
    number = serializers.IntegerField()
    legs = LegSerializer(many=True)
    columns = PathColumnsSerializer()


class OriginSerializer(serializers.Serializer[Any]):
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class Place(serializers.ListField):
    child = serializers.FloatField()


class CameraViewSerializer(serializers.Serializer[Any]):
    camera = serializers.IntegerField()
    place = Place(allow_null=True, min_length=2, max_length=2, help_text="x, y of the camera, metres")
    view = serializers.ListField(child=Place(min_length=2, max_length=2), help_text="outline of the ground it sees")
    is_calibrated = serializers.BooleanField(help_text="if not, people put it on the plan")


class GroundPlanSerializer(serializers.Serializer[Any]):
    picture_url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    to_ground = serializers.ListField(
        child=serializers.FloatField(), help_text="2 x 3, row by row: u, v, 1 of the picture to x, y in metres"
    )


class GroundSerializer(serializers.Serializer[Any]):
    origin = OriginSerializer(allow_null=True, help_text="where x = y = 0 is; null: not known")
    plan = GroundPlanSerializer(allow_null=True, help_text="the picture of the scene from above, if it is placed")
    cameras = CameraViewSerializer(many=True, help_text="those that are calibrated or stand on the plan")
    order = serializers.ListField(child=serializers.IntegerField(), help_text="all cameras along the road")
    order_basis = serializers.ChoiceField(choices=["places", "links", "listed"])
