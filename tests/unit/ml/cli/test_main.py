"""What the shell sees: help on every level, one sentence and exit code 2 for what a person can put right."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from ml.cli.command import StageLines
from ml.cli.main import build_parser, main
from ml.datasets.submission import SubmissionRows, write_submission

LEVELS = [
    [],
    ["run"],
    ["detect"],
    ["track"],
    ["embed"],
    ["links"],
    ["sync"],
    ["eval"],
    ["eval", "mtmc"],
    ["eval", "mot"],
    ["eval", "det"],
    ["eval", "reid"],
    ["cut"],
    ["crops"],
    ["describe"],
    ["train"],
    ["weights"],
    ["weights", "list"],
    ["weights", "fetch"],
    ["weights", "import"],
]


@pytest.mark.parametrize("command", LEVELS, ids=" ".join)
def test_every_level_has_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert "usage: python -m ml" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["run", "nowhere", "--out", "out"], "error: nowhere does not exist."),
        (["run", "nowhere", "--out", "out", "--preset", "fast"], "error: There is no preset 'fast'"),
        (["run", "nowhere", "--out", "out", "--config", "no.yaml"], "error: no.yaml does not exist."),
        (["detect", "nowhere.mp4", "--out", "det.txt"], "error: nowhere.mp4"),
        (["track", "--det", "nowhere.txt", "--out", "m.txt"], "error: nowhere.txt does not exist."),
        (["eval", "mtmc", "--gt", "gt.txt", "--pred", "no.txt"], "error: no.txt does not exist."),
        (["sync", "--tracks", ".", "--embeddings", "no.npz", "--out", "t.txt"], "error: no.npz does not exist"),
        (["links", "--embeddings", "no.npz", "--out", "l.yaml"], "error: no.npz does not exist"),
        (["cut", "nowhere", "--out", "out", "--seconds", "1"], "error: nowhere does not exist."),
        (["weights", "fetch", "yolo"], "error: There are no weights named 'yolo'"),
    ],
)
def test_a_mistake_is_one_sentence_on_stderr(
    command: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(command) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err.startswith(sentence)
    assert seen.err.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("run S --out O", "finished parts are kept and the same command goes on"),
        ("train R --data S --out O", "finished parts are kept and the same command goes on"),
        ("detect V --out D", "the same command starts from the beginning; with --cache DIR it would go on"),
        ("detect V --out D --cache C", "finished parts are kept and the same command goes on"),
        ("track --video V --out M", "the same command starts from the beginning; with --cache"),
        ("track --video V --out M --cache C", "finished parts are kept and the same command goes on"),
        ("track --det D --out M --cache C", "the same command starts from the beginning"),
        ("embed S --tracks T --out E --cache C", "the same command starts from the beginning"),
        ("crops S --out O", "the same command starts from the beginning"),
        ("weights list", "the same command starts from the beginning"),
    ],
)
def test_what_is_said_after_ctrl_c_is_true_of_the_command(command: str, sentence: str) -> None:
    options = build_parser().parse_args(command.split())
    assert options.interrupted(options).startswith(sentence)


@pytest.mark.parametrize(
    "command",
    [
        ["swim"],
        ["run"],
        ["track", "--out", "m.txt"],
        ["eval", "mtmc", "--gt", "g"],
        ["cut", "s", "--out", "o", "--seconds", "nan"],
    ],
)
def test_a_wrong_call_shows_the_usage(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2
    assert "usage: python -m ml" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "det.txt").write_text("")
    out = tmp_path / "file" / "mtsc.txt"
    assert main(["track", "--det", str(tmp_path / "det.txt"), "--out", str(out)]) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err


def detections(path: Path) -> Path:
    """Two vehicles crossing in 30 frames."""
    lines = [
        f"{frame},-1,{x},{y},40,30,0.9,-1,-1,-1"
        for frame in range(1, 31)
        for x, y in ((10 + 4 * frame, 50), (300 - 4 * frame, 150))
    ]
    path.write_text("\n".join(lines))
    return path


def test_a_file_of_detections_has_no_pictures_for_reid_features(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    det = str(detections(tmp_path / "det.txt"))
    assert main(["track", "--det", det, "--features", "reid", "--out", str(tmp_path / "mtsc.txt")]) == 2
    assert "say --video, or --features none" in capsys.readouterr().err


def test_detections_become_tracks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mtsc.txt"
    det = detections(tmp_path / "det.txt")
    assert main(["track", "--det", str(det), "--tracker", "deepsort", "--out", str(out), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["tracklets"] == 2
    assert len(out.read_text().splitlines()) == result["boxes"]


def submission(cameras: list[int], ids: list[int], frames: list[int]) -> SubmissionRows:
    boxes = np.array([[10 * frame, 20, 10 * frame + 40, 60] for frame in frames], np.float32)
    columns = [np.array(values, np.int32) for values in (cameras, ids, frames)]
    return SubmissionRows.without_world(columns[0], columns[1], columns[2], boxes)


def test_a_submission_is_scored_against_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # One vehicle, four boxes in two cameras; the prediction splits off the last: IDTP 3, IDFP 0, IDFN 1.
    write_submission(tmp_path / "gt.txt", submission([1, 1, 2, 2], [7, 7, 7, 7], [0, 1, 4, 5]))
    write_submission(tmp_path / "track1.txt", submission([1, 1, 2, 2], [1, 1, 1, 9], [0, 1, 4, 5]))
    arguments = ["eval", "mtmc", "--gt", str(tmp_path / "gt.txt"), "--pred", str(tmp_path / "track1.txt")]
    assert main([*arguments, "--json"]) == 0
    score = json.loads(capsys.readouterr().out)
    assert (score["idtp"], score["idfp"], score["idfn"]) == (3, 0, 1)
    assert score["idf1"] == pytest.approx(6 / 7)
    assert main(arguments) == 0
    assert "IDF1 0.857143" in capsys.readouterr().out


def test_weights_are_listed_with_licence_and_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["weights", "list", "--json"]) == 0
    cards = {card["name"]: card for card in json.loads(capsys.readouterr().out)["weights"]}
    assert "Apache-2.0" in cards["nanodet"]["licence"]
    assert cards["maskrcnn-resnet50"]["get"] == "python -m ml weights fetch maskrcnn-resnet50"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_off_a_terminal_is_a_line_a_stage() -> None:
    stream = StringIO()
    lines = StageLines(stream)
    progress = lines.stage("c001: detect")
    for done in range(1, 4):
        progress(done, 3, "frames")
    lines.close()
    assert stream.getvalue() == "c001: detect  3/3 frames\n"


def test_progress_on_a_terminal_is_redrawn() -> None:
    stream = Terminal()
    lines = StageLines(stream, redraw_s=0)
    progress = lines.stage("c001: detect")
    progress(1, 3, "frames")
    progress(3, 3, "frames")
    lines.stage("c001: track")(3, 3, "frames")
    lines.close()
    assert stream.getvalue().split("\r\x1b[K")[1:] == [
        "c001: detect  1/3 frames",
        "c001: detect  3/3 frames\nc001: track  3/3 frames\n",
    ]


INTERRUPTED_IN_AN_IMPORT = """
import signal
from ml.cli.main import INTERRUPTED, leave
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    exec("signal.raise_signal(signal.SIGINT)")
except KeyboardInterrupt:
    print("caught")
leave(INTERRUPTED)
"""


def test_an_interrupt_in_code_made_of_text_ends_with_the_code_for_interrupts(tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text(INTERRUPTED_IN_AN_IMPORT)
    command = [sys.executable, "-m", "interrupted"]
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    ended = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (130, "caught\n")
