"""Scores of a classifier, worked out by hand."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from ml.evaluation.classes import score_classes
from ml.types import UserError

# Said a, a, b, b; true a, b, b, b.
SAID = np.array([[0.8, 0.2, 0], [0.6, 0.4, 0], [0.3, 0.7, 0], [0.1, 0.9, 0]])
TRUTH = np.array([0, 1, 1, 1])


def test_accuracy_f1_and_log_loss_by_hand() -> None:
    """F1 of a is 2/3 (one right, one too many), of b 4/5 (two right, one missed); nobody is c."""
    score = score_classes(SAID, TRUTH)
    assert score.accuracy == pytest.approx(3 / 4)
    assert score.macro_f1 == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert score.log_loss == pytest.approx(-np.log([0.8, 0.4, 0.7, 0.9]).mean())
    np.testing.assert_allclose(score.confusion, np.array([[0.25, 0, 0], [0.25, 0.5, 0], [0, 0, 0]]))


def test_the_calibration_error_is_the_gap_in_each_tenth_of_confidence() -> None:
    """Confidences 0.8, 0.6, 0.7, 0.9, each in a tenth of its own: gaps 0.2, 0.6, 0.3, 0.1."""
    assert score_classes(SAID, TRUTH).ece == pytest.approx((0.2 + 0.6 + 0.3 + 0.1) / 4)


def test_what_counts_twice_is_as_if_it_were_there_twice() -> None:
    twice = score_classes(np.vstack((SAID, SAID[:1])), np.append(TRUTH, 0))
    assert score_classes(SAID, TRUTH, np.array([2.0, 1, 1, 1])).as_dict() == pytest.approx(twice.as_dict())


@pytest.mark.parametrize(
    ("said", "truth", "code"),
    [
        (SAID[:0], TRUTH[:0], "no-samples"),
        (SAID, TRUTH[:3], "wrong-shape"),
        (SAID, TRUTH + 2, "wrong-shape"),
        (SAID, TRUTH - 1, "wrong-shape"),
    ],
)
def test_what_does_not_go_together_is_refused(said: npt.NDArray[Any], truth: npt.NDArray[Any], code: str) -> None:
    with pytest.raises(UserError) as error:
        score_classes(said, truth)
    assert error.value.code == code
