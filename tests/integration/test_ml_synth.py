"""The data factory from the command line, on a furniture library of boxes: scenes and crops, exact and repeatable."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("moderngl")

from ml.cli.main import main
from ml.datasets.reid.vehiclex import read_vehiclex
from ml.datasets.scene import read_scene
from ml.synthesis.gl import context
from ml.synthesis.models.catalogue import catalogue
from ml.types import UserError

pytestmark = pytest.mark.slow

SCENE = [
    "--seed",
    "3",
    "--cameras",
    "2",
    "--seconds",
    "2",
    "--rate",
    "1",
    "--size",
    "192x108",
    "--density",
    "0.4",
    "--masks",
]
CORNERS = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
FACES = [
    "1/1 2/1 4/1 3/1",
    "5/1 7/1 8/1 6/1",
    "1/1 5/1 6/1 2/1",
    "3/1 4/1 8/1 7/1",
    "1/1 3/1 7/1 5/1",
    "2/1 6/1 8/1 4/1",
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of libraries in which every model is a box; what is built of them is kept in a folder of its own."""
    try:
        context()
    except UserError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("furniture")
    for library in {entry.library for entry in catalogue().values()}:
        _write_library(folder / f"{library}.sh3f", [e.model for e in catalogue().values() if e.library == library])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSTRACK_DATA", str(tmp_path_factory.mktemp("data")))
        patch.delenv("CROSSTRACK_WEIGHTS", raising=False)
        yield folder


def _write_library(path: Path, names: list[str]) -> None:
    points = "".join(f"v {x} {y} {z}\n" for x, y, z in CORNERS)
    faces = "".join(f"f {face}\n" for face in FACES)
    lines = []
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(names, start=1):
            archive.writestr(f"{name}/m.obj", f"{points}vt 0 0\nusemtl body\n{faces}")
            archive.writestr(f"{name}/m.mtl", "newmtl body\nKd 0.5 0.5 0.5\nmap_Kd dots.png\n")
            archive.writestr(f"{name}/dots.png", cv2.imencode(".png", np.full((8, 8, 3), 120, np.uint8))[1].tobytes())
            lines += [
                f"model#{number}=/{name}/m.obj",
                f"width#{number}=180",
                f"depth#{number}=440",
                f"height#{number}=150",
            ]
        archive.writestr("PluginFurnitureCatalog.properties", "\n".join(lines))


@pytest.fixture(scope="module")
def scene(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("scene") / "out"
    assert main(["synth", *SCENE, "--out", str(out), "--models", str(models), "--workers", "2"]) == 0
    return out


def truth_rows(camera: Path) -> np.ndarray:
    return np.loadtxt(camera / "gt" / "gt_all.txt", delimiter=",", ndmin=2)


def test_every_box_is_exactly_the_extent_of_its_vehicle_in_the_mask(scene: Path) -> None:
    checked = 0
    for camera in sorted((scene / "S01").iterdir()):
        for frame, number, left, top, width, height, *_ in truth_rows(camera):
            mask = cv2.imread(str(camera / "segm" / f"{int(frame) - 1:06d}.png"), cv2.IMREAD_UNCHANGED)
            rows, columns = np.nonzero(mask == number)
            found = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
            assert found == [left, top, width, height]
            checked += 1
    assert checked


def test_boxes_are_where_the_calibration_puts_their_vehicles(scene: Path) -> None:
    """The middle of the footprint of a vehicle that nothing hides or cuts off lies in its box."""
    checked = 0
    for camera in read_scene(scene).cameras:
        calibration = camera.calibration()
        assert calibration is not None
        assert calibration.extrinsic is not None
        rotation, shift = cv2.Rodrigues(calibration.extrinsic[:, :3])[0], calibration.extrinsic[:, 3]
        for row in truth_rows(scene / "S01" / camera.name):
            left, top, width, height, visible, inside, x, y = *row[2:7], *row[11:14]
            if visible < 0.95 or inside < 0.95:
                continue
            foot = np.array([[x, y, 0.0]])
            pixel, _ = cv2.projectPoints(foot, rotation, shift, calibration.intrinsic, calibration.distortion)
            assert left - 1 <= pixel[0, 0, 0] <= left + width + 1
            assert top - 1 <= pixel[0, 0, 1] <= top + height + 1
            checked += 1
    assert checked


def test_a_scene_is_read_as_it_was_asked_for(scene: Path) -> None:
    cameras = read_scene(scene).cameras
    assert [camera.name for camera in cameras] == ["c001", "c002"]
    assert [camera.frame_count for camera in cameras] == [2, 2]
    for camera in cameras:
        video = cv2.VideoCapture(str(camera.require_video()))
        assert (video.get(cv2.CAP_PROP_FRAME_COUNT), video.get(cv2.CAP_PROP_FRAME_WIDTH)) == (2, 192)


def test_the_same_command_draws_the_same_again_and_goes_on_with_what_is_missing(
    scene: Path, models: Path, tmp_path: Path
) -> None:
    video = scene / "S01" / "c001" / "vdo.mp4"
    before, truth = video.stat().st_mtime_ns, (scene / "S01" / "c002" / "gt" / "gt_all.txt").read_bytes()
    (scene / ".work" / "c002.npy").unlink()
    assert main(["synth", *SCENE, "--out", str(scene), "--models", str(models), "--workers", "1"]) == 0
    assert video.stat().st_mtime_ns == before
    assert (scene / "S01" / "c002" / "gt" / "gt_all.txt").read_bytes() == truth
    assert main(["synth", *SCENE, "--weather", "night", "--out", str(scene), "--models", str(models)]) == 2


def test_crops_are_read_as_vehiclex_and_have_their_masks(models: Path, tmp_path: Path) -> None:
    asked = ["--seed", "2", "--identities", "3", "--views", "2", "--cameras", "2", "--first", "7", "--masks"]
    assert (
        main(["synth", "crops", *asked, "--out", str(tmp_path / "set"), "--models", str(models), "--workers", "2"]) == 0
    )
    table = read_vehiclex(tmp_path / "set").train
    assert 3 <= len(table) <= 6
    assert set(table.identity.tolist()) <= {7, 8, 9}
    for path in sorted((tmp_path / "set" / "sys_image_train").iterdir()):
        picture = cv2.imread(str(path))
        mask = cv2.imread(str(tmp_path / "set" / "sys_mask_train" / f"{path.stem}.png"), cv2.IMREAD_UNCHANGED)
        assert picture.shape[:2] == mask.shape
        assert 0.3 < (mask > 127).mean() < 1


def test_missing_models_are_named_with_the_way_to_get_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["synth", "--seed", "1", "--out", str(tmp_path / "o"), "--models", str(tmp_path)]) == 2
    assert "sweethome3d-furniture" in capsys.readouterr().err
