"""A small world for tests of the web: one scene, two cameras, a finished run, and people of every role.

Camera c001 starts at scene time 0, c002 at 2 s; both have 100 frames at 10 frames/s. In c001 vehicle 1 is seen in
frames 10..19 and vehicle 2 in 50..59, in c002 vehicle 1 in frames 20..29 (scene time 4.0..4.9 s).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from django.test import Client

from backend.accounts.models import Role, User
from backend.accounts.services import user_create
from backend.identities.services import identities_assign
from backend.media.models import Video
from backend.media.services import ground_truth_replace, roi_save, video_mark_ready, video_register
from backend.scenes.models import CalibrationDirection, Camera, GroundUnit, Scene
from backend.scenes.services import calibration_set, camera_create, link_set, member_set, scene_create
from backend.tracking.models import Run, Tracklet
from backend.tracking.services import (
    CandidateRow,
    candidates_replace,
    embeddings_replace,
    run_create,
    run_make_current,
    tracklets_replace,
)

PASSWORD = "correct horse battery"
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
PROXY = bytes(range(256)) * 4096  # 1 MiB, every byte tells where it is
FRAMES = 100
MODEL = "tiny 1234abcd"


@dataclass(frozen=True)
class World:
    """`people` by role name, "stranger" (a manager elsewhere) among them."""

    scene: Scene
    cameras: list[Camera]
    videos: list[Video]
    run: Run
    tracklets: list[Tracklet]
    people: dict[str, User]

    def client(self, name: str) -> Client:
        """A browser in which this person is signed in."""
        client = Client()
        client.force_login(self.people[name])
        return client


def build_world(folder: Path) -> World:
    """`folder` is for the files that come in."""
    people = {role.value: person(role.value, role) for role in Role}
    people["stranger"] = person("stranger", Role.MANAGER)
    scene = scene_create(actor=people["manager"], name="North Road", time_zone="Europe/Berlin")
    for name in ("viewer", "analyst"):
        member_set(actor=people["manager"], scene=scene, username=name, role=Role(name))
    cameras = [camera_create(scene=scene, name=name) for name in ("c001", "c002")]
    _describe(cameras)
    videos = [make_video(folder, camera, start_s=2.0 * place) for place, camera in enumerate(cameras)]
    truth = SimpleNamespace(identity=7, frames=np.arange(3, dtype=np.int32), boxes=np.ones((3, 4), np.float32))
    ground_truth_replace(video=videos[0], rows=[truth])
    run = run_create(actor=people["manager"], scene=scene, preset="cpu-light")
    tracklets = fill_run(run, videos)
    run_make_current(run=run)
    scene.refresh_from_db()
    return World(scene, cameras, videos, run, tracklets, people)


def person(name: str, role: Role) -> User:
    return user_create(username=name, password=PASSWORD, role=role)


def make_video(folder: Path, camera: Camera, *, start_s: float = 0.0, ready: bool = True) -> Video:
    """A video whose files hold recognisable bytes."""
    path = folder / f"{camera.pk}-{start_s}.avi"
    path.write_bytes(f"video of {camera.pk} at {start_s}".encode())
    video, _ = video_register(camera=camera, path=path, original_name="../vdo.AVI", start_s=start_s)
    if not ready:
        return video
    proxy, poster = folder / "proxy.mp4", folder / "poster.jpg"
    proxy.write_bytes(PROXY)
    poster.write_bytes(JPEG)
    return video_mark_ready(
        video=video, info=video_info(), frame_times=np.arange(FRAMES) / 10.0, proxy=proxy, poster=poster
    )


def video_info() -> Any:
    return SimpleNamespace(
        container="avi", codec="h264", width=960, height=540, fps=10.0, frame_count=FRAMES, duration_s=10.0,
        variable_frame_rate=False, corrupt_frames=0,
    )  # fmt: skip


def tracklet_row(number: int, first: int, length: int = 10, *, x: float = 100.0) -> Any:
    """A box 40 x 20 that moves right by 2 pixels a frame and grows by 1."""
    steps = np.arange(length, dtype=np.float32)
    boxes = np.stack([x + 2 * steps, 50 + 0 * steps, x + 40 + 3 * steps, 70 + steps], axis=1)
    frames = np.arange(first, first + length, dtype=np.int32)
    return SimpleNamespace(
        number=number, category=3, frames=frames, boxes=boxes, scores=np.full(length, 0.5, np.float32)
    )


def embedding_row(number: int, frames: list[int]) -> Any:
    views = np.eye(4, dtype=np.float32)[: len(frames)]
    crops = [JPEG + str(frame).encode() for frame in frames]
    return SimpleNamespace(
        number=number, frames=np.array(frames, np.int32), views=views, mean=views.mean(axis=0), crops=crops
    )


def fill_run(run: Run, videos: list[Video]) -> list[Tracklet]:
    """The tracklets of the world's vehicles, their pictures and identities 1 and 2."""
    tracklets_replace(run=run, video=videos[0], rows=[tracklet_row(1, 10), tracklet_row(2, 50)])
    tracklets_replace(run=run, video=videos[1], rows=[tracklet_row(1, 20)])
    embeddings_replace(run=run, video=videos[0], model=MODEL, rows=[embedding_row(1, [12, 18]), embedding_row(2, [55])])
    embeddings_replace(run=run, video=videos[1], model=MODEL, rows=[embedding_row(1, [22, 25])])
    found = list(Tracklet.objects.filter(run=run).order_by("video", "number"))
    identities_assign(run=run, groups={1: [found[0].pk, found[2].pk], 2: [found[1].pk]})
    first, second = found[0].pk, found[2].pk
    pair = CandidateRow(first, second, distance=0.25, transit_s=2.1, joined=True, eligible=True, probability=0.5)
    candidates_replace(run=run, rows=[pair])
    return found


def _describe(cameras: list[Camera]) -> None:
    calibration_set(
        camera=cameras[0],
        homography=[1, 0, 0, 0, 1, 0, 0, 0, 1],
        direction=CalibrationDirection.GROUND_TO_IMAGE,
        unit=GroundUnit.METRES,
    )
    cameras[0].roi = roi_save(camera=cameras[0], picture=JPEG, suffix=".jpg")
    cameras[0].save(update_fields=["roi"])
    link_set(source=cameras[0], target=cameras[1], min_s=0.0, max_s=30.0)
