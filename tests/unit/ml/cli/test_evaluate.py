"""`python -m ml eval`: figures from files, tables for people, and files that are refused by line."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml.cli.main import main


def scored(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    assert main(["eval", *map(str, arguments), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["eval", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["eval", *map(str, arguments)]) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    return seen.err


def write(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))
    return path


def boxes(identity: int, frames: range, tail: str = "1,-1,-1,-1", size: int = 20) -> list[str]:
    return [f"{frame},{identity},{10 + 3 * frame},30,{size},{size},{tail}" for frame in frames]


def submission(path: Path, numbers: dict[int, dict[int, range]]) -> Path:
    """camera -> identity -> frames."""
    return write(
        path,
        *(
            f"{camera} {identity} {frame} {10 * frame} {50 * camera} 40 40 -1 -1"
            for camera, identities in numbers.items()
            for identity, frames in identities.items()
            for frame in frames
        ),
    )


@pytest.fixture
def three(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Truth, a run and an earlier one: a vehicle of ten boxes in each of two cameras, lost in the end by either."""
    truth = submission(tmp_path / "gt.txt", {1: {7: range(1, 11)}, 2: {7: range(1, 11)}})
    run = submission(tmp_path / "run.txt", {1: {1: range(1, 11)}, 2: {1: range(1, 5), 2: range(5, 9)}})
    return truth, run, submission(tmp_path / "earlier.txt", {1: {1: range(1, 4)}, 2: {1: range(1, 4)}})


