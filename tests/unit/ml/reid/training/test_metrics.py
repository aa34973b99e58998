"""What a training noted as curves: which are read, what is refused, and how they are drawn."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.cli.main import main
from ml.reid.training.curves import COLOURS, HEIGHT, WIDTH, draw_curves, smoothed, ticks
from ml.reid.training.metrics import read_curves
from ml.types import UserError

STEPS: list[dict[str, object]] = [
    {"step": 1, "learning_rate": 0.01, "loss": 3.0, "triplet": 1.0, "identity": 2.0},
    {"step": 2, "learning_rate": 0.02, "loss": 2.0, "triplet": 0.5, "identity": 1.5},
    {"step": 2, "epoch": 1, "images_per_second": 80.0, "held": {"map": 0.25, "rank1": 0.5, "rank5": 0.9, "minp": 0.1}},
]


def noted(folder: Path, lines: list[dict[str, object]], rest: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "metrics.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines) + rest)
    return folder


def test_losses_rate_and_scores_become_curves_over_the_steps(tmp_path: Path) -> None:
    found = read_curves(noted(tmp_path, STEPS, '{"step": 3, "lo'))  # a kill can leave half of the last line
    assert [(curve.name, curve.values.tolist()) for curve in found.losses] == [
        ("loss", [3.0, 2.0]),
        ("triplet", [1.0, 0.5]),
        ("identity", [2.0, 1.5]),
    ]
    assert [(curve.name, curve.values.tolist()) for curve in found.rates] == [("learning rate", [0.01, 0.02])]
    assert [(curve.name, curve.steps.tolist(), curve.values.tolist()) for curve in found.held] == [
        ("mAP", [2.0], [0.25]),
        ("rank-1", [2.0], [0.5]),
    ]
    assert found.epochs == 1


def test_a_loss_of_one_part_is_one_curve(tmp_path: Path) -> None:
    found = read_curves(noted(tmp_path, [{"step": 1, "loss": 2.0, "triplet": 2.0}]))
    assert [curve.name for curve in found.losses] == ["triplet"]


@pytest.mark.parametrize(
    ("lines", "rest", "code", "said"),
    [
        ([], "", "no-metrics", "no finished step"),
        ([{"step": 0, "epoch": 0}], "", "no-metrics", "no finished step"),
        ([{"step": 1, "loss": 1.0}], "nothing\n", "malformed-file", "line 2"),
        ([{"loss": 1.0}], "", "malformed-file", "line 1"),
    ],
)
def test_metrics_that_show_nothing_are_refused(
    lines: list[dict[str, object]], rest: str, code: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=said) as refused:
        read_curves(noted(tmp_path, lines, rest))
    assert refused.value.code == code


def test_a_folder_without_metrics_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["curves", str(tmp_path), "--out", str(tmp_path / "c.png")]) == 2
    assert f"{tmp_path} has no metrics.jsonl" in capsys.readouterr().err
    assert not (tmp_path / "c.png").exists()


def test_the_command_draws_a_panel_for_each_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "out" / "c.png"
    assert main(["curves", str(noted(tmp_path / "t", STEPS)), "--out", str(picture), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["latest"]["rank-1"] == 0.5
    drawn = cv2.imread(str(picture))
    assert drawn is not None
    assert drawn.shape == (3 * HEIGHT, WIDTH, 3)


def test_a_score_is_drawn_where_it_belongs(tmp_path: Path) -> None:
    scores: list[dict[str, object]] = [{"step": step, "held": {"map": value}} for step, value in ((5, 0.2), (10, 1.0))]
    image = draw_curves(read_curves(noted(tmp_path, scores)))
    drawn = np.argwhere((image == COLOURS[0]).all(axis=2))
    points = drawn[drawn[:, 1] < WIDTH - 200 + 5]  # left of the names
    assert points[:, 1].max() - points[:, 1].min() == pytest.approx(750 / 2, abs=12)  # half of the steps
    assert points[:, 0].max() - points[:, 0].min() == pytest.approx(0.8 / 1.05 * 208, abs=12)  # of a panel's height


def test_ticks_are_round_numbers() -> None:
    assert ticks(0, 316) == [0, 100, 200, 300]
    assert ticks(0, 0.58) == pytest.approx([0, 0.2, 0.4])
    assert ticks(-1, 1) == pytest.approx([-1, -0.5, 0, 0.5, 1])


@given(st.floats(-1e6, 1e6), st.floats(1e-9, 1e6))
def test_ticks_lie_within_and_are_few(low: float, width: float) -> None:
    found = ticks(low, low + width)
    slack = 1e-6 * (abs(low) + width)
    assert len(found) <= 6
    assert all(low - slack <= value <= low + width + slack for value in found)


def test_smoothing_is_the_mean_of_neighbours() -> None:
    assert smoothed(np.array([0.0, 3.0, 6.0, 0.0]), points=2).tolist() == [1.5, 3.0, 3.0, 3.0]
    assert smoothed(np.array([1.0, 5.0])).tolist() == [1.0, 5.0]
