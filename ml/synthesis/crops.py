"""Pictures of single vehicles for re-identification, in VehicleX's layout."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ml.synthesis.camera import Camera, Numbers
from ml.synthesis.light import WEATHERS, Light, light_of
from ml.synthesis.looks import Looks, drawn_looks, drawn_model
from ml.synthesis.models.library import Library
from ml.synthesis.placing import Standing
from ml.synthesis.renderer import Renderer
from ml.synthesis.scenery.town import town
from ml.synthesis.sensor import Sensor, drawn_sensor
from ml.synthesis.traffic.network import LANE, drawn_network
from ml.synthesis.truth import Surveyor, TruthBox
from ml.types import Image, Progress

SIZE = (640, 400)
_LONGEST = 256  # pixels of a crop's longer side, at most
_SHORTEST = 28  # pixels of its shorter side, at least
_WHOLE = 0.85  # part of the vehicle that lies in the picture, at least
_TRIES = 4
_JPEG = [cv2.IMWRITE_JPEG_QUALITY, 90]


@dataclass(frozen=True)
class CropOptions:
    """seed        the set's number                     identities, views  vehicles, and pictures of each
    cameras     that the views are spread over       weathers           one for each camera, in turn
    first       the first vehicle's number
    """

    seed: int
    identities: int = 100
    views: int = 16
    cameras: int = 10
    weathers: tuple[str, ...] = WEATHERS
    first: int = 1

    def camera_of(self, identity: int, view: int) -> int:
        """The camera of a view: they are spread evenly, and each vehicle starts at another."""
        return (identity * 7 + view) % self.cameras


@dataclass(frozen=True)
class _Stage:
    """A camera with a stretch of road before it."""

    renderer: Renderer
    surveyor: Surveyor
    sensor: Sensor
    light: Light
    name: str


def draw_crops(
    options: CropOptions, camera: int, library: Library, folder: Path, masks: Path | None, progress: Progress
) -> None:
    """All pictures of camera number `camera` (from 0) into `folder`, with their labels in <camera>.json beside them."""
    stage = _stage(options, camera, library)
    wanted = [
        (identity, view)
        for identity in range(options.first, options.first + options.identities)
        for view in range(options.views)
        if options.camera_of(identity, view) == camera
    ]
    labels = []
    for done, (identity, view) in enumerate(wanted, start=1):
        model = drawn_model(np.random.default_rng([options.seed, identity, 1]), evenness=0.3)
        looks = drawn_looks(options.seed, identity, model)
        label = _crop(stage, looks, view, np.random.default_rng([options.seed, identity, view, 2]), folder, masks)
        if label is not None:
            labels.append(label)
        progress(done, len(wanted), "pictures")
    partial = folder.parent / f".{stage.name}.partial"
    partial.write_text(json.dumps(labels), encoding="utf-8")
    partial.replace(labels_path(folder, camera))


def labels_path(folder: Path, camera: int) -> Path:
    """Where a finished camera's labels lie until the set is complete."""
    return folder.parent / ".work" / f"c{camera + 1:03d}.json"


def _stage(options: CropOptions, number: int, library: Library) -> _Stage:
    generator = np.random.default_rng([options.seed, number, 3])
    network = drawn_network(generator, 2)
    light = light_of(options.weathers[number % len(options.weathers)], generator)
    height = float(generator.uniform(2.2, 8.0))
    arm = network.entering(network.junctions()[0])[0]
    right = np.array([arm.direction[1], -arm.direction[0]])
    eye = arm.end - arm.direction * 4.0 + right * float(generator.uniform(-1, 1)) * (arm.lanes * LANE + 1.0)
    target = eye - arm.direction * float(generator.uniform(12, 20))
    camera = Camera(
        eye=(float(eye[0]), float(eye[1]), height),
        target=(float(target[0]), float(target[1]), 0.8),
        field=float(generator.uniform(42, 62)),
        size=SIZE,
    )
    scenery = town(network, library, [camera], generator)
    renderer = Renderer(library, scenery, camera, light, (float(target[0]), float(target[1])), radius=40.0)
    sensor = Sensor(drawn_sensor(generator, dark=light.name == "night", rain=light.rain), SIZE, [options.seed, number])
    return _Stage(renderer, Surveyor(renderer), sensor, light, f"c{number + 1:03d}")


