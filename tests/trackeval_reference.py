"""trackeval's metrics on our rows: what `ml.evaluation` is tested and timed against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from trackeval.metrics import CLEAR, HOTA, Identity

from ml.boxes import pairwise_iou
from ml.evaluation import MtmcRows


def sequence_data(truth: MtmcRows, predicted: MtmcRows, frame_counts: Mapping[str, int]) -> dict[str, Any]:
    """The input of trackeval's metrics, with the cameras laid end to end."""
    starts = dict(zip(frame_counts, np.cumsum([0, *frame_counts.values()]).tolist(), strict=False))
    total = sum(frame_counts.values())
    sides = [_by_step(rows, starts, total) for rows in (truth, predicted)]
    (true_ids, true_boxes, true_count), (ids, boxes, count) = sides
    return {
        "num_timesteps": total,
        "num_gt_dets": len(truth),
        "num_tracker_dets": len(predicted),
        "num_gt_ids": true_count,
        "num_tracker_ids": count,
        "gt_ids": true_ids,
        "tracker_ids": ids,
        "similarity_scores": [pairwise_iou(left, right) for left, right in zip(true_boxes, boxes, strict=True)],
    }


def trackeval_figures(data: dict[str, Any]) -> dict[str, float]:
    """IDF1, CLEAR and HOTA by trackeval, named as `MotScore` names them."""
    quiet = {"PRINT_CONFIG": False}
    return figures_of(
        Identity(dict(quiet)).eval_sequence(data), CLEAR(dict(quiet)).eval_sequence(data), HOTA().eval_sequence(data)
    )


def figures_of(identity: Mapping[str, Any], clear: Mapping[str, Any], hota: Mapping[str, Any]) -> dict[str, float]:
    """The results of trackeval's three metrics under our names."""
    return {
        **{name: float(identity[name.upper()]) for name in ("idf1", "idp", "idr", "idtp", "idfp", "idfn")},
        "mota": float(clear["MOTA"]),
        "motp": float(clear["MOTP"]),
        "precision": float(clear["CLR_Pr"]),
        "recall": float(clear["CLR_Re"]),
        "switches": float(clear["IDSW"]),
        "fragmentations": float(clear["Frag"]),
        "mostly_tracked": float(clear["MT"]),
        "partly_tracked": float(clear["PT"]),
        "mostly_lost": float(clear["ML"]),
        "hota": float(np.mean(hota["HOTA"])),
        "deta": float(np.mean(hota["DetA"])),
        "assa": float(np.mean(hota["AssA"])),
        "loca": float(np.mean(hota["LocA"])),
    }


def _by_step(rows: MtmcRows, starts: Mapping[str, int], total: int) -> tuple[list[Any], list[Any], int]:
    steps = rows.frame + np.array([starts[name] for name in rows.camera.tolist()], np.int64)
    order = np.argsort(steps, kind="stable")
    names, ids = np.unique(rows.id, return_inverse=True)
    cuts = np.searchsorted(steps[order], np.arange(1, total))
    return np.split(ids[order], cuts), np.split(rows.xyxy[order], cuts), len(names)
