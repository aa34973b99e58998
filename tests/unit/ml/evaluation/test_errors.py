import json

import numpy as np
import pytest

from ml.evaluation import Evaluation, evaluate_cameras, evaluate_mtmc
from ml.evaluation.compare import IdentityChange, compare
from ml.evaluation.errors import Stretch, error_breakdown
from ml.evaluation.groups import GroupScore, score_groups, size_labels
from ml.types import UserError
from tests.unit.ml.evaluation.test_filters import Row, rows
from tests.unit.ml.evaluation.test_mtmc import COUNTS, track


def evaluated(truth: list[Row], predicted: list[Row]) -> Evaluation:
    return evaluate_mtmc(rows(*truth), rows(*predicted), rois={}, frame_counts=COUNTS)


def both(identity: int, frames: range, left: float = 0) -> list[Row]:
    return [*track("c1", identity, frames, left), *track("c2", identity, frames, left)]


def test_vehicle_under_two_numbers_is_fragmented() -> None:
    """Number 7 has it in c1, 8 from the middle of c2 on; 8 was in c1 on nothing."""
    predicted = [*track("c1", 7, range(10)), *track("c2", 7, range(4)), *track("c2", 8, range(4, 10))]
    elsewhere = track("c1", 8, range(2), left=300)

    errors = error_breakdown(evaluated(both(1, range(10)), [*predicted, *elsewhere]))

    assert [(entry.id, entry.camera, entry.lost_boxes) for entry in errors.fragmented] == [(1, None, 6)]
    assert errors.fragmented[0].parts == (
        Stretch(7, "c1", 0, 9, 10),
        Stretch(8, "c2", 4, 9, 6),
        Stretch(7, "c2", 0, 3, 4),
    )
    assert errors.merged == []
    assert errors.missed == []
    assert errors.false == [Stretch(8, "c1", 0, 1, 2)]


def test_number_on_two_vehicles_is_merged() -> None:
    truth = [*both(1, range(5)), *both(2, range(5, 10), left=100)]

    errors = error_breakdown(evaluated(truth, [*both(9, range(5)), *both(9, range(5, 10), left=100)]))

    assert [(entry.id, {part.id for part in entry.parts}) for entry in errors.merged] == [(9, {1, 2})]
    assert errors.fragmented == []


def test_missed_boxes_are_told_by_stretch() -> None:
    found = [row for row in both(1, range(10)) if row[2] not in (2, 3, 8) or row[0] == "c2"]

    errors = error_breakdown(evaluated(both(1, range(10)), found))

    assert errors.missed == [Stretch(1, "c1", 2, 3, 2), Stretch(1, "c1", 8, 8, 1)]
    assert errors.as_dict()["missed"] == [
        {"id": 1, "camera": "c1", "first_frame": 3, "last_frame": 4, "boxes": 2},
        {"id": 1, "camera": "c1", "first_frame": 9, "last_frame": 9, "boxes": 1},
    ]


def test_every_box_is_matched_missed_or_false() -> None:
    rng = np.random.default_rng(3)
    listed = [row for number in range(6) for row in both(number, range(10), left=15.0 * number)]
    predicted = [row for row in listed if rng.random() < 0.7]
    run = evaluated(listed, predicted)

    errors = error_breakdown(run)

    matched = int((run.outcome.partner >= 0).sum())
    assert 0 < matched < len(listed)
    assert matched + sum(stretch.boxes for stretch in errors.missed) == len(run.truth)
    assert matched + sum(stretch.boxes for stretch in errors.false) == len(run.predicted)
    json.dumps(errors.as_dict())


def test_numbers_of_one_camera_mean_nothing_in_another() -> None:
    """Each camera calls its vehicle 1 or 2 as it likes: no error where identities are each camera's own."""
    truth = rows(*track("c1", 1, range(10)), *track("c2", 1, range(10)))
    predicted = rows(*track("c1", 1, range(10)), *track("c2", 2, range(10)))

    run = evaluate_cameras(truth, predicted, frame_counts=COUNTS)

    assert run.score.idf1 == run.score.hota == 1
    assert error_breakdown(run).fragmented == []
    split = rows(*track("c1", 1, range(6)), *track("c1", 2, range(6, 10)), *track("c2", 2, range(10)))
    errors = error_breakdown(evaluate_cameras(truth, split, frame_counts=COUNTS))
    assert [(entry.id, entry.camera) for entry in errors.fragmented] == [(1, "c1")]


def test_comparison_names_the_vehicles_that_changed() -> None:
    truth = [*both(1, range(10)), *both(2, range(10), left=100), *both(3, range(10), left=200)]
    before = evaluated(truth, [*both(1, range(10)), *both(2, range(4), left=100), *both(3, range(10), left=200)])
    after = evaluated(truth, [*both(1, range(7)), *both(2, range(10), left=100), *both(3, range(10), left=200)])

    found = compare(before, after)

    assert found.better == [IdentityChange(2, 20, 8, 20)]
    assert found.worse == [IdentityChange(1, 20, 20, 14)]
    assert found.figures["idtp"] == 6
    assert found.figures["idf1"] == pytest.approx(after.score.idf1 - before.score.idf1)
    assert found.per_camera["c1"]["idtp"] == 3


def test_runs_against_different_truth_are_not_compared() -> None:
    one, other = evaluated(both(1, range(10)), both(1, range(10))), evaluated(both(1, range(9)), both(1, range(9)))

    with pytest.raises(UserError, match="different ground truth"):
        compare(one, other)


def test_groups_tell_what_share_of_a_kind_is_found_and_identified() -> None:
    """Of 10 boxes of the small vehicle 8 are found, 6 of them under the number that has most; the large one is lost."""
    small = track("c1", 1, range(10))
    large: list[Row] = [("c1", 2, frame, 300, 0, 120, 120) for frame in range(10)]
    predicted = rows(*track("c1", 5, range(6)), *track("c1", 6, range(6, 8)))

    run = evaluate_cameras(rows(*small, *large), predicted, frame_counts={"c1": 10})

    found = score_groups(run, size_labels(run), ["small", "medium", "large"])
    assert found == {"small": GroupScore(10, 0.8, 0.6), "large": GroupScore(10, 0.0, 0.0)}