def _crop(
    stage: _Stage, looks: Looks, view: int, generator: np.random.Generator, folder: Path, masks: Path | None
) -> dict[str, str] | None:
    """One picture on disk and its label; None where the vehicle did not fit in several tries."""
    for _ in range(_TRIES):
        standing = _placed(stage, looks, generator)
        numbers, boxes = stage.surveyor.survey([standing])
        box = next((box for box in boxes if box.inside >= _WHOLE and _large_enough(box)), None)
        if box is None:
            continue
        picture = stage.sensor(stage.renderer.picture([standing]), int(generator.integers(1 << 30)))
        name = f"{looks.number:05d}_{stage.name}_{view + 1}"
        area = _with_margin(box, generator)
        cv2.imwrite(str(folder / f"{name}.jpg"), _shrunk(picture, area)[..., ::-1], _JPEG)
        if masks is not None:
            cv2.imwrite(str(masks / f"{name}.png"), _shrunk(_mask(numbers, looks.number), area))
        return _label(f"{name}.jpg", stage, standing)
    return None


def _placed(stage: _Stage, looks: Looks, generator: np.random.Generator) -> Standing:
    """Somewhere before the camera, the nearer the smaller it is, turned anyhow."""
    camera = stage.renderer.camera
    length = stage.renderer.library.models[looks.model].size[0]
    eye, ahead = np.array(camera.eye[:2]), np.subtract(camera.target[:2], camera.eye[:2])
    ahead = ahead / np.hypot(*ahead)
    distance = length * float(generator.uniform(1.1, 2.6)) + float(generator.uniform(3.5, 9.0))
    aside = float(generator.uniform(-0.22, 0.22)) * distance
    place = eye + ahead * distance + np.array([-ahead[1], ahead[0]]) * aside
    lights = bool(generator.random() < stage.light.headlights)
    turned = float(generator.uniform(0, 2 * math.pi))
    return Standing(looks, float(place[0]), float(place[1]), turned, bool(generator.random() < 0.25), lights)


def _large_enough(box: TruthBox) -> bool:
    left, top, right, bottom = box.box
    return min(right - left, bottom - top) >= _SHORTEST and box.visibility > 0.7


def _with_margin(box: TruthBox, generator: np.random.Generator) -> tuple[slice, slice]:
    """The box as a loose detector would draw it."""
    left, top, right, bottom = box.box
    before, above, after, below = generator.uniform(0, 0.08, 4)
    width, height = right - left, bottom - top
    rows = slice(max(0, round(top - above * height)), min(SIZE[1], round(bottom + below * height)))
    return rows, slice(max(0, round(left - before * width)), min(SIZE[0], round(right + after * width)))


def _mask(numbers: Numbers, number: int) -> Image:
    return np.where(numbers == number, 255, 0).astype(np.uint8)


def _shrunk(picture: Image, area: tuple[slice, slice]) -> Image:
    part = picture[area]
    scale = _LONGEST / max(part.shape[:2])
    if scale >= 1:
        return part
    return np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def orientation(standing: Standing, camera: Camera) -> float:
    """Degrees 0..360: 0 where the vehicle faces the camera, counter-clockwise seen from above."""
    towards = math.atan2(camera.eye[1] - standing.y, camera.eye[0] - standing.x)
    return math.degrees(standing.yaw - towards) % 360


def _label(name: str, stage: _Stage, standing: Standing) -> dict[str, str]:
    """The item's attributes as VehicleX's label file has them."""
    looks, light, eye = standing.looks, stage.light, stage.renderer.camera.eye
    return {
        "imageName": name,
        "vehicleID": f"{looks.number:05d}",
        "cameraID": stage.name,
        "colorID": str(looks.colour_number),
        "typeID": str(looks.type_number),
        "orientation": f"{orientation(standing, stage.renderer.camera):.1f}",
        "lightInt": f"{light.sun_colour[0] / 2.5:.2f}",
        "lightDir": f"{math.degrees(math.atan2(light.sun[1], light.sun[0])) % 360:.0f}",
        "camHei": f"{eye[2]:.2f}",
        "camDis": f"{math.dist(eye[:2], (standing.x, standing.y)):.2f}",
    }