def test_mtmc_says_what_the_rule_took_out_of_each_camera(
    three: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    truth, run, _ = three
    score = scored(capsys, "mtmc", "--gt", truth, "--pred", run)

    assert score["idtp"] == 14
    assert score["per_camera"]["c001"]["idf1"] == 1
    expected = {"has_roi": False, "predicted": 8, "outside_roi": 0, "in_one_camera": 4, "repeated": 0, "scored": 4}
    assert score["filtered"]["c002"] == expected
    text = told(capsys, "mtmc", "--gt", truth, "--pred", run)
    assert "rule: AI City Challenge" in text
    last = [line.split() for line in text.splitlines() if line.startswith("c002")][-1]
    assert " ".join(last) == "c002 none 8 0 4 0 4"


def test_mtmc_of_a_scene_folder_is_told_by_class_and_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The car (class 3) is found in both cameras, the bus (class 6) in the first alone, so that the rule drops it."""
    for name in ("c001", "c002"):
        bus = boxes(2, range(1, 11), "1,6,1.0", size=200)
        write(tmp_path / "S01" / name / "gt" / "gt.txt", *boxes(1, range(1, 11), "1,3,1.0"), *bus)
    lines = [f"{camera} 5 {n} {10 + 3 * n} 30 20 20" for camera in (1, 2) for n in range(1, 11)]
    pred = write(tmp_path / "track1.txt", *lines, *(f"1 6 {n} {10 + 3 * n} 30 200 200" for n in range(1, 11)))

    score = scored(capsys, "mtmc", "--gt", tmp_path / "S01", "--pred", pred)

    assert score["by_class"] == {
        "3": {"truths": 20, "recall": 1.0, "idr": 1.0},
        "6": {"truths": 20, "recall": 0.0, "idr": 0.0},
    }
    assert score["by_size"]["large"] == score["by_class"]["6"]
    assert score["filtered"]["c001"]["in_one_camera"] == 10


def test_mtmc_lists_errors_with_frames_as_files_count_them(
    three: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    truth, run, _ = three
    arguments = ("mtmc", "--gt", truth, "--pred", run, "--errors")

    errors = scored(capsys, *arguments)["errors"]

    assert errors["missed"] == [{"id": 7, "camera": "c002", "first_frame": 5, "last_frame": 10, "boxes": 6}]
    assert errors["fragmented"] == errors["merged"] == errors["false"] == []
    assert "7 in c002 5-10 (6)" in told(capsys, *arguments)
    assert "errors" not in scored(capsys, *arguments[:-1])


def test_mtmc_says_what_changed_since_an_earlier_run(
    three: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    truth, run, earlier = three
    arguments = ("mtmc", "--gt", truth, "--pred", run, "--against", earlier)

    against = scored(capsys, *arguments)["against"]

    assert against["figures"]["idtp"] == 14 - 6
    assert against["better"] == [{"id": 7, "boxes": 20, "before": 6, "after": 14, "camera": None}]
    assert against["worse"] == []
    assert against["score"]["idtp"] == 6
    assert "  7: 6 -> 14 of 20" in told(capsys, *arguments)


def test_mot_scores_one_camera_by_size_and_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A small car (class 1) followed for 8 of 10 boxes, a large bus (class 2) never."""
    truth = [*boxes(1, range(1, 11), "1,1,1.0"), *boxes(2, range(1, 11), "1,2,1.0", size=200)]
    gt = write(tmp_path / "gt.txt", *truth)
    pred = write(tmp_path / "mtsc.txt", *boxes(4, range(1, 9)))

    score = scored(capsys, "mot", "--gt", gt, "--pred", pred)

    assert (score["idtp"], score["idfn"], score["switches"]) == (8, 12, 0)
    assert score["by_size"]["small"] == {"truths": 10, "recall": 0.8, "idr": 0.8}
    assert score["by_size"]["large"]["recall"] == 0
    assert score["by_class"]["1"]["recall"] == 0.8
    text = told(capsys, "mot", "--gt", gt, "--pred", pred)
    assert "class" in text
    without = write(tmp_path / "plain.txt", *boxes(1, range(1, 11)))
    assert "by_class" not in scored(capsys, "mot", "--gt", without, "--pred", pred)


def test_boxes_flagged_out_of_the_truth_count_neither_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gt = write(tmp_path / "gt.txt", *boxes(1, range(1, 11)), *boxes(2, range(20, 30), "0,-1,-1,-1"))
    pred = write(tmp_path / "mtsc.txt", *boxes(4, range(1, 11)), *boxes(5, range(20, 25)), *boxes(6, range(40, 42)))

    score = scored(capsys, "mot", "--gt", gt, "--pred", pred)

    assert (score["idtp"], score["idfp"], score["idfn"], score["on_ignored"]) == (10, 2, 0, 5)
    assert "5 predicted boxes lie on ignored ones" in told(capsys, "mot", "--gt", gt, "--pred", pred)


def test_mot_scores_a_folder_of_cameras_each_with_its_own_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("c1", "c2"):
        write(tmp_path / "S01" / name / "gt" / "gt.txt", *boxes(1, range(1, 11)))
    for name, number in (("c1", 1), ("c2", 2), ("c3", 3)):
        write(tmp_path / "mtsc" / f"{name}.txt", *boxes(number, range(1, 11)))
    arguments = ("mot", "--gt", tmp_path / "S01", "--pred", tmp_path / "mtsc")

    score = scored(capsys, *arguments)

    assert (score["idf1"], score["hota"], score["idtp"]) == (1, 1, 20)
    assert list(score["per_camera"]) == ["c1", "c2"]
    assert score["unscored"] == ["c3"]
    assert "not scored, without ground truth: c3" in told(capsys, *arguments)


def test_mot_says_what_changed_since_earlier_tracks_camera_by_camera(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Vehicle 1 of c1 was followed for 4 of its 10 boxes and now for 9; vehicle 1 of c2, another one, as before."""
    for name in ("c1", "c2"):
        write(tmp_path / "S01" / name / "gt" / "gt.txt", *boxes(1, range(1, 11)))
    for folder, until in (("new", 10), ("old", 5)):
        write(tmp_path / folder / "c1.txt", *boxes(3, range(1, until)))
        write(tmp_path / folder / "c2.txt", *boxes(3, range(1, 11)))
    arguments = ("mot", "--gt", tmp_path / "S01", "--pred", tmp_path / "new", "--against", tmp_path / "old")

    against = scored(capsys, *arguments)["against"]

    assert against["figures"]["idtp"] == against["per_camera"]["c1"]["idtp"] == 5
    assert against["better"] == [{"id": 1, "boxes": 10, "before": 4, "after": 9, "camera": "c1"}]
    assert against["worse"] == []
    assert "  1 in c1: 4 -> 9 of 10" in told(capsys, *arguments)


def test_mot_compares_two_files_of_one_camera_whatever_their_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gt = write(tmp_path / "gt.txt", *boxes(1, range(1, 11)))
    new, old = write(tmp_path / "new.txt", *boxes(3, range(1, 11))), write(tmp_path / "old.txt", *boxes(3, range(1, 5)))

    against = scored(capsys, "mot", "--gt", gt, "--pred", new, "--against", old)["against"]

    assert against["figures"]["idtp"] == 6
    assert against["score"]["idtp"] == 4


def test_det_scores_detections_by_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("c1", "c2"):
        write(tmp_path / "gt" / f"{name}.txt", *boxes(1, range(1, 11)))
    write(tmp_path / "det" / "c1.txt", *boxes(-1, range(1, 11), "0.9"))
    write(tmp_path / "det" / "c2.txt", *boxes(-1, range(1, 6), "0.8"))

    score = scored(capsys, "det", "--gt", tmp_path / "gt", "--det", tmp_path / "det")

    assert score["recall50"] == 0.75
    assert score["ap50"] == pytest.approx(76 / 101)
    assert score["per_camera"]["c1"]["ap50"] == pytest.approx(1)
    assert score["per_camera"]["c2"]["by_size"]["small"] == {"truths": 10, "recall": 0.5}
    text = told(capsys, "det", "--gt", tmp_path / "gt", "--det", tmp_path / "det")
    assert " ".join(text.splitlines()[1].split()) == "all 0.7525 0.7525 0.7500 0.7500 - - 20 15"


@pytest.fixture
def ranking(tmp_path: Path) -> tuple[str | Path, ...]:
    query = write(tmp_path / "q.csv", "name,identity,camera", "q1,a,c1", "q2,b,c1")
    gallery = write(tmp_path / "g.csv", "g1,a,c1", "g2,a,c2", "g3,c,c2", "g4,a,c3")
    np.save(tmp_path / "d.npy", np.array([[0.1, 0.2, 0.3, 0.4], [0, 0, 0, 0]], np.float32))
    return "reid", "--distmat", tmp_path / "d.npy", "--query", query, "--gallery", gallery


def test_reid_scores_a_ranking_and_counts_queries_without_an_answer(
    ranking: tuple[str | Path, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    score = scored(capsys, *ranking, "--topk", "2")

    assert score["map_all"] == pytest.approx((1 + 2 / 3) / 2)
    assert (score["map_at_k"], score["k"]) == (0.5, 2)
    assert score["cmc"]["1"] == 1
    assert (score["scored"], score["unanswerable"]) == (1, 1)
    text = told(capsys, *ranking)
    assert "mAP 0.833333" in text
    assert "1 queries scored, 1 without a right answer" in text


@pytest.mark.parametrize(
    ("name", "line", "sentence"),
    [
        ("q.csv", "q3,a", "q.csv, line 4: 2 columns where name, identity, camera are needed."),
        ("q.csv", "q3,,c1", "q.csv, line 4: identity is empty."),
        ("q.csv", "q2,b,c2", "q.csv, line 4: picture q2 is named twice (first on line 3)."),
        ("g.csv", "g5,a,c1", "one row a query and one column a gallery picture are needed"),
    ],
)
def test_a_list_of_pictures_is_refused_by_line(
    name: str, line: str, sentence: str, ranking: tuple[str | Path, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    path = next(Path(part) for part in ranking if str(part).endswith(name))
    path.write_text(f"{path.read_text()}\n{line}")

    assert sentence in refused(capsys, *ranking)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no matrix", "is not a matrix that numpy.save has written"),
        (None, "does not exist"),
        (np.zeros(3), "must hold one matrix of floating-point numbers"),
        (np.zeros((2, 4), np.int64), "must hold one matrix of floating-point numbers"),
    ],
)
def test_a_file_that_holds_no_distances_is_refused(
    content: Any, sentence: str, ranking: tuple[str | Path, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(ranking[2])
    path.unlink()
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        np.save(path, content)

    assert f"{path} {sentence}" in refused(capsys, *ranking)


@pytest.mark.parametrize(
    ("kind", "option", "line", "sentence"),
    [
        ("mot", "--pred", "3,1,x,0,9,9,1", "left is 'x', not a number"),
        ("mot", "--pred", "1,4,0,0,9,9,1", "id 4 is in frame 1 twice (first on line 1)"),
        ("mot", "--gt", "0,1,0,0,9,9,1", "frame must be 1 or more"),
        ("mot", "--gt", "3,1,0,0,9,-9,1", "width and height must be positive"),
        ("det", "--det", "3,-1,0,0,9,9,1.5", "conf must lie in 0..1"),
        ("det", "--det", "3,-1,0,0,9", "5 columns where"),
    ],
)
def test_a_malformed_line_is_named(
    kind: str, option: str, line: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = "--det" if kind == "det" else "--pred"
    files = {name: write(tmp_path / f"{name[2:]}.txt", *boxes(4, range(1, 3))) for name in ("--gt", other)}
    files[option].write_text(f"{files[option].read_text()}\n{line}")

    message = refused(capsys, kind, *(part for pair in files.items() for part in pair))

    assert f"error: {files[option]}, line 3: {sentence}" in message


@pytest.mark.parametrize("truth", [[], boxes(1, range(1, 11), "0,-1,-1,-1")], ids=["empty", "all ignored"])
@pytest.mark.parametrize(("kind", "option"), [("mot", "--pred"), ("det", "--det")])
def test_a_truth_without_a_box_that_counts_is_refused(
    kind: str, option: str, truth: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gt = write(tmp_path / "gt.txt", *truth)
    found = write(tmp_path / "found.txt", *boxes(4, range(1, 9), "0.9,-1,-1,-1"))
    assert f"{gt} has no true box to score against" in refused(capsys, kind, "--gt", gt, option, found)


def test_mtmc_without_a_true_box_is_refused(
    three: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gt = write(tmp_path / "none.txt")
    assert f"{gt} has no true box to score against" in refused(capsys, "mtmc", "--gt", gt, "--pred", three[1])


def test_folders_that_do_not_fit_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gt = write(tmp_path / "gt" / "c1.txt", *boxes(1, range(1, 3)))
    other = write(tmp_path / "mtsc" / "c2.txt", *boxes(1, range(1, 3)))

    assert "c1.txt does not exist, and c1 has ground truth" in refused(
        capsys, "mot", "--gt", gt.parent, "--pred", other.parent
    )
    assert "two files of one camera or two folders" in refused(capsys, "mot", "--gt", gt.parent, "--pred", other)
    assert "has no ground truth" in refused(capsys, "mot", "--gt", tmp_path, "--pred", other.parent)
    assert "does not exist" in refused(capsys, "mot", "--gt", tmp_path / "none", "--pred", other)
