"""The HTTP interface: Django REST framework and its OpenAPI description."""

from backend.config.environment import count

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backend.accounts.authentication.SessionAuthentication",
        "backend.accounts.authentication.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["backend.config.parsers.BoundedJsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "backend.config.problems.problem_response",
    "DEFAULT_THROTTLE_RATES": {"login": "10/min"},
    # How many proxies in front may be believed about a client's address.
    "NUM_PROXIES": count("NUM_PROXIES", 0),
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Crosstrack",
    "DESCRIPTION": "Vehicles followed across a city's cameras, and the corrections people make.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": True,
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": "backend.accounts.models.Role",
        "MemberRoleEnum": "backend.scenes.serializers.MEMBER_ROLES",
        "VideoStateEnum": "backend.media.models.VideoState",
        "RunStateEnum": "backend.tracking.models.RunState",
        "JobStateEnum": "backend.jobs.models.JobState",
        "JobKindEnum": "backend.jobs.models.JobKind",
        "LabelFormatEnum": "backend.labels.models.LabelFormat",
        "ImportFormatEnum": "backend.labels.serializers.IMPORT_FORMATS",
        "SceneImportStateEnum": "backend.uploads.models.SceneImportState",
        "OperationKindEnum": "backend.review.models.OperationKind",
        "StageEnum": "backend.tracking.serializers.STAGES",
        "ReachableEnum": "backend.config.health.REACHABLE",
        "ColourEnum": "backend.review.edits.COLOURS",
        "ModelKindEnum": "backend.training.models.ModelKind",
        "VehicleTypeEnum": "backend.tracking.attributes.VEHICLE_TYPES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "backend.config.schema.describe_problems",
    ],
}
