"""Where a new video begins on the scene's clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.media.models import StartOrigin, Video
from backend.scenes.models import Camera, Scene
from backend.tracking.models import Run
from backend.uploads.timing import start_of

pytestmark = pytest.mark.django_db
NOON = datetime(2021, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def camera() -> Camera:
    return Camera.objects.create(scene=Scene.objects.create(slug="road", name="Road"), name="c001")


def add_video(
    camera: Camera, *, start_s: float, duration_s: float | None, origin: StartOrigin = StartOrigin.STATED
) -> None:
    Video.objects.create(
        start_origin=origin,
        camera=camera,
        original_name="a.mp4",
        file="a",
        sha256=f"{start_s} {origin}",
        size=1,
        start_s=start_s,
        duration_s=duration_s,
    )


def test_what_a_person_states_counts_before_name_and_header(camera: Camera) -> None:
    known = start_of(stated=7.5, named=NOON, header=NOON)
    assert known.in_scene(camera.scene, camera) == (7.5, StartOrigin.STATED)
    assert camera.scene.starts_at is None


def test_the_first_recording_with_a_time_sets_the_clock_and_the_next_one_follows_it(camera: Camera) -> None:
    assert start_of(stated=None, named=NOON, header=None).in_scene(camera.scene, camera) == (0.0, StartOrigin.NAME)
    add_video(camera, start_s=0, duration_s=60)
    later = start_of(stated=None, named=None, header=NOON.replace(minute=2))
    assert later.in_scene(Scene.objects.get(), camera) == (120.0, StartOrigin.HEADER)


def test_files_come_in_any_order_the_earliest_one_by_its_name_begins_the_clock(camera: Camera) -> None:
    add_video(camera, start_s=0, duration_s=60, origin=StartOrigin.SEQUENCE)  # came first, without a time
    later = start_of(stated=None, named=NOON.replace(minute=2), header=None)
    assert later.in_scene(camera.scene, camera) == (0.0, StartOrigin.NAME)
    add_video(camera, start_s=0.0, duration_s=30, origin=StartOrigin.NAME)
    earlier = start_of(stated=None, named=NOON, header=None)
    assert earlier.in_scene(Scene.objects.get(), camera) == (0.0, StartOrigin.NAME)
    assert Scene.objects.get().starts_at == NOON
    assert list(Video.objects.values_list("start_s", flat=True)) == [120.0, 120.0]


def test_what_a_person_stated_keeps_its_number_and_its_moment_when_an_earlier_file_comes(camera: Camera) -> None:
    start_of(stated=None, named=NOON, header=None).in_scene(camera.scene, camera)
    add_video(camera, start_s=0.0, duration_s=30, origin=StartOrigin.NAME)
    add_video(camera, start_s=7.5, duration_s=30, origin=StartOrigin.STATED)
    earlier = start_of(stated=None, named=NOON.replace(hour=11), header=None)
    assert earlier.in_scene(Scene.objects.get(), camera) == (-3600.0, StartOrigin.NAME)
    assert Scene.objects.get().starts_at == NOON
    assert list(Video.objects.values_list("start_s", flat=True)) == [0.0, 7.5]


@pytest.mark.parametrize("with_run", [False, True])
def test_the_clock_stays_after_a_run_and_for_what_a_header_says(camera: Camera, with_run: bool) -> None:
    start_of(stated=None, named=NOON, header=None).in_scene(camera.scene, camera)
    if with_run:
        Run.objects.create(scene=camera.scene, number=1, preset="cpu-light", config={})
    said = {"named": NOON.replace(hour=11)} if with_run else {"header": NOON.replace(hour=11)}
    early = start_of(**{"stated": None, "named": None, "header": None, **said})
    assert early.in_scene(Scene.objects.get(), camera)[0] == -3600.0
    assert Scene.objects.get().starts_at == NOON


def test_without_a_clock_a_video_follows_the_cameras_last_one(camera: Camera) -> None:
    unknown = start_of(stated=None, named=None, header=None)
    assert unknown.in_scene(camera.scene, camera) == (0.0, StartOrigin.SEQUENCE)
    add_video(camera, start_s=10, duration_s=60)
    add_video(camera, start_s=2, duration_s=None)
    assert unknown.in_scene(camera.scene, camera) == (70.0, StartOrigin.SEQUENCE)
    # The scene's clock cannot be known from a later file: what is there has no wall-clock time.
    assert start_of(stated=None, named=NOON, header=None).in_scene(camera.scene, camera)[1] is StartOrigin.SEQUENCE
