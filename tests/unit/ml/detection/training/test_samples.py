"""Frames to learn from and to hold back, augmentation by hand, and data that is refused before anything is decoded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.datasets.scene import read_scene
from ml.detection.training.augment import example, mirrored, recoloured
from ml.detection.training.ignoring import IGNORED
from ml.detection.training.recipe import DetectorRecipe
from ml.detection.training.samples import Samples, read_samples
from ml.detection.training.trainer import rows_of_step
from ml.types import UserError
from tests.vehicles import HEIGHT, SIZE, WIDTH, drawn_scene, place, truth_line

RECIPE = DetectorRecipe(every=4, held_every=5, held_from_s=2.0, min_size=32, max_size=48, scale_jitter=(1.0, 1.0))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_scene(tmp_path_factory.mktemp("drawn"), frames=30)


@pytest.fixture(scope="module")
def samples(scene: Path, tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return read_samples(read_scene(scene), RECIPE, tmp_path_factory.mktemp("pictures"))


def test_frames_before_the_limit_are_learned_and_those_after_it_held(samples: Samples) -> None:
    """Ten frames a second: frame 20 is due at 2 s."""
    assert [sample.frame for sample in samples.learned] == [0, 4, 8, 12, 16]
    assert [sample.frame for sample in samples.held] == [20, 25]


def test_without_a_limit_the_last_fifth_is_held(scene: Path, tmp_path: Path) -> None:
    """From 0 to 2.9 s: held from 2.32 s on."""
    divided = read_samples(read_scene(scene), replace(RECIPE, held_from_s=None, held_every=1), tmp_path)
    assert [sample.frame for sample in divided.held] == [24, 25, 26, 27, 28, 29]


def test_after_the_end_that_is_set_nothing_is_looked_at(scene: Path, tmp_path: Path) -> None:
    """Up to 2 s: held from 1.6 s on."""
    recipe = replace(RECIPE, held_from_s=None, held_every=1, until_s=2.0)
    divided = read_samples(read_scene(scene), recipe, tmp_path)
    assert [sample.frame for sample in divided.learned] == [0, 4, 8, 12]
    assert [sample.frame for sample in divided.held] == [16, 17, 18, 19]


def test_of_a_scene_labelled_here_and_there_only_those_frames_are_read(tmp_path: Path) -> None:
    root = drawn_scene(tmp_path, frames=30)
    frames, box = (3, 5, 14, 22), {"category_id": 1, "bbox": [*place(0), *SIZE]}
    content = {
        "images": [{"id": frame, "file_name": f"{frame + 1}.jpg"} for frame in frames],
        "categories": [{"id": 1, "name": "car"}],
        "annotations": [{"image_id": frame, **box} for frame in frames],
    }
    (root / "S01" / "c001" / "gt" / "coco.json").write_text(json.dumps(content))

    read = read_samples(read_scene(root), RECIPE, tmp_path)

    assert [sample.frame for sample in read.learned] == [3, 14]
    assert [sample.frame for sample in read.held] == [22]


def test_pictures_are_kept_no_larger_than_needed_and_boxes_follow(samples: Samples) -> None:
    sample = samples.learned[1]
    left, top = place(4)
    assert sample.image().shape == (HEIGHT // 2, WIDTH // 2, 3)
    assert sample.boxes().tolist() == [[left / 2, top / 2, (left + SIZE[0]) / 2, (top + SIZE[1]) / 2]]
    red = sample.image()[round((top + SIZE[1]) / 2) - 3, round(left / 2) + 4]
    assert red[0] > 150 > 80 > red[2]


def test_pictures_are_files_and_reading_them_shows_progress(scene: Path, tmp_path: Path) -> None:
    seen: list[str] = []
    read = read_samples(
        read_scene(scene), RECIPE, tmp_path, lambda done, total, unit: seen.append(f"{done}/{total} {unit}")
    )
    assert seen == ["1/1 cameras indexed", *(f"{done}/7 frames read" for done in range(1, 8))]
    assert sorted(tmp_path.iterdir()) == [sample.picture for sample in (*read.learned, *read.held)]


def test_other_labels_are_other_data(scene: Path, samples: Samples, tmp_path: Path) -> None:
    again = read_samples(read_scene(scene), RECIPE, tmp_path)
    assert again.digest() == samples.digest()
    higher = read_samples(read_scene(scene), replace(RECIPE, held_every=6), tmp_path)
    assert higher.digest() != samples.digest()


def _refused(root: Path, recipe: DetectorRecipe) -> str:
    with pytest.raises(UserError) as refused:
        read_samples(read_scene(root), recipe, root)
    assert refused.value.code == "no-training-data"
    return str(refused.value)


def test_data_that_cannot_be_used_is_refused_with_what_to_do(tmp_path: Path) -> None:
    root = drawn_scene(tmp_path, frames=10)
    assert "to score on; set held_from_s" in _refused(root, replace(RECIPE, held_from_s=99.0))
    assert "before 0 s, to learn from" in _refused(root, replace(RECIPE, held_from_s=0.0))
    assert "at least 50 pixels high" in _refused(root, replace(RECIPE, least_height=50.0))
    truth = root / "S01" / "c001" / "gt" / "gt.txt"
    truth.write_text(truth_line(10))
    assert "names frame 11, but" in _refused(root, RECIPE)
    truth.unlink()
    assert "label some frames first" in _refused(root, RECIPE)


def test_mirrored_twice_is_as_before_and_once_by_hand() -> None:
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    boxes = np.array([[0, 0, 1, 2]], np.float32)
    mask = np.array([[True, False, False, False]] * 2)
    turned, moved, masks = mirrored(image, boxes, [mask])
    assert moved.tolist() == [[3, 0, 4, 2]]
    assert masks is not None
    assert masks[0].tolist() == [[False, False, False, True]] * 2
    assert turned[0, 3].tolist() == image[0, 0].tolist()
    back, original, _ = mirrored(turned, moved, None)
    assert np.array_equal(back, image)
    assert np.array_equal(original, boxes)


def test_colours_vary_within_bounds_and_not_at_strength_zero() -> None:
    image = np.full((4, 4, 3), 100, np.uint8)
    draw = np.random.default_rng(0)
    assert np.array_equal(recoloured(image, 0.0, draw), image)
    varied = [recoloured(image, 0.2, draw) for _ in range(50)]
    assert len({picture.tobytes() for picture in varied}) == 50
    # A uniform picture: brightness and channel factors at most 1.2 * 1.1, contrast moves channels about their mean.
    assert all(60 <= int(value) <= 140 for picture in varied for value in picture[0, 0])


def test_an_example_has_what_the_network_takes(samples: Samples) -> None:
    picture, target = example(samples.learned[0], replace(RECIPE, flip=1.0), np.random.default_rng(0))
    assert picture.shape == (3, HEIGHT // 2, WIDTH // 2)
    assert 0 <= float(picture.min()) < float(picture.max()) <= 1
    left, _ = place(0)
    assert target["boxes"][0, 2] == WIDTH / 2 - left / 2
    assert target["labels"].tolist() == [3]
    assert "masks" not in target


@given(st.integers(1, 20), st.integers(1, 7), st.integers(0, 5))
def test_every_round_takes_every_sample_once(count: int, batch: int, seed: int) -> None:
    taken = [row for step in range(2 * count) for row in rows_of_step(step, batch, count, seed)]
    for start in range(0, len(taken) - count + 1, count):
        assert sorted(taken[start : start + count]) == list(range(count))


def test_vehicles_that_do_not_count_are_mirrored_along_and_come_last(samples: Samples) -> None:
    first = samples.learned[0]
    sample = replace(first, truth=replace(first.truth, ignored=np.array([[0, 0, 20, 10]], np.float32)))
    _, target = example(sample, replace(RECIPE, flip=1.0), np.random.default_rng(0))
    assert target["labels"].tolist() == [3, IGNORED]
    assert target["boxes"][1].tolist() == [WIDTH / 2 - 10, 0, WIDTH / 2, 5]
