"""Whole scenes and whole crop sets, camera by camera, going on where an earlier call stopped."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ml.datasets.reid.vehiclex import FOLDER
from ml.datasets.text import write_lines
from ml.synthesis.crops import CropOptions, draw_crops, labels_path
from ml.synthesis.film import Places, film
from ml.synthesis.models.library import find_libraries, load_library
from ml.synthesis.parallel import Stages, run_all
from ml.synthesis.scene_files import write_truth
from ml.synthesis.world import SceneOptions, World, make_world
from ml.types import Progress, UserError

MASKS = "sys_mask_train"
_WORK = ".work"


@dataclass(frozen=True)
class Request:
    """out  folder that gets the result      models  folder of the vehicle models, None for Debian's place
    workers  processes at once             masks   whether to write masks too
    """

    out: Path
    models: Path | None
    workers: int
    masks: bool


def produce_scene(options: SceneOptions, name: str, request: Request, stages: Stages) -> Path:
    """Film all cameras of a scene; returns its folder. Finished cameras of an interrupted call are kept.

    Raises UserError models-missing, rendering-unavailable, or other-options where the folder holds another scene.
    """
    library = load_library(find_libraries(request.models), stages.stage("vehicle models"))
    work = _work_folder(request.out, {"scene": name, **asdict(options), "masks": request.masks})
    world = make_world(options, library, stages.stage("traffic"))
    jobs = [(view.name, view.name) for view in world.views if not (work / f"{view.name}.npy").is_file()]
    run_all(partial(_film, world, name, request), jobs, stages, workers=request.workers)
    truths = {view.name: np.load(work / f"{view.name}.npy") for view in world.views}
    return write_truth(request.out, name, world, library, truths)


def _film(world: World, name: str, request: Request, camera: str, progress: Progress) -> None:
    view = next(view for view in world.views if view.name == camera)
    folder = request.out / name / camera
    places = Places(folder / "vdo.mp4", folder / "segm" if request.masks else None)
    rows = film(world, view, load_library(find_libraries(request.models)), places, progress)
    finished = request.out / _WORK / f"{camera}.npy"
    unfinished = finished.with_name(f".{camera}.partial.npy")
    np.save(unfinished, rows)
    unfinished.replace(finished)


def produce_crops(options: CropOptions, request: Request, stages: Stages) -> Path:
    """Draw a crop set; returns `request.out`, readable as VehicleX. Finished cameras of an interrupted call are kept.

    Raises UserError as `produce_scene` does.
    """
    load_library(find_libraries(request.models), stages.stage("vehicle models"))
    _work_folder(request.out, {**asdict(options), "masks": request.masks})
    pictures = request.out / FOLDER
    for folder in (pictures, request.out / MASKS) if request.masks else (pictures,):
        folder.mkdir(parents=True, exist_ok=True)
    cameras = [number for number in range(options.cameras) if not labels_path(pictures, number).is_file()]
    jobs = [(f"c{number + 1:03d}", number) for number in cameras]
    run_all(partial(_draw, options, request), jobs, stages, workers=request.workers)
    labels: list[dict[str, str]] = []
    for number in range(options.cameras):
        labels += json.loads(labels_path(pictures, number).read_text(encoding="utf-8"))
    _write_labels(request.out / "sys_train_label.xml", sorted(labels, key=lambda label: label["imageName"]))
    return request.out


def _draw(options: CropOptions, request: Request, camera: int, progress: Progress) -> None:
    library = load_library(find_libraries(request.models))
    masks = request.out / MASKS if request.masks else None
    draw_crops(options, camera, library, request.out / FOLDER, masks, progress)


def _write_labels(path: Path, labels: list[dict[str, str]]) -> None:
    items = [" ".join(f'{name}="{value}"' for name, value in label.items()) for label in labels]
    head = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<TrainingImages Version="1.0">',
        f'<Items number="{len(items)}">',
    ]
    write_lines(path, [*head, *(f"  <Item {item}/>" for item in items), "</Items>", "</TrainingImages>"])


def _work_folder(out: Path, wanted: dict[str, Any]) -> Path:
    """The folder of what is finished, made for these options; UserError other-options where it was made for others."""
    work = out / _WORK
    stated = work / "options.json"
    text = json.dumps(wanted, indent=1)
    if stated.is_file() and stated.read_text(encoding="utf-8").strip() != text:
        raise UserError(
            "other-options",
            f"{out} was begun with other options ({stated} has them): name another folder, or delete it to begin anew.",
        )
    if not stated.is_file() and out.is_dir() and any(out.iterdir()):
        raise UserError("folder-not-empty", f"{out} holds something already: name a new or an empty folder with --out.")
    write_lines(stated, text.splitlines())
    return work
