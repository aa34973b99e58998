"""Other sets beside a target: learned from as rendered pictures are, with numbers of their own."""

from pathlib import Path

import pytest

from ml.datasets.reid import ReidSet, ReidTable
from ml.datasets.reid.beside import with_beside, with_rendered
from ml.types import UserError


def small_set(name: str, train: list[int], rendered: list[int]) -> ReidSet:
    own, query, gallery, synthetic = (
        ReidTable.of([Path(name) / f"{n}.jpg" for n in range(len(numbers))], numbers, domain=domain)
        for numbers, domain in ((train, name), ([], name), ([], name), (rendered, f"{name}/synthetic"))
    )
    return ReidSet(name, "veri", own, query, gallery, synthetic)


def test_vehicles_of_other_sets_keep_apart_from_each_other_and_from_the_target_s() -> None:
    target, first, second = small_set("a", [1, 2], [7]), small_set("b", [1, 1, 4], []), small_set("c", [1], [3])
    made = with_beside(target, [first, second])
    assert made.train is target.train
    assert made.synthetic.identity.tolist() == [7, 8 + 1, 8 + 1, 8 + 4, 13 + 1, 15 + 3]
    assert made.synthetic.domains == ("a/synthetic", "b", "c", "c/synthetic")


def test_a_set_alone_stays_as_it_is() -> None:
    target = small_set("a", [1], [])
    assert with_beside(target, []) is target
    assert with_beside(target, [small_set("b", [], [])]) is target


def test_other_rendered_pictures_take_the_place_of_a_set_s_own() -> None:
    """The same vehicles in another style: beside each other they would be twice as many."""
    target, styled = small_set("a", [1], [7, 8]), small_set("b", [], [7, 8])
    made = with_rendered(target, styled)
    assert made.train is target.train
    assert made.synthetic is styled.synthetic
    assert len(set(with_beside(target, [styled]).synthetic.identity.tolist())) == 4


def test_a_set_without_rendered_pictures_takes_no_place() -> None:
    with pytest.raises(UserError, match="b has no rendered pictures") as refused:
        with_rendered(small_set("a", [1], [7]), small_set("b", [1], []))
    assert refused.value.code == "no-rendered-pictures"
