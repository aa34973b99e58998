"""All that changes trainings and models. What people start and stop: `trainings`. What came out: `versions`."""

from backend.training.services.trainings import (
    Point,
    budget_set,
    require_learning_detector,
    training_create,
    training_points_replace,
    training_stop,
)
from backend.training.services.versions import (
    comparison_set,
    comparison_start,
    model_promote,
    model_roll_back,
    version_file_save,
    version_register,
)

__all__ = [
    "Point",
    "budget_set",
    "comparison_set",
    "comparison_start",
    "model_promote",
    "model_roll_back",
    "require_learning_detector",
    "training_create",
    "training_points_replace",
    "training_stop",
    "version_file_save",
    "version_register",
]
