"""Videos in byte ranges, pictures and frame times."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from backend.media.responses import LARGEST_PART
from backend.media.services import video_mark_ready
from backend.media.storage import delete_file, save_bytes
from tests.world import JPEG, PROXY, World, make_video, video_info


@pytest.fixture
def proxy(world: World) -> str:
    return f"/api/v1/videos/{world.videos[0].pk}/proxy"


def ask(world: World, url: str, byte_range: str, **headers: str) -> Any:
    return world.client("viewer").get(url, headers={"Range": byte_range, **headers})


@pytest.mark.parametrize(
    ("byte_range", "first", "last"),
    [
        ("bytes=0-", 0, len(PROXY) - 1),
        ("bytes=100-199", 100, 199),
        ("bytes=-10", len(PROXY) - 10, len(PROXY) - 1),
        ("bytes=1048570-9999999", 1048570, len(PROXY) - 1),
        (f"bytes=-{10 * len(PROXY)}", 0, len(PROXY) - 1),
    ],
)
def test_a_range_is_answered_with_its_bytes(world: World, proxy: str, byte_range: str, first: int, last: int) -> None:
    response = ask(world, proxy, byte_range)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(PROXY)}"
    assert response.content == PROXY[first : last + 1]
    assert response["Content-Type"] == "video/mp4"


def test_without_a_range_the_whole_video_comes_in_chunks(world: World, proxy: str) -> None:
    response = world.client("viewer").get(proxy)
    assert isinstance(response, StreamingHttpResponse)
    assert response.is_async
    assert response["Content-Length"] == str(len(PROXY))
    assert response["Accept-Ranges"] == "bytes"

    async def read() -> bytes:
        return b"".join([chunk async for chunk in response])

    assert asyncio.run(read()) == PROXY


@pytest.mark.parametrize("byte_range", ["bytes=1048576-", "bytes=-0", "bytes=99999999-100000000"])
def test_a_range_behind_the_end_cannot_be_satisfied(world: World, proxy: str, byte_range: str) -> None:
    response = ask(world, proxy, byte_range)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(PROXY)}"


@pytest.mark.parametrize("byte_range", ["bytes=-", "bytes=5-2", "lines=1-2", "bytes=0-1,4-5", "nonsense"])
def test_a_range_that_means_nothing_is_ignored(world: World, proxy: str, byte_range: str) -> None:
    assert ask(world, proxy, byte_range).status_code == 200


def test_if_range_gives_the_whole_file_when_it_has_changed(world: World, proxy: str) -> None:
    tag = ask(world, proxy, "bytes=0-9")["ETag"]
    assert ask(world, proxy, "bytes=0-9", **{"If-Range": tag}).status_code == 206
    assert ask(world, proxy, "bytes=0-9", **{"If-Range": '"another"'}).status_code == 200


def test_an_unchanged_video_is_not_sent_again(world: World, proxy: str) -> None:
    first = ask(world, proxy, "bytes=0-9")
    assert "Last-Modified" in first
    again = world.client("viewer").get(proxy, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_part_of_a_large_video_is_bounded(world: World, tmp_path: Path) -> None:
    path, size = tmp_path / "large.mp4", LARGEST_PART + 5000
    path.write_bytes(b"x" * size)
    poster = tmp_path / "poster.jpg"
    poster.write_bytes(JPEG)
    times = np.array([0.0, 0.1])
    video_mark_ready(video=world.videos[1], info=video_info(), frame_times=times, proxy=path, poster=poster)
    response = ask(world, f"/api/v1/videos/{world.videos[1].pk}/proxy", "bytes=0-")
    assert response["Content-Range"] == f"bytes 0-{LARGEST_PART - 1}/{size}"
    assert len(response.content) == LARGEST_PART


def test_posters_and_regions_are_pictures(world: World) -> None:
    client = world.client("viewer")
    for url in (f"/api/v1/videos/{world.videos[0].pk}/poster", f"/api/v1/cameras/{world.cameras[0].pk}/roi"):
        response = client.get(url)
        assert (response.status_code, response["Content-Type"], response.content) == (200, "image/jpeg", JPEG)
        assert "private" in response["Cache-Control"]
    assert client.get(f"/api/v1/cameras/{world.cameras[1].pk}/roi").status_code == 404


def test_crops_may_be_kept_by_the_browser_for_good(world: World) -> None:
    url = f"/api/v1/tracklets/{world.tracklets[0].pk}/crops"
    response = world.client("viewer").get(f"{url}/0.jpg")
    assert response.content == JPEG + b"18"  # the box of frame 18 is larger than that of frame 12
    assert "immutable" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert world.client("viewer").get(f"{url}/1.jpg").content == JPEG + b"12"
    assert world.client("viewer").get(f"{url}/2.jpg").status_code == 404


def test_frame_times_are_the_ones_of_ingest_and_shrink_on_the_way(world: World) -> None:
    url = f"/api/v1/videos/{world.videos[0].pk}/frame-times"
    response = world.client("viewer").get(url, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    times = json.loads(gzip.decompress(response.content))["times_s"]
    assert times == [number / 10 for number in range(100)]
    again = world.client("viewer").get(url, headers={"Accept-Encoding": "gzip", "If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_a_video_before_ingest_has_nothing_to_show(world: World, tmp_path: Path) -> None:
    video = make_video(tmp_path, world.cameras[0], start_s=99.0, ready=False)
    client: Client = world.client("viewer")
    assert client.get(f"/api/v1/videos/{video.pk}/proxy").status_code == 404
    assert client.get(f"/api/v1/videos/{video.pk}/poster").status_code == 404
    response = client.get(f"/api/v1/videos/{video.pk}/frame-times")
    assert (response.status_code, response.json()["code"]) == (409, "video-not-ready")


def test_a_file_that_is_gone_is_a_problem_not_a_crash(world: World, proxy: str) -> None:
    delete_file(world.videos[0].proxy)
    delete_file(world.videos[0].poster)
    assert world.client("viewer").get(proxy).status_code == 404
    assert world.client("viewer").get(proxy.replace("proxy", "poster")).status_code == 404


def test_stored_names_owe_nothing_to_the_name_that_came_in(world: World) -> None:
    video = world.videos[0]
    assert video.original_name == "vdo.AVI"
    assert "vdo" not in video.file
    assert video.file.startswith(f"scenes/{world.scene.pk}/videos/")
    assert save_bytes("a/b.bin", b"1") == save_bytes("a/b.bin", b"2") == "a/b.bin"
