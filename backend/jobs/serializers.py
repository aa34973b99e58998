"""JSON of jobs and their log lines."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.config.pagination import PageQuery
from backend.jobs.models import Job, JobKind, JobLine, JobState, Queue
from backend.jobs.shown import elapsed_s, remaining_s


class JobsQuery(PageQuery):
    state = serializers.ChoiceField(choices=JobState.choices, required=False)
    scene = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    run = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


class JobSerializer(serializers.ModelSerializer[Job]):
    # The context holds `positions` of jobs in their queues, and `now`.

    kind = serializers.ChoiceField(choices=JobKind.choices)
    queue = serializers.ChoiceField(choices=Queue.choices)
    state = serializers.ChoiceField(choices=JobState.choices)
    scene = serializers.IntegerField(source="scene_id", allow_null=True)
    scene_name = serializers.CharField(source="scene.name", read_only=True, default=None, allow_null=True)
    run = serializers.IntegerField(source="run_id", allow_null=True)
    run_number = serializers.IntegerField(source="run.number", read_only=True, default=None, allow_null=True)
    video = serializers.IntegerField(source="video_id", allow_null=True)
    camera_name = serializers.CharField(source="video.camera.name", read_only=True, default=None, allow_null=True)
    created_by = serializers.CharField(source="created_by.username", read_only=True, default=None, allow_null=True)
    queue_position = serializers.SerializerMethodField(
        help_text="how many jobs come before it; null if it does not stand in a queue"
    )
    elapsed_s = serializers.SerializerMethodField(help_text="of its last attempt")
    remaining_s = serializers.SerializerMethodField(help_text="an estimate; null while there is none")
    cancel_requested = serializers.SerializerMethodField(help_text="asked to stop, and about to")

    class Meta:
        model = Job
        fields = [
            "id", "kind", "queue", "state", "scene", "scene_name", "run", "run_number", "video", "camera_name",
            "done", "total", "unit", "attempt", "max_attempts", "worker", "problem_code", "problem", "created_by",
            "created_at", "started_at", "finished_at", "heartbeat_at", "queue_position", "elapsed_s", "remaining_s",
            "cancel_requested",
        ]  # fmt: skip
        read_only_fields = fields

    def get_queue_position(self, job: Job) -> int | None:
        positions: dict[int, int] = self.context["positions"]
        return positions.get(job.pk)

    def get_elapsed_s(self, job: Job) -> float | None:
        return elapsed_s(job, self.context["now"])

    def get_remaining_s(self, job: Job) -> float | None:
        return remaining_s(job, self.context["now"])

    def get_cancel_requested(self, job: Job) -> bool:
        return job.cancel_requested_at is not None and job.finished_at is None


class JobDetailSerializer(JobSerializer):
    trace = serializers.CharField(help_text="of a bug")

    class Meta(JobSerializer.Meta):
        fields = [*JobSerializer.Meta.fields, "trace"]


class JobLinesQuery(serializers.Serializer[Any]):
    after = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0, help_text="id of the last line known")
    limit = serializers.IntegerField(min_value=1, max_value=1000, default=200)


class JobLineSerializer(serializers.ModelSerializer[JobLine]):
    class Meta:
        model = JobLine
        fields = ["id", "attempt", "at", "level", "message"]
        read_only_fields = fields
