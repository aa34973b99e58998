"""What the endpoints of review take."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.config.pagination import PageQuery
from backend.review.edits import COLOURS
from backend.review.models import Answer
from backend.review.selectors.queue import CONTRADICTION
from backend.tracking.attributes import VEHICLE_TYPES
from backend.tracking.models import PairState

QUEUE_STATES = [(CONTRADICTION, "answers that cannot all be true"), *PairState.choices]
LARGEST_ID = 2**63 - 1


class LeaseRequestSerializer(serializers.Serializer[Any]):
    limit = serializers.IntegerField(min_value=1, max_value=10, required=False, help_text="5 if left out")
    cameras = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=1000, required=False,
        help_text="both tracklets are of these",
    )  # fmt: skip
    link = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="between the two cameras of this link"
    )
    categories = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=32_767), max_length=100, required=False,
        help_text="one of the two tracklets is of these at least; COCO: 3 car, 6 bus, 8 truck",
    )  # fmt: skip
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=VEHICLE_TYPES), max_length=100, required=False,
        help_text="one of the two tracklets is of these at least, as the network read it",
    )  # fmt: skip
    colours = serializers.ListField(
        child=serializers.ChoiceField(choices=COLOURS), max_length=100, required=False,
        help_text="one of the two has one of these at least, as people say or else as the network read it",
    )  # fmt: skip
    from_s = serializers.FloatField(required=False, help_text="both tracklets are seen after this, scene time")
    to_s = serializers.FloatField(required=False, help_text="both are seen before this")
    state = serializers.ChoiceField(choices=QUEUE_STATES, required=False)
    min_probability = serializers.FloatField(
        min_value=0, max_value=1, required=False, help_text="of `chance`; 0 if left out"
    )
    max_probability = serializers.FloatField(min_value=0, max_value=1, required=False, help_text="1 if left out")


class VerdictRequestSerializer(serializers.Serializer[Any]):
    candidate = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="or left, right")
    left = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="tracklet id")
    right = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="tracklet id")
    verdict = serializers.ChoiceField(choices=Answer.choices)
    confidence = serializers.IntegerField(
        min_value=1, max_value=4, required=False, allow_null=True, help_text="1 guessing, 2 not sure, 3 sure, 4 certain"
    )
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    opened_at = serializers.DateTimeField(required=False, allow_null=True, help_text="when the pair was shown")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("candidate" in attrs) == ("left" in attrs or "right" in attrs) or ("left" in attrs) != ("right" in attrs):
            raise serializers.ValidationError({"candidate": "Name the pair by candidate, or by left and right."})
        return attrs


class SeenIdentitySerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    tracklets = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=10_000, help_text="ids, all of it"
    )


class SeenField(serializers.ListField):
    """Identities as they were read: number -> ids of their tracklets."""

    child = SeenIdentitySerializer()

    def __init__(self, **kwargs: Any) -> None:
        words = "identities as they were read; where one is another one now, the answer is 409 identity-changed"
        super().__init__(required=False, max_length=50, help_text=words, **kwargs)

    def to_internal_value(self, data: Any) -> dict[int, list[int]]:  # type: ignore[override]
        return {each["number"]: each["tracklets"] for each in super().to_internal_value(data)}


class ConfirmRequestSerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="that the number was read in")
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="identity")
    seen = SeenField()
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class MergeRequestSerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="that the numbers were read in")
    numbers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**31 - 1), min_length=2, max_length=50
    )
    seen = SeenField()
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class SplitRequestSerializer(serializers.Serializer[Any]):
    tracklets = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), min_length=1, max_length=200,
        help_text="ids, all of one identity; the others stay",
    )  # fmt: skip
    seen = SeenField()
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ReviewSettingsSerializer(serializers.Serializer[Any]):
    people_per_pair = serializers.IntegerField(
        min_value=1, max_value=3, help_text="how many people judge each pair; where they disagree, one more does"
    )


class OperationsQuery(PageQuery):
    person = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="user id")
    camera = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="that changed tracklets of this camera"
    )
    tracklet = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="that changed this tracklet, or are verdicts on it"
    )
    identity = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, help_text="that gave this number, or took it"
    )
    standing = serializers.BooleanField(
        required=False, allow_null=True, default=None,
        help_text="the last word on each edit: true where it is done, or done again, false where it is taken back",
    )  # fmt: skip


class VerdictsQuery(PageQuery):
    dangling = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="without counterpart in the current run"
    )
