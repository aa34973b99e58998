"""Scores: arrays in, figures and the rule they follow out."""

from ml.evaluation.detections import (
    DetectionMatch,
    DetectionScore,
    average_precision,
    match_detections,
    score_detections,
)
from ml.evaluation.mtmc import (
    MOT_RULE,
    Evaluation,
    MtmcScore,
    evaluate_cameras,
    evaluate_mtmc,
    score_mot,
    score_mtmc,
)
from ml.evaluation.rows import MtmcRows
from ml.evaluation.score import MotScore

__all__ = [
    "MOT_RULE",
    "DetectionMatch",
    "DetectionScore",
    "Evaluation",
    "MotScore",
    "MtmcRows",
    "MtmcScore",
    "average_precision",
    "evaluate_cameras",
    "evaluate_mtmc",
    "match_detections",
    "score_detections",
    "score_mot",
    "score_mtmc",
]
