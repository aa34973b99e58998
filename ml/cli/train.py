"""`python -m ml train`: a network from a recipe and labelled data."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, StageLines, add_command, goes_on, starts_again
from ml.types import UserError

if TYPE_CHECKING:
    from ml.datasets.reid import ReidSet


def add_to(commands: Any) -> None:
    summary = "Train a network; stopped, the same command goes on."
    parser = add_command(commands, "train", train, summary, interrupted=_interrupted)
    parser.add_argument("recipe", type=Path, metavar="RECIPE.yaml", help="settings; `kind` says what is trained")
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="DIR",
        help="kinds detector and nanodet: a scene folder with ground truth; others: a re-identification set",
    )
    parser.add_argument(
        "--beside",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="kinds reid and style: another set, whose training pictures count as rendered ones; may be repeated",
    )
    parser.add_argument(
        "--rendered",
        type=Path,
        metavar="DIR",
        help="kinds reid and style: a set whose rendered pictures take the place of --data's own, as `ml style` writes",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="checkpoint, metrics, weights, report")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default auto)")


def _interrupted(options: argparse.Namespace) -> str:
    """Heads are fitted in minutes and keep nothing in between."""
    try:
        heads = _kind(options)[1] == "attributes"
    except UserError:  # the recipe is not there any more
        heads = False
    return starts_again(options) if heads else goes_on(options)


def _kind(options: argparse.Namespace) -> tuple[object, object]:
    from ml.config import read_yaml

    settings = read_yaml(options.recipe)
    return settings, settings.get("kind") if isinstance(settings, Mapping) else None


def train(options: argparse.Namespace) -> Result:
    settings, kind = _kind(options)
    if not isinstance(kind, str) or kind not in TRAINERS:
        known = ", ".join(TRAINERS)
        raise UserError("bad-configuration", f"{options.recipe}: `kind` says what is trained; choose from {known}.")
    for name in ("beside", "rendered"):
        if getattr(options, name) and kind not in ("reid", "style"):
            raise UserError("option-unfit", f"--{name} goes with recipes of kinds reid and style, not with {kind}.")
    return TRAINERS[kind](settings, options)


def _detector(settings: object, options: argparse.Namespace) -> Result:
    from ml.config import config_from
    from ml.datasets.scene import read_scene
    from ml.detection.training.recipe import DetectorRecipe
    from ml.detection.training.trainer import train_detector

    recipe = config_from(DetectorRecipe, settings, str(options.recipe))
    scene, shown = read_scene(options.data), StageLines()
    try:
        report = train_detector(
            scene, recipe, options.out, device=options.device, progress=shown.stage(f"train {recipe.name}")
        )
    finally:
        shown.close()
    return Result(report, _detector_lines(report))


def _detector_lines(report: Mapping[str, Any]) -> list[str]:
    learned, held, score = report["learned"], report["held"], report["score"]
    return [
        f"learned from {learned['frames']} frames with {learned['vehicles']} vehicles, from {report['started_from']}",
        f"on {held['frames']} held frames with {held['vehicles']} vehicles: AP50 {score['ap50']:.3f}, "
        f"recall {score['recall50']:.3f}",
        f"weights: {report['weights']}; to use them: detector: name: {report['recipe']['name']}, weights: that path",
    ]


def _nanodet(settings: object, options: argparse.Namespace) -> Result:
    from ml.config import config_from
    from ml.datasets.scene import read_scene
    from ml.detection.tuning.from_scene import views_of
    from ml.detection.tuning.recipe import TuningRecipe
    from ml.detection.tuning.trainer import fine_tune

    recipe = config_from(TuningRecipe, settings, str(options.recipe))
    scene, shown = read_scene(options.data), StageLines()
    try:
        progress = shown.stage(f"train {recipe.name}")
        report = fine_tune(views_of(scene, recipe, progress), recipe, options.out, progress=progress)
    finally:
        shown.close()
    return Result(report, _nanodet_lines(report))


def _nanodet_lines(report: Mapping[str, Any]) -> list[str]:
    learned, held, start, best = (report[name] for name in ("learned", "held", "start", "best"))
    return [
        f"learned from {learned['frames']} frames with {learned['boxes']} vehicles; epoch {best['epoch']} was the best",
        f"on {held['frames']} held frames with {held['boxes']} vehicles: AP50 {start['ap50']:.3f} before, "
        f"{best['ap50']:.3f} now; recall {start['recall']:.3f} before, {best['recall']:.3f} now",
        f"weights: {report['weights']}; to use them: detector: name: nanodet, weights: that path",
    ]


def _pictures(options: argparse.Namespace) -> ReidSet:
    """The set that is named, with the pictures of the others that are."""
    from ml.datasets.reid import read_reid
    from ml.datasets.reid.beside import with_beside, with_rendered

    data = read_reid(options.data)
    if options.rendered:
        data = with_rendered(data, read_reid(options.rendered))
    return with_beside(data, [read_reid(path) for path in options.beside])


def _reid(settings: object, options: argparse.Namespace) -> Result:
    from ml.config import config_from
    from ml.reid.training.recipe import ReidRecipe
    from ml.reid.training.trainer import train_reid

    recipe = config_from(ReidRecipe, settings, str(options.recipe))
    data, shown = _pictures(options), StageLines()
    try:
        report = train_reid(
            data, recipe, options.out, device=options.device, progress=shown.stage(f"train {recipe.name}")
        )
    finally:
        shown.close()
    return Result(report, _reid_lines(report) if report else ["the first process says what came out"])


def _reid_lines(report: Mapping[str, Any]) -> list[str]:
    learned, test = report["learned"], report["test"]
    of = next(name for name in ("vehicles", "classes") if name in learned)
    lines = [f"learned from {learned['pictures']} pictures of {learned[of]} {of}"]
    if test is not None and of == "classes":
        lines.append(f"of {test['pictures']} test pictures {test['same_class']:.1%} are nearest to one of their class")
    elif test is not None:
        lines.append(
            f"{test['queries']} queries in {test['gallery']} pictures: mAP {test['map']:.3f}, "
            f"rank-1 {test['rank1']:.3f}, rank-5 {test['rank5']:.3f}, mINP {test['minp']:.3f}"
        )
    return [*lines, f"weights: {report['weights']}; to use them: embedder: name: trained, weights: that path"]


def _attributes(settings: object, options: argparse.Namespace) -> Result:
    from ml.config import config_from
    from ml.datasets.reid import read_reid
    from ml.reid.training.attributes import AttributesRecipe, train_attributes

    recipe = config_from(AttributesRecipe, settings, str(options.recipe))
    data, shown = read_reid(options.data), StageLines()
    try:
        report = train_attributes(
            data, recipe, options.out, device=options.device, progress=shown.stage(f"train {recipe.name}")
        )
    finally:
        shown.close()
    return Result(report, _attributes_lines(report))


def _attributes_lines(report: Mapping[str, Any]) -> list[str]:
    on = {"held vehicles": report["held"], "test pictures": report["test"]}
    return [
        f"learned from {report['learned']['pictures']} pictures",
        *(
            f"{name} of {what}: accuracy {score['accuracy']:.3f}, macro-F1 {score['macro_f1']:.3f}, "
            f"calibration error {score['ece']:.3f}"
            for what, scores in on.items()
            for name, score in scores.items()
        ),
        f"weights: {report['weights']}; to use them: embedder: attribute_weights: that path",
    ]


def _style(settings: object, options: argparse.Namespace) -> Result:
    from ml.config import config_from
    from ml.reid.style.recipe import StyleRecipe
    from ml.reid.style.trainer import train_style

    recipe = config_from(StyleRecipe, settings, str(options.recipe))
    data, shown = _pictures(options), StageLines()
    try:
        report = train_style(
            data, recipe, options.out, device=options.device, progress=shown.stage(f"train {recipe.name}")
        )
    finally:
        shown.close()
    return Result(report, _style_lines(report))


def _style_lines(report: Mapping[str, Any]) -> list[str]:
    learned = report["learned"]
    return [
        f"learned from {learned['rendered']} rendered and {learned['real']} real pictures",
        f"weights: {report['weights']}; to use them: python -m ml style SET --weights that path --out DIR",
    ]


TRAINERS: dict[str, Callable[[object, argparse.Namespace], Result]] = {
    "detector": _detector,
    "nanodet": _nanodet,
    "reid": _reid,
    "attributes": _attributes,
    "style": _style,
}
