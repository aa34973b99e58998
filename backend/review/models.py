"""What people decided about pairs of tracklets, and what each run makes of it.

`Verdict` and `Operation` are facts: written once, never changed except that an operation takes a verdict back or
restores it. `VerdictPlace` and `Settled` say what they mean in one run and can be made anew from the facts at any time.
What people made of single tracklets is in `edited`, in the same manner.
"""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from backend.accounts.models import User
from backend.media.models import Video
from backend.review import edited  # noqa: F401 # Django looks for models here
from backend.scenes.models import Camera, Scene
from backend.tracking.models import Candidate, PairState, Run, Tracklet


class OperationKind(models.TextChoices):
    VERDICT = "verdict", "verdict"
    MERGE = "merge", "identities merged"
    SPLIT = "split", "tracklets split off"
    CONFIRM = "confirm", "identity confirmed"
    CREATE = "create", "tracklet drawn"
    CUT = "split_track", "tracklet split"
    SWAP = "swap", "tracklets swapped"
    TRIM = "trim", "tracklet trimmed"
    HIDE = "hide", "tracklet hidden"
    UNHIDE = "unhide", "tracklet shown again"
    DUPLICATE = "duplicate", "duplicate marked"
    BOXES = "boxes", "boxes changed"
    INTERPOLATE = "interpolate", "boxes interpolated"
    ATTRIBUTES = "attributes", "type, colour or note set"
    MOVE = "move", "moved to an identity"
    BULK = "bulk", "several edits"
    UNDO = "undo", "undo"


class Operation(models.Model):
    """One edit by one person. What it changed is in `before` and `after`; its inverse is an operation of its own.

    before, after  {"standing": whether it counts, "numbers": {tracklet id: identity number}}; `after` also has
                   {"effect": what people are told, "layer": rows of `edited` that came and went, "changes": what
                   became of tracklets, as `TrackletState`}
    """

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="operations")
    number = models.PositiveIntegerField(help_text="1, 2, 3 within its scene")
    kind = models.CharField(max_length=20, choices=OperationKind.choices)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    request = models.CharField(max_length=120, blank=True, help_text="the Idempotency-Key that it came with")
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+", help_text="shown at that time")
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    inverse_of = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    about = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", help_text="whose verdicts an undo is about"
    )

    class Meta:
        ordering = ["scene", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["scene", "number"], name="operation_number_unique_in_scene"),
            models.UniqueConstraint(
                fields=["actor", "request"], condition=~models.Q(request=""), name="operation_once_per_request"
            ),
        ]

    def __str__(self) -> str:
        return f"operation {self.number} of {self.scene}"

    @property
    def root(self) -> Operation:
        """The operation that gave the verdicts which this one takes back or restores; itself if it gave them."""
        return self.about or self


class Answer(models.TextChoices):
    SAME = "same", "same vehicle"
    DIFFERENT = "different", "different vehicles"
    CANNOT_TELL = "cannot_tell", "cannot be told"


class Anchor(models.Model):
    """A vehicle in the world: where it was in one camera and when. Outlives the tracklet that it was taken from."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="+")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="+")
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    frames = models.BinaryField(help_text="int32[n] little-endian, 0-based, increasing; thinned")
    boxes = models.BinaryField(help_text="float32[n, 4] xyxy pixels")
    tracklet = models.ForeignKey(
        Tracklet, null=True, on_delete=models.SET_NULL, related_name="+", help_text="that it was taken from"
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["video", "first_frame"], name="anchors_by_frames")]

    def __str__(self) -> str:
        return f"{self.camera} frames {self.first_frame} to {self.last_frame}"


class Verdict(models.Model):
    """A person's answer whether two vehicles are one (rule 1). `left` ends first."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="verdicts")
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="verdicts")
    left = models.OneToOneField(Anchor, on_delete=models.CASCADE, related_name="+")
    right = models.OneToOneField(Anchor, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=11, choices=Answer.choices)
    confidence = models.PositiveSmallIntegerField(null=True, help_text="1 guessing, 2 not sure, 3 sure, 4 certain")
    reason = models.TextField(blank=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, help_text="when the person was shown the pair")
    decided_at = models.DateTimeField(auto_now_add=True)
    settles = models.BooleanField(default=False, help_text="given about a contradiction: overrules earlier answers")
    revoked_by = models.ForeignKey(Operation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["scene", "id"]
        indexes = [models.Index(fields=["scene", "person"], name="verdicts_by_person")]

    def __str__(self) -> str:
        return f"{self.answer} by {self.person}"


class ReviewSettings(models.Model):
    """How a scene is reviewed. A scene without a row has the defaults."""

    scene = models.OneToOneField(Scene, on_delete=models.CASCADE, related_name="review_settings")
    people_per_pair = models.PositiveSmallIntegerField(
        default=1, help_text="how many people judge each pair; where they disagree, one more does"
    )

    class Meta:
        verbose_name_plural = "review settings"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(people_per_pair__gte=1, people_per_pair__lte=3), name="one_to_three_people_per_pair"
            )
        ]

    def __str__(self) -> str:
        return f"{self.people_per_pair} people judge each pair of {self.scene}"


class VerdictPlace(models.Model):
    """A verdict's two tracklets in one run, found by overlap; null where the run has none."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="verdict_places")
    verdict = models.ForeignKey(Verdict, on_delete=models.CASCADE, related_name="places")
    left = models.ForeignKey(Tracklet, null=True, on_delete=models.SET_NULL, related_name="+")
    right = models.ForeignKey(Tracklet, null=True, on_delete=models.SET_NULL, related_name="+")
    attached = models.BooleanField(help_text="has two tracklets, and they are two")
    contradicted = models.BooleanField(default=False, help_text="part of a chain of answers that cannot all be true")

    class Meta:
        ordering = ["run", "verdict"]
        constraints = [models.UniqueConstraint(fields=["run", "verdict"], name="verdict_once_per_run")]
        indexes = [
            models.Index(fields=["run"], condition=models.Q(contradicted=True), name="contradictions_of_run"),
            models.Index(fields=["run"], condition=models.Q(attached=False), name="dangling_of_run"),
        ]

    def __str__(self) -> str:
        return f"verdict {self.verdict_id} in {self.run}"


class Settled(models.Model):
    """A compared pair that needs no more answer: people decided it, or what they decided implies it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="settled")
    candidate = models.OneToOneField(Candidate, on_delete=models.CASCADE, related_name="settled")
    state = models.CharField(max_length=16, choices=PairState.choices, help_text="of the pair, for counting")

    class Meta:
        ordering = ["run", "candidate"]
        verbose_name_plural = "settled"
        indexes = [models.Index(fields=["run", "state"], name="settled_by_state")]

    def __str__(self) -> str:
        return f"pair {self.candidate_id} is settled"


class Lease(models.Model):
    """A pair that one person looks at, so that nobody else is given it. `left` has the lower id."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="leases")
    left = models.ForeignKey(Tracklet, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Tracklet, on_delete=models.CASCADE, related_name="+")
    candidate = models.ForeignKey(Candidate, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["run", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "left", "right"], name="pair_leased_once")]

    def __str__(self) -> str:
        return f"{self.left_id} and {self.right_id} for {self.person}"
