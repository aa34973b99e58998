"""A paper's table as a page of YAML: its rows, how each is trained, and which of them should be above which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ml.config import config_from, read_yaml
from ml.reid.training.recipe import ReidRecipe
from ml.types import UserError

TABLES = Path(__file__).parent / "tables"
OF_RECIPES = Path(__file__).with_name("recipes.yaml")  # each recipe as it is, and an ensemble
RECIPES = Path(__file__).resolve().parents[3] / "ml" / "reid" / "recipes"
FULL, SMALL = "full", "small"


@dataclass(frozen=True)
class Stage:
    """One training: a recipe with what the row changes of it, from the weights of the stage before.

    labels  how the stage before labels the test pictures that this one learns from too: `method` and its settings
    crops   how the stage before cuts the real pictures that this one learns from twice: `threshold`, and the `side`
            of the pictures that it sees for that
    anew    whether it begins as its recipe says, not from the stage before
    """

    recipe: str
    change: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, Any] | None = None
    crops: Mapping[str, Any] | None = None
    anew: bool = False

    def full(self) -> ReidRecipe:
        """The recipe as the row has it."""
        path = RECIPES / f"{self.recipe}.yaml"
        return config_from(ReidRecipe, merged(read_yaml(path), self.change), f"{path} as changed")


@dataclass(frozen=True)
class Row:
    """A row of a table.

    paper    the paper's figures, in the order of the table's; None where it has none, empty in a table of our own
    stages   trainings one after another      combine  rows whose features are put side by side instead
    post     steps of a post file after the embedding
    sources  rendered sets that take the place of the set's own rendered pictures, or "styled": these in the style of
             the real ones; none: these as they are
    only     the form in which the row can be run: "full", "small", or "" for both     why  it cannot be run otherwise
    """

    key: str
    title: str
    paper: tuple[float | None, ...]
    stages: tuple[Stage, ...] = ()
    combine: tuple[str, ...] = ()
    post: tuple[Any, ...] = ()
    sources: tuple[str, ...] = ()
    only: str = ""
    why: str = ""


@dataclass(frozen=True)
class PaperTable:
    """figures  what the paper reports, by the names of `FIGURES`      orderings  pairs of rows, the first above
    learned, found  cameras whose pictures are learned from, and among which is searched; none: all
    """

    name: str
    title: str
    figures: tuple[str, ...]
    rows: tuple[Row, ...]
    orderings: tuple[tuple[str, str], ...]
    note: str = ""
    learned: tuple[str, ...] = ()
    found: tuple[str, ...] = ()

    def row(self, key: str) -> Row:
        return next(row for row in self.rows if row.key == key)


FIGURES = {"idf1": "IDF1", "map": "mAP", "rank1": "rank-1", "rank5": "rank-5", "rank10": "rank-10"}


def table_names() -> list[str]:
    return sorted(path.stem for path in TABLES.glob("*.yaml"))


def read_table(name: str) -> PaperTable:
    """UserError "unknown-table" for a name that is none of `table_names`."""
    if name not in table_names():
        raise UserError("unknown-table", f"there is no table {name!r}; choose from {', '.join(table_names())}")
    return table_in(TABLES / f"{name}.yaml")


def table_in(path: Path) -> PaperTable:
    data: Any = read_yaml(path)
    change = data.pop("change", {})
    rows = tuple(_row(key, value, change) for key, value in data.pop("rows").items())
    orderings = tuple((str(above), str(below)) for above, below in data.pop("orderings", ()))
    tuples: dict[str, Any] = {key: tuple(data.pop(key)) for key in ("figures", "learned", "found") if key in data}
    return PaperTable(name=path.stem, rows=rows, orderings=orderings, **tuples, **data)


def _row(key: str, data: Mapping[str, Any], change: Mapping[str, Any]) -> Row:
    """change  what all rows change of their recipes"""
    told = [stage | {"change": merged(change, stage.get("change", {}))} for stage in data.get("stages", ())]
    stages = tuple(Stage(**stage) for stage in told)
    tuples: dict[str, Any] = {name: tuple(data.get(name, ())) for name in ("combine", "post", "sources")}
    rest = {name: data[name] for name in ("only", "why") if name in data}
    return Row(key=key, title=data["title"], paper=tuple(data.get("paper", ())), stages=stages, **tuples, **rest)


def merged(settings: Any, change: Mapping[str, Any]) -> dict[str, Any]:
    """`settings` with those of `change` in their place, mapping by mapping."""
    made = dict(settings)
    for name, value in change.items():
        deeper = isinstance(value, Mapping) and isinstance(made.get(name), Mapping)
        made[name] = merged(made[name], value) if deeper else value
    return made


def rows_to_run(table: PaperTable, form: str) -> Sequence[Row]:
    return [row for row in table.rows if row.only in ("", form)]
