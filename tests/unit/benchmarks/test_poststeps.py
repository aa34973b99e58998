"""What the page of post-processing says of a difference, and that its tables are post files."""

import pytest

from ml.matching.reranking.post import post_of
from tests.benchmarks.poststeps.page import direction
from tests.benchmarks.poststeps.tables import BESIDE, TABLES, Row, choices, filled


@pytest.mark.parametrize(
    ("paper", "low", "high", "said"),
    [
        (2.0, 0.5, 1.5, "confirmed"),
        (-2.0, -1.5, -0.5, "confirmed"),
        (2.0, -1.5, -0.5, "refuted"),
        (-2.0, 0.5, 1.5, "refuted"),
        (2.0, -0.1, 1.5, "undecided"),
        (2.0, 0.0, 0.0, "undecided"),
        (None, 0.5, 1.5, "up"),
        (None, -1.5, -0.5, "down"),
    ],
)
def test_a_direction_is_said_only_where_redrawn_vehicles_agree(
    paper: float | None, low: float, high: float, said: str
) -> None:
    assert direction(paper, low, high) == said


@pytest.mark.parametrize("row", [row for table in TABLES for row in table.rows], ids=lambda row: row.name)
def test_every_row_is_a_post_file_once_its_choices_are_made(row: Row) -> None:
    chosen = {choice.name: choice.values[0] for choice in choices(row.steps)}

    for second in BESIDE.values():
        assert len(post_of({"steps": filled(row.steps, chosen, {"second": second})}, row.name)) == len(row.steps)
