"""Job kind `export_labels`: a label set, or a run as people see it, as a zip in another tool's format."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from backend.config.archives import Archive
from backend.config.problems import Problem
from backend.labels.content import LabelContent
from backend.labels.export_services import label_export_finish
from backend.labels.models import LabelExport, LabelFormat, LabelSet
from backend.labels.selectors import label_content
from backend.labels.snapshot import run_content
from backend.media.storage import delete_file, save_file
from ml.datasets.labels import CameraLabels, LabelTrack, write_labels
from ml.datasets.text import write_lines
from ml.types import UserError
from ml.video import sha256_of
from workers.context import JobContext
from workers.label_crops import content_reid

PICTURES = (LabelFormat.VERI, LabelFormat.AICITY)
CHUNK = 1 << 20


def run(context: JobContext) -> None:
    """Raises UserError where the export is gone, or the labels cannot be written in its format."""
    export = LabelExport.objects.select_related("scene", "label_set", "run").filter(pk=_wanted(context)).first()
    if export is None:
        raise UserError("export-gone", "This export is no longer kept; ask for it again.")
    with tempfile.TemporaryDirectory() as scratch:
        folder, packed = Path(scratch) / "files", Path(scratch) / "export.zip"
        folder.mkdir()
        write_export(export, folder, context)
        write_zip(folder, packed)
        checksum, size = sha256_of(packed), packed.stat().st_size
        stored = save_file(f"scenes/{export.scene_id}/exports/{export.pk}-{checksum[:16]}.zip", packed)
    try:
        with context.publish():
            label_export_finish(export=export, file=stored, size=size, sha256=checksum)
    except BaseException:
        if not context.published:
            delete_file(stored)
        raise


def write_export(export: LabelExport, folder: Path, context: JobContext) -> None:
    """The files of the export below `folder`: labels/..., ORIGINS.csv, ABOUT.txt, SHA256SUMS. No clock is in them."""
    try:
        content = run_content(run=export.run) if export.run else label_content(label_set=_set_of(export))
    except Problem as problem:
        raise UserError(problem.code, problem.detail) from None
    if export.format in PICTURES:
        numbered = export.format == LabelFormat.AICITY
        content_reid(content, folder / "labels", numbered=numbered, progress=context.progress)
    else:
        write_labels(export.format, folder / "labels", cameras_of(content))
    write_lines(folder / "ORIGINS.csv", _origins(content))
    write_lines(folder / "ABOUT.txt", _about(export))
    listed = sorted(path for path in folder.rglob("*") if path.is_file())
    write_lines(folder / "SHA256SUMS", [f"{sha256_of(path)}  {path.relative_to(folder)}" for path in listed])


def cameras_of(content: LabelContent) -> list[CameraLabels]:
    """The labels video by video; a camera's further videos are called <camera>_2, ..."""
    found, seen = [], Counter[str]()
    for place, video in enumerate(content.videos):
        seen[video.camera] += 1
        name = video.camera if seen[video.camera] == 1 else f"{video.camera}_{seen[video.camera]}"
        tracks = [
            LabelTrack(each.number, each.identity, each.category, each.colour, each.frames, each.boxes)
            for each in content.tracklets
            if each.video == place
        ]
        size = (video.width, video.height, video.frame_count)
        in_order = tuple(sorted(tracks, key=lambda each: each.number))
        found.append(CameraLabels(name, in_order, *size, video.fps, video.start_s))
    return found


def write_zip(folder: Path, packed: Path) -> None:
    """All files of the folder, by name."""
    archive = Archive()
    with packed.open("wb") as target:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            target.writelines(archive.file(str(path.relative_to(folder)), _pieces(path)))
        target.writelines(archive.end())


def _wanted(context: JobContext) -> int:
    return int(context.job.parameters["export"])


def _set_of(export: LabelExport) -> LabelSet:
    assert export.label_set is not None
    return export.label_set


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(CHUNK):
            yield piece


def _origins(content: LabelContent) -> Iterator[str]:
    """Who says so: formats of labels have no place for that."""
    yield "camera,tracklet,identity,by,held"
    for each in content.tracklets:
        camera, who = content.videos[each.video].camera, "people" if each.human else "machine"
        yield f"{camera},{each.number},{each.identity},{who},{int(each.held)}"


def _about(export: LabelExport) -> Iterator[str]:
    yield f"scene: {export.scene.slug}"
    yield f"format: {export.format}"
    if export.label_set is not None:
        yield f"label set: {export.label_set.number}, sha256 {export.label_set.sha256}"
        yield f"run: {export.label_set.run_number}, with edits up to {export.label_set.last_operation}"
    if export.run is not None:
        yield f"run: {export.run.number}, as people saw it"
    yield "ORIGINS.csv says of each tracklet whether people confirmed its identity or the machine joined it."
    yield "SHA256SUMS is for sha256sum --check."
