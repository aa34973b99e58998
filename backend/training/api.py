"""Trainings and models: started and stopped, watched, compared, promoted and taken back."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.idempotency import answered_once
from backend.config.pagination import PageQuery, page_body, page_of, page_serializer
from backend.config.views import ApiView, person
from backend.labels.selectors import label_set_get
from backend.media.responses import FOREVER, picture_response
from backend.scenes.api import IDEMPOTENCY_KEY
from backend.scenes.selectors import scene_visible
from backend.training.recipes import recipe_list
from backend.training.selectors import (
    TRAINING_ORDER,
    budget_minutes,
    estimated_seconds,
    promotion_list,
    sample_picture,
    training_get,
    training_list,
    training_points,
    version_get,
    version_list,
    version_listed,
)
from backend.training.serializers import (
    BudgetSerializer,
    EstimateQuery,
    EstimateSerializer,
    KindQuery,
    ModelCompareSerializer,
    ModelVersionSerializer,
    PointsQuery,
    PromotionCreateSerializer,
    PromotionSerializer,
    PromotionsQuery,
    RecipeSerializer,
    RollBackSerializer,
    TrainingCreateSerializer,
    TrainingDetailSerializer,
    TrainingPointSerializer,
    TrainingSerializer,
)
from backend.training.services import (
    budget_set,
    comparison_start,
    model_promote,
    model_roll_back,
    training_create,
    training_stop,
)


class RecipesView(ApiView):
    @extend_schema(operation_id="training_recipes_list", tags=["training"], responses=RecipeSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Ways to train on a scene's labels."""
        return Response([asdict(recipe) for recipe in recipe_list()])


