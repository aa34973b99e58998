"""`python -m ml run` as a program: its score is trackeval's, a kill costs nothing, bad files get a sentence."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ml.datasets.calibration import read_calibration, write_calibration
from ml.datasets.mot import read_tracks
from ml.datasets.scene import read_scene
from ml.types import Tracklet
from tests.geodesy import DUBUQUE, in_degrees, unstated
from tests.independent_score import trackeval_scores
from tests.scenes import DEMO, ROOT, short_scene
from tests.services import wait_for

pytestmark = pytest.mark.slow


def ml(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """`python -m ml ...` run to its end."""
    command = [sys.executable, "-m", "ml", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return short_scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture(scope="module")
def whole_run(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an undisturbed run of the short scene writes, its cache included. Not to be changed."""
    out = tmp_path_factory.mktemp("whole") / "out"
    result("run", folder, "--out", out)
    return out


@pytest.fixture
def whole(whole_run: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return Path(shutil.copytree(whole_run, tmp_path / "whole"))


def result(*arguments: object) -> dict[str, Any]:
    """What a command that must succeed prints with --json."""
    ended = ml(*arguments, "--json")
    assert ended.returncode == 0, ended.stderr
    printed: dict[str, Any] = json.loads(ended.stdout)
    return printed


def check_score(scene_dir: Path, out: Path, cache: Path) -> None:
    printed = result("run", scene_dir, "--out", out, "--cache", cache)
    again = result("eval", "mtmc", "--gt", scene_dir, "--pred", out / "track1.txt")
    independent = trackeval_scores(read_scene(scene_dir), out / "track1.txt", out / "mot")
    for name, value in independent.items():
        assert printed["score"][name] == pytest.approx(value, abs=1e-6), name
        assert again[name] == pytest.approx(value, abs=1e-6), name
    assert printed["identities_in_several_cameras"] > 0
    assert printed["score"]["idf1"] > 0


@pytest.mark.timeout(900)
def test_the_score_of_the_demo_scene_is_trackevals(tmp_path: Path, stage_cache: Path) -> None:
    check_score(DEMO, tmp_path / "out", stage_cache)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_score_of_the_benchmark_city_is_trackevals(shared_data: Path, tmp_path: Path) -> None:
    check_score(shared_data / "city_a", tmp_path / "out", tmp_path / "cache")


def content(root: Path) -> dict[str, bytes]:
    names = ("track1.txt", "report.json", "mtsc/c001.txt", "mtsc/c002.txt")
    return {name: (root / name).read_bytes() for name in names}


def test_a_killed_run_goes_on_and_ends_the_same(folder: Path, whole: Path, tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    command = [sys.executable, "-m", "ml", "run", str(folder), "--out", str(killed)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    wait_for(lambda: list((killed / "cache" / "detect").glob("*")), seconds=120, what="the first camera's detections")
    process.kill()
    process.wait()
    assert not (killed / "track1.txt").exists()
    result("run", folder, "--out", killed)
    assert content(killed) == content(whole)


def _hear_ctrl_c() -> None:
    """As at a terminal; whoever runs the tests in a shell's background has it ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_ends_the_run_with_a_sentence(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ml", "run", str(folder), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=_hear_ctrl_c
    )
    wait_for(lambda: (tmp_path / "out" / "cache" / "index").exists(), seconds=120, what="the first stage")
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1].startswith("interrupted; finished parts are kept")
    assert "Traceback" not in err


def test_the_steps_one_by_one_end_like_the_run(folder: Path, whole: Path, tmp_path: Path) -> None:
    detected = result("detect", folder / "S01/c001/vdo.mp4", "--out", tmp_path / "det.txt", "--cache", whole / "cache")
    assert detected["frames"] == 60
    result("track", "--video", folder / "S01/c001/vdo.mp4", "--roi", folder / "S01/c001/roi.png",
           "--out", tmp_path / "mtsc.txt", "--cache", whole / "cache")  # fmt: skip
    assert (tmp_path / "mtsc.txt").read_bytes() == (whole / "mtsc/c001.txt").read_bytes()
    result("embed", folder, "--tracks", whole / "mtsc", "--out", tmp_path / "emb.npz", "--cache", whole / "cache")
    result("sync", "--tracks", whole / "mtsc", "--embeddings", tmp_path / "emb.npz", "--out", tmp_path / "track1.txt",
           "--links", folder / "S01/links.yaml")  # fmt: skip
    assert (tmp_path / "track1.txt").read_bytes() == (whole / "track1.txt").read_bytes()


def test_tracks_that_are_not_those_embedded_are_refused(folder: Path, whole: Path, tmp_path: Path) -> None:
    result("embed", folder, "--tracks", whole / "mtsc", "--out", tmp_path / "emb.npz", "--cache", whole / "cache")
    changed = whole / "mtsc" / "c002.txt"
    changed.write_text(changed.read_text() + "1,999,1,1,9,9,1,-1,-1,-1\n")
    ended = ml("sync", "--tracks", whole / "mtsc", "--embeddings", tmp_path / "emb.npz", "--out", tmp_path / "t.txt")
    assert ended.returncode == 2
    assert "Track 999 of c002 is in only one of" in ended.stderr


def test_a_text_file_called_mp4_gets_a_sentence(tmp_path: Path) -> None:
    video = tmp_path / "crossing.mp4"
    video.write_text("not a video\n" * 50)
    ended = ml("run", video, "--out", tmp_path / "out")
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"error: {video}: ")
    assert ended.stderr.count("\n") == 1


# Four cars pass, seen from above: the frames in which each of them is wholly in the picture.
PASSAGES = [(70, 90), (200, 208), (205, 218), (328, 338)]


def real_clip(shared_data: Path, out: Path, preset: str) -> list[Tracklet]:
    done = result("run", shared_data / "real" / "car-detection.mp4", "--out", out, "--preset", preset)
    assert done["score"] is None
    return read_tracks(out / "mtsc" / "car-detection.txt").tracklets()


def test_every_car_of_a_real_clip_is_followed_all_through_with_the_preset_for_it(
    shared_data: Path, tmp_path: Path
) -> None:
    long = [tracklet for tracklet in real_clip(shared_data, tmp_path, "cpu-close") if len(tracklet) >= 15]
    of_cars = [
        next((t.number for t in long if t.first_frame <= first and t.last_frame >= last), None)
        for first, last in PASSAGES
    ]
    assert None not in of_cars
    assert len(set(of_cars)) == 4


def test_every_car_of_a_real_clip_has_a_tracklet_of_its_own_with_the_default(shared_data: Path, tmp_path: Path) -> None:
    tracklets = real_clip(shared_data, tmp_path, "cpu-light")
    met = [{t.number for t in tracklets if t.first_frame <= last and t.last_frame >= first} for first, last in PASSAGES]
    assert all(met)
    assert len(set.union(*met)) >= 4


@pytest.mark.timeout(900)
def test_calibrations_in_degrees_give_the_same_identities(folder: Path, whole: Path, tmp_path: Path) -> None:
    """As CityFlow's files have them: a bare homography from latitude and longitude."""
    geographic = Path(shutil.copytree(folder, tmp_path / "geographic"))
    for path in geographic.rglob("calibration.txt"):
        calibration = read_calibration(path)
        write_calibration(path, unstated(in_degrees(calibration)))

    printed = result("run", geographic, "--out", tmp_path / "out", "--cache", whole / "cache")

    assert (tmp_path / "out" / "track1.txt").read_bytes() == (whole / "track1.txt").read_bytes()
    assert printed["ground"]["origin"]["latitude"] == pytest.approx(DUBUQUE.latitude, abs=0.01)
    assert all("taken for latitude and longitude" in note for note in printed["ground"]["notes"])
