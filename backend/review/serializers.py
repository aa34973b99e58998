"""JSON of the review queue, verdicts, operations and statistics."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.accounts.serializers import UserSerializer
from backend.review.edit_serializers import ChangeSerializer, TrackletStateSerializer
from backend.review.models import Answer, OperationKind
from backend.review.selectors.changes import state_of
from backend.review.selectors.meetings import Meeting
from backend.review.selectors.operations import OperationView, VerdictView
from backend.review.selectors.pairs import TrackletShown
from backend.review.selectors.queue import CONTRADICTION
from backend.tracking.attributes import ReadSerializer

PAIR_KINDS = [(CONTRADICTION, "contradiction"), ("uncertain", "uncertain"), ("likely", "likely same or different")]
DANGLING = [(side, side) for side in ("left", "right", "both", "one_tracklet")]


class ReviewCameraSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ShownIdentitySerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    tracklet_count = serializers.IntegerField()


class ReviewTrackletSerializer(serializers.Serializer[Any]):
    # Of a TrackletShown.

    id = serializers.IntegerField(source="tracklet.pk")
    number = serializers.IntegerField(source="tracklet.number", help_text="within its run and video")
    camera = ReviewCameraSerializer(source="tracklet.camera")
    video = serializers.IntegerField(source="tracklet.video_id")
    first_frame = serializers.IntegerField(source="tracklet.first_frame")
    last_frame = serializers.IntegerField(source="tracklet.last_frame")
    start_s = serializers.FloatField(source="tracklet.start_s", help_text="scene time")
    end_s = serializers.FloatField(source="tracklet.end_s")
    length = serializers.IntegerField(source="tracklet.length", help_text="number of boxes")
    category = serializers.IntegerField(source="tracklet.category", help_text="COCO: 3 car, 6 bus, 8 truck")
    colour = serializers.CharField(source="tracklet.colour", help_text="as people say, empty if nobody did")
    machine = ReadSerializer(source="tracklet.read", allow_null=True, help_text="what the network read of it")
    crop_ranks = serializers.ListField(child=serializers.IntegerField())
    crop_urls = serializers.SerializerMethodField(help_text="pictures, the best first")
    identity = ShownIdentitySerializer()

    def get_crop_urls(self, shown: TrackletShown) -> list[str]:
        return [f"/api/v1/tracklets/{shown.tracklet.pk}/crops/{rank}.jpg" for rank in shown.crop_ranks]


class TransitHistogramSerializer(serializers.Serializer[Any]):
    from_camera = serializers.IntegerField()
    to_camera = serializers.IntegerField()
    edges = serializers.ListField(child=serializers.FloatField(), help_text="seconds, one more than counts")
    counts = serializers.ListField(child=serializers.IntegerField())
    basis = serializers.CharField(help_text="what was counted")


class AnchorSerializer(serializers.Serializer[Any]):
    camera = ReviewCameraSerializer()
    video = serializers.IntegerField()
    first_frame = serializers.IntegerField()
    last_frame = serializers.IntegerField()
    tracklet = serializers.IntegerField(allow_null=True, help_text="its counterpart in the scene's current run")


class VerdictSerializer(serializers.Serializer[Any]):
    # Of a VerdictView.

    id = serializers.IntegerField(source="verdict.pk")
    verdict = serializers.ChoiceField(source="verdict.answer", choices=Answer.choices)
    confidence = serializers.IntegerField(source="verdict.confidence", allow_null=True)
    reason = serializers.CharField(source="verdict.reason")
    person = UserSerializer(source="verdict.person")
    opened_at = serializers.DateTimeField(source="verdict.opened_at", allow_null=True)
    decided_at = serializers.DateTimeField(source="verdict.decided_at")
    standing = serializers.SerializerMethodField(help_text="false: taken back")
    contradicted = serializers.SerializerMethodField(help_text="part of answers that cannot all be true")
    operation = serializers.IntegerField(source="verdict.operation_id")
    left = serializers.SerializerMethodField(help_text="ends first")
    right = serializers.SerializerMethodField()
    dangling = serializers.ChoiceField(choices=DANGLING, allow_null=True, help_text="side without a counterpart")

    def get_standing(self, view: VerdictView) -> bool:
        return view.verdict.revoked_by_id is None

    def get_contradicted(self, view: VerdictView) -> bool:
        return view.place is not None and view.place.contradicted

    @extend_schema_field(AnchorSerializer)
    def get_left(self, view: VerdictView) -> dict[str, Any]:
        return _anchor(view, "left")

    @extend_schema_field(AnchorSerializer)
    def get_right(self, view: VerdictView) -> dict[str, Any]:
        return _anchor(view, "right")


class MeetingSerializer(serializers.Serializer[Any]):
    # Of a Meeting.

    first = serializers.SerializerMethodField(help_text="begins first")
    second = serializers.SerializerMethodField()
    handover = serializers.BooleanField(
        help_text="the first ends a moment after the second begins: where both are one vehicle, it can be cut there"
    )

    @extend_schema_field(TrackletStateSerializer)
    def get_first(self, met: Meeting) -> dict[str, Any]:
        return state_of(met.first)

    @extend_schema_field(TrackletStateSerializer)
    def get_second(self, met: Meeting) -> dict[str, Any]:
        return state_of(met.second)


class ReviewPairSerializer(serializers.Serializer[Any]):
    # Of a PairView.

    candidate = serializers.IntegerField(
        source="candidate.pk", allow_null=True, default=None, help_text="null: tracklets that were never compared"
    )
    kind = serializers.ChoiceField(choices=PAIR_KINDS)
    left = ReviewTrackletSerializer(help_text="ends first")
    right = ReviewTrackletSerializer()
    probability = serializers.FloatField(
        source="candidate.probability", allow_null=True, default=None, help_text="calibrated; null if not known"
    )
    chance = serializers.FloatField(
        source="candidate.chance", allow_null=True, default=None,
        help_text="the probability, or what the rank of the distance suggests",
    )  # fmt: skip
    distance = serializers.FloatField(source="candidate.distance", allow_null=True, default=None)
    distance_percentile = serializers.FloatField(
        source="candidate.percentile",
        allow_null=True,
        default=None,
        help_text="share of compared pairs at most this far",
    )
    transit_s = serializers.FloatField(help_text="start of the right one minus end of the left one")
    transit_histogram = TransitHistogramSerializer(allow_null=True)
    joined = serializers.BooleanField(help_text="both are in one identity now")
    decides = serializers.IntegerField(help_text="open pairs between the same two identities, or inside the one")
    meetings = MeetingSerializer(
        many=True,
        help_text="tracklets of the two identities that one camera has at one time: as one, one of them leaves",
    )
    verdicts = VerdictSerializer(many=True, help_text="of a contradiction: what was said about this pair")
    lease_expires = serializers.DateTimeField(source="lease.expires_at")


class StopSerializer(serializers.Serializer[Any]):
    advised = serializers.BooleanField()
    reason = serializers.CharField(help_text="a sentence: why, or why not yet")


class ReviewCountsSerializer(serializers.Serializer[Any]):
    contradictions = serializers.IntegerField()
    uncertain = serializers.IntegerField()
    likely_same = serializers.IntegerField()
    likely_different = serializers.IntegerField()


class ReviewStateSerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField(allow_null=True, help_text="the scene's current run; null: none has finished")
    work_left = serializers.IntegerField(help_text="contradictions and uncertain pairs: at most so many answers")
    expected = serializers.IntegerField(help_text="answers, at the rate at which they have settled pairs so far")
    basis = serializers.CharField(help_text="a sentence: what `expected` comes from")
    decided = serializers.IntegerField(help_text="answers that stand")
    revision = serializers.IntegerField(help_text="number of the scene's newest edit; 0 without any")
    people_per_pair = serializers.IntegerField(help_text="how many people judge each pair")
    stop = StopSerializer()
    counts = ReviewCountsSerializer(help_text="pairs that are not settled")


class ReviewQueueSerializer(ReviewStateSerializer):
    pairs = ReviewPairSerializer(many=True)


class EffectSerializer(serializers.Serializer[Any]):
    changed = serializers.BooleanField()
    joined = serializers.ListField(child=serializers.IntegerField(), help_text="identity numbers that took in others")
    separated = serializers.ListField(child=serializers.IntegerField(), help_text="identity numbers that came apart")
    tracklets = serializers.IntegerField(help_text="how many have another identity number now")
    contradictions = serializers.IntegerField(help_text="pairs around here with answers that cannot all be true")


class OperationRefSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()


class OperationSerializer(serializers.Serializer[Any]):
    # Of an OperationView.

    id = serializers.IntegerField(source="operation.pk")
    number = serializers.IntegerField(source="operation.number", help_text="1, 2, 3 within its scene")
    kind = serializers.ChoiceField(source="operation.kind", choices=OperationKind.choices)
    actor = UserSerializer(source="operation.actor")
    at = serializers.DateTimeField(source="operation.at")
    effect = EffectSerializer(source="operation.after.effect")
    inverse_of = OperationRefSerializer(source="operation.inverse_of", allow_null=True)
    about = OperationRefSerializer(
        source="operation.about", allow_null=True, help_text="of an undo or redo: the operation that was done first"
    )
    undone_by = serializers.SerializerMethodField()
    undo_refused = serializers.CharField(allow_null=True, help_text="why it cannot be undone now; null: it can")
    verdicts = VerdictSerializer(many=True, help_text="given, taken back or restored")
    changes = ChangeSerializer(many=True, help_text="of tracklets")
    summary = serializers.CharField(help_text="of the changes, in a few words; empty where there are none")
    redo = serializers.BooleanField(help_text="an undo of an undo")
    cameras = serializers.ListField(child=serializers.IntegerField(), help_text="of the tracklets that it changed")
    reason = serializers.CharField(help_text="as its author gave it")

    @extend_schema_field(OperationRefSerializer(allow_null=True))
    def get_undone_by(self, view: OperationView) -> dict[str, Any] | None:
        later = getattr(view.operation, "undone_by", None)
        return None if later is None else {"id": later.pk, "number": later.number}


class VerdictGivenSerializer(ReviewStateSerializer):
    operation = OperationSerializer()
    effect = EffectSerializer()


class PersonStatisticsSerializer(serializers.Serializer[Any]):
    person = UserSerializer()
    verdicts = serializers.IntegerField(help_text="that stand")
    same = serializers.IntegerField()
    different = serializers.IntegerField()
    cannot_tell = serializers.IntegerField()
    taken_back = serializers.IntegerField()
    changed = serializers.FloatField(allow_null=True, help_text="0..1, share that changed an identity")
    decisions_per_minute = serializers.FloatField(allow_null=True)
    agreement = serializers.FloatField(allow_null=True, help_text="0..1, on pairs that others judged too")
    last_at = serializers.DateTimeField()


class ReviewStatisticsSerializer(serializers.Serializer[Any]):
    persons = PersonStatisticsSerializer(many=True)


def _anchor(view: VerdictView, side: str) -> dict[str, Any]:
    anchor = getattr(view.verdict, side)
    return {
        "camera": {"id": anchor.camera_id, "name": anchor.camera.name},
        "video": anchor.video_id,
        "first_frame": anchor.first_frame,
        "last_frame": anchor.last_frame,
        "tracklet": getattr(view.place, f"{side}_id", None),
    }
