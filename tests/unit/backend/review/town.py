"""A town for tests of review: three cameras along a road, nine tracklets by name, and what the matcher made of them.

    camera A   a1 0..2 s   a2 1..3 s   a3 20..22 s        a1 and a2 are seen at one time, so are b1 and b2, c1 and c2
    camera B   b1 5..7 s   b2 6..8 s   b3 25..27 s
    camera C   c1 10..12 s c2 11..13 s c3 30..32 s

The matcher joins a1-b1-c1, a2-b2 and a3-b3. It would also join a2-b1 and b2-c1, had they been free.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from backend.accounts.models import Role, User
from backend.identities.models import RunIdentity
from backend.identities.selectors import identity_numbers
from backend.identities.services import identities_assign
from backend.media.models import Video, VideoState
from backend.review.models import Answer, Operation
from backend.review.services.decisions import verdict_give
from backend.review.services.recording import Opinion
from backend.scenes.models import Camera, Scene, SceneMembership
from backend.tracking.arrays import pack_floats, pack_frames, pack_times
from backend.tracking.models import Run, RunState, Tracklet
from backend.tracking.services import CandidateRow, candidates_replace
from ml.matching.graph import conflicting_pairs, regroup

STARTS = {"a1": 0, "a2": 1, "a3": 20, "b1": 5, "b2": 6, "b3": 25, "c1": 10, "c2": 11, "c3": 30}
SECONDS, FPS, FRAMES = 2, 10, 400
# left, right, distance, eligible
COMPARED = [
    ("a1", "b1", 0.30, True), ("b1", "c1", 0.40, True), ("a2", "b2", 0.50, True), ("a3", "b3", 0.20, True),
    ("a2", "b1", 0.60, True), ("b2", "c1", 0.70, True), ("a1", "b2", 0.90, False), ("b2", "c2", 0.80, False),
    ("b3", "c3", 0.85, False), ("b1", "c2", 0.95, False), ("a1", "c1", 1.00, False),
]  # fmt: skip


@dataclass
class Town:
    """`tracklets` by name; `people` are analysts "ann", "ben", "cleo" and the viewer "vic"."""

    scene: Scene
    run: Run
    tracklets: dict[str, Tracklet]
    people: dict[str, User]

    def say(
        self, person: str, pair: str, answer: str, *, request: str = "", confidence: int | None = None
    ) -> Operation:
        """`person` says of a pair such as "a1 b1" that it is the same, different, cannot_tell."""
        left, right = (self.tracklets[name] for name in pair.split())
        opinion = Opinion(Answer(answer), confidence=confidence)
        return verdict_give(
            actor=self.people[person], scene=self.scene, left=left, right=right, opinion=opinion, request=request
        )

    def read(self, name: str, **columns: object) -> None:
        """As if the network had read this of a tracklet, or people had said it."""
        Tracklet.objects.filter(pk=self.tracklets[name].pk).update(**columns)
        self.tracklets[name].refresh_from_db()

    def name_of(self, tracklet: int) -> str:
        """Of the tracklet with this id."""
        return next(name for name, each in self.tracklets.items() if each.pk == tracklet)

    def identities(self) -> dict[str, int]:
        """Identity number of each tracklet, as people see it."""
        numbers = identity_numbers(run=self.run)
        return {name: numbers[tracklet.pk] for name, tracklet in self.tracklets.items()}

    def groups(self) -> set[str]:
        """The identities as names of their tracklets: {"a1 b1 c1", "a2 b2", ...}."""
        members = defaultdict(list)
        for name, number in sorted(self.identities().items()):
            members[number].append(name)
        return {" ".join(names) for names in members.values()}

    def shown(self) -> list[tuple[object, ...]]:
        """Everything that lists of identities show, row by row."""
        columns = ("number", "camera_count", "tracklet_count", "camera_ids", "start_s", "end_s")
        rows = RunIdentity.objects.shown(self.run).order_by("number").values_list(*columns)
        return [tuple(map(str, row)) for row in rows]


def build_town(strategy: str = "electricity") -> Town:
    """With the strategy "constrained" the probability of a pair is 1 - its distance, and joins begin at 0.25."""
    people = {name: User.objects.create(username=name, role=Role.ANALYST) for name in ("ann", "ben", "cleo", "vic")}
    scene = Scene.objects.create(slug="town", name="Town")
    for name, user in people.items():
        role = Role.VIEWER if name == "vic" else Role.ANALYST
        SceneMembership.objects.create(scene=scene, user=user, role=role)
    videos = {}
    for place, letter in enumerate("abc"):
        camera = Camera.objects.create(scene=scene, name=letter.upper(), position=place)
        videos[letter] = Video.objects.create(
            camera=camera, sha256=letter * 64, size=1, state=VideoState.READY, width=960, height=540,
            frame_count=FRAMES, frame_times=pack_times(np.arange(FRAMES) / FPS),
        )  # fmt: skip
    run = make_run(scene, number=1, strategy=strategy)
    tracklets = {name: make_tracklet(run, videos[name[0]], name) for name in STARTS}
    match(run, tracklets, COMPARED)
    scene.current_run = run
    scene.save()
    return Town(scene, run, tracklets, people)


def make_run(scene: Scene, *, number: int, strategy: str = "electricity") -> Run:
    config = {"matcher": {"strategy": strategy, "join_probability": 0.25}}
    return Run.objects.create(scene=scene, number=number, preset="test", config=config, state=RunState.SUCCEEDED)


def make_tracklet(run: Run, video: Video, name: str, *, shift: float = 0.0) -> Tracklet:
    """`name` says when it begins (`STARTS`); `shift` moves its boxes of 40 x 20 to the right, pixels."""
    first, length = STARTS[name] * FPS, SECONDS * FPS
    frames = np.arange(first, first + length)
    x = 100.0 * int(name[1]) + shift + np.arange(length)
    boxes = np.stack([x, np.full(length, 50.0), x + 40, np.full(length, 70.0)], axis=1)
    return Tracklet.objects.create(
        run=run, video=video, camera=video.camera, number=int(name[1]), category=3, length=length,
        first_frame=first, last_frame=first + length - 1, start_s=STARTS[name], end_s=STARTS[name] + SECONDS,
        mean_score=0.5, frames=pack_frames(frames), boxes=pack_floats(boxes), scores=pack_floats(np.ones(length)),
    )  # fmt: skip


def match(run: Run, tracklets: dict[str, Tracklet], compared: list[tuple[str, str, float, bool]]) -> None:
    """Identities and candidates of the run, as the match job writes them without any decision."""
    names = list(tracklets)
    pairs = np.array([(names.index(left), names.index(right)) for left, right, *_ in compared], np.int64)
    starts = np.array([tracklets[name].start_s for name in names], np.float64)
    distances = np.array([row[2] for row in compared], np.float64)
    grouping = regroup(
        len(names),
        pairs.reshape(-1, 2),
        distances=distances,
        probabilities=(1 - distances).astype(np.float32),
        **run.config["matcher"],
        eligible=np.array([row[3] for row in compared], np.bool_),
        conflicts=conflicting_pairs([name[0] for name in names], starts, starts + SECONDS, []),
    )
    groups = defaultdict(list)
    for name, label in zip(names, grouping.labels.tolist(), strict=True):
        groups[label + 1].append(tracklets[name].pk)
    identities_assign(run=run, groups=groups)
    known = run.config["matcher"]["strategy"] == "constrained"
    rows = []
    for left, right, distance, eligible in compared:
        joined = bool(grouping.labels[names.index(left)] == grouping.labels[names.index(right)])
        one, other, probability = tracklets[left], tracklets[right], 1 - distance if known else None
        transit_s = other.start_s - one.end_s
        rows.append(CandidateRow(one.pk, other.pk, distance, transit_s, joined, eligible, probability))
    candidates_replace(run=run, rows=rows)
