"""A verdict in a city where everything is connected changes what a sync of the whole run would change."""

from __future__ import annotations

import numpy as np
import pytest

from backend.accounts.models import Role, User
from backend.identities.selectors import identity_numbers
from backend.identities.services import identities_assign
from backend.media.models import Video, VideoState
from backend.review.components import component_of, synced
from backend.review.models import Answer
from backend.review.services.decisions import operation_undo, verdict_give
from backend.review.services.recording import Opinion
from backend.scenes.models import Camera, CameraLink, Scene, SceneMembership
from backend.tracking.arrays import pack_floats, pack_frames
from backend.tracking.models import Candidate, Run, Tracklet
from backend.tracking.services import CandidateRow, candidates_replace
from ml.matching import MatcherConfig, synchronise
from ml.types import CameraTracklet
from tests.benchmarks.simulated_city import simulated_city

pytestmark = pytest.mark.slow

TRACKLETS, CAMERAS, SPAN_S = 300, 6, 400.0


@pytest.fixture
def run(db: None) -> Run:
    """A simulated city as the match job would have stored it."""
    city = simulated_city(TRACKLETS, CAMERAS, span_s=SPAN_S)
    scene = Scene.objects.create(slug="city", name="City")
    names = sorted({tracklet.camera for tracklet in city.tracklets})
    cameras = {name: Camera.objects.create(scene=scene, name=name, position=place) for place, name in enumerate(names)}
    for link in city.links:
        CameraLink.objects.create(
            scene=scene, source=cameras[link.source], target=cameras[link.target], min_s=link.min_s, max_s=link.max_s
        )
    config = {"matcher": {"strategy": "constrained", "join_probability": MatcherConfig().join_probability}}
    made = Run.objects.create(scene=scene, number=1, preset="test", config=config, state="succeeded")
    rows = [_row(made, cameras[tracklet.camera], place, tracklet) for place, tracklet in enumerate(city.tracklets)]
    sync = synchronise(city.tracklets, city.links, config=MatcherConfig())
    groups: dict[int, list[int]] = {}
    for row, label in zip(rows, sync.labels.tolist(), strict=True):
        groups.setdefault(label + 1, []).append(row.pk)
    identities_assign(run=made, groups=groups)
    pairs = sync.pairs
    assert pairs.probability is not None
    columns = (pairs.left, pairs.right, pairs.distance_ab, pairs.joined, pairs.eligible, pairs.probability)
    candidates_replace(
        run=made,
        rows=[
            CandidateRow(rows[left].pk, rows[right].pk, distance, 0.0, joined, eligible, probability)
            for left, right, distance, joined, eligible, probability in zip(*(c.tolist() for c in columns), strict=True)
        ],
    )
    scene.current_run = made
    scene.save()
    return made


def _row(run: Run, camera: Camera, place: int, tracklet: CameraTracklet) -> Tracklet:
    video, _ = Video.objects.get_or_create(
        camera=camera, defaults={"sha256": f"{camera.pk:064d}", "size": 1, "state": VideoState.READY}
    )
    return Tracklet.objects.create(
        run=run, video=video, camera=camera, number=place + 1, category=3, length=2, first_frame=0, last_frame=1,
        start_s=tracklet.start_s, end_s=tracklet.end_s, mean_score=0.5, frames=pack_frames([0, 1]),
        boxes=pack_floats(np.ones((2, 4))), scores=pack_floats(np.ones(2)),
    )  # fmt: skip


def require_synced(run: Run) -> None:
    """What people see is what the run and all decisions give, synced at once."""
    whole = component_of(run=run, tracklet_ids=run.tracklets.values_list("pk", flat=True))
    numbers = identity_numbers(run=run)
    shown = np.array([numbers[each] for each in whole.ids])
    labels = synced(whole).labels
    assert np.array_equal(shown[:, None] == shown, labels[:, None] == labels)


@pytest.mark.parametrize("verdicts", [4, pytest.param(24, marks=pytest.mark.soak)])
def test_verdicts_and_their_undo_are_as_a_sync_of_everything(run: Run, verdicts: int) -> None:
    ann = User.objects.create(username="ann", role=Role.ANALYST)
    SceneMembership.objects.create(scene=run.scene, user=ann, role=Role.ANALYST)
    require_synced(run)
    before = identity_numbers(run=run)
    rng = np.random.default_rng(1)
    doubtful = list(Candidate.objects.filter(run=run).order_by("-doubt").select_related("left", "right")[:200])
    operations = []
    for index in rng.choice(len(doubtful), verdicts, replace=False).tolist():
        pair = doubtful[index]
        opinion = Opinion(Answer.DIFFERENT if pair.joined else Answer.SAME)
        operations.append(verdict_give(actor=ann, scene=run.scene, left=pair.left, right=pair.right, opinion=opinion))
        require_synced(run)
    assert identity_numbers(run=run) != before
    for operation in rng.permutation(np.array(operations, dtype=object)).tolist():
        operation_undo(actor=ann, operation=operation)
        require_synced(run)
    assert identity_numbers(run=run) == before
