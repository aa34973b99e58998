"""JSON of what managers set up."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.config.fields import FiniteField
from backend.scenes.models import CalibrationDirection, GroundUnit, LinkOrigin

MOST_CORNERS = 200
MOST_POLYGONS = 20
MOST_PAIRS = 100
MOST_LINKS = 2000
LONGEST_S = 1e6


class PixelField(serializers.ListField):
    """[x, y]"""

    child = FiniteField(min_value=-1e6, max_value=1e6)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=2, max_length=2, **kwargs)


class PairSerializer(serializers.Serializer[Any]):
    pixel = PixelField(help_text="u, v of the picture as it is seen")
    place = PixelField(help_text="x (east), y (north) in metres, or latitude, longitude in degrees")


class PairsSerializer(serializers.Serializer[Any]):
    unit = serializers.ChoiceField(choices=GroundUnit.choices)
    pairs = PairSerializer(many=True, allow_empty=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs["pairs"]) > MOST_PAIRS:
            raise serializers.ValidationError({"pairs": f"At most {MOST_PAIRS} pairs."})
        if attrs["unit"] == GroundUnit.DEGREES:
            for number, (latitude, longitude) in enumerate((pair["place"] for pair in attrs["pairs"]), start=1):
                if abs(latitude) > 89 or abs(longitude) > 180:
                    raise serializers.ValidationError({"pairs": f"Point {number} has no latitude and longitude."})
        return attrs


class ErrorSerializer(serializers.Serializer[Any]):
    px = serializers.FloatField(help_text="from the point in the picture to where its place is seen")
    m = serializers.FloatField(help_text="from the place to where the point in the picture lies on the ground")


class FitSerializer(serializers.Serializer[Any]):
    metres_to_image = serializers.ListField(
        child=serializers.FloatField(), help_text="homography, row by row: x, y, 1 to undistorted pixels"
    )
    rms_px = serializers.FloatField()
    rms_m = serializers.FloatField()
    errors = ErrorSerializer(many=True, help_text="of each pair")  # type: ignore[assignment] # its name
    suspect = serializers.IntegerField(allow_null=True, help_text="the pair, from 0, that disagrees with all others")


class SizeSerializer(serializers.Serializer[Any]):
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class LensSerializer(serializers.Serializer[Any]):
    intrinsics = serializers.ListField(child=serializers.FloatField(), help_text="3 x 3, row by row")
    distortion = serializers.ListField(child=serializers.FloatField(), help_text="k1 k2 p1 p2 k3, as many as are known")


class SetUpCalibrationSerializer(serializers.Serializer[Any]):
    unit = serializers.ChoiceField(choices=GroundUnit.choices)
    direction = serializers.ChoiceField(choices=CalibrationDirection.choices)
    reprojection_error = serializers.FloatField(allow_null=True, help_text="pixels")
    pairs = PairSerializer(many=True, allow_null=True, help_text="null: it came with files")
    metres_to_image = serializers.ListField(child=serializers.FloatField(), allow_null=True)


class RegionSerializer(serializers.Serializer[Any]):
    polygons = serializers.ListField(
        child=serializers.ListField(child=PixelField(), min_length=3, max_length=MOST_CORNERS),
        max_length=MOST_POLYGONS,
        help_text="corners in pixels; none: everywhere",
    )


class CameraSetupSerializer(serializers.Serializer[Any]):
    camera = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.IntegerField(help_text="its ETag is what changes want as If-Match")
    size = SizeSerializer(allow_null=True, help_text="of its picture; null before a video was read")
    polygons = serializers.ListField(
        child=serializers.ListField(child=PixelField()), allow_null=True, help_text="null: none was drawn"
    )
    roi_url = serializers.CharField(allow_null=True, help_text="the region as a picture, white = valid")
    lens = LensSerializer(allow_null=True)
    calibration = SetUpCalibrationSerializer(allow_null=True)


class LinkSerializer(serializers.Serializer[Any]):
    source = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="camera id")  # type: ignore[assignment] # its name
    target = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="camera id")
    min_s = FiniteField(min_value=-LONGEST_S, max_value=LONGEST_S)
    max_s = FiniteField(min_value=-LONGEST_S, max_value=LONGEST_S)
    origin = serializers.ChoiceField(choices=LinkOrigin.choices, default=LinkOrigin.MANUAL)


class LinksSerializer(serializers.Serializer[Any]):
    links = LinkSerializer(many=True, allow_empty=True)

    def validate_links(self, links: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len(links) > MOST_LINKS:
            raise serializers.ValidationError(f"At most {MOST_LINKS} links.")
        return links


class BarsSerializer(serializers.Serializer[Any]):
    start_s = serializers.IntegerField()
    width_s = serializers.IntegerField()
    counts = serializers.ListField(child=serializers.IntegerField())


class LearnedLinkSerializer(serializers.Serializer[Any]):
    source = serializers.IntegerField(help_text="camera id")  # type: ignore[assignment] # its name
    target = serializers.IntegerField(help_text="camera id")
    matches = serializers.IntegerField(help_text="pairs that the run joined")
    min_s = serializers.FloatField()
    max_s = serializers.FloatField()
    median_s = serializers.FloatField()
    bars = BarsSerializer(help_text="transit times")
