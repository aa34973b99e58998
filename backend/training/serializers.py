"""JSON of recipes, trainings, model versions and promotions."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.config.pagination import PageQuery
from backend.jobs.models import JobState
from backend.training.active import SHIPPED
from backend.training.models import ModelKind, ModelVersion, Promotion, TrainingPoint, TrainingRun
from backend.training.selectors import ACTIVE, ARCHIVED, CANDIDATE
from backend.training.services.trainings import MOST_EPOCHS, MOST_MINUTES

LARGEST_ID, LARGEST_NUMBER = 2**63 - 1, 2**31 - 1


class KindQuery(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ModelKind.choices, default=ModelKind.EMBEDDING)


class RecipeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    trains = serializers.ChoiceField(choices=ModelKind.choices)
    title = serializers.CharField()
    description = serializers.CharField()
    epochs = serializers.IntegerField(help_text="its own; a training may have fewer; 0: one step, no epochs")


class TrainingCreateSerializer(serializers.Serializer[Any]):
    label_set = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, source="label_set_id")
    recipe = serializers.CharField(max_length=60, help_text="name of one of `training_recipes_list`")
    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES, help_text="at most")
    epochs = serializers.IntegerField(min_value=1, max_value=MOST_EPOCHS, required=False, help_text="at most")
    start = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_NUMBER,
        default=SHIPPED,
        help_text="number of the version it begins with, of the kind that the recipe trains",
    )


class EstimateQuery(serializers.Serializer[Any]):
    label_set = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    recipe = serializers.CharField(max_length=60, help_text="name of one of `training_recipes_list`")
    epochs = serializers.IntegerField(min_value=1, max_value=MOST_EPOCHS, required=False, help_text="at most")


class EstimateSerializer(serializers.Serializer[Any]):
    seconds = serializers.FloatField(help_text="by what earlier trainings took on this site")


class BudgetSerializer(serializers.Serializer[Any]):
    minutes = serializers.IntegerField(
        min_value=1, max_value=MOST_MINUTES, help_text="that one training of an analyst may take"
    )


class TrainingSerializer(serializers.ModelSerializer[TrainingRun]):
    scene = serializers.IntegerField(source="scene_id")
    trains = serializers.ChoiceField(choices=ModelKind.choices)
    label_set = serializers.IntegerField(source="label_set_id")
    label_set_number = serializers.IntegerField(source="label_set.number")
    start = serializers.SerializerMethodField(help_text="number of the version it begins with")
    job = serializers.IntegerField(source="job_id", allow_null=True, help_text="follow it, cancel it, read its log")
    state = serializers.ChoiceField(source="job.state", choices=JobState.choices, default=JobState.ERRORED)
    problem = serializers.CharField(source="job.problem", default="")
    stopping = serializers.SerializerMethodField(help_text="asked to end with this epoch")
    version = serializers.IntegerField(source="version.number", default=None, allow_null=True, help_text="came out")
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)

    class Meta:
        model = TrainingRun
        fields = [
            "id", "scene", "trains", "number", "label_set", "label_set_number", "recipe", "start", "epochs", "minutes",
            "job", "state", "problem", "stopping", "version", "created_by", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_start(self, training: TrainingRun) -> int:
        return training.start.number if training.start else SHIPPED

    def get_stopping(self, training: TrainingRun) -> bool:
        return training.stop_asked_at is not None


class SamplePictureSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()
    camera = serializers.CharField()
    identity = serializers.IntegerField()
    right = serializers.BooleanField(help_text="shows the query's vehicle")


class SampleRankingSerializer(serializers.Serializer[Any]):
    query = SamplePictureSerializer()
    found = SamplePictureSerializer(many=True, help_text="nearest first")


class FoundPictureSerializer(serializers.Serializer[Any]):
    camera = serializers.CharField()
    frame = serializers.IntegerField(help_text="0-based, of its video")
    vehicles = serializers.IntegerField(help_text="that people vouch for in what the pictures show")
    found_before = serializers.IntegerField(help_text="of them, by the weights that the training began with")
    found_after = serializers.IntegerField(help_text="of them, by what came out")
    false_before = serializers.IntegerField(help_text="boxes where nobody sees a vehicle")
    false_after = serializers.IntegerField()
    before = serializers.CharField(help_text="url of the picture, with its boxes drawn in")
    after = serializers.CharField()


class TrainingDetailSerializer(TrainingSerializer):
    samples = serializers.SerializerMethodField(help_text="rankings of held vehicles by what came out")
    found_pictures = serializers.SerializerMethodField(help_text="held frames, of a detector: before and after")

    class Meta(TrainingSerializer.Meta):
        fields = [*TrainingSerializer.Meta.fields, "samples", "found_pictures"]

    @extend_schema_field(FoundPictureSerializer(many=True))
    def get_found_pictures(self, training: TrainingRun) -> list[dict[str, Any]]:
        made = []
        for place, picture in enumerate(training.found_pictures):
            urls = {when: _picture_url(training, 2 * place + row) for row, when in enumerate(("before", "after"))}
            made.append(dict(FoundPictureSerializer({**picture, **urls}).data))
        return made

    @extend_schema_field(SampleRankingSerializer(many=True))
    def get_samples(self, training: TrainingRun) -> list[dict[str, Any]]:
        number, made = 0, []
        for ranking in training.samples:
            pictures = []
            for picture in [ranking["query"], *ranking["found"]]:
                url = _picture_url(training, number)
                pictures.append({**picture, "url": url, "right": picture["identity"] == ranking["query"]["identity"]})
                number += 1
            made.append({"query": pictures[0], "found": pictures[1:]})
        return [dict(SampleRankingSerializer(each).data) for each in made]


def _picture_url(training: TrainingRun, number: int) -> str:
    return f"/api/v1/trainings/{training.pk}/pictures/{number}.jpg"


class PointsQuery(serializers.Serializer[Any]):
    after = serializers.IntegerField(min_value=0, max_value=LARGEST_NUMBER, default=0, help_text="first line wanted")
    limit = serializers.IntegerField(min_value=1, max_value=5000, default=2000)


class TrainingPointSerializer(serializers.ModelSerializer[TrainingPoint]):
    class Meta:
        model = TrainingPoint
        fields = [
            "line", "step", "epoch", "weight", "loss", "held_map", "held_rank1", "held_ap50", "held_recall",
            "pictures_per_s",
        ]  # fmt: skip
        read_only_fields = fields


MEASURES = [
    ("map", "mAP"), ("rank1", "rank-1"), ("idf1", "IDF1"), ("ap50", "AP50"), ("recall", "recall"),
    ("precision", "precision"),
]  # fmt: skip


class IntervalSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField()
    low = serializers.FloatField(help_text="2.5% of the bootstrap")
    high = serializers.FloatField(help_text="97.5%")


class MeasureSerializer(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=MEASURES)
    candidate = IntervalSerializer()
    other = IntervalSerializer()
    difference = IntervalSerializer(help_text="of the same vehicles or stretches, drawn together")


class ModelComparisonSerializer(serializers.Serializer[Any]):
    against = serializers.IntegerField(help_text="number of the other version")
    label_set = serializers.IntegerField(help_text="number of the set whose held vehicles they were compared on")
    vehicles = serializers.IntegerField(help_text="held ones; of embeddings, those seen by several cameras")
    queries = serializers.IntegerField(default=None, allow_null=True, help_text="of embeddings: pictures looked up")
    stretches = serializers.IntegerField(default=None, allow_null=True, help_text="of detectors: of held time")
    measures = MeasureSerializer(many=True)


class ModelVersionSerializer(serializers.Serializer[Any]):
    # Of a ListedVersion.

    kind = serializers.ChoiceField(choices=ModelKind.choices)
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[ACTIVE, CANDIDATE, ARCHIVED])
    id = serializers.IntegerField(source="version.pk", default=None, allow_null=True, help_text="null: the shipped one")
    training = serializers.IntegerField(source="version.training.number", default=None, allow_null=True)
    label_set = serializers.IntegerField(source="version.training.label_set.number", default=None, allow_null=True)
    label_set_sha256 = serializers.CharField(source="version.training.label_set.sha256", default=None, allow_null=True)
    recipe = serializers.CharField(source="version.training.recipe", default=None, allow_null=True)
    began_with = serializers.SerializerMethodField(help_text="number of the version whose weights it began with")
    sha256 = serializers.CharField(source="version.sha256", default=None, allow_null=True)
    size = serializers.IntegerField(source="version.size", default=None, allow_null=True)
    card = serializers.DictField(source="version.card", default=None, allow_null=True)
    comparison = ModelComparisonSerializer(source="version.comparison", default=None, allow_null=True)
    comparison_job = serializers.IntegerField(source="version.comparison_job_id", default=None, allow_null=True)
    comparing = serializers.SerializerMethodField(help_text="its comparison is waiting or running")
    comparison_problem = serializers.CharField(
        source="version.comparison_job.problem",
        default="",
        help_text="why the last one came to nothing, empty otherwise",
    )
    created_at = serializers.DateTimeField(source="version.created_at", default=None, allow_null=True)

    def get_began_with(self, listed: Any) -> int | None:
        version: ModelVersion | None = listed.version
        if version is None:
            return None
        return version.parent.number if version.parent else SHIPPED

    def get_comparing(self, listed: Any) -> bool:
        job = listed.version.comparison_job if listed.version else None
        return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)


class ModelCompareSerializer(serializers.Serializer[Any]):
    against = serializers.IntegerField(
        min_value=1, max_value=LARGEST_NUMBER, required=False, help_text="number; the active one if left out"
    )


class PromotionsQuery(PageQuery):
    kind = serializers.ChoiceField(choices=ModelKind.choices, required=False, help_text="both if left out")


class PromotionCreateSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=LARGEST_NUMBER, help_text="number; 1 is the shipped one")
    kind = serializers.ChoiceField(choices=ModelKind.choices, default=ModelKind.EMBEDDING)


class RollBackSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ModelKind.choices, default=ModelKind.EMBEDDING)


class PromotionSerializer(serializers.ModelSerializer[Promotion]):
    kind = serializers.ChoiceField(choices=ModelKind.choices)
    version = serializers.SerializerMethodField(help_text="number")
    run = serializers.IntegerField(source="run_id", allow_null=True, help_text="that it started")
    run_number = serializers.IntegerField(source="run.number", default=None, allow_null=True)
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)

    class Meta:
        model = Promotion
        fields = ["id", "kind", "version", "run", "run_number", "is_rollback", "created_by", "created_at"]
        read_only_fields = fields

    def get_version(self, promotion: Promotion) -> int:
        return promotion.version.number if promotion.version else SHIPPED
