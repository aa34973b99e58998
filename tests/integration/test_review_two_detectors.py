"""What people decided on one detector's tracklets of the benchmark city holds on another's, or is listed.

Once with detectors that are made from the true tracks, each with other vehicles missed, other tracks broken in two,
other boxes left out and every box moved a little, and once with the pipeline's own tracklets by two presets, whose
detectors see pictures of 224 x 384 and of 544 x 960. It is known which vehicle each decision was about.
`python -m pytest tests/integration/test_review_two_detectors.py -m soak -s` prints the figures of docs/review.md; the
pipeline takes half an hour unless CROSSTRACK_KEPT_STAGES names a folder that has its stages.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from backend.accounts.models import Role, User
from backend.config.problems import BadInput, Conflict
from backend.identities.services import identities_assign
from backend.media.models import Video, VideoState
from backend.review.edited import HumanPlace, SourcePlace, Why
from backend.review.edits import AnyEdit, Boxes, Cut, Hide, Say, Swap
from backend.review.models import Anchor, Answer, VerdictPlace
from backend.review.selectors.dangling import dangling_edits
from backend.review.services.attaching import verdicts_attach
from backend.review.services.carrying import layer_carry
from backend.review.services.tracklet_edits import tracklets_edit
from backend.scenes.models import Camera, Scene, SceneMembership
from backend.tracking.arrays import pack_times
from backend.tracking.models import Run, RunState, Tracklet
from backend.tracking.services import candidates_replace, tracklets_replace
from ml import types as vision
from ml.config import load_preset
from ml.datasets.scene import read_scene
from tests.benchmarks.cross_camera.city_tracklets import tracker_tracklets
from workers.overlap import anchor_places

pytestmark = [pytest.mark.soak, pytest.mark.slow]
MISSED, BROKEN, BOX_MISSED, MOVED = 0.1, 0.2, 0.1, 0.03  # shares; of a box's size
FPS, SHORTEST = 10, 10
FRAMES = 1000  # of a film, at most
EACH = {"split": 20, "hide": 12, "boxes": 12, "swap": 8, "verdict": 30}


# By camera: tracklets, each with its true vehicle as its number.
Seen = dict[str, list[vision.Tracklet]]


@dataclass
class City:
    """vehicle: tracklet id -> the true vehicle."""

    scene: Scene
    videos: list[Video]
    person: User
    truth: dict[int, list[vision.Tracklet]]
    vehicle: dict[int, int] = field(default_factory=dict)


@pytest.fixture
def city(db: None, shared_data: Path) -> City:
    scene = Scene.objects.create(slug="city", name="City")
    person = User.objects.create(username="ann", role=Role.ANALYST)
    SceneMembership.objects.create(scene=scene, user=person, role=Role.ANALYST)
    made = City(scene, [], person, {})
    for place, folder in enumerate(read_scene(shared_data / "city_a").cameras):
        rows = folder.ground_truth()
        assert rows is not None
        camera = Camera.objects.create(scene=scene, name=folder.name, position=place)
        video = Video.objects.create(
            camera=camera, sha256=str(place) * 64, size=1, state=VideoState.READY, start_s=folder.start_s,
            width=4000, height=4000, frame_count=FRAMES, frame_times=pack_times(np.arange(FRAMES) / FPS),
        )  # fmt: skip
        made.videos.append(video)
        made.truth[video.pk] = [track for track in rows.tracklets() if len(track) >= SHORTEST]
    return made


def detected(city: City, number: int, seen: Seen) -> Run:
    """A run of a detector; each of its tracklets is an identity of its own."""
    run = Run.objects.create(
        scene=city.scene, number=number, preset="truth", state=RunState.SUCCEEDED,
        config={"matcher": {"strategy": "electricity"}},
    )  # fmt: skip
    for video in city.videos:
        tracks = list(enumerate(seen[video.camera.name], start=1))
        rows = [vision.Tracklet(place, each.frames, each.boxes, each.scores) for place, each in tracks]
        tracklets_replace(run=run, video=video, rows=rows)
        known = dict(run.tracklets.filter(video=video).values_list("number", "pk"))
        city.vehicle |= {known[place]: each.number for place, each in tracks}
    ids = run.tracklets.order_by("pk").values_list("pk", flat=True)
    identities_assign(run=run, groups={1000 * number + place: [each] for place, each in enumerate(ids)})
    candidates_replace(run=run, rows=[])
    return run


def drawn(city: City, seed: int) -> Seen:
    rng = np.random.default_rng(seed)
    return {video.camera.name: list(seen_of(city.truth[video.pk], rng)) for video in city.videos}


def found(preset: str, folder: Path, cache: Path) -> Seen:
    """The pipeline's tracklets of which one can say which vehicle they are."""
    scene = tracker_tracklets(folder, cache, load_preset(preset))
    seen: Seen = defaultdict(list)
    for matchable, each, vehicle in zip(scene.matchable, scene.tracklets, scene.identities, strict=True):
        if vehicle:
            seen[matchable.camera].append(vision.Tracklet(int(vehicle), each.frames, each.boxes, each.scores))
    return seen


