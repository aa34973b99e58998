"""JSON of plans."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.scenes.models import GroundUnit
from backend.scenes.setup.serializers import PairSerializer, PairsSerializer, PixelField

MOST_CAMERAS = 2000


class StandingSerializer(serializers.Serializer[Any]):
    camera = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="its id")
    pixel = PixelField(help_text="u, v of the plan")


class PlacingSerializer(PairsSerializer):
    """Two pairs or more lay the plan on the ground, none leaves it nowhere."""

    cameras = StandingSerializer(many=True, allow_empty=True)

    def validate_cameras(self, cameras: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(cameras) > MOST_CAMERAS:
            raise serializers.ValidationError(f"At most {MOST_CAMERAS} cameras.")
        return cameras


class PlanSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="its ETag is what changes want as If-Match; 0: there is no plan")
    is_working = serializers.BooleanField(help_text="a new picture is being read")
    problem = serializers.CharField(help_text="why the last picture could not be read")
    picture_url = serializers.CharField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    unit = serializers.ChoiceField(choices=GroundUnit.choices)
    pairs = PairSerializer(many=True, help_text="pixels of the plan and their places")
    cameras = StandingSerializer(many=True)
    errors_m = serializers.ListField(child=serializers.FloatField(), help_text="of each pair")
    rms_m = serializers.FloatField(allow_null=True)
    metres_per_pixel = serializers.FloatField(allow_null=True)
    to_ground = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="2 x 3, row by row: u, v, 1 to x, y in metres"
    )
    to_degrees = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="2 x 3: u, v, 1 to latitude, longitude"
    )
