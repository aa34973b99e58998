import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.detection.tuning.places import BACKGROUND, LEFT_OUT, assigned, grid_of

NONE = torch.zeros(0, 4)
GRID = grid_of(96, 96)


def test_places_lie_in_the_middle_of_their_cells() -> None:
    grid = grid_of(32, 64)

    assert grid.levels == (32, 8, 2)
    assert grid.centres[[0, 1, 8, 32, 40, 41]].tolist() == [[4, 4], [12, 4], [4, 12], [8, 8], [16, 16], [48, 16]]
    assert grid.strides[[0, 31, 32, 40]].tolist() == [8, 8, 16, 32]


def test_box_is_learned_where_anchors_overlap_it_most() -> None:
    """A box of 40 about the place (44, 44) of stride 8, whose anchor it is (IoU 1). Candidates of that level are it and
    its eight neighbours: four 8 aside (IoU 32 * 40 / (3200 - 1280) = 2/3), four at a corner (1024 / 2176 = 8/17). Of
    stride 16 nine with anchors of 80, which hold nearly all of the box (IoU 1/4), of stride 32 nine of 160 (1/16). The
    mean is 0.31 and the deviation 0.25, so only the middle and its four sides learn it."""
    found = assigned(GRID, torch.tensor([[24.0, 24.0, 64.0, 64.0]]), NONE)

    assert (found >= 0).nonzero().flatten().tolist() == [5 + 12 * 4, 4 + 12 * 5, 5 + 12 * 5, 6 + 12 * 5, 5 + 12 * 6]


def test_box_between_all_centres_gets_the_nearest_place() -> None:
    found = assigned(GRID, torch.tensor([[5.0, 5.0, 7.0, 7.0]]), NONE)

    assert (found >= 0).nonzero().flatten().tolist() == [0]


def test_place_that_two_boxes_want_goes_to_the_one_its_anchor_overlaps_most() -> None:
    boxes = torch.tensor([[24.0, 24.0, 64.0, 64.0], [32.0, 24.0, 72.0, 64.0]])

    found = assigned(GRID, boxes, NONE)

    assert found[5 + 12 * 5].item() == 0
    assert found[6 + 12 * 5].item() == 1


def test_ignored_box_leaves_out_the_places_in_it_that_learn_nothing() -> None:
    box = torch.tensor([[24.0, 24.0, 64.0, 64.0]])

    alone, beside = assigned(GRID, box, NONE), assigned(GRID, box, torch.tensor([[0.0, 0.0, 96.0, 60.0]]))

    assert torch.equal(beside >= 0, alone >= 0)
    assert torch.equal(beside == LEFT_OUT, (alone == BACKGROUND) & (GRID.centres[:, 1] < 60))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0, 90)] * 2, *[st.floats(1, 60)] * 2), min_size=1, max_size=5))
def test_order_of_the_boxes_does_not_matter(drawn: list[tuple[float, float, float, float]]) -> None:
    boxes = torch.tensor([[x, y, x + w, y + h] for x, y, w, h in drawn])

    found, turned = assigned(GRID, boxes, NONE), assigned(GRID, boxes.flip(0), NONE)

    assert torch.equal(found >= 0, turned >= 0)
    assert int((found >= 0).sum()) >= 1


@pytest.mark.parametrize("side", [32, 160])
def test_without_boxes_all_is_background(side: int) -> None:
    assert (assigned(grid_of(side, side), NONE, NONE) == BACKGROUND).all()
