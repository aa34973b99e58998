"""JSON of a comparison of two runs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.identities.compare.selectors import Passage

KINDS = [("changed", "in other passages"), ("gone", "only in the other run"), ("new", "only in this run")]


class ComparisonQuery(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `with` is Python's own word.
        other = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="id of the run before")
        return {"with": other}


class ComparedPassageSerializer(serializers.Serializer[Any]):
    tracklet = serializers.IntegerField()
    camera = serializers.IntegerField()
    start_s = serializers.FloatField(help_text="scene time")
    end_s = serializers.FloatField()
    crop_url = serializers.SerializerMethodField(help_text="its best picture")

    def get_crop_url(self, passage: Passage) -> str | None:
        return None if passage.crop is None else f"/api/v1/tracklets/{passage.tracklet}/crops/{passage.crop}.jpg"


class DifferenceSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="of the identity, in both runs")
    kind = serializers.ChoiceField(choices=KINDS)
    before = ComparedPassageSerializer(many=True, help_text="in the other run, in the order of time")
    after = ComparedPassageSerializer(many=True, help_text="in this run")


class ComparisonCountsSerializer(serializers.Serializer[Any]):
    same = serializers.IntegerField()
    changed = serializers.IntegerField()
    gone = serializers.IntegerField()
    new = serializers.IntegerField()


class RunComparisonSerializer(serializers.Serializer[Any]):
    counts = ComparisonCountsSerializer(help_text="identities that either run sees in two cameras or more")
    differing = DifferenceSerializer(many=True, help_text="the first hundred that are not the same")
