"""The pages in a real browser on a real site; each script of this folder is one story (node, Playwright, Chromium)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import av
import numpy as np
import numpy.typing as npt
import pytest
import requests

from tests.e2e.conftest import ROOT, LiveSite
from tests.e2e.scratch import scene_from_scratch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

HERE = Path(__file__).parent
STORY_SECONDS = 600
VERDICTS = "8"  # by command 50: docs/review.md
API_PAGE = ROOT / "docs" / "api.md"
DEMO_VIDEOS = ROOT / "fixtures" / "demo" / "S01"


@pytest.fixture(scope="session", autouse=True)
def _browser_is_there() -> None:
    if not Path("/usr/bin/chromium").exists() or shutil.which("node") is None:
        pytest.skip("needs Debian's chromium and node: run .make/system test")
    if not (ROOT / "frontend" / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs the front end's packages: run npm ci in frontend/")


def play(story: str, site: LiveSite, folder: Path, *more: str) -> None:
    """Run a script; what it says becomes the failure, what it reports is printed (`pytest -s`)."""
    command = ["node", str(HERE / f"{story}.mjs"), site.address, str(site.users), str(folder), *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=STORY_SECONDS)
    print(done.stdout, end="")
    assert done.returncode == 0, done.stderr[-6000:]


def new_token(site: LiveSite, user: str) -> str:
    """A personal access token of one of the site's people, made as the page makes it."""
    session = requests.Session()
    login = {"username": user, "password": json.loads(site.users.read_text())[user]}
    for path, body in [("session", login), ("tokens", {"name": "a program"})]:
        csrf = session.get(f"{site.address}/api/v1/session", timeout=60).json()["csrf_token"]
        headers = {"X-CSRFToken": csrf, "Referer": site.address}
        answer = session.post(f"{site.address}/api/v1/{path}", json=body, headers=headers, timeout=60)
        answer.raise_for_status()
    return str(answer.json()["secret"])


@pytest.fixture(scope="session")
def four_videos(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scene_from_scratch(shared_data / "city_a", tmp_path_factory.mktemp("four-videos"))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: CROSSTRACK_SCREENSHOTS keeps them for people to look at."""
    return Path(os.environ.get("CROSSTRACK_SCREENSHOTS") or tmp_path)


def test_boxes_on_the_canvas_are_those_of_the_frame_on_screen(live_site: LiveSite, tmp_path: Path) -> None:
    play("boxes", live_site, tmp_path)
    shown = json.loads((tmp_path / "frames.json").read_text())
    assert len(shown) == 12, "three moments of four cameras"
    for entry in shown:
        assert _nearest_frame(entry, tmp_path) == entry["frame"], entry


def test_identity_leads_from_its_pictures_to_the_moment_on_the_videos(live_site: LiveSite, pictures: Path) -> None:
    play("identity", live_site, pictures)


def test_everything_works_by_keyboard(live_site: LiveSite, pictures: Path) -> None:
    play("keyboard", live_site, pictures)


def test_review_goes_by_keyboard_and_keeps_every_decision(live_site: LiveSite, pictures: Path) -> None:
    play("review", live_site, pictures)


def test_a_tracklet_is_put_right_by_keyboard_and_stays_so(live_site: LiveSite, pictures: Path) -> None:
    play("tracks", live_site, pictures)


def test_a_day_of_decisions_by_keyboard_comes_undone_and_back_and_is_in_the_export(
    live_site: LiveSite, pictures: Path
) -> None:
    play("story", live_site, pictures, VERDICTS)


def test_no_page_has_a_serious_accessibility_problem_in_light_or_dark(live_site: LiveSite, pictures: Path) -> None:
    play("accessibility", live_site, pictures)


def test_an_upload_goes_on_after_the_browser_was_closed(live_site: LiveSite, pictures: Path) -> None:
    play("uploads", live_site, pictures)


def test_a_job_is_cancelled_and_tried_again_by_buttons(live_site: LiveSite, pictures: Path) -> None:
    play("jobs", live_site, pictures)


def test_an_empty_scene_becomes_one_with_a_promoted_model_in_the_browser_alone(
    live_site: LiveSite, four_videos: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON", sys.executable)
    play("scratch", live_site, pictures, str(four_videos))


def test_the_program_of_the_api_page_runs_as_it_stands_there(
    live_site: LiveSite, four_videos: Path, tmp_path: Path
) -> None:
    for film in four_videos.glob("c00[12]_*.mp4"):
        (tmp_path / film.name).symlink_to(film)
    blocks = re.findall(r"^```python\n(.*?)^```", API_PAGE.read_text(), re.MULTILINE | re.DOTALL)
    variables = {
        "CROSSTRACK_SITE": live_site.address,
        "CROSSTRACK_TOKEN": new_token(live_site, "manager"),
        "CROSSTRACK_VIDEOS": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(blocks)],
        cwd=tmp_path, env={**os.environ, **variables}, capture_output=True, text=True, timeout=STORY_SECONDS,
    )  # fmt: skip
    print(done.stdout, end="")
    assert done.returncode == 0, done.stderr[-4000:]
    words = (r"(\d+) decisions: ", r" with (\d+) decisions kept")
    decided, kept = (re.search(each, done.stdout) for each in words)
    assert decided is not None
    assert kept is not None
    assert decided[1] == kept[1] != "0"
    with ZipFile(next(tmp_path.glob("*.zip"))) as archive:
        assert any(name.endswith("gt/gt.txt") for name in archive.namelist())


def _nearest_frame(entry: dict[str, object], folder: Path) -> int:
    """Which frame of the source video the picture in the browser looks like most, among its neighbours."""
    size = (int(str(entry["height"])), int(str(entry["width"])))
    seen = np.frombuffer((folder / str(entry["file"])).read_bytes(), np.uint8).reshape(size).astype(np.float32)
    claimed = int(str(entry["frame"]))
    differences = {
        number: float(np.abs(picture - seen).mean())
        for number, picture in _source_frames(str(entry["camera"]), claimed, size).items()
    }
    return min(differences, key=differences.__getitem__)


def _source_frames(camera: str, around: int, size: tuple[int, int]) -> dict[int, npt.NDArray[np.float32]]:
    """Grey pictures [h, w] of the frames next to `around`, by number."""
    found = {}
    with av.open(str(DEMO_VIDEOS / camera / "vdo.mp4")) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if abs(number - around) <= 2:
                grey = frame.reformat(width=size[1], height=size[0], format="gray").to_ndarray()
                found[number] = grey.astype(np.float32)
            elif number > around:
                break
    return found
