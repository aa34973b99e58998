"""What the page of training tables calls confirmed, and that every row of every table can be trained."""

from dataclasses import replace
from pathlib import Path

import pytest

from ml.datasets.reid import read_reid
from tests.benchmarks.papers.judging import verdict
from tests.benchmarks.papers.page import page, section
from tests.benchmarks.papers.recipes import identity_recipes, recipes_table, shown
from tests.benchmarks.papers.small import small_form
from tests.benchmarks.papers.sources import SOURCES, with_sources
from tests.benchmarks.papers.styled import STYLED, style_recipe, styled_folder
from tests.benchmarks.papers.table import FIGURES, PaperTable, Row, merged, read_table, rows_to_run, table_names
from tests.unit.ml.datasets.reid.trees import write_vehiclex
from tests.unit.ml.reid.training.painted import painted_set

TABLES = [read_table(name) for name in table_names()]


@pytest.mark.parametrize(
    ("above", "below", "said"),
    [
        ([12.0, 13.0], [9.0, 10.0], "confirmed"),  # 3 apart, each within 1
        ([9.0, 10.0], [12.0, 13.0], "refuted"),
        ([12.0, 16.0], [10.0, 11.0], "undecided"),  # 3.5 apart, but 4 between two seeds
        ([12.0], [9.0], "undecided"),  # one seed has no spread to compare with
        ([10.0, 10.0], [10.0, 10.0], "undecided"),
    ],
)
def test_an_ordering_is_decided_where_the_gap_is_larger_than_the_spread(
    above: list[float], below: list[float], said: str
) -> None:
    assert verdict(above, below) == said


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_has_the_paper_s_figures_and_trainings_or_parts(table: PaperTable) -> None:
    assert set(table.figures) <= set(FIGURES)
    for row in table.rows:
        assert len(row.paper) == len(table.figures)
        assert bool(row.stages) != bool(row.combine)
        assert set(row.sources) <= set(SOURCES) or row.sources == (STYLED,)
        assert all(table.row(key).stages for key in row.combine)
    for pair in table.orderings:
        assert all(table.row(key) for key in pair)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_recipe_as_changed_can_be_read_in_both_forms(table: PaperTable) -> None:
    for row in table.rows:
        recipes = [stage.full() for stage in row.stages]
        assert all(recipe.schedule.epochs for recipe in recipes)
    for row in rows_to_run(table, "small"):
        for stage in row.stages:
            small = small_form(stage.full(), row.stages[0].full(), Path("kept"))
            assert small.schedule.freeze_backbone == small.schedule.epochs >= 2
            assert small.loss == stage.full().loss


def test_a_change_reaches_into_settings_and_leaves_the_others() -> None:
    settings = {"model": {"backbone": "a", "neck": "plain"}, "seed": 1}
    assert merged(settings, {"model": {"backbone": "b"}}) == {"model": {"backbone": "b", "neck": "plain"}, "seed": 1}
    assert settings["model"] == {"backbone": "a", "neck": "plain"}


def test_the_page_shows_paper_and_ours_and_judges_each_figure() -> None:
    rows = (
        Row("a", "with", (50.0, 70.0)),
        Row("b", "without", (40.0, 71.0)),
        Row("c", "large", (60.0, 80.0), why="big"),
    )
    table = PaperTable("X-1", "X-1: a table", ("map", "rank1"), rows, (("a", "b"), ("c", "a")))
    measured = {
        "a": [{"map": 0.30, "rank1": 0.50}, {"map": 0.32, "rank1": 0.50}],
        "b": [{"map": 0.20, "rank1": 0.40}, {"map": 0.20, "rank1": 0.41}],
    }
    text = page([(table, measured)], form="small", seeds=2)
    assert "| with | 50 | 70 | 31.0 (2.0) | 50.0 (0.0) |" in text
    assert "| large | 60 | 80 | not run: big |  |" in text
    assert "- with above without: mAP +11.0 (paper +10.0) **confirmed**, rank-1 +9.5 (paper -1.0) **refuted**" in text
    assert "large above" not in text
    assert "| X-1: a table | 1 | 1 | 0 |" in text
    assert "| all | 1 | 1 | 0 |" in text


def test_a_table_of_fewer_seeds_says_so() -> None:
    table = PaperTable("x", "x", ("map",), (Row("a", "one", (50.0,)),), ())
    assert "2 seeds only." in section(table, {"a": [{"map": 0.3}, {"map": 0.3}]}, 3)
    assert "only" not in section(table, {"a": [{"map": 0.3}] * 3}, 3)


def test_every_recipe_that_tells_vehicles_apart_has_its_row_or_is_measured_as_it_is() -> None:
    table = recipes_table()
    own = {row.key for row in table.rows if not row.combine}
    assert own == set(identity_recipes()) - {"levels", "levels-tuned", "scene", "scene-adapt"}
    for row in table.rows:
        assert row.combine or row.stages[-1].full().name == row.key
        assert all(table.row(key).stages for key in row.combine)


def test_a_recipe_s_line_has_means_and_the_spread_of_the_first_figure() -> None:
    table = PaperTable("x", "x", ("map", "minp"), (), ())
    found = [{"map": 0.30, "minp": 0.10}, {"map": 0.32, "minp": 0.20}]
    assert shown(Row("a", "one", ()), table, found) == "| one | 0.310 (0.020) | 0.150 |"
    assert shown(Row("b", "other", (), why="large"), table, ()) == "| other, not run: large | | |"


@pytest.mark.parametrize("form", ["small", "full"])
def test_styled_pictures_that_are_kept_take_the_place_of_the_rendered_ones(form: str, tmp_path: Path) -> None:
    real = painted_set(tmp_path / "real")
    data = replace(real, synthetic=read_reid(write_vehiclex(tmp_path / "rendered")).train)
    kept = write_vehiclex(styled_folder(tmp_path, style_recipe(form)))
    (kept / "train_label.xml").rename(kept / "sys_train_label.xml")
    styled = with_sources(data, (STYLED,), form=form, folder=tmp_path, device="cpu")
    assert [path.parent.parent for path in styled.synthetic.paths] == [kept] * 3
    assert styled.synthetic.identity.tolist() == data.synthetic.identity.tolist()
    assert styled.synthetic.domains == data.synthetic.domains
    assert styled.train is data.train
