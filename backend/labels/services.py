"""New label sets. Nothing changes one that is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Max

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import BadInput, Conflict
from backend.labels.confirmed import Label, labels_of
from backend.labels.content import Around, LabelContent, LabelledTracklet
from backend.labels.counting import changes_between, statistics_of
from backend.labels.holding import held_identities
from backend.labels.models import LabelSet
from backend.labels.selectors import label_content, label_set_latest
from backend.labels.snapshot import around_of, content_of
from backend.media.storage import save_bytes
from backend.scenes.models import Scene
from backend.tracking.models import Run

LARGEST_HELD_SHARE = 0.9


@transaction.atomic
def label_set_create(
    *,
    actor: User,
    scene: Scene,
    name: str = "",
    machine_from: float | None = None,
    held_share: float = 0.2,
    seed: int = 0,
) -> LabelSet:
    """A snapshot of what people confirmed in the scene's current run, and of the machine's joins of at least the
    probability `machine_from`, marked as such. `held_share`, `seed`: as `held_identities` takes them.

    Raises NotFound for a stranger, Refused below analyst, BadInput for a number out of range, Conflict where the scene
    shows no run, nothing is confirmed, or it is too much for one set.
    """
    require_scene_role(actor, scene, Role.ANALYST)
    _require_shares(machine_from, held_share)
    scene = Scene.objects.select_for_update(no_key=True, of=("self",)).select_related("current_run").get(pk=scene.pk)
    run = _current_run(scene)
    before = label_set_latest(scene=scene)
    previous = None if before is None else label_content(label_set=before)
    earlier = (label_content(label_set=each) for each in scene.label_sets.all())
    content = _content(run, labels_of(run=run, machine_from=machine_from), earlier, held_share, seed)
    data = content.to_bytes()
    checksum = hashlib.sha256(data).hexdigest()
    number = 1 if before is None else before.number + 1
    return LabelSet.objects.create(
        scene=scene,
        number=number,
        name=name,
        run=run,
        run_number=run.number,
        last_operation=scene.operations.aggregate(last=Max("number"))["last"] or 0,
        machine_from=machine_from,
        held_share=held_share,
        seed=seed,
        file=save_bytes(f"scenes/{scene.pk}/labels/{number}-{checksum}.npz", data),
        sha256=checksum,
        size=len(data),
        statistics=statistics_of(content),
        changes=changes_between(previous, content),
        created_by=actor,
    )


def _require_shares(machine_from: float | None, held_share: float) -> None:
    if machine_from is not None and not 0 < machine_from <= 1:
        raise BadInput("machine_from", "A probability lies above 0 and is at most 1.")
    if not 0 <= held_share <= LARGEST_HELD_SHARE:
        raise BadInput("held_share", f"Hold back between 0 and {LARGEST_HELD_SHARE} of the identities.")


def _current_run(scene: Scene) -> Run:
    if scene.current_run is None:
        raise Conflict("no-run", "This scene shows no run yet; label sets are made of a run and what people say of it.")
    return scene.current_run


def _content(
    run: Run, labels: Sequence[Label], earlier: Iterable[LabelContent], share: float, seed: int
) -> LabelContent:
    if not labels:
        detail = "Nobody has confirmed anything in this scene yet; answer some pairs or confirm an identity first."
        raise Conflict("nothing-labelled", detail)
    content = content_of(run=run, labels=labels)
    held = held_identities(content.videos, content.tracklets, earlier=earlier, share=share, seed=seed)
    around = around_of(run=run, labels=labels)
    return LabelContent(
        content.videos,
        _with_held(content.tracklets, held),
        around and Around(_with_held(around.tracklets, held), around.regions),
    )


def _with_held(tracklets: Iterable[LabelledTracklet], held: set[int]) -> tuple[LabelledTracklet, ...]:
    return tuple(replace(each, held=each.identity in held) for each in tracklets)