class TrainingsView(ApiView):
    @extend_schema(
        operation_id="trainings_list",
        tags=["training"],
        parameters=[PageQuery],
        responses=page_serializer(TrainingSerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """The scene's trainings, newest first."""
        trainings = training_list(user=person(request), scene_id=scene_id)
        page = page_of(trainings, ordering=TRAINING_ORDER, **self.query())
        return Response(page_body(page, request, TrainingSerializer(page.items, many=True).data))

    @extend_schema(
        operation_id="trainings_create",
        tags=["training"],
        parameters=[IDEMPOTENCY_KEY],
        request=TrainingCreateSerializer,
        responses={201: TrainingDetailSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Start a training. Takes the role analyst, beyond the scene's budget the role manager."""
        return answered_once(request, lambda: self._create(request, scene_id))

    def _create(self, request: Request, scene_id: int) -> Response:
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        training = training_create(actor=user, scene=scene, **self.body(TrainingCreateSerializer))
        return _training(request, training.pk, status=201)


class TrainingEstimateView(ApiView):
    @extend_schema(
        operation_id="trainings_estimate", tags=["training"], parameters=[EstimateQuery], responses=EstimateSerializer
    )
    def get(self, request: Request) -> Response:
        """How long a training on a label set is going to take."""
        asked = self.query(EstimateQuery)
        label_set = label_set_get(user=person(request), label_set_id=asked.pop("label_set"))
        return Response({"seconds": estimated_seconds(label_set=label_set, **asked)})


class TrainingBudgetView(ApiView):
    @extend_schema(operation_id="training_budget_retrieve", tags=["training"], responses=BudgetSerializer)
    def get(self, request: Request, scene_id: int) -> Response:
        """What one training of an analyst may take in the scene."""
        return Response({"minutes": budget_minutes(scene=scene_visible(user=person(request), scene_id=scene_id))})

    @extend_schema(
        operation_id="training_budget_update", tags=["training"], request=BudgetSerializer, responses=BudgetSerializer
    )
    def put(self, request: Request, scene_id: int) -> Response:
        """Set it. Takes the role manager."""
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        return Response({"minutes": budget_set(actor=user, scene=scene, **self.body(BudgetSerializer))})


class TrainingView(ApiView):
    @extend_schema(operation_id="trainings_retrieve", tags=["training"], responses=TrainingDetailSerializer)
    def get(self, request: Request, training_id: int) -> Response:
        """A training: its state, what came out, and rankings to look at. Poll it with If-None-Match."""
        return _training(request, training_id)


class TrainingStopView(ApiView):
    @extend_schema(operation_id="trainings_stop", tags=["training"], request=None, responses=TrainingDetailSerializer)
    def post(self, request: Request, training_id: int) -> Response:
        """End it with the epoch that it is in; the best so far comes out. Takes manager, or to have started it."""
        user = person(request)
        training_stop(actor=user, training=training_get(user=user, training_id=training_id))
        return _training(request, training_id)


class TrainingPointsView(ApiView):
    @extend_schema(
        operation_id="trainings_points",
        tags=["training"],
        parameters=[PointsQuery],
        responses=TrainingPointSerializer(many=True),
    )
    def get(self, request: Request, training_id: int) -> Response:
        """Loss by step and score by epoch, from line `after` on."""
        wanted = self.query(PointsQuery)
        training = training_get(user=person(request), training_id=training_id)
        points = training_points(training=training, after=wanted["after"])[: wanted["limit"]]
        return Response(TrainingPointSerializer(points, many=True).data)


class TrainingPictureView(ApiView):
    @extend_schema(
        operation_id="trainings_picture", tags=["training"], responses={(200, "image/jpeg"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, training_id: int, number: int) -> HttpResponse:
        """A picture of the sample rankings, or of held frames before and after."""
        training = training_get(user=person(request), training_id=training_id)
        return picture_response(sample_picture(training=training, number=number), cache=FOREVER)


class ModelsView(ApiView):
    @extend_schema(
        operation_id="models_list",
        tags=["training"],
        parameters=[KindQuery],
        responses=ModelVersionSerializer(many=True),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """The scene's models of one kind, newest first; number 1 comes with Crosstrack."""
        scene = scene_visible(user=person(request), scene_id=scene_id)
        listed = version_list(scene=scene, **self.query(KindQuery))
        return Response(ModelVersionSerializer(listed, many=True).data)


class ModelView(ApiView):
    @extend_schema(operation_id="models_retrieve", tags=["training"], responses=ModelVersionSerializer)
    def get(self, request: Request, version_id: int) -> Response:
        """A model's card: data, recipe, scores, parent, checksum, comparison."""
        version = version_get(user=person(request), version_id=version_id)
        return Response(ModelVersionSerializer(version_listed(version=version)).data)


class ModelCompareView(ApiView):
    @extend_schema(
        operation_id="models_compare",
        tags=["training"],
        request=ModelCompareSerializer,
        responses={202: ModelVersionSerializer},
    )
    def post(self, request: Request, version_id: int) -> Response:
        """Compare it with another of its kind on what is held back, with intervals. Takes the role analyst."""
        user = person(request)
        version = version_get(user=user, version_id=version_id)
        comparison_start(actor=user, version=version, **self.body(ModelCompareSerializer))
        listed = version_listed(version=version_get(user=user, version_id=version_id))
        return Response(ModelVersionSerializer(listed).data, status=202)


class PromotionsView(ApiView):
    @extend_schema(
        operation_id="promotions_list",
        tags=["training"],
        parameters=[PromotionsQuery],
        responses=page_serializer(PromotionSerializer),
    )
    def get(self, request: Request, scene_id: int) -> Response:
        """Who made which model active, newest first."""
        wanted = self.query(PromotionsQuery)
        promotions = promotion_list(user=person(request), scene_id=scene_id, kind=wanted.pop("kind", None))
        page = page_of(promotions, ordering=["-id"], **wanted)
        return Response(page_body(page, request, PromotionSerializer(page.items, many=True).data))

    @extend_schema(
        operation_id="promotions_create",
        tags=["training"],
        parameters=[IDEMPOTENCY_KEY],
        request=PromotionCreateSerializer,
        responses={201: PromotionSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Make a model the active one of its kind; a run by it starts, with all decisions. Takes the role manager."""
        return answered_once(request, lambda: self._create(request, scene_id))

    def _create(self, request: Request, scene_id: int) -> Response:
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        wanted = self.body(PromotionCreateSerializer)
        promotion = model_promote(actor=user, scene=scene, number=wanted["version"], kind=wanted["kind"])
        return Response(PromotionSerializer(promotion).data, status=201)


class RollBackView(ApiView):
    @extend_schema(
        operation_id="promotions_roll_back",
        tags=["training"],
        parameters=[IDEMPOTENCY_KEY],
        request=RollBackSerializer,
        responses={201: PromotionSerializer},
    )
    def post(self, request: Request, scene_id: int) -> Response:
        """Make that model active that was before the kind's newest promotion. Takes the role manager."""
        return answered_once(request, lambda: self._roll_back(request, scene_id))

    def _roll_back(self, request: Request, scene_id: int) -> Response:
        user = person(request)
        scene = scene_visible(user=user, scene_id=scene_id)
        promotion = model_roll_back(actor=user, scene=scene, **self.body(RollBackSerializer))
        return Response(PromotionSerializer(promotion).data, status=201)


def _training(request: Request, training_id: int, *, status: int = 200) -> Response:
    training = training_get(user=person(request), training_id=training_id)
    return Response(TrainingDetailSerializer(training).data, status=status)
