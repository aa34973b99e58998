"""Job kind `compare`: two versions of a scene's model, on what neither has learned from."""

from __future__ import annotations

from backend.training.models import ModelKind, ModelVersion
from backend.training.selectors import version_numbered
from backend.training.services import comparison_set
from workers.compare_detectors import detectors_compared
from workers.compare_embeddings import embeddings_compared
from workers.context import JobContext


def run(context: JobContext) -> None:
    """Writes measures of both versions and of their difference, with 95% intervals."""
    parameters = context.job.parameters
    version = ModelVersion.objects.select_related("scene__current_run", "training__label_set").get(
        pk=parameters["version"]
    )
    kind = ModelKind(version.kind)
    other = version_numbered(scene=version.scene, kind=kind, number=parameters["against"])
    compare = detectors_compared if kind == ModelKind.DETECTOR else embeddings_compared
    compared = compare(context, version, other)
    about = {"against": parameters["against"], "label_set": version.training.label_set.number}
    with context.publish():
        comparison_set(version=version, comparison={**about, **compared})
