"""Stages on a small film: resumed after a cut, never run twice, the same bytes each time."""

import hashlib
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.detection import DetectorConfig
from ml.pipeline.artefacts import read_embeddings, read_tracklets
from ml.pipeline.cache import StageCache, StageKey
from ml.pipeline.detect import FRAMES_A_PART, detect_key, detect_video, read_detections
from ml.pipeline.embed import embed_key, embed_video
from ml.pipeline.track import track_key, track_video
from ml.pipeline.video import INDEX_VERSION, IndexedVideo, VideoFile, index_video, keep_index
from ml.reid import EmbedderConfig
from ml.tracking import TrackerConfig
from ml.types import Progress, no_progress
from ml.video import index_frames, sha256_of
from tests.unit.ml.pipeline.blobs import HEIGHT, WIDTH, BrightBlobs, MeanColour, rectangles, write_film

FRAMES = 2 * FRAMES_A_PART + 30
TRACKER = TrackerConfig(min_score=0.1)


class Cut(Exception):
    """The kill that a test delivers."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("film") / "film.mp4", FRAMES)


@pytest.fixture
def video(film: Path, tmp_path: Path) -> IndexedVideo:
    return index_video(VideoFile.at(film), StageCache(tmp_path / "cache"))


def key_of(video: IndexedVideo) -> StageKey:
    return detect_key(video.sha256, DetectorConfig(), "blobs")


def detect(video: IndexedVideo, cache: StageCache, detector: BrightBlobs, progress: Progress = no_progress) -> Path:
    return detect_video(video, key=key_of(video), detector=lambda: detector, cache=cache, progress=progress)


def content(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_an_index_is_made_once_and_holds_the_size(film: Path, tmp_path: Path) -> None:
    cache = StageCache(tmp_path)
    first = index_video(VideoFile.at(film), cache)
    assert (first.width, first.height, len(first.index)) == (WIDTH, HEIGHT, FRAMES)
    heard: list[str] = []
    again = index_video(VideoFile.at(film), cache, progress=lambda done, total, unit: heard.append(unit))
    np.testing.assert_array_equal(again.index.times_s, first.index.times_s)
    assert heard == []


def test_a_kept_index_saves_the_decoding(film: Path, tmp_path: Path) -> None:
    cache = StageCache(tmp_path)
    checksum = sha256_of(film)
    keep_index(cache, checksum, index_frames(film), width=WIDTH, height=HEIGHT)
    heard: list[str] = []
    found = index_video(VideoFile.at(film), cache, progress=lambda done, total, unit: heard.append(unit))
    assert len(found.index) == FRAMES
    assert heard == []


def test_detections_carry_their_frames(video: IndexedVideo, tmp_path: Path) -> None:
    folder = detect(video, StageCache(tmp_path / "cache"), BrightBlobs())
    spans = [(first, last) for first, last, _ in read_detections(folder, FRAMES)]
    assert spans == [(0, 199), (200, 399), (400, 429)]
    _, _, part = next(read_detections(folder, FRAMES))
    boxes = dict(part.by_frame(0, 199))[30].boxes
    expected = sorted((x, y, x + width, y + height) for x, y, width, height in rectangles(30))
    np.testing.assert_allclose(sorted(boxes.tolist()), expected, atol=1)


@pytest.mark.parametrize("cut_at", [4, FRAMES_A_PART + 8, 2 * FRAMES_A_PART + 28])
def test_a_cut_stage_goes_on_and_ends_the_same(video: IndexedVideo, tmp_path: Path, cut_at: int) -> None:
    def cut(done: int, total: int | None, unit: str) -> None:
        if done >= cut_at:
            raise Cut

    whole = detect(video, StageCache(tmp_path / "whole"), BrightBlobs())
    cache, first, second = StageCache(tmp_path / "cut"), BrightBlobs(), BrightBlobs()
    with pytest.raises(Cut):
        detect(video, cache, first, cut)
    resumed = detect(video, cache, second)
    assert content(resumed) == content(whole)
    assert second.frames == FRAMES - cut_at // FRAMES_A_PART * FRAMES_A_PART


def test_going_on_in_a_damaged_video_shows_what_is_decoded_again(video: IndexedVideo, tmp_path: Path) -> None:
    def cut(done: int, total: int | None, unit: str) -> None:
        if done > FRAMES_A_PART:
            raise Cut

    hurt = replace(video, index=replace(video.index, corrupt_packets=1))
    cache, heard = StageCache(tmp_path / "cache"), list[tuple[int, int | None, str]]()
    with pytest.raises(Cut):
        detect(hurt, cache, BrightBlobs(8), cut)
    detect(hurt, cache, BrightBlobs(8), lambda *step: heard.append(step))
    passed = [(done, total) for done, total, unit in heard if unit == "frames passed over"]
    assert passed == [(done, FRAMES_A_PART) for done in range(1, FRAMES_A_PART + 1)]


@pytest.mark.parametrize("ahead", [1, 8])
def test_decoding_ahead_finds_the_same_and_leaves_no_thread_when_cut(
    video: IndexedVideo, tmp_path: Path, ahead: int
) -> None:
    def cut(done: int, total: int | None, unit: str) -> None:
        raise Cut

    plain = detect(video, StageCache(tmp_path / "plain"), BrightBlobs())
    cache = StageCache(tmp_path / "ahead")
    with pytest.raises(Cut):
        detect(video, cache, BrightBlobs(ahead), cut)
    assert "prefetch" not in [thread.name for thread in threading.enumerate()]
    assert content(detect(video, cache, BrightBlobs(ahead))) == content(plain)


def test_a_finished_stage_is_not_run_again(video: IndexedVideo, tmp_path: Path) -> None:
    cache, detector = StageCache(tmp_path / "cache"), BrightBlobs()
    first = detect(video, cache, detector)
    assert detect(video, cache, detector) == first
    assert detector.frames == FRAMES


def test_threads_do_not_change_the_key_and_thresholds_do(video: IndexedVideo) -> None:
    assert detect_key(video.sha256, DetectorConfig(threads=1), "blobs").digest == key_of(video).digest
    assert detect_key(video.sha256, DetectorConfig(nms_iou=0.5), "blobs").digest != key_of(video).digest
    assert detect_key(video.sha256, DetectorConfig(), "other").digest != key_of(video).digest


def test_a_new_way_of_numbering_frames_detects_anew(
    video: IndexedVideo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, detector = StageCache(tmp_path / "cache"), BrightBlobs()
    before = detect(video, cache, detector)
    monkeypatch.setattr("ml.pipeline.video.INDEX_VERSION", INDEX_VERSION + 1)
    assert detect(video, cache, detector) != before
    assert detector.frames == 2 * FRAMES


def track(video: IndexedVideo, cache: StageCache, roi: np.ndarray | None = None) -> tuple[StageKey, Path]:
    detected = detect(video, cache, BrightBlobs())
    key = track_key(key_of(video), TRACKER, roi)
    folder = track_video(detected, key=key, frame_count=FRAMES, config=TRACKER, roi=roi, cache=cache)
    return key, folder


def test_vehicles_become_tracklets(video: IndexedVideo, tmp_path: Path) -> None:
    _, folder = track(video, StageCache(tmp_path / "cache"))
    tracklets = sorted(read_tracklets(folder), key=lambda tracklet: tracklet.first_frame)
    assert len(tracklets) == 2
    assert tracklets[0].first_frame <= 3
    assert 20 <= tracklets[1].first_frame <= 24


def test_the_region_of_interest_decides_what_is_followed(video: IndexedVideo, tmp_path: Path) -> None:
    lower_half = np.zeros((HEIGHT, WIDTH), np.bool_)
    lower_half[HEIGHT // 2 :] = True
    cache = StageCache(tmp_path / "cache")
    everything, _ = track(video, cache)
    key, folder = track(video, cache, lower_half)
    assert key.digest != everything.digest
    (only,) = read_tracklets(folder)
    assert only.boxes[:, 1].min() > HEIGHT / 2


def test_tracklets_are_embedded_in_their_order_and_once(video: IndexedVideo, tmp_path: Path) -> None:
    cache, embedder = StageCache(tmp_path / "cache"), MeanColour()
    tracked, folder = track(video, cache)
    key = embed_key(tracked, EmbedderConfig(), "colour")
    folders = [
        embed_video(video, folder, key=key, config=EmbedderConfig(), embedder=lambda: embedder, cache=cache)
        for _ in range(2)
    ]
    assert folders[0] == folders[1]
    embeddings = list(read_embeddings(folders[0]))
    assert [e.number for e in embeddings] == [t.number for t in read_tracklets(folder)]
    assert sum(len(e.frames) for e in embeddings) == embedder.pictures
    for embedding in embeddings:
        np.testing.assert_allclose(embedding.mean, np.full(3, 3**-0.5), atol=0.01)
        assert len(embedding.crops) == len(embedding.frames)


def test_other_heads_for_type_and_colour_are_another_embedding(video: IndexedVideo, tmp_path: Path) -> None:
    tracked, _ = track(video, StageCache(tmp_path / "cache"))
    plain = embed_key(tracked, EmbedderConfig(), "colour")
    assert embed_key(tracked, EmbedderConfig(), "colour", "heads").digest != plain.digest
    assert embed_key(tracked, EmbedderConfig(attributes=False), "colour").digest != plain.digest


def test_embedding_counts_tracklets_and_is_done_once(video: IndexedVideo, tmp_path: Path) -> None:
    cache, said = StageCache(tmp_path / "cache"), list[tuple[int, int | None, str]]()
    tracked, folder = track(video, cache)
    embed_video(
        video,
        folder,
        key=embed_key(tracked, EmbedderConfig(), "colour"),
        config=EmbedderConfig(),
        embedder=MeanColour,
        cache=cache,
        progress=lambda *step: said.append(step),
    )
    assert {(total, unit) for _, total, unit in said} == {(2, "tracklets")}
    assert [done for done, _, _ in said] == sorted(done for done, _, _ in said)
    assert [done for done, _, _ in said].count(2) == 1


def test_two_runs_leave_the_same_bytes(film: Path, tmp_path: Path) -> None:
    folders = []
    for name in ("a", "b"):
        cache = StageCache(tmp_path / name)
        video = index_video(VideoFile.at(film), cache)
        key, tracked = track(video, cache)
        embed = embed_key(key, EmbedderConfig(), "colour")
        folders.append(
            embed_video(video, tracked, key=embed, config=EmbedderConfig(), embedder=MeanColour, cache=cache)
        )
    assert content(folders[0]) == content(folders[1])
