"""Two embeddings of a scene, on vehicles that neither has learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from backend.labels.content import LabelContent, LabelledTracklet
from backend.labels.holding import identities_in_training
from backend.media.models import Video, VideoState
from backend.scenes.models import Scene
from backend.training.models import ModelKind, ModelVersion
from backend.training.selectors import sets_learned_from
from ml import types as vision
from ml.boxes import paired_iou
from ml.config import PipelineConfig
from ml.datasets.reid import ReidSet
from ml.evaluation.bootstrap import compare_shares
from ml.evaluation.ranking import query_figures
from ml.evaluation.reviewed import idf1_by_vehicle
from ml.matching.graph import attached
from ml.matching.reranking.chain import Views
from ml.pipeline.artefacts import read_tracklets
from ml.pipeline.match import CameraResult, Matches, match_scene
from ml.pipeline.models import Models
from ml.pipeline.reid_ranking import PictureFeatures, labels
from ml.types import Double2D, Progress, UserError
from workers.context import JobContext
from workers.ground import calibration_in_metres, ground_origin
from workers.label_videos import content_of_set
from workers.stages import config_by, links_of, stage_cache, stages_of
from workers.train_embedding import labelled_pictures

RIGHT_IOU = 0.5  # as IDF1 counts


def embeddings_compared(context: JobContext, version: ModelVersion, other: ModelVersion | None) -> dict[str, Any]:
    """mAP and rank-1 on the held vehicles of the version's label set, and IDF1 of a matching by each version.

    What the candidate's matching describes is there when it is promoted.
    """
    label_set = version.training.label_set
    content, data, left_out = unseen(
        content_of_set(label_set),
        labelled_pictures(label_set, context.progress),
        [content_of_set(each) for each in sets_learned_from(versions=(version, other))],
    )
    if left_out:
        context.log(f"{left_out} held vehicles are left out: one of the versions has learned from a part of them")
    configs = [config_by(version.scene, ModelKind.EMBEDDING, each) for each in (version, other)]
    rankings = [ranking_by_vehicle(data, config, context.progress) for config in configs]
    measures: dict[str, Sequence[Double2D]] = {
        name: [ranking[name] for ranking in rankings] for name in ("map", "rank1")
    }
    measures["idf1"] = [_idf1(version.scene, config, content, context.progress) for config in configs]
    return {
        "vehicles": rankings[0]["map"].shape[1],
        "queries": len(data.query),
        "measures": [{"name": name, **asdict(compare_shares(*sums))} for name, sums in measures.items()],
    }


def unseen(
    content: LabelContent, data: ReidSet, trained_on: Sequence[LabelContent]
) -> tuple[LabelContent, ReidSet, int]:
    """What is held and no training has seen a part of, of the labels and of their pictures; and how many vehicles that
    leaves out: people may since have joined a vehicle that was held to one that was not.
    """
    held = {each.identity for each in content.tracklets if each.held}
    seen = held & identities_in_training(content, trained_on=trained_on)
    kept = tuple(each for each in content.tracklets if each.identity not in seen)
    query, gallery = (table.take(~np.isin(table.identity, list(seen))) for table in (data.query, data.gallery))
    return LabelContent(content.videos, kept), replace(data, query=query, gallery=gallery), len(seen)


def ranking_by_vehicle(data: ReidSet, config: PipelineConfig, progress: Progress) -> dict[str, Double2D]:
    """ "map" and "rank1", each [2, vehicles]: the sum over a held vehicle's queries, and their number.

    UserError "no-vehicles": none is held that two cameras saw.
    """
    if not len(data.query) or not len(data.gallery):
        message = "The label set holds back no vehicle: make one with a share of held vehicles, and train on it."
        raise UserError("no-vehicles", message)
    model = config.embedder.weights or config.embedder.name
    features = PictureFeatures([data.query, data.gallery], progress=progress)
    query, gallery = features.source(data.query, data.gallery)(model, Views())
    figures = query_figures(1 - query @ gallery.T, labels(data.query), labels(data.gallery))
    answered = ~np.isnan(figures[0])
    owners = np.unique(data.query.identity[answered], return_inverse=True)[1]
    counts = np.bincount(owners).astype(np.float64)
    precision, first = figures[0][answered], figures[2][answered] <= 1
    return {
        "map": np.stack((np.bincount(owners, precision), counts)),
        "rank1": np.stack((np.bincount(owners, first), counts)),
    }


def _idf1(scene: Scene, config: PipelineConfig, content: LabelContent, progress: Progress) -> Double2D:
    """As `idf1_by_vehicle`, of the held vehicles in a matching of the whole scene."""
    models, origin = Models(config, exports=stage_cache().exports), ground_origin(scene)
    videos = Video.objects.filter(camera__scene=scene, state=VideoState.READY).select_related(
        "camera__calibration", "camera__scene"
    )
    results, owners = [], []
    for video in videos.order_by("camera__position", "start_s", "pk"):
        with stages_of(video, config, models, progress) as stages:
            tracklets, embeddings = stages.tracklets(progress), stages.embeddings(progress)
            times_s = stages.video(progress).index.times_s
        calibration = calibration_in_metres(video.camera, origin)
        results.append(CameraResult(video.camera.name, video.start_s, times_s, calibration, tracklets, embeddings))
        owners.append(video.pk)
    return held_idf1(match_scene(results, links_of(scene), config.matcher), results, owners, content)


def held_idf1(
    matches: Matches, results: Sequence[CameraResult], videos: Sequence[int], content: LabelContent
) -> Double2D:
    """The matching beside the reviewed tracklets of the held vehicles; `videos`: ids, in the order of `results`."""
    held = [each for each in content.tracklets if each.held]
    found: list[tuple[int, int, int, int]] = []
    first = 0
    for result, video in zip(results, videos, strict=True):
        count = sum(1 for _ in read_tracklets(result.tracklets))
        mine = matches.tracklets[first : first + count]
        of_video = [each for each in held if content.videos[each.video].video == video]
        reviewed = [_seen(each) for each in of_video]
        places = attached(mine, reviewed)
        found += [
            (
                of_video[place].identity,
                int(matches.identities[first + row]),
                len(mine[row]),
                _right_boxes(mine[row], reviewed[place]),
            )
            for row, place in enumerate(places.tolist())
            if place >= 0
        ]
        first += count
    columns = np.array(found, np.int64).reshape(len(found), 4).T
    vehicles = np.array([each.identity for each in held], np.int64)
    return idf1_by_vehicle(vehicles, np.array([len(each.frames) for each in held], np.int64), *columns)


def _right_boxes(found: vision.Tracklet, reviewed: vision.Tracklet) -> int:
    """People may have cut or trimmed what the machine found: where they see no vehicle, a box is wrong."""
    _, here, there = np.intersect1d(found.frames, reviewed.frames, assume_unique=True, return_indices=True)
    return int((paired_iou(found.boxes[here], reviewed.boxes[there]) >= RIGHT_IOU).sum())


def _seen(each: LabelledTracklet) -> vision.Tracklet:
    return vision.Tracklet(each.number, each.frames, each.boxes, each.scores, each.category)
