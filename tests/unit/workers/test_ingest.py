"""Where an attempt at reading a video keeps its files, and that they do not pile up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backend.media.models import Video
from workers.ingest import attempt_folder


def test_an_attempt_clears_what_a_killed_one_of_the_same_video_left(tmp_path: Path, settings: Any) -> None:
    settings.STAGE_CACHE_DIR = tmp_path
    for name in ("ingest-7-killed", "ingest-70-running"):
        (tmp_path / "partial" / name).mkdir(parents=True)
        (tmp_path / "partial" / name / "proxy.partial").write_bytes(b"half a film")
    with attempt_folder(Video(pk=7)) as folder:
        (folder / "proxy.mp4").write_bytes(b"a film")
        assert not (tmp_path / "partial" / "ingest-7-killed").exists()
    assert [path.name for path in (tmp_path / "partial").iterdir()] == ["ingest-70-running"]
