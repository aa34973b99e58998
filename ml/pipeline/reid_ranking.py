"""A re-identification set from its pictures to its score: embedded, put through a post file's steps, ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from ml.datasets.reid import ReidSet, ReidTable, read_picture
from ml.detection.config import DetectorConfig
from ml.detection.registry import create_detector
from ml.evaluation.ranking import Labels, RankingScore, score_ranking
from ml.matching.reranking.chain import Known, Pair, Source, Views
from ml.matching.reranking.ensembles import averaged_views
from ml.matching.reranking.post import Step, apply_post
from ml.reid.attributes import VEHICLE_TYPES
from ml.reid.config import LEVELS, TRAINED, EmbedderConfig
from ml.reid.crops import crop
from ml.reid.registry import EMBEDDERS, Embedder, create_embedder, described
from ml.types import Detections, Float1D, Float2D, Image, Progress, UserError, no_progress

BATCH = 32  # pictures in memory at a time
CLOSE_UP = DetectorConfig(input_height=160, input_width=160, second_look=0.0, features=False)  # one vehicle fills it

Rows = npt.NDArray[np.int64]


class PictureFeatures:
    """Features of the pictures of some tables, each picture embedded once a model and view.

    progress  counts the pictures of each such pass
    """

    def __init__(self, tables: Sequence[ReidTable], *, device: str = "auto", progress: Progress = no_progress) -> None:
        self._device, self._progress = device, progress
        self._place: dict[tuple[Path, bytes], int] = {}
        self._pictures: list[tuple[ReidTable, int]] = []
        for table in tables:
            for row in range(len(table)):
                if self._place.setdefault(_key(table, row), len(self._pictures)) == len(self._pictures):
                    self._pictures.append((table, row))
        self._embedders: dict[str, Embedder] = {}
        self._seen: dict[tuple[str, bool, float, bool], Float2D] = {}
        self._readings: dict[str, Float2D] = {}
        self._boxes: list[Float1D | None] | None = None

    def described(self, table: ReidTable, model: str) -> ReidTable:
        """One of the tables with the types and colours that the model reads of its pictures, numbered as VeRi's.

        UserError "no-attributes" of a model that reads none.
        """
        if model not in self._readings:
            self._read(model)
        readings = self._readings[model][self._rows(table)]
        types, colours = np.split(readings, [len(VEHICLE_TYPES)], axis=1)
        numbers = ((part.argmax(axis=1) + 1).astype(np.int32) for part in (types, colours))
        return replace(table, **dict(zip(("vehicle_type", "colour"), numbers, strict=True)))

    def _read(self, model: str) -> None:
        embedder, found = self._embedder(model), []
        for _, pictures in self._batches():
            vectors, readings = described(embedder, pictures)
            if readings is None:
                raise UserError("no-attributes", f"{model} reads no type and colour; name {LEVELS}")
            found.append((vectors, readings))
        self._seen[model, False, 1.0, False] = np.concatenate([vectors for vectors, _ in found])
        self._readings[model] = np.concatenate([readings for _, readings in found])

    def _rows(self, table: ReidTable) -> Rows:
        """[n] where each picture of the table lies among all."""
        return np.array([self._place[_key(table, row)] for row in range(len(table))], np.int64)

    def source(self, query: ReidTable, gallery: ReidTable) -> Source:
        """Features of two of the tables, or of parts of them, for a chain of steps."""
        rows = [self._rows(table) for table in (query, gallery)]

        def features(model: str, views: Views) -> Pair:
            every = self.of(model, views)
            return every[rows[0]], every[rows[1]]

        return features

    def of(self, model: str, views: Views) -> Float2D:
        """[pictures, d] float32, L2-normalised. UserError of the model, or of a picture that cannot be read."""
        flips, cuts = ((False, True) if wanted else (False,) for wanted in (views.flip, views.cropped))
        return averaged_views([self._look(model, *look) for look in product(flips, views.scales, cuts)])

    def _look(self, model: str, flip: bool, scale: float, cut: bool) -> Float2D:
        key = (model, flip, scale, cut)
        if key not in self._seen:
            boxes = self._vehicles() if cut else [None] * len(self._pictures)
            embedder, parts = self._embedder(model), []
            for first, pictures in self._batches():
                looks = [seen(picture, flip, scale, box) for picture, box in zip(pictures, boxes[first:], strict=False)]
                parts.append(embedder.embed(looks))
            self._seen[key] = np.concatenate(parts)
        return self._seen[key]

    def _vehicles(self) -> list[Float1D | None]:
        """The box of the vehicle in each picture, None where the detector sees none."""
        if self._boxes is None:
            detector = create_detector(CLOSE_UP, device=self._device)
            found = [detections for _, pictures in self._batches() for detections in detector.detect(pictures)]
            self._boxes = [largest(detections) for detections in found]
        return self._boxes

    def _batches(self) -> Iterator[tuple[int, list[Image]]]:
        """(place of the first, pictures), all of them."""
        for first in range(0, len(self._pictures), BATCH):
            batch = [read_picture(table, row) for table, row in self._pictures[first : first + BATCH]]
            yield first, batch
            self._progress(first + len(batch), len(self._pictures), "pictures")

    def _embedder(self, model: str) -> Embedder:
        if model not in self._embedders:
            self._embedders[model] = create_embedder(embedder_config(model), device=self._device)
        return self._embedders[model]


def largest(detections: Detections) -> Float1D | None:
    """[4] the box with the largest area, None where there is none."""
    if not len(detections):
        return None
    sides = detections.boxes[:, 2:] - detections.boxes[:, :2]
    box: Float1D = detections.boxes[int(np.argmax(sides.prod(axis=1)))]
    return box


def seen(picture: Image, flip: bool, scale: float, box: Float1D | None = None) -> Image:
    """The picture, or its part inside a box, left side right or not, its sides times `scale`; RGB as it was."""
    part = picture if box is None else crop(picture, box)
    turned = part[:, ::-1] if flip else part
    if scale == 1:
        return np.ascontiguousarray(turned)
    height, width = (max(1, round(side * scale)) for side in part.shape[:2])
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(turned, (width, height), interpolation=interpolation), np.uint8)


def embedder_config(model: str) -> EmbedderConfig:
    """The embedder of that name, or the trained network in that file.

    UserError "unknown-embedder": it is neither.
    """
    if model in EMBEDDERS and model != TRAINED:
        return EmbedderConfig(name=model)
    if Path(model).is_file():
        return EmbedderConfig(name=TRAINED, weights=model)
    known = ", ".join(name for name in EMBEDDERS if name != TRAINED)
    raise UserError("unknown-embedder", f"{model} is no file of weights and no embedder; choose a file, or {known}.")


def score_reid(
    data: ReidSet,
    *,
    model: str,
    steps: Sequence[tuple[str, Step]] = (),
    topk: int = 100,
    device: str = "auto",
    progress: Progress = no_progress,
    look: Callable[[ReidTable, ReidTable, Float2D], None] | None = None,
    attributes_of: str | None = None,
) -> RankingScore:
    """The score of the set's own queries in its gallery; of VehicleID the mean over its ten draws.

    look           is shown the first pair of tables, and their distances [queries, gallery]
    attributes_of  a model whose reading of types and colours the steps take instead of the set's labels

    UserError "no-queries" (or no gallery), "no-labels" (kept back by the set), and of what the steps refuse.
    """
    tests = data.tests()
    features = PictureFeatures([table for pair in tests for table in pair], device=device, progress=progress)
    scores: list[RankingScore] = []
    for query, gallery in tests:
        pair = (query, gallery)
        if attributes_of is not None:
            pair = (features.described(query, attributes_of), features.described(gallery, attributes_of))
        distances = pair_distances(features, *pair, model=model, steps=steps)
        if look is not None and not scores:
            look(*pair, distances)
        scores.append(score_ranking(distances, labels(pair[0]), labels(pair[1]), topk=topk))
    return mean_score(scores)


def score_pair(
    features: PictureFeatures,
    query: ReidTable,
    gallery: ReidTable,
    *,
    model: str,
    steps: Sequence[tuple[str, Step]] = (),
    topk: int = 100,
) -> RankingScore:
    """The score of one pair of tables, whose pictures `features` has. UserError as of `score_reid`."""
    distances = pair_distances(features, query, gallery, model=model, steps=steps)
    return score_ranking(distances, labels(query), labels(gallery), topk=topk)


def pair_distances(
    features: PictureFeatures,
    query: ReidTable,
    gallery: ReidTable,
    *,
    model: str,
    steps: Sequence[tuple[str, Step]] = (),
) -> Float2D:
    """[queries, gallery] distances after all steps. UserError as of `score_reid`."""
    for table, name in ((query, "query"), (gallery, "gallery")):
        if not len(table):
            raise UserError("no-queries", f"the set has no {name} pictures, so there is nothing to rank")
        table.dense_identities()  # which refuses pictures without identity
    source = features.source(query, gallery)
    return apply_post(steps, source, model=model, query=known(query), gallery=known(gallery))


def known(table: ReidTable) -> Known:
    """What the steps may know of a table's pictures: not their identities."""
    return Known(table.camera, table.tracklet, table.time_s, table.vehicle_type, table.colour)


def labels(table: ReidTable) -> Labels:
    """What the score knows of a table's pictures."""
    return Labels(table.identity, table.camera_names())


def mean_score(scores: Sequence[RankingScore]) -> RankingScore:
    """The mean of shares, the sum of counts."""

    def mean(values: Iterable[float]) -> float:
        return float(np.mean(list(values)))

    return replace(
        scores[0],
        map_all=mean(score.map_all for score in scores),
        map_at_k=mean(score.map_at_k for score in scores),
        cmc={rank: mean(score.cmc[rank] for score in scores) for rank in scores[0].cmc},
        minp=mean(score.minp for score in scores),
        scored=sum(score.scored for score in scores),
        unanswerable=sum(score.unanswerable for score in scores),
    )


def _key(table: ReidTable, row: int) -> tuple[Path, bytes]:
    return table.paths[row], table.boxes[row].tobytes()
