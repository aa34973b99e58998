"""A whole re-identification set through the command: pictures, network, steps, score."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from ml.cli.main import main
from ml.datasets.reid import read_reid
from ml.matching.reranking.post import post_of
from ml.pipeline.reid_ranking import score_reid
from ml.reid.config import EmbedderConfig
from ml.types import Float2D, UserError

pytestmark = pytest.mark.slow
COLOURS = ((200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four plain-coloured vehicles in three cameras, two pictures each; c001 asks."""
    root, rng = tmp_path_factory.mktemp("set"), np.random.default_rng(0)
    tracks = []
    for vehicle, colour in enumerate(COLOURS, start=1):
        for camera in (1, 2, 3):
            names = [f"{vehicle:04d}_c{camera:03d}_{frame:08d}_0.jpg" for frame in (1, 2)]
            tracks += [" ".join(names)] if camera > 1 else []
            for name in names:
                picture = np.full((48, 64, 3), colour, np.int16) + rng.integers(-15, 15, (48, 64, 3)) + 5 * camera
                path = root / ("image_query" if camera == 1 else "image_test") / name
                path.parent.mkdir(exist_ok=True)
                cv2.imwrite(str(path), np.clip(picture, 0, 255).astype(np.uint8))
    (root / "test_track.txt").write_text("\n".join(tracks))
    return root


def scored(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["eval", "reid", *arguments, "--device", "cpu", "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_steps_of_a_file_follow_the_embedding(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    post = tmp_path / "post.yaml"
    post.write_text(
        "steps:\n"
        "  - views: {flip: true, scales: [1, 0.8], cropped: true}\n"
        "  - k_reciprocal: {k1: 4, k2: 2, lambda: 0.3, tracklets: weighted}\n"
        "  - camera_verification\n"
        "  - whole_tracklets: {theta: 0.5}\n"
    )

    found = scored(capsys, "--data", str(folder), "--post", str(post))

    assert found["steps"] == ["views", "k_reciprocal", "camera_verification", "whole_tracklets"]
    assert (found["weights"], found["scored"]) == (EmbedderConfig().name, 8)
    assert found["map_all"] == 1


def test_without_a_file_it_is_cosine_distance(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = scored(capsys, "--data", str(folder), "--weights", "efficientnet-lite0")

    assert found["steps"] == []
    assert found["map_all"] > 0.8


def test_penalties_go_by_the_types_and_colours_that_the_network_reads(folder: Path) -> None:
    """The set itself says nothing of types and colours; the vehicles' plain colours are read well enough to differ."""
    steps = post_of({"steps": [{"attribute_constraint": {"vehicle_type": 0.25, "colour": 0.5}}]}, "test")
    found: list[Float2D] = []

    def ranked(attributes_of: str | None) -> Float2D:
        score_reid(
            read_reid(folder),
            model=EmbedderConfig().name,
            steps=steps,
            device="cpu",
            attributes_of=attributes_of,
            look=lambda query, gallery, distances: found.append(distances),
        )
        return found[-1]

    added = ranked(EmbedderConfig().name) - ranked(None)
    assert set(np.round(added, 3).ravel().tolist()) <= {0.0, 0.25, 0.5, 0.75}
    assert 0 < (added > 0.4).mean() < 1
    with pytest.raises(UserError, match="reads no type and colour"):
        ranked("efficientnet-lite0-lda")