def seen_of(tracks: list[vision.Tracklet], rng: np.random.Generator) -> Iterator[vision.Tracklet]:
    """`number` stays the true vehicle's."""
    for track in tracks:
        if rng.random() < MISSED:
            continue
        kept = rng.random(len(track)) > BOX_MISSED
        size = np.tile(track.boxes[:, 2:] - track.boxes[:, :2], 2)
        boxes = (track.boxes + rng.normal(0, MOVED, (len(track), 4)) * size).astype(np.float32)
        at = int(rng.integers(len(track))) if rng.random() < BROKEN else 0
        for rows in (slice(0, at), slice(at, None)):
            part = kept[rows]
            if part.sum() >= SHORTEST:
                yield vision.Tracklet(
                    track.number, track.frames[rows][part], boxes[rows][part], track.scores[rows][part]
                )


def decide(city: City, run: Run, rng: np.random.Generator) -> Counter[str]:
    """Edits and verdicts on tracklets that nothing else was decided about."""
    rows = [row for row in run.tracklets.order_by("pk") if row.length >= 2 * SHORTEST]
    rows = [rows[place] for place in rng.permutation(len(rows))]
    done: Counter[str] = Counter()
    for kind, count in EACH.items():
        while done[kind] < count and len(rows) >= 2:
            one = rows.pop()
            other = next((row for row in rows if row.video_id == one.video_id and together(row, one)), rows[-1])
            wanted = meant(kind, one, other, city)
            try:
                tracklets_edit(actor=city.person, scene=city.scene, run_id=run.pk, edits=[wanted])
            except (Conflict, BadInput):
                continue
            done[kind] += 1
            if kind in ("swap", "verdict"):
                rows.remove(other)
    return done


def together(one: Tracklet, other: Tracklet) -> bool:
    return one.first_frame <= other.last_frame and other.first_frame <= one.last_frame


def meant(kind: str, one: Tracklet, other: Tracklet, city: City) -> AnyEdit:
    middle = (one.first_frame + one.last_frame) // 2
    same = city.vehicle[one.pk] == city.vehicle[other.pk]
    edits: dict[str, AnyEdit] = {
        "split": Cut(one.pk, middle),
        "hide": Hide(one.pk),
        "boxes": Boxes(one.pk, {one.first_frame: None}),
        "swap": Swap(one.pk, other.pk, middle),
        "verdict": Say(one.pk, other.pk, Answer.SAME if same else Answer.DIFFERENT),
    }
    return edits[kind]


def test_decisions_hold_on_another_detectors_tracklets_or_are_listed(city: City) -> None:
    compare(city, drawn(city, 1), drawn(city, 2))


@pytest.mark.timeout(7200)
def test_decisions_hold_when_the_pipeline_runs_with_another_detector(
    city: City, shared_data: Path, tmp_path: Path
) -> None:
    cache = Path(os.environ.get("CROSSTRACK_KEPT_STAGES", tmp_path))
    compare(city, *(found(preset, shared_data / "city_a", cache) for preset in ("cpu-light", "cpu-distant")))


def compare(city: City, one: Seen, other: Seen) -> None:
    first = detected(city, 1, one)
    city.scene.current_run = first
    city.scene.save()
    done = decide(city, first, np.random.default_rng(7))
    second = detected(city, 2, other)
    change = layer_carry(run=second, numbers={})
    verdicts_attach(run=second, places=anchor_places(second, Anchor.objects.all()), numbers={}, change=change)
    city.scene.current_run = second
    city.scene.save()
    facts, right = defaultdict(list), []
    for place in SourcePlace.objects.filter(run=second).select_related("source__anchor"):
        kind = "taken" if place.source.why == Why.REPLACED else "hidden"
        facts[kind].append(place.tracklet_id is not None)
        if place.tracklet_id is not None:
            right.append(city.vehicle[place.tracklet_id] == city.vehicle[place.source.anchor.tracklet_id or 0])
    facts["made"] = [place.tracklet_id is not None for place in HumanPlace.objects.filter(run=second)]
    facts["verdicts"] = [place.attached for place in VerdictPlace.objects.filter(run=second)]
    figures = {name: f"{sum(found)} of {len(found)}" for name, found in facts.items()}
    print(f"\ndecided {dict(done)}; found again: {figures}; of the right vehicle {sum(right)} of {len(right)}")
    lost = sum(not found for name in ("hidden", "made") for found in facts[name])
    assert len(dangling_edits(scene=city.scene)) == lost
    assert done.keys() == EACH.keys()
    assert np.mean(right) > 0.97
    assert np.mean([*facts["taken"], *facts["verdicts"]]) > 0.75
