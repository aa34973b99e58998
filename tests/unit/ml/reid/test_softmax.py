"""Softmax regression: what its optimum must be, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.reid.softmax import fit_softmax, fit_temperature, log_softmax, softmax
from ml.types import UserError


def test_without_anything_to_go_by_it_says_how_often_each_class_is() -> None:
    """Features of zero leave the bias: three of four weigh as class 0."""
    classes, weights = np.array([0, 0, 1]), np.array([1.0, 2.0, 1.0])
    head = fit_softmax(np.zeros((3, 2), np.float32), classes, weights, count=2, penalty=0.1)
    np.testing.assert_allclose(softmax(head.logits(np.zeros((1, 2), np.float32))), [[0.75, 0.25]], atol=1e-3)


def test_the_penalty_holds_the_weights_to_the_slope_of_the_loss() -> None:
    """At the optimum penalty * W = mean of f (wanted - said): of f = +1 for class 0 and -1 for class 1, and by symmetry
    W = (w, -w): penalty * w = 1 - s(2 w), with s(2 w) what the right class gets.
    """
    features = np.array([[1.0], [-1.0]], np.float32)
    head = fit_softmax(features, np.array([0, 1]), np.ones(2), count=2, penalty=0.5)
    weight = float(head.weight[0, 0])
    assert head.weight[0, 1] == pytest.approx(-weight, abs=1e-4)
    assert 0.5 * weight == pytest.approx(1 - 1 / (1 + np.exp(-2 * weight)), abs=1e-4)


def test_a_head_of_one_class_is_refused() -> None:
    with pytest.raises(UserError, match="two and more"):
        fit_softmax(np.ones((2, 1), np.float32), np.array([1, 1]), np.ones(2), count=3, penalty=0.1)


def test_the_temperature_turns_boasting_into_what_is_true() -> None:
    """It says 0.9 / 0.1 in odds of 9 and is right three times of four: odds of 3, so T = log 9 / log 3 = 2."""
    logits = np.array([[np.log(9), 0]] * 4, np.float32)
    assert fit_temperature(logits, np.array([0, 0, 0, 1]), np.ones(4)) == pytest.approx(2, rel=1e-3)


@given(st.lists(st.floats(-500, 500, width=32), min_size=2, max_size=5), st.floats(-300, 300, width=32))
def test_probabilities_add_up_and_do_not_depend_on_the_logits_height(logits: list[float], height: float) -> None:
    row = np.array([logits], np.float32)
    assert softmax(row).sum() == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(log_softmax(row + np.float32(height)), log_softmax(row), atol=1e-3)
