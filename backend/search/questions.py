"""What people ask a search: by a tracklet, an identity or a picture."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from backend.accounts.models import User
from backend.config.problems import Conflict, NotFound
from backend.identities.selectors import TrackletView, crop_ranks, identity_get, identity_numbers, members_of
from backend.jobs.models import FINISHED
from backend.search.models import SearchPicture
from backend.search.selectors import Filters, Vector, mean_look, nearest_looks
from backend.tracking.models import Run, Tracklet
from backend.tracking.selectors import PACKED


@dataclass(frozen=True, slots=True)
class Question:
    """One of the three, by id, number and id. `others_only`: not what is of the same identity already."""

    tracklet: int | None = None
    identity: int | None = None
    picture: int | None = None
    others_only: bool = False


@dataclass(frozen=True, slots=True)
class FoundTracklet:
    """identity: its number in the run, None before it is matched."""

    view: TrackletView
    identity: int | None
    similarity: float


@dataclass(frozen=True, slots=True)
class Answer:
    """results, the most similar first; `exact` as in `Nearest`; `identity`, the number of the one asked about."""

    results: list[FoundTracklet]
    exact: bool
    identity: int | None


def search(*, user: User, run: Run, question: Question, filters: Filters, limit: int) -> Answer:
    """The tracklets of the run that look most like what is asked about, itself left out.

    Raises NotFound for a tracklet, identity or picture that the run does not have or the person may not see, Conflict
    not-embedded where there is no look to compare, picture-waiting or picture-failed for a picture without one.
    """
    look, identity, own = _asked(user, run, question)
    nearest = nearest_looks(run=run, vector=look, limit=limit, filters=filters, without=own)
    similarity = {hit.tracklet_id: hit.similarity for hit in nearest.hits}
    return Answer(_found(run, similarity), nearest.exact, identity)


def picture_get(*, user: User, run: Run, picture_id: int) -> SearchPicture:
    """One's own, with its job. Raises NotFound."""
    mine = SearchPicture.objects.select_related("job").filter(run=run, created_by=user, pk=picture_id).first()
    if mine is None:
        raise NotFound("picture")
    return mine


def _asked(user: User, run: Run, question: Question) -> tuple[Vector, int | None, Collection[int]]:
    """(look, identity's number, ids of what shall not be found)."""
    if question.picture is not None:
        return _look_of_picture(picture_get(user=user, run=run, picture_id=question.picture)), None, ()
    if question.tracklet is not None:
        return _about_tracklet(run, question.tracklet, others_only=question.others_only)
    summary = identity_get(run=run, number=question.identity or 0)
    members = members_of(run=run, identities=[summary.identity_id])
    return _known(mean_look(run=run, tracklet_ids=members)), summary.number, members


def _about_tracklet(run: Run, tracklet_id: int, *, others_only: bool) -> tuple[Vector, int | None, Collection[int]]:
    if not run.tracklets.filter(pk=tracklet_id).exists():
        raise NotFound("tracklet in this run")
    look = _known(mean_look(run=run, tracklet_ids=[tracklet_id]))
    number = identity_numbers(run=run, tracklet_ids=[tracklet_id]).get(tracklet_id)
    if number is None or not others_only:
        return look, number, [tracklet_id]
    members = members_of(run=run, identities=[identity_get(run=run, number=number).identity_id])
    return look, number, [tracklet_id, *members]


def _known(look: Vector | None) -> Vector:
    if look is None:
        raise Conflict("not-embedded", "It has not been described yet: wait until the run's describing has finished.")
    return look


def _look_of_picture(picture: SearchPicture) -> Vector:
    if picture.vector is not None:
        return np.array(picture.vector, np.float32)
    job = picture.job
    if job is None or job.state in FINISHED:
        problem = job.problem if job is not None else ""
        raise Conflict("picture-failed", f"The picture could not be described. {problem}".strip())
    raise Conflict("picture-waiting", "The picture is being described; ask again in a moment.")


def _found(run: Run, similarity: dict[int, float]) -> list[FoundTracklet]:
    ids: Sequence[int] = list(similarity)
    tracklets = Tracklet.objects.select_related("camera").defer(*PACKED).in_bulk(ids)
    ranks, numbers = crop_ranks(tracklet_ids=ids), identity_numbers(run=run, tracklet_ids=ids)
    return [
        FoundTracklet(TrackletView(tracklets[each], ranks.get(each, [])), numbers.get(each), similarity[each])
        for each in ids
    ]
