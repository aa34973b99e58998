from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pytest

from backend.identities.models import Identity, IdentityMember, RunIdentity
from backend.identities.selectors import highest_number, previous_numbers
from backend.identities.services import identities_assign
from backend.media.storage import read_bytes
from backend.tracking.arrays import unpack_boxes, unpack_frames, unpack_scores
from backend.tracking.models import Candidate, Embedding, EmbeddingKind, Tracklet
from backend.tracking.rows import EmbeddingLike, Reading
from backend.tracking.selectors import embedding_list, tracklet_list
from backend.tracking.services import embeddings_replace, run_create, tracklets_replace
from tests.world import JPEG, MODEL, World, embedding_row, tracklet_row


def test_a_tracklet_keeps_its_arrays_to_the_bit(world: World) -> None:
    row = tracklet_row(1, 20, 7, x=0.1)
    tracklets_replace(run=world.run, video=world.videos[1], rows=[row])
    stored = tracklet_list(run=world.run, video=world.videos[1]).get()
    np.testing.assert_array_equal(unpack_frames(stored.frames), row.frames)
    np.testing.assert_array_equal(unpack_boxes(stored.boxes), row.boxes)
    np.testing.assert_array_equal(unpack_scores(stored.scores), row.scores)
    assert (stored.first_frame, stored.last_frame, stored.length) == (20, 26, 7)
    assert [stored.start_s, stored.end_s] == pytest.approx([4.0, 4.6])


def test_replacing_one_video_leaves_the_other_and_forgets_what_hung_on_it(world: World) -> None:
    tracklets_replace(run=world.run, video=world.videos[0], rows=iter([tracklet_row(5, 0)]))
    assert [(each.camera.name, each.number) for each in tracklet_list(run=world.run)] == [("c001", 5), ("c002", 1)]
    assert set(Embedding.objects.values_list("tracklet", flat=True)) == {world.tracklets[2].pk}
    assert not Candidate.objects.exists()


def test_what_the_network_read_is_written_and_forgotten_with_the_embedding(world: World) -> None:
    video, read = world.videos[1], Reading("van", 0.75, "red", 0.5)
    for reading, stored in (
        (read, {"type": "van", "type_chance": 0.75, "colour": "red", "colour_chance": 0.5}),
        (None, None),
    ):
        rows, told = [embedding_row(1, [22])], {1: reading}
        embeddings_replace(run=world.run, video=video, model=MODEL, rows=rows, reading_of=partial(_told, told))
        assert tracklet_list(run=world.run, video=video).get().read == stored


def _told(told: Mapping[int, Reading | None], row: EmbeddingLike) -> Reading | None:
    return told[row.number]


def test_results_can_be_written_twice(world: World) -> None:
    before = list(
        Embedding.objects.values_list("tracklet", "kind", "frame", "rank", "crop").order_by("tracklet", "rank")
    )
    rows = [embedding_row(1, [12, 18]), embedding_row(2, [55])]
    assert embeddings_replace(run=world.run, video=world.videos[0], model=MODEL, rows=rows) == 2
    after = list(
        Embedding.objects.values_list("tracklet", "kind", "frame", "rank", "crop").order_by("tracklet", "rank")
    )
    assert sorted(map(str, after)) == sorted(map(str, before))


@pytest.mark.parametrize(
    ("sides", "scores", "order"),
    [
        ([40, 30, 20], [0.9, 0.9, 0.9], [0, 1, 2]),
        # 40 x 0.5^2 = 10 is less than 30 x 0.8^2 = 19.2 and 20 x 0.8^2 = 12.8.
        ([40, 30, 20], [0.5, 0.8, 0.8], [1, 2, 0]),
        # Equal scores, none at all included: the largest.
        ([20, 30, 40], [0, 0, 0], [2, 1, 0]),
    ],
)
def test_the_best_picture_is_large_and_surely_a_vehicle(
    world: World, sides: list[float], scores: list[float], order: list[int]
) -> None:
    boxes = np.array([[5, 5, 5 + side, 5 + side] for side in sides], np.float32)
    row, video = tracklet_row(1, 20, 3), world.videos[1]
    row.boxes, row.scores = boxes, np.array(scores, np.float32)
    tracklets_replace(run=world.run, video=video, rows=[row])
    embeddings_replace(run=world.run, video=video, model=MODEL, rows=[embedding_row(1, [20, 21, 22])])
    views = Embedding.objects.filter(tracklet__video=video, kind=EmbeddingKind.VIEW).order_by("rank")
    assert [frame - 20 for frame in views.values_list("frame", flat=True)] == order


def test_the_best_view_is_the_first_picture(world: World) -> None:
    views = Embedding.objects.filter(tracklet=world.tracklets[0], kind=EmbeddingKind.VIEW).order_by("rank")
    assert [view.frame for view in views] == [18, 12]
    assert read_bytes(views[0].crop) == JPEG + b"18"


def test_means_and_views_keep_their_vectors(world: World) -> None:
    rows = list(embedding_list(run=world.run).filter(tracklet=world.tracklets[0]))
    assert [row.kind for row in rows] == ["mean", "view", "view"]
    np.testing.assert_allclose(rows[0].vector, [0.5, 0.5, 0, 0])
    np.testing.assert_allclose(rows[1].vector, [1, 0, 0, 0])


def test_embeddings_of_a_tracklet_that_is_not_there_are_refused(world: World) -> None:
    with pytest.raises(KeyError):
        embeddings_replace(run=world.run, video=world.videos[0], model=MODEL, rows=[embedding_row(9, [1])])
    assert Embedding.objects.filter(tracklet=world.tracklets[0]).count() == 3


@pytest.mark.parametrize(
    "wrong", [{1: []}, {1: [0, 1]}, {1: [0, 1, 2, 2]}, {1: [0, 1], 2: [1, 2]}, {1: [0, 1, 2], 2: []}]
)
def test_groups_hold_every_tracklet_once(world: World, wrong: dict[int, list[int]]) -> None:
    groups = {number: [world.tracklets[place].pk for place in group] for number, group in wrong.items()}
    with pytest.raises(ValueError, match="group"):
        identities_assign(run=world.run, groups=groups)
    assert IdentityMember.objects.count() == 3


def test_assigning_again_replaces_and_keeps_the_same_identities(world: World) -> None:
    known = Identity.objects.get(number=1)
    first, second, third = (tracklet.pk for tracklet in world.tracklets)
    assert identities_assign(run=world.run, groups={1: [first, second], 4: [third]}) == 2
    assert Identity.objects.get(number=1) == known
    assert previous_numbers(scene=world.scene) == {first: 1, second: 1, third: 4}
    assert highest_number(scene=world.scene) == 4
    summary = RunIdentity.objects.get(run=world.run, number=1)
    assert (summary.camera_count, summary.tracklet_count, summary.camera_ids) == (1, 2, [world.cameras[0].pk])
    assert [summary.start_s, summary.end_s] == pytest.approx([1.0, 5.9])


def test_runs_share_identities_but_not_members(world: World) -> None:
    later = run_create(actor=None, scene=world.scene, preset="cpu-light")
    tracklets_replace(run=later, video=world.videos[0], rows=[tracklet_row(1, 10)])
    tracklet = Tracklet.objects.get(run=later)
    identities_assign(run=later, groups={1: [tracklet.pk]})
    assert Identity.objects.count() == 2
    assert IdentityMember.objects.filter(run=world.run).count() == 3
    assert IdentityMember.objects.get(run=later).identity.number == 1
