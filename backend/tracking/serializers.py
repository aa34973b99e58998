"""JSON of presets, runs, tracks and candidates."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.jobs.models import JobKind, JobState
from backend.tracking.attributes import ReadSerializer
from backend.tracking.models import Candidate, Layer, RunState, Tracklet
from backend.tracking.selectors import RunDetail
from backend.tracking.windows import LARGEST_WINDOW

OF_A_RUN = (JobKind.DETECT, JobKind.TRACK, JobKind.EMBED, JobKind.MATCH, JobKind.EVALUATE)
STAGES = [(kind.value, kind.label) for kind in OF_A_RUN]


class PresetSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    config = serializers.DictField()


class RunEstimateSerializer(serializers.Serializer[Any]):
    preset = serializers.CharField()
    seconds = serializers.FloatField(help_text="for all videos of the scene that are read")
    frames_per_s = serializers.FloatField()
    runs = serializers.IntegerField(help_text="of how many runs the slowest is taken")


class RunCreateSerializer(serializers.Serializer[Any]):
    preset = serializers.CharField(max_length=60, help_text="name of one of `presets_list`")


class StageProgressSerializer(serializers.Serializer[Any]):
    stage = serializers.ChoiceField(choices=STAGES)
    camera = serializers.IntegerField(allow_null=True, help_text="null: over all cameras")
    camera_name = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=JobState.choices)
    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)
    unit = serializers.CharField(help_text="of done and total, such as frames")
    problem = serializers.CharField(help_text="why it failed, empty otherwise")
    jobs = serializers.ListField(child=serializers.IntegerField())


class RunProgressSerializer(serializers.Serializer[Any]):
    fraction = serializers.FloatField(help_text="0..1 over all stages")
    remaining_s = serializers.FloatField(allow_null=True, help_text="an estimate; null while there is none")
    stages = StageProgressSerializer(many=True)


class ModelUsedSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    checksum = serializers.CharField()


class CameraScoreSerializer(serializers.Serializer[Any]):
    idf1 = serializers.FloatField()
    idp = serializers.FloatField()
    idr = serializers.FloatField()
    mota = serializers.FloatField()
    hota = serializers.FloatField()


class ScoreSerializer(CameraScoreSerializer):
    idtp = serializers.IntegerField()
    idfp = serializers.IntegerField()
    idfn = serializers.IntegerField()
    rule = serializers.CharField(help_text="how predictions were filtered and scored")
    per_camera = serializers.DictField(child=CameraScoreSerializer(), help_text="by camera name")


class VersionsUsedSerializer(serializers.Serializer[Any]):
    embedding = serializers.IntegerField(allow_null=True)
    detector = serializers.IntegerField(allow_null=True)


class RunSerializer(serializers.Serializer[Any]):
    # Of a RunDetail.

    id = serializers.IntegerField(source="run.id")
    scene = serializers.IntegerField(source="run.scene_id")
    number = serializers.IntegerField(source="run.number", help_text="1, 2, 3 within its scene")
    preset = serializers.CharField(source="run.preset")
    config = serializers.DictField(source="run.config")
    models_used = serializers.DictField(
        source="run.models_used", child=ModelUsedSerializer(), help_text="stage -> model"
    )
    versions = VersionsUsedSerializer(
        help_text="number of the scene's model that it goes by, 1: what comes with Crosstrack; null: another network"
    )
    state = serializers.ChoiceField(source="run.state", choices=RunState.choices)
    problem = serializers.CharField(source="run.problem")
    score = serializers.SerializerMethodField(help_text="against ground truth")
    created_by = serializers.CharField(source="run.created_by.username", allow_null=True, read_only=True, default=None)
    created_at = serializers.DateTimeField(source="run.created_at")
    started_at = serializers.DateTimeField(source="run.started_at", allow_null=True)
    finished_at = serializers.DateTimeField(source="run.finished_at", allow_null=True)
    is_current = serializers.BooleanField(help_text="the run that people see in its scene")
    tracklet_count = serializers.IntegerField()
    identity_count = serializers.IntegerField()
    shared_identity_count = serializers.IntegerField(help_text="identities seen by two cameras or more")
    progress = RunProgressSerializer()

    @extend_schema_field(ScoreSerializer(allow_null=True))
    def get_score(self, detail: RunDetail) -> dict[str, Any] | None:
        score: dict[str, Any] | None = detail.run.score
        return score


class TracksQuery(serializers.Serializer[Any]):
    video = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    first_frame = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    last_frame = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        required=False,
        help_text=f"included; first_frame + {LARGEST_WINDOW - 1} if left out, and at most",
    )


class SeenTrackletSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField(help_text="within its run and video")
    identity_number = serializers.IntegerField(allow_null=True)
    identity_cameras = serializers.IntegerField(help_text="how many cameras the identity spans")
    layer = serializers.ChoiceField(choices=Layer.choices, help_text="human: as people made it")
    category = serializers.IntegerField(help_text="COCO category id: 3 car, 6 bus, 8 truck")
    colour = serializers.CharField(help_text="as people say, empty if nobody did")
    machine = ReadSerializer(allow_null=True, help_text="what the network read of it")
    note = serializers.CharField()


class DrawnTrackletSerializer(SeenTrackletSerializer):
    frames = serializers.ListField(child=serializers.IntegerField(), help_text="0-based, increasing, gaps allowed")
    boxes = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4),
        help_text="x1, y1, x2, y2 in pixels of the full frame, one a frame",
    )


class TracksSerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField()
    video = serializers.IntegerField()
    first_frame = serializers.IntegerField()
    last_frame = serializers.IntegerField()
    tracklets = DrawnTrackletSerializer(many=True)


class PassageSerializer(SeenTrackletSerializer):
    start_s = serializers.FloatField(help_text="scene time")
    end_s = serializers.FloatField()
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="first and last frame, both included, of each stretch without a gap",
    )
    picture = serializers.CharField(allow_null=True, help_text="where its best picture is")


class PassagesSerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField()
    video = serializers.IntegerField()
    tracklets = PassageSerializer(many=True)


class TrackletRefSerializer(serializers.ModelSerializer[Tracklet]):
    camera = serializers.IntegerField(source="camera_id")
    camera_name = serializers.CharField(source="camera.name")
    video = serializers.IntegerField(source="video_id")

    class Meta:
        model = Tracklet
        fields = ["id", "number", "camera", "camera_name", "video", "start_s", "end_s", "category"]
        read_only_fields = fields


class CandidateSerializer(serializers.ModelSerializer[Candidate]):
    left = TrackletRefSerializer()
    right = TrackletRefSerializer()

    class Meta:
        model = Candidate
        fields = ["id", "left", "right", "distance", "transit_s", "joined"]
        read_only_fields = fields
