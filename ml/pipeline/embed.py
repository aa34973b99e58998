"""The embed stage: a few views of every tracklet as vectors and as pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from ml.pipeline.artefacts import load_tracklets, part_path, save_embeddings, tracklet_count
from ml.pipeline.cache import StageCache, StageKey
from ml.pipeline.track import tracklet_parts
from ml.pipeline.video import IndexedVideo
from ml.reid import Embedder, EmbedderConfig, embed_tracklets
from ml.types import Mask, Progress, Tracklet, TrackletEmbedding, no_progress
from ml.video import read_frames

VERSION = 3
KIND = "embeddings"


def embed_key(tracklets: StageKey, config: EmbedderConfig, model_checksum: str, heads_checksum: str = "") -> StageKey:
    """The tracklets (and with them the region of interest), the embedder's settings, its weights and those of the heads
    for type and colour decide.
    """
    inputs = {"tracklets": tracklets.digest, "model": model_checksum, "attributes": heads_checksum}
    return StageKey("embed", VERSION, inputs, asdict(config))


def embed_video(
    video: IndexedVideo,
    tracklets: Path,
    *,
    key: StageKey,
    config: EmbedderConfig,
    embedder: Callable[[], Embedder],
    cache: StageCache,
    roi: Mask | None = None,
    progress: Progress = no_progress,
) -> Path:
    """Embed the tracklets of a track stage's folder, part by part; returns the embed stage's folder.

    A part is embedded in one pass over the frames that it spans, so that memory holds one part's pictures.
    A killed call leaves its whole parts behind; the next goes on after them.
    """
    with cache.claim(key, progress) as stage:
        if stage.complete:
            return stage.path
        sources = tracklet_parts(tracklets)
        counts = [tracklet_count(path) for path in sources]
        for part, path in enumerate(sources):
            target = part_path(stage.path, KIND, part)
            if not target.is_file():
                made, share = embedder(), _share(progress, counts, part)
                save_embeddings(
                    target, embed_part(video, load_tracklets(path), made, config, roi=roi, progress=share), made.size
                )
        progress(sum(counts), sum(counts), "tracklets")
        return stage.commit(key)


def _share(progress: Progress, counts: Sequence[int], part: int) -> Progress:
    """Progress over the frames of one part as progress over all tracklets, short of the last until all is saved."""
    before, tracklets = sum(counts[:part]), sum(counts)

    def shared(done: int, total: int | None, unit: str) -> None:
        within = counts[part] * done // total if total else 0
        progress(min(before + within, tracklets - 1), tracklets, "tracklets")

    return shared


def embed_part(
    video: IndexedVideo,
    tracklets: list[Tracklet],
    embedder: Embedder,
    config: EmbedderConfig,
    *,
    roi: Mask | None = None,
    progress: Progress = no_progress,
) -> list[TrackletEmbedding]:
    """The embeddings of `tracklets`, in their order, from one pass over the frames they span."""
    first = min(tracklet.first_frame for tracklet in tracklets)
    stop = max(tracklet.last_frame for tracklet in tracklets) + 1

    def known_total(done: int, total: int | None, unit: str) -> None:
        progress(done, stop - first, unit)

    def passing_over(done: int, total: int | None, unit: str) -> None:
        progress(0, stop - first, unit)

    return embed_tracklets(
        read_frames(video.path, index=video.index, first=first, stop=stop, skipping=passing_over),
        tracklets,
        embedder=embedder,
        config=config,
        frame_size=(video.width, video.height),
        roi=roi,
        progress=known_total,
    )
