"""What the endpoint for edits of tracklets takes: a list of edits, told apart by `op`."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from backend.config.fields import FiniteField
from backend.config.problems import BadInput
from backend.media.models import Video
from backend.review import edits
from backend.review.edits import COLOURS, AnyEdit, Made
from backend.review.models import Answer
from backend.review.pieces import END
from backend.scenes.models import Scene

LARGEST_ID = 2**63 - 1
CATEGORIES = [(3, "car"), (6, "bus"), (8, "truck")]
MOST_EDITS = 200
REF_SCHEMA = {
    "oneOf": [
        {"type": "integer", "description": "id of a tracklet that is shown"},
        {
            "type": "object",
            "description": "what an earlier edit of this request makes: place of the edit and of the tracklet, from 0",
            "properties": {"edit": {"type": "integer"}, "part": {"type": "integer"}},
            "required": ["edit", "part"],
        },
    ]
}


class FrameField(serializers.IntegerField):
    """0-based, as in the server's frame index."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=END, **kwargs)


class BoxField(serializers.ListField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=FiniteField(), min_length=4, max_length=4, **kwargs)


class MadeSerializer(serializers.Serializer[Any]):
    edit = serializers.IntegerField(min_value=0, help_text="place of an earlier edit in the request, from 0")
    part = serializers.IntegerField(min_value=0, help_text="which of the tracklets that it makes, from 0")


@extend_schema_field(REF_SCHEMA)
class RefField(serializers.Field[Any, Any, Any, Any]):
    """A tracklet by its id, or one that an earlier edit of the request makes."""

    def to_internal_value(self, data: Any) -> int | Made:
        if isinstance(data, dict):
            given = MadeSerializer(data=data)
            given.is_valid(raise_exception=True)
            return Made(**given.validated_data)
        if isinstance(data, bool) or not isinstance(data, int) or not 0 < data <= LARGEST_ID:
            raise serializers.ValidationError("Name a tracklet by its id, or by {edit, part} of this request.")
        return data


class KeySerializer(serializers.Serializer[Any]):
    frame = FrameField()
    box = BoxField(help_text="x1, y1, x2, y2 in pixels of the full frame; right and bottom exclusive")


class FrameBoxSerializer(serializers.Serializer[Any]):
    frame = FrameField()
    box = BoxField(allow_null=True, help_text="null takes the box away")


class EditSerializer(serializers.Serializer[Any]):
    # One edit; what is valid becomes an edit of `edits`.

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        raise NotImplementedError


class CreateSerializer(EditSerializer):
    op = serializers.ChoiceField(choices=["create"])
    video = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    keys = KeySerializer(many=True, help_text="boxes in the order of frames; a straight line is drawn between them")
    category = serializers.ChoiceField(choices=CATEGORIES, required=False)

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        camera = Video.objects.filter(pk=given["video"], camera__scene=scene).values_list("camera", flat=True).first()
        if camera is None:
            raise BadInput("video", "There is no such video in this scene.")
        keys = [(key["frame"], tuple(key["box"])) for key in given["keys"]]
        return edits.Create(given["video"], camera, keys, given.get("category", CATEGORIES[0][0]))


class OfOneSerializer(EditSerializer):
    tracklet = RefField()


class CutSerializer(OfOneSerializer):
    op = serializers.ChoiceField(choices=["split"])
    frame = FrameField(help_text="first of the second part")

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        return edits.Cut(**given)


class SwapSerializer(OfOneSerializer):
    op = serializers.ChoiceField(choices=["swap"])
    other = RefField()
    frame = FrameField(help_text="from which on the two exchange their boxes")

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        return edits.Swap(**given)


class TrimSerializer(OfOneSerializer):
    op = serializers.ChoiceField(choices=["trim"])
    first_frame = FrameField(required=False, help_text="first that stays; all if left out")
    last_frame = FrameField(required=False, help_text="last that stays")

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        return edits.Trim(**given)


