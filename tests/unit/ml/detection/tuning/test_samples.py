from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.detection.training.samples import Sample
from ml.detection.tuning.recipe import TuningRecipe
from ml.detection.tuning.samples import counted, outside_boxes, spread, truths_of, tuning_samples
from ml.detection.tuning.views import LabelledView
from ml.types import Int1D, UserError
from ml.video import FrameIndex

INDEX = FrameIndex(np.arange(400) / 10)


def view(frames: list[int], *, held: list[bool] | None = None, high: float = 20) -> LabelledView:
    """One vehicle a frame, numbered by its frame, at (10, 10)."""
    count = len(frames)
    return LabelledView(
        camera="c1",
        path=Path("missing.mp4"),
        index=INDEX,
        frames=np.array(frames, np.int32),
        boxes=np.tile(np.array([10, 10, 40, 10 + high], np.float32), (count, 1)),
        classes=np.full(count, 3, np.int32),
        vehicles=np.array(frames, np.int32),
        held=np.array(held or [False] * count, np.bool_),
    )


def test_one_block_of_five_seconds_in_five_is_held_back_and_scored_but_for_its_ends() -> None:
    film = view([])

    assert np.flatnonzero(film.held_back).tolist() == [*range(50, 100), *range(300, 350)]
    assert np.flatnonzero(film.scored).tolist() == [*range(55, 96), *range(305, 346)]
    assert np.flatnonzero(replace(film, start_s=5.0).held_back).tolist() == [*range(50), *range(250, 300)]


def test_held_low_and_outside_vehicles_are_ignored_where_others_are_learned() -> None:
    film = view([3, 3, 3, 3], held=[False, True, False, False])
    film.boxes[2, 3] = 15  # 5 pixels high
    film.boxes[3] += 60
    roi = np.zeros((200, 200), np.bool_)
    roi[:64, :] = True
    film = replace(film, roi=roi, ignored_frames=np.array([3], np.int32), ignored=np.array([[1, 2, 3, 4]], np.float32))

    truth = truths_of(film, np.array([3], np.int32), ~film.held, 10.0)[3]

    assert truth.boxes.tolist() == film.boxes[:1].tolist()
    assert truth.vehicles is not None
    assert truth.vehicles.tolist() == [3]
    listed = truth.ignored.tolist()
    assert listed[:4] == [*film.boxes[1:].tolist(), [1, 2, 3, 4]]
    assert listed[4:] == outside_boxes(roi).tolist()


def test_what_is_told_of_frames_counts_no_box_that_stands_for_the_outside_of_a_region() -> None:
    roi = np.zeros((200, 200), np.bool_)
    roi[:64, :] = True
    film = replace(
        view([3, 4]), roi=roi, ignored_frames=np.array([3], np.int32), ignored=np.array([[1, 2, 3, 4]], np.float32)
    )
    truths = truths_of(film, np.array([3, 4], np.int32), ~film.held, 10.0)
    samples = [Sample("c1", frame, Path("missing.jpg"), (200, 200), 1.0, truth) for frame, truth in truths.items()]

    assert counted(samples, {"c1": roi}) == {"frames": 2, "boxes": 2, "ignored": 1}


def test_outside_of_a_region_is_covered_in_rows() -> None:
    """Rows 0..31 are all outside, of rows 32..63 columns 0..9 and 50..59; row 63 alone tells that 64.. is inside."""
    roi = np.zeros((70, 60), np.bool_)
    roi[40:, 10:50] = True

    assert outside_boxes(roi).tolist() == [
        [0, 0, 60, 32],
        [0, 32, 10, 64],
        [50, 32, 60, 64],
        [0, 64, 10, 70],
        [50, 64, 60, 70],
    ]
    assert outside_boxes(None).shape == (0, 4)


def test_frames_are_thinned_alike_and_evenly() -> None:
    films: list[Int1D] = [np.arange(100, dtype=np.int32), np.arange(20, dtype=np.int32)]

    assert [frames.tolist() for frames in spread(films, 6)] == [[0, 25, 50, 74, 99], [0]]
    assert [len(frames) for frames in spread(films, 500)] == [100, 20]


@pytest.mark.parametrize(
    ("frames", "what"),
    [
        ([], "to learn from"),
        ([7], "held back for scoring"),
        ([60], "to learn from"),
        ([7, 52], "held back for scoring"),
    ],
)
def test_too_few_labels_are_refused(tmp_path: Path, frames: list[int], what: str) -> None:
    with pytest.raises(UserError, match=what) as refused:
        tuning_samples([view(frames)], TuningRecipe(every=1), tmp_path)
    assert refused.value.code == "no-training-data"


def test_vehicles_that_are_all_held_or_too_low_teach_nothing(tmp_path: Path) -> None:
    for film in (view([7, 60], held=[True, False]), view([7, 60], high=9)):
        with pytest.raises(UserError, match="to learn from"):
            tuning_samples([film], TuningRecipe(every=1), tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"boxes": np.zeros((1, 4), np.float32)}, "boxes has 1 rows, its frames 2"),
        ({"frames": np.array([0, 400], np.int32)}, "within 0..399"),
        ({"ignored_frames": np.array([-1], np.int32), "ignored": np.zeros((1, 4), np.float32)}, "within 0..399"),
        ({"boxes": np.full((2, 4), np.nan, np.float32)}, "finite numbers"),
    ],
)
def test_arrays_that_do_not_go_together_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(view([1, 2]), **change)  # type: ignore[arg-type]  # one column each
