"""The table of a re-identification set: rows taken, split by identity, joined with others."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.datasets.reid import ReidTable
from ml.types import UserError


def table(identity: list[int], domain: str = "veri", cameras: tuple[str, ...] = ("c001", "c002")) -> ReidTable:
    n = len(identity)
    camera = [row % len(cameras) for row in range(n)] if cameras else None
    paths = [Path(f"{domain}/{row}.jpg") for row in range(n)]
    return ReidTable.of(paths, identity, domain=domain, cameras=cameras, camera=camera, tracklet=range(n))


def test_what_is_not_known_is_marked_so() -> None:
    bare = ReidTable.of([Path("a.jpg")], [7], domain="vehicleid")
    assert bare.camera.tolist() == bare.tracklet.tolist() == bare.vehicle_type.tolist() == bare.colour.tolist() == [-1]
    assert np.isnan(bare.time_s).all()
    assert np.isnan(bare.orientation_deg).all()
    assert np.isnan(bare.boxes).all()
    assert bare.camera_names().tolist() == [""]


def test_vehicles_of_one_camera_alone_are_left_out() -> None:
    """Vehicle 7 is seen by both cameras, 8 twice by the first, 9 once by the second."""
    assert table([7, 7, 8, 9, 8]).of_several_cameras().paths == (Path("veri/0.jpg"), Path("veri/1.jpg"))


def test_taking_rows_takes_all_their_columns() -> None:
    taken = table([5, 6, 7]).take(np.array([2, 0, 2]))
    assert taken.identity.tolist() == [7, 5, 7]
    assert [path.name for path in taken.paths] == ["2.jpg", "0.jpg", "2.jpg"]
    assert taken.tracklet.tolist() == [2, 0, 2]
    assert taken.camera_names().tolist() == ["c001"] * 3
    assert table([5, 6, 7]).take(np.array([False, True, False])).identity.tolist() == [6]


def test_dense_labels_number_the_identities_from_0() -> None:
    labels, identities = table([40, 7, 40, 9]).dense_identities()
    assert labels.tolist() == [2, 0, 2, 1]
    assert identities.tolist() == [7, 9, 40]


def test_a_union_keeps_identities_tracklets_and_cameras_apart() -> None:
    united = ReidTable.union([table([1, 3]), table([1, 1, 2], "vehiclex")])
    assert united.identity.tolist() == [1, 3, 5, 5, 6]
    assert united.tracklet.tolist() == [0, 1, 2, 3, 4]
    assert united.domains == ("veri", "vehiclex")
    assert united.domain.tolist() == [0, 0, 1, 1, 1]
    assert united.camera_names().tolist() == [
        "veri/c001",
        "veri/c002",
        "vehiclex/c001",
        "vehiclex/c002",
        "vehiclex/c001",
    ]


def test_a_union_leaves_the_unknown_unknown() -> None:
    bare = ReidTable.of([Path("a.jpg")], [7], domain="vehicleid")
    united = ReidTable.union([table([1]), bare])
    assert (united.camera[1], united.tracklet[1], united.camera_names()[1]) == (-1, -1, "")


def test_a_set_joined_twice_is_two_domains() -> None:
    united = ReidTable.union([ReidTable.union([table([1]), table([1])]), table([1])])
    assert united.domains == ("veri", "veri#2", "veri#3")
    assert len(set(united.cameras)) == 6
    assert len(set(united.identity.tolist())) == 3


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 20), max_size=8), min_size=1, max_size=4))
def test_two_rows_of_a_union_share_an_identity_exactly_where_they_did_in_one_table(groups: list[list[int]]) -> None:
    united = ReidTable.union([table(ids, f"set{place}") for place, ids in enumerate(groups)])
    before = [(place, number) for place, ids in enumerate(groups) for number in ids]
    same_before = [[left == right for right in before] for left in before]
    same_after = united.identity[:, None] == united.identity[None, :]
    assert same_after.tolist() == same_before


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=30).filter(lambda ids: len(set(ids)) > 1),
    st.floats(0.01, 0.99),
    st.integers(0, 5),
)
def test_a_split_shares_no_identity_and_loses_no_row(ids: list[int], share: float, seed: int) -> None:
    first, second = table(ids).split_by_identity(share, seed)
    assert not set(first.identity.tolist()) & set(second.identity.tolist())
    assert len(first) > 0
    assert len(second) > 0
    assert sorted(first.paths + second.paths) == sorted(table(ids).paths)


def test_a_split_is_the_same_for_the_same_seed_and_has_the_share_asked_for() -> None:
    every = table(list(range(40)))
    first, second = every.split_by_identity(0.25, 3)
    assert (len(first), len(second)) == (10, 30)
    assert first.paths == every.split_by_identity(0.25, 3)[0].paths
    assert first.paths != every.split_by_identity(0.25, 4)[0].paths


@pytest.mark.parametrize(("ids", "share"), [([1, 1], 0.5), ([1, 2], 0.0), ([1, 2], 1.0)])
def test_what_cannot_be_split_is_refused(ids: list[int], share: float) -> None:
    with pytest.raises(UserError) as caught:
        table(ids).split_by_identity(share, 0)
    assert caught.value.code == "bad-split"


@pytest.mark.parametrize(
    ("identity", "camera", "reason"),
    [
        ([1, -2], [0, 0], r"identity of row 1 is -2; it must be -1 or more"),
        ([1, 2], [0, 2], r"camera of row 1 is 2; it must be -1\.\.1"),
        ([1, 2, 3], [0, 1], r"column identity is int64 \(3,\); int64 \(2,\) is needed"),
    ],
)
def test_a_table_that_does_not_fit_together_is_refused(identity: list[int], camera: list[int], reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        ReidTable.of([Path("a.jpg"), Path("b.jpg")], identity, domain="veri", cameras=("c1", "c2"), camera=camera)


def test_a_union_of_nothing_is_refused() -> None:
    with pytest.raises(UserError, match="one table at least"):
        ReidTable.union([])


def test_pictures_without_an_identity_can_be_kept_but_not_learned_from() -> None:
    kept = table([-1, 3, -1])
    assert ReidTable.union([table([0]), kept]).identity.tolist() == [0, -1, 4, -1]
    for use in (ReidTable.dense_identities, lambda given: given.split_by_identity(0.5, 0)):
        with pytest.raises(UserError, match="2 of 3 pictures have no identity"):
            use(kept)
