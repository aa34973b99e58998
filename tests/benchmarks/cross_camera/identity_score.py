"""IDF1 of any grouping of the same tracklets, at once: what each shares with each vehicle is counted beforehand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ml.evaluation.assignment import best_assignment
from ml.evaluation.filters import inside_rois
from ml.evaluation.pairs import overlapping_pairs
from ml.evaluation.rows import MtmcRows
from ml.evaluation.steps import boxes_by_step, common_steps
from ml.pipeline.match import Matches
from ml.pipeline.run import submission_of
from ml.pipeline.score import rows_of_submission, truth_of_scene
from ml.types import Int1D
from tests.benchmarks.cross_camera.city_tracklets import SceneTracklets

Rows = npt.NDArray[np.int64]
SAME_BOX = 0.5


@dataclass(frozen=True)
class SharedBoxes:
    """What of the challenge's score does not depend on the identities.

    tracklets, vehicles, boxes  [k] so many boxes of the tracklet are the vehicle's, at IoU 0.5
    sizes, cameras              [n] boxes of each tracklet inside the region of interest, and its camera
    truth                       boxes of each vehicle
    """

    tracklets: Rows
    vehicles: Rows
    boxes: Rows
    sizes: Rows
    cameras: Rows
    truth: dict[int, int]

    @staticmethod
    def of(found: SceneTracklets) -> SharedBoxes:
        """Each tracklet taken as an identity of its own."""
        count, numbers = len(found.matchable), found.scene.camera_numbers()
        names = [one.camera for one in found.matchable]
        alone = Matches(names, found.tracklets, np.arange(1, count + 1, dtype=np.int32), None)  # type: ignore[arg-type]
        predicted = rows_of_submission(submission_of(alone, numbers), numbers)
        inside = predicted.take(inside_rois(predicted, {each.name: each.roi() for each in found.scene.cameras}))
        truth = truth_of_scene(found.scene)
        keys = _same_boxes(truth, inside, count)
        codes, boxes = np.unique(keys, return_counts=True)
        ids, truths = np.unique(truth.id, return_counts=True)
        return SharedBoxes(
            tracklets=codes % count,
            vehicles=codes // count,
            boxes=boxes,
            sizes=np.bincount(inside.id - 1, minlength=count),
            cameras=np.unique(names, return_inverse=True)[1],
            truth=dict(zip(ids.tolist(), truths.tolist(), strict=True)),
        )

    def with_tracklet(self, row: int, found: SceneTracklets) -> SharedBoxes:
        """The same but for the tracklet at `row`, which is the only one of `found` now."""
        now, others = SharedBoxes.of(found), self.tracklets != row
        sizes = self.sizes.copy()
        sizes[row] = now.sizes[0]
        return replace(
            self,
            tracklets=np.concatenate((self.tracklets[others], now.tracklets + row)),
            vehicles=np.concatenate((self.vehicles[others], now.vehicles)),
            boxes=np.concatenate((self.boxes[others], now.boxes)),
            sizes=sizes,
        )

    def idf1(self, groups: Int1D, kept: Rows, vehicles: set[int]) -> float:
        """IDF1 by the challenge's rule of the tracklets `kept` in `groups` [k], and of the true boxes of `vehicles`."""
        group_of = np.full(len(self.sizes), -1)
        group_of[kept] = groups
        group_of[(group_of >= 0) & ~self._in_several(group_of)] = -1
        used = (group_of[self.tracklets] >= 0) & np.isin(self.vehicles, list(vehicles))
        count = int(groups.max(initial=0)) + 1
        codes = self.vehicles[used] * count + group_of[self.tracklets[used]]
        edges, of_code = np.unique(codes, return_inverse=True)
        shared = np.bincount(of_code, self.boxes[used], len(edges)).astype(np.float64)
        right = float(shared[best_assignment(edges // count, edges % count, shared)].sum())
        predicted = float(self.sizes[group_of >= 0].sum())
        return 2 * right / (predicted + sum(self.truth.get(each, 0) for each in vehicles))

    def _in_several(self, group_of: Rows) -> npt.NDArray[np.bool_]:
        """[n] whether the tracklet's group is seen in two cameras."""
        seen = np.flatnonzero((group_of >= 0) & (self.sizes > 0))
        places = np.unique(np.column_stack((group_of[seen], self.cameras[seen])), axis=0)
        several = np.bincount(places[:, 0], minlength=int(group_of.max(initial=0)) + 1) > 1
        return several[np.maximum(group_of, 0)]


def _same_boxes(truth: MtmcRows, predicted: MtmcRows, count: int) -> Rows:
    """[k] vehicle * count + tracklet of each two boxes that are the same."""
    steps, total = common_steps((truth.camera, truth.frame), (predicted.camera, predicted.frame))
    (true_boxes, true_order), (boxes, order) = (
        boxes_by_step(rows, step, total) for rows, step in zip((truth, predicted), steps, strict=True)
    )
    pairs = overlapping_pairs(true_boxes, boxes)
    close = pairs.take(pairs.iou >= SAME_BOX)
    keys: Rows = truth.id[true_order[close.left]].astype(np.int64) * count + predicted.id[order[close.right]] - 1
    return keys
