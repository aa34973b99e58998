"""What the public functions of matching refuse; a new one that refuses nothing fails here."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest

import ml.matching
from ml.matching import evidence, synchronise
from ml.matching.blocks import digest_of
from ml.matching.candidates import fragment_link, link_pairs
from ml.matching.graph import shared_iou
from ml.matching.graph.agglomerate import agglomerate
from ml.matching.graph.conflicts import impossible_pairs, overlapping_pairs, rows_by_camera, separate_cameras
from ml.matching.graph.decided import chances_of, decided_groups
from ml.matching.graph.grouping import (
    connected_parts,
    in_one_part,
    must_link_groups,
    numbered_by_first_member,
    pair_codes,
)
from ml.matching.graph.growth import Graph, grown, join_weights, log_odds
from ml.matching.graph.portions import portions
from ml.matching.graph.regroup import contradictions, require_strategy
from ml.matching.link_pictures import camera_graph, link_histogram
from ml.matching.links import peak_of
from ml.matching.ranges import unique_pairs
from ml.matching.results import in_key_order
from ml.types import CameraLink, UserError
from tests.unit.ml.matching.cases import LOOP, OURS, PAPER, SCENE
from tests.unit.ml.matching.nothing import NOTHING
from tests.unit.ml.matching.refused_parts import PARTS
from tests.unit.ml.matching.refused_whole import WHOLE, grouped, regrouped

REFUSED = {**WHOLE, **PARTS}
# What the functions above are made of: it is given what they have looked at, and nobody else calls it.
WITHIN = {
    agglomerate,
    chances_of,
    connected_parts,
    contradictions,
    decided_groups,
    digest_of,
    evidence.sigmoid,
    evidence.sum_of,
    evidence.weights_of,
    grown,
    impossible_pairs,
    in_key_order,
    in_one_part,
    join_weights,
    link_pairs,
    log_odds,
    must_link_groups,
    numbered_by_first_member,
    overlapping_pairs,
    pair_codes,
    portions,
    rows_by_camera,
    separate_cameras,
    unique_pairs,
    Graph.of,
}
CASES = [pytest.param(*case, id=f"{each.__name__}-{case[1]}") for each, cases in REFUSED.items() for case in cases]


def modules() -> Iterator[ModuleType]:
    """Of matching, but re-ranking, which has such a list of its own, and what refuses by itself."""
    for each in pkgutil.walk_packages(ml.matching.__path__, "ml.matching."):
        if ".reranking" not in each.name and not each.name.endswith((".checks", ".config")):
            yield importlib.import_module(each.name)


def public(module: ModuleType) -> Iterator[Callable[..., object]]:
    """The functions that a module has itself and that are given something; those that make its classes among them."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", "") == module.__name__ and not name.startswith("_"):
            made = vars(value).values() if inspect.isclass(value) else ()
            functions = [value, *(each.__func__ for each in made if isinstance(each, staticmethod))]
            yield from (each for each in functions if inspect.isroutine(each) and inspect.signature(each).parameters)


def test_every_public_function_is_here() -> None:
    found = set(chain.from_iterable(map(public, modules())))

    assert {each.__qualname__ for each in found ^ {*REFUSED, *WITHIN}} == set()
    assert WITHIN.isdisjoint(REFUSED)


def imported(path: Path) -> Iterator[str]:
    """What a file imports of matching, as module.name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ml.matching"):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_what_refuses_nothing_is_called_by_matching_alone() -> None:
    root = Path(ml.matching.__file__).parents[2]
    files = chain.from_iterable((root / part).rglob("*.py") for part in ("backend", "workers", "ml"))
    outside = [path for path in files if Path(ml.matching.__file__).parent not in path.parents]
    inner = {f"{each.__module__}.{each.__name__}" for each in WITHIN}

    naming = [path for path in outside if "ml.matching" in path.read_text()]
    assert naming
    assert inner & set(chain.from_iterable(map(imported, naming))) == set()


@pytest.mark.parametrize(("call", "code", "words"), CASES)
def test_what_it_refuses_it_names(call: Callable[[], object], code: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        call()

    assert refused.value.code == code
    assert words in str(refused.value)


def test_every_function_that_takes_several_is_given_none() -> None:
    others = {camera_graph, fragment_link, link_histogram, peak_of, require_strategy, shared_iou}

    assert set(REFUSED) - others == set(NOTHING)


@pytest.mark.parametrize("function", NOTHING, ids=lambda function: function.__qualname__)
def test_nothing_at_all_is_no_mistake(function: Callable[..., object]) -> None:
    assert len(NOTHING[function]()) == 0


def test_what_is_not_refused() -> None:
    """Cameras of links may have seen no vehicle, and a pair of a tracklet with itself says nothing."""
    elsewhere = [CameraLink("x", "y", 0, 5)]
    for config in (PAPER, OURS):
        assert synchronise(SCENE, elsewhere, config=config).labels.tolist() == [0, 1]
    assert regrouped(pairs=LOOP).labels.tolist() == grouped(edges=LOOP).labels.tolist() == [0, 1]