class HideSerializer(OfOneSerializer):
    op = serializers.ChoiceField(choices=["hide"])

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        return edits.Hide(**given)


class UnhideSerializer(EditSerializer):
    op = serializers.ChoiceField(choices=["unhide"])
    tracklet = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        return edits.Unhide(**given)


class DuplicateSerializer(OfOneSerializer):
    op = serializers.ChoiceField(choices=["duplicate"])
    of = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="the tracklet that stays")

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        return edits.Duplicate(**given)


class BoxesSerializer(OfOneSerializer):
    op = serializers.ChoiceField(choices=["boxes"])
    boxes = FrameBoxSerializer(many=True)

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        boxes = {each["frame"]: None if each["box"] is None else tuple(each["box"]) for each in given["boxes"]}
        if len(boxes) < len(given["boxes"]):
            raise BadInput("boxes", "Give one box a frame.")
        return edits.Boxes(given["tracklet"], boxes)


class InterpolateSerializer(OfOneSerializer):
    op = serializers.ChoiceField(choices=["interpolate"])
    first_frame = FrameField()
    last_frame = FrameField()

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        return edits.Interpolate(**given)


class AttributesSerializer(OfOneSerializer):
    op = serializers.ChoiceField(choices=["attributes"])
    category = serializers.ChoiceField(choices=CATEGORIES, required=False)
    colour = serializers.ChoiceField(choices=COLOURS, required=False, allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        return edits.Attributes(**given)


class MoveSerializer(OfOneSerializer):
    op = serializers.ChoiceField(choices=["move"])
    number = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, allow_null=True, help_text="identity; null: out of its own, alone"
    )

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        return edits.Move(**given)


class SaySerializer(EditSerializer):
    op = serializers.ChoiceField(choices=["verdict"])
    left = RefField()
    right = RefField()
    verdict = serializers.ChoiceField(choices=Answer.choices)
    confidence = serializers.IntegerField(min_value=1, max_value=4, required=False, allow_null=True)
    opened_at = serializers.DateTimeField(required=False, allow_null=True, help_text="when the pair was shown")

    def made(self, scene: Scene, given: dict[str, Any]) -> AnyEdit:
        return edits.Say(answer=Answer(given.pop("verdict")), **given)


BY_OP: dict[str, type[EditSerializer]] = {
    "create": CreateSerializer, "split": CutSerializer, "swap": SwapSerializer, "trim": TrimSerializer,
    "hide": HideSerializer, "unhide": UnhideSerializer, "duplicate": DuplicateSerializer, "boxes": BoxesSerializer,
    "interpolate": InterpolateSerializer, "attributes": AttributesSerializer, "move": MoveSerializer,
    "verdict": SaySerializer,
}  # fmt: skip


@extend_schema_field(
    PolymorphicProxySerializer(component_name="TrackletEdit", serializers={**BY_OP}, resource_type_field_name="op")
)
class EditField(serializers.Field[Any, Any, Any, Any]):
    """One edit, read by the serializer of its `op`."""

    def to_internal_value(self, data: Any) -> tuple[Any, dict[str, Any]]:
        serializer = BY_OP.get(str(data.get("op"))) if isinstance(data, dict) else None
        if serializer is None:
            raise serializers.ValidationError(f"Say in `op` which edit it is: {', '.join(BY_OP)}.")
        reader = serializer(data=data)
        reader.is_valid(raise_exception=True)
        return reader, {name: value for name, value in reader.validated_data.items() if name != "op"}


class EditsRequestSerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, help_text="that is shown")
    edits = serializers.ListField(child=EditField(), min_length=1, max_length=MOST_EDITS, help_text="in this order")
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


def edits_of(scene: Scene, given: list[tuple[Any, dict[str, Any]]]) -> list[AnyEdit]:
    """Raises BadInput."""
    return [reader.made(scene, values) for reader, values in given]
