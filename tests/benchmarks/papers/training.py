"""Rows trained and scored, each once a seed: what is done is kept, so that a run that was broken off goes on."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ml.datasets.reid import ReidSet, ReidTable
from ml.datasets.reid.cropped import write_boxes
from ml.datasets.reid.mined import pictures_to_label, write_labels
from ml.datasets.text import write_lines
from ml.detection.networks import device_named
from ml.evaluation.ranking import score_ranking
from ml.matching.reranking.chain import Pair
from ml.matching.reranking.post import apply_post, post_of
from ml.pipeline.reid_labels import Method, by_clusters, by_identities, by_k_means
from ml.pipeline.reid_ranking import known, labels
from ml.reid.activation import activated_boxes, activations
from ml.reid.adaptation import PseudoLabelConfig
from ml.reid.mining import label_quality
from ml.reid.models.weights import load_network
from ml.reid.training.checkpoint import CHECKPOINT, WEIGHTS
from ml.reid.training.kept import KeptLooks
from ml.reid.training.recipe import ReidRecipe
from ml.reid.training.scoring import embedded
from ml.reid.training.trainer import train_reid
from tests.benchmarks.papers.city import city_idf1
from tests.benchmarks.papers.small import small_form
from tests.benchmarks.papers.sources import with_sources
from tests.benchmarks.papers.table import SMALL, PaperTable, Row, Stage

DONE = "done.json"
FEATURES = "features.npz"


@dataclass(frozen=True)
class Bench:
    """Where things are, and in which form they are run.

    data  the re-identification set      city  the scene of the benchmark city      form  "small" or "full"
    out   folder of everything that is kept
    """

    data: ReidSet
    city: Path
    out: Path
    form: str
    device: str = "auto"
    say: Callable[[str], object] = sys.stderr.write

    def score(self, table: PaperTable, row: Row, seed: int) -> dict[str, float]:
        """The row's figures, shares: of the set's own rankings, or of the whole city with the row's network."""
        if table.figures == ("idf1",):
            return {"idf1": city_idf1(self.trained(table, row, seed)[-1] / WEIGHTS, self.city, self.out / "city")}
        data = parts_of(self.data, table)
        pair = self.features(table, row, seed)
        distances = apply_post(
            post_of({"steps": list(row.post)}, row.key),
            lambda model, views: pair,
            model=row.key,
            query=known(data.query),
            gallery=known(data.gallery),
        )
        score = score_ranking(distances, labels(data.query), labels(data.gallery))
        ranks = {f"rank{rank}": share for rank, share in score.cmc.items()}
        return {"map": score.map_all, **ranks, "minp": score.minp}

    def features(self, table: PaperTable, row: Row, seed: int) -> Pair:
        """Of queries and gallery, L2-normalised: those of the last stage, or of several rows side by side."""
        if row.combine:
            pairs = [self.features(table, table.row(key), seed) for key in row.combine]
            query, gallery = (np.concatenate([pair[side] for pair in pairs], axis=1) for side in (0, 1))
            return query / np.sqrt(len(pairs)), gallery / np.sqrt(len(pairs))
        folder = self.trained(table, row, seed)[-1]
        with np.load(folder / FEATURES) as stored:
            return stored["query"], stored["gallery"]

    def trained(self, table: PaperTable, row: Row, seed: int) -> list[Path]:
        """The folder of each stage, trained where it was not yet."""
        folder = self.out / "sources"
        own = parts_of(self.data, table)
        data = with_sources(own, row.sources, form=self.form, folder=folder, device=self.device)
        first, folders = row.stages[0].full(), list[Path]()
        for stage in row.stages:
            folders.append(self._stage(stage, first, data, folders[-1] if folders else None, seed, table, row))
        return folders

    def _stage(
        self,
        stage: Stage,
        first: ReidRecipe,
        data: ReidSet,
        before: Path | None,
        seed: int,
        table: PaperTable,
        row: Row,
    ) -> Path:
        full = replace(stage.full(), seed=seed)
        recipe = small_form(full, first, self.out / "kept") if self.form == SMALL else full
        about = {
            "recipe": {name: value for name, value in asdict(recipe).items() if name not in ("kept_in", "start")},
            "before": before.name if before else recipe.start,
            "labels": stage.labels,
            **({"crops": stage.crops, "anew": stage.anew} if stage.crops else {}),
            "sources": row.sources,
            "cameras": [table.learned, table.found],
        }
        folder = self.out / self.form / hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]
        if not (folder / DONE).is_file():
            self.say(f"{table.name} {row.title}, {recipe.name}, seed {seed}\n")
            self._train(recipe if before is None else self._after(stage, recipe, data, before, folder), data, folder)
            write_lines(folder / DONE, json.dumps(about, indent=1).splitlines())
        return folder

    def _after(self, stage: Stage, recipe: ReidRecipe, data: ReidSet, before: Path, folder: Path) -> ReidRecipe:
        """The recipe with what it has of the stage before: its weights, its labels, its crops."""
        made = recipe if stage.anew else replace(recipe, start=str(before / WEIGHTS))
        if stage.labels is not None:
            mined = str(self._labelled(stage.labels, data, before, folder))
            made = replace(made, data=replace(made.data, mined=mined))
        if stage.crops is not None:
            cropped = str(self._cropped(stage.crops, data, before, folder))
            made = replace(made, data=replace(made.data, cropped=cropped))
        return made

    def _train(self, recipe: ReidRecipe, data: ReidSet, folder: Path) -> None:
        train_reid(data, recipe, folder, device=self.device)
        np.savez(folder / FEATURES, **self._embedded(recipe, data, folder))
        (folder / CHECKPOINT).unlink()

    def _labelled(self, how: Mapping[str, Any], data: ReidSet, before: Path, folder: Path) -> Path:
        """The file of labels that the stage before gives the test pictures, with how good they are beside it."""
        pictures, path = pictures_to_label(data), folder / "labels.csv"
        with np.load(before / FEATURES) as stored:
            found = _method(how)(stored["query"], stored["gallery"], pictures)
        write_labels(path, pictures, found)
        write_lines(folder / "labels.json", [json.dumps(label_quality(found, pictures.identity))])
        return path

    def _cropped(self, how: Mapping[str, Any], data: ReidSet, before: Path, folder: Path) -> Path:
        """The file of boxes around what the stage before responds to."""
        network, _ = load_network(before / WEIGHTS)
        place, path = device_named(self.device), folder / "boxes.csv"
        heats = activations(network.to(place), data.train, side=how["side"], device=place)
        write_boxes(path, data.train, activated_boxes(heats, data.train, threshold=how["threshold"])[0])
        return path

    def _embedded(self, recipe: ReidRecipe, data: ReidSet, folder: Path) -> dict[str, Any]:
        network, _ = load_network(folder / WEIGHTS)
        place = device_named(self.device)
        if recipe.kept_looks:
            kept = KeptLooks(network, recipe, torch.device("cpu"))
            return {"query": kept.plain(data.query), "gallery": kept.plain(data.gallery)}
        network = network.to(place)
        return {
            name: embedded(network, pictures, side=recipe.input_size, device=place)
            for name, pictures in (("query", data.query), ("gallery", data.gallery))
        }


def parts_of(data: ReidSet, table: PaperTable) -> ReidSet:
    """The set with the table's cameras alone."""

    def of(pictures: ReidTable, cameras: tuple[str, ...]) -> ReidTable:
        return pictures.take(np.isin(pictures.camera_names(), cameras)) if cameras else pictures

    query, gallery = (of(pictures, table.found) for pictures in (data.query, data.gallery))
    return replace(data, train=of(data.train, table.learned), query=query, gallery=gallery)


def _method(how: Mapping[str, Any]) -> Method:
    settings = {name: value for name, value in how.items() if name != "method"}
    if how["method"] == "identities":
        return by_identities(first=0, **settings)
    return by_k_means(**settings) if how["method"] == "k-means" else by_clusters(PseudoLabelConfig(**settings))
