"""Two detectors of a scene, at times and on vehicles that neither has learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from backend.labels.content import LabelContent
from backend.labels.holding import identities_in_training
from backend.training.models import ModelKind, ModelVersion
from backend.training.selectors import sets_learned_from
from ml.detection.tuning.scoring import detection_sums
from ml.evaluation.bootstrap import compare_shares
from workers.context import JobContext
from workers.label_videos import content_of_set
from workers.label_views import labelled_views, vouched_for
from workers.stages import config_by

MEASURES = ("ap50", "recall", "precision")


def detectors_compared(context: JobContext, version: ModelVersion, other: ModelVersion | None) -> dict[str, Any]:
    """AP at IoU 0.5 and precision in held times, and recall of the held vehicles, all of the version's label set."""
    content = content_of_set(version.training.label_set, with_around=True)
    sets = [content_of_set(each, with_around=True) for each in sets_learned_from(versions=(version, other))]
    seen = held_and_learned(content, sets)
    if seen:
        context.log(f"{len(seen)} held vehicles are left out: one of the versions has learned from a part of them")
    configs = [config_by(version.scene, ModelKind.DETECTOR, each).detector for each in (version, other)]
    with labelled_views(content, context.progress, not_held=seen) as views:
        one, two = (detection_sums(views, config, context.progress) for config in configs)
    return {
        "vehicles": one["recall"].shape[1],
        "stretches": one["ap50"].shape[1],
        "measures": [
            {"name": name, **asdict(compare_shares(one[name], two[name]))}
            for name in MEASURES
            if min(one[name][1].sum(), two[name][1].sum()) > 0  # what finds nothing has no precision
        ],
    }


def held_and_learned(content: LabelContent, trained_on: Sequence[LabelContent]) -> set[int]:
    """The held identities of which a set that was trained on has a part that was not held, drawn ones included."""
    known, *learned = (LabelContent(each.videos, vouched_for(each)) for each in (content, *trained_on))
    held = {each.identity for each in known.tracklets if each.held}
    return held & identities_in_training(known, trained_on=learned)
