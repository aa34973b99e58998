"""A run as files: what was decided is in them, and the library reads them back to the same boxes."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from backend.config.archives import Archive
from backend.config.problems import Conflict
from backend.review.edits import Cut
from backend.review.export import box_texts, camera_numbers, run_export
from backend.review.services.tracklet_edits import tracklets_edit
from backend.tracking.models import RunState
from ml.datasets.mot import read_tracks
from ml.datasets.submission import SubmissionRows, read_submission
from tests.unit.backend.review.town import Town
from workers.scene_export import submission_of_run


def exported(town: Town) -> ZipFile:
    return ZipFile(io.BytesIO(b"".join(run_export(run=town.run, by=town.people["vic"]).chunks())))


def submission(town: Town, folder: Path) -> SubmissionRows:
    return read_submission(Path(exported(town).extract("track1.txt", folder)))


def test_the_submission_is_the_one_that_the_command_writes_and_follows_every_decision(
    town: Town, tmp_path: Path
) -> None:
    before = submission(town, tmp_path)
    said = town.say("ann", "a3 b3", "different")
    after, written = submission(town, tmp_path), submission_of_run(town.run)
    assert len(set(before.ids.tolist())) + 1 == len(set(after.ids.tolist()))
    for column in ("cameras", "ids", "frames", "boxes"):
        assert np.array_equal(getattr(after, column), getattr(written, column))
    manifest = json.loads(exported(town).read("manifest.json"))
    assert manifest["decisions"]["last_operation"] == said.number
    assert manifest["made"]["by"] == "vic"


def test_each_camera_has_its_tracks_and_the_manifest_vouches_for_every_file(town: Town, tmp_path: Path) -> None:
    archive = exported(town)
    listed = json.loads(archive.read("manifest.json"))["files"]
    assert [each["name"] for each in listed] == ["track1.txt", "A/mtsc.txt", "B/mtsc.txt", "C/mtsc.txt"]
    for each in listed:
        content = archive.read(each["name"])
        assert (hashlib.sha256(content).hexdigest(), content.count(b"\n")) == (each["sha256"], each["lines"])
    tracks = read_tracks(Path(archive.extract("A/mtsc.txt", tmp_path))).tracklets()
    assert [(track.number, int(track.frames[0]), len(track)) for track in tracks] == [
        (1, 0, 20),
        (2, 10, 20),
        (3, 200, 20),
    ]
    assert tracks[0].boxes[0].tolist() == [100.0, 50.0, 140.0, 70.0]


def test_an_edit_while_an_export_is_sent_is_in_none_of_its_files(town: Town) -> None:
    chunks = run_export(run=town.run, by=town.people["vic"]).chunks()
    begun = next(chunks)
    cut = Cut(town.tracklets["b1"].pk, 60)
    tracklets_edit(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, edits=[cut])
    archive = ZipFile(io.BytesIO(b"".join([begun, *chunks])))
    assert {line.split(b",")[1] for line in archive.read("B/mtsc.txt").splitlines()} == {b"1", b"2", b"3"}
    assert json.loads(archive.read("manifest.json"))["decisions"]["others_while_it_was_made"] == 1


def test_a_run_that_has_not_finished_is_not_exported(town: Town) -> None:
    town.run.state = RunState.RUNNING
    with pytest.raises(Conflict, match="has not finished"):
        run_export(run=town.run, by=town.people["ann"])


@pytest.mark.parametrize(
    ("names", "numbers"),
    [(["c041", "c042"], [41, 42]), (["north", "south"], [1, 2]), (["a1", "b1"], [1, 2])],
)
def test_cameras_are_numbered_by_their_names_where_these_tell_them_apart(names: list[str], numbers: list[int]) -> None:
    assert list(camera_numbers(names).values()) == numbers


def test_a_box_is_written_so_that_its_corners_come_back() -> None:
    left, top, width, height = box_texts(np.array([0.1, 1e-05, 12.3, 7], np.float32))
    assert [left, top, width, height] == ["0.1", "0.00001", "12.2", "6.99999"]


def test_an_archive_comes_in_pieces_and_is_the_same_whenever_it_is_made() -> None:
    def made() -> list[bytes]:
        archive = Archive()
        noise = np.random.default_rng(1).bytes(1 << 20)
        large = list(archive.file("large", (noise[start : start + 65536] for start in range(0, len(noise), 65536))))
        return [*large, *archive.file("empty", []), *archive.end()]

    pieces = made()
    assert len(pieces) > 3
    assert max(map(len, pieces)) < 1 << 19
    assert made() == pieces
    content = ZipFile(io.BytesIO(b"".join(pieces)))
    assert content.testzip() is None
    assert [(each.filename, each.file_size) for each in content.infolist()] == [("large", 1 << 20), ("empty", 0)]
