"""JSON of questions to a search and of what it finds."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.identities.serializers import IdentityTrackletSerializer
from backend.search.likeness import problem_of, state_of
from backend.search.selectors import Filters
from backend.tracking.attributes import VEHICLE_TYPES

MOST = 200
LARGEST_ID = 2**63 - 1
ID = re.compile(r"[0-9]{1,19}")


class SearchQuery(serializers.Serializer[Any]):
    tracklet = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="that looks like it"
    )
    identity = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, help_text="or this number")
    picture = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="or an uploaded one"
    )
    others_only = serializers.BooleanField(default=False, help_text="not what is of the tracklet's own identity")
    cameras = serializers.CharField(required=False, help_text="ids with commas between; all without it")
    category = serializers.IntegerField(min_value=0, max_value=1000, required=False, help_text="COCO: 3 car, 6 bus")
    type = serializers.ChoiceField(choices=VEHICLE_TYPES, required=False, help_text="as the network read it")
    colour = serializers.CharField(
        required=False, max_length=20, help_text="as people named it, or else as the network read it"
    )
    from_s = serializers.FloatField(required=False, help_text="seen at this scene time or later")
    to_s = serializers.FloatField(required=False, help_text="seen at this scene time or earlier")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=50)

    def validate_cameras(self, text: str) -> list[int]:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not all(ID.fullmatch(part) and int(part) <= LARGEST_ID for part in parts):
            raise serializers.ValidationError("ids of cameras are numbers with commas between")
        return [int(part) for part in parts]

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if sum(name in data for name in ("tracklet", "identity", "picture")) != 1:
            raise serializers.ValidationError("say one of tracklet, identity and picture")
        return data


class LikenessRequestSerializer(serializers.Serializer[Any]):
    left = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="a tracklet of the run")
    left_rank = serializers.IntegerField(min_value=0, max_value=MOST, default=0, help_text="which of its pictures")
    right = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="another one")
    right_rank = serializers.IntegerField(min_value=0, max_value=MOST, default=0, help_text="which of its pictures")


class LikenessMapsSerializer(serializers.Serializer[Any]):
    # As of ml.reid.likeness.

    similarity = serializers.FloatField(help_text="cosine of the two pictures' looks")
    left = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        help_text="rows of cells from the top: what the similarity loses where the cell is covered",
    )
    right = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()), help_text="the same")


class LikenessSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    left = serializers.IntegerField(source="left_id", help_text="of the two tracklets the one with the lower id")
    right = serializers.IntegerField(source="right_id")
    state = serializers.SerializerMethodField()
    problem = serializers.SerializerMethodField(help_text="why it failed")
    job = serializers.IntegerField(source="job_id", allow_null=True, help_text="that finds it out")
    maps = LikenessMapsSerializer(allow_null=True, help_text="null until it is ready")

    @extend_schema_field(serializers.ChoiceField(choices=["waiting", "ready", "failed"]))
    def get_state(self, found: Any) -> str:
        return state_of(found)

    def get_problem(self, found: Any) -> str:
        return problem_of(found)


def filters_of(wanted: dict[str, Any]) -> Filters:
    return Filters(
        cameras=wanted.get("cameras", ()),
        categories=[wanted["category"]] if "category" in wanted else (),
        types=[wanted["type"]] if "type" in wanted else (),
        colours=[wanted["colour"]] if "colour" in wanted else (),
        from_s=wanted.get("from_s"),
        to_s=wanted.get("to_s"),
    )


class SearchFoundSerializer(serializers.Serializer[Any]):
    # Of a FoundTracklet.

    similarity = serializers.FloatField(help_text="cosine of the looks, 1 for the very same")
    identity = serializers.IntegerField(allow_null=True, help_text="its number")
    camera_name = serializers.CharField(source="view.tracklet.camera.name")
    tracklet = IdentityTrackletSerializer(source="view")


class SearchAnswerSerializer(serializers.Serializer[Any]):
    # Of an Answer.

    identity = serializers.IntegerField(allow_null=True, help_text="number of the identity that is asked about")
    exact = serializers.BooleanField(help_text="all that pass the filters were compared; otherwise nearly all")
    results = SearchFoundSerializer(many=True)


class SearchPictureSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    run = serializers.IntegerField(source="run_id")
    job = serializers.IntegerField(source="job_id", allow_null=True, help_text="that describes it; follow it")
    ready = serializers.SerializerMethodField(help_text="whether it can be searched with")

    def get_ready(self, picture: Any) -> bool:
        return picture.vector is not None
