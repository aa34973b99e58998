"""Scores: arrays in, figures and the rule they follow out."""

from ml.evaluation.detections import DetectionScore, score_detections
from ml.evaluation.mtmc import MOT_RULE, MtmcScore, score_mot, score_mtmc
from ml.evaluation.rows import MtmcRows
from ml.evaluation.sequence import MotScore

__all__ = [
    "MOT_RULE",
    "DetectionScore",
    "MotScore",
    "MtmcRows",
    "MtmcScore",
    "score_detections",
    "score_mot",
    "score_mtmc",
]
