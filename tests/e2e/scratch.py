"""What a new scene is made of in `scratch.mjs`: parts of four city_a videos, and what its person knows of the place.

python -m tests.e2e.scratch FOLDER [--whole] writes it for a story by command; --whole keeps the videos' full length.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from ml.datasets.scene import SceneFolder, read_scene
from ml.types import Float2D, Int1D

ROOT = Path(__file__).resolve().parents[2]
CITY = ROOT.parent / "shared" / "data" / "city_a"
KEYFRAME_S = 2.0  # both ends of a part lie on whole pictures, so that nothing is encoded anew
# Seconds into each video; in these ten, 22 vehicles are seen by two of the cameras.
PARTS = {"c001": (40.0, 50.0), "c002": (52.0, 62.0), "c003": (44.0, 54.0), "c004": (84.0, 94.0)}
WHOLE = dict.fromkeys(PARTS, (0.0, 98.0))
CLOCK = datetime(2026, 3, 1, 8, 15, tzinfo=UTC)  # when c001 began; recorders write whole seconds into names
NAMED_AFTER_S = 1.2  # world time of CLOCK
INTERRUPTED = "c002"
PADDING = 24 << 20  # so that its upload takes three pieces; players pass over what comes after the film's end
FEWEST_BOXES, FEWEST_VEHICLES = 15, 3
MARGIN_S = 3.0
POINTS = 6
REGION = [[8, 120], [952, 120], [952, 534], [8, 534]]


@dataclass(frozen=True)
class Part:
    """Frames first..stop-1 of a camera's video; `begins_s`: world time of the first."""

    camera: str
    first: int
    stop: int
    begins_s: float
    fps: float

    @property
    def is_named(self) -> bool:
        """Whether a file name with whole seconds says exactly when it begins."""
        return (self.begins_s - NAMED_AFTER_S).is_integer()

    @property
    def file_name(self) -> str:
        if not self.is_named:
            return f"{self.camera}.mp4"
        began = CLOCK + timedelta(seconds=self.begins_s - NAMED_AFTER_S)
        return f"{self.camera}_{began:%Y%m%d_%H%M%S}.mp4"


@dataclass(frozen=True)
class Truth:
    """The visible vehicles of a part, one row a box: frames [n] of the part, vehicles [n], boxes [n, 4] xyxy pixels."""

    frames: Int1D
    vehicles: Int1D
    boxes: Float2D


def scene_from_scratch(city: Path, out: Path, parts: dict[str, tuple[float, float]] = PARTS) -> Path:
    """Write the videos and plan.json, which says what `scratch.mjs` is to draw, type and answer; returns `out`."""
    out.mkdir(parents=True, exist_ok=True)
    scene = read_scene(city)
    cut = [_cut(scene, name, span, out) for name, span in parts.items()]
    truths = {part.camera: _truth(scene, part) for part in cut}
    begin_s = min(part.begins_s for part in cut)
    plan = {
        "files": [
            {
                "name": part.file_name,
                "camera": part.camera,
                "start_s": None if part.is_named else round(part.begins_s - begin_s, 3),
            }
            for part in cut
        ],
        "interrupted": next(part.file_name for part in cut if part.camera == INTERRUPTED),
        "region": REGION,
        "points": _points(scene.path / cut[0].camera / "calibration.json"),
        "links": _links(cut, truths),
        "truth": {camera: _by_frame(truth) for camera, truth in truths.items()},
    }
    (out / "plan.json").write_text(json.dumps(plan))
    return out


def _cut(scene: SceneFolder, name: str, span: tuple[float, float], out: Path) -> Part:
    """The part of the camera's video, copied packet by packet."""
    camera = next(each for each in scene.cameras if each.name == name)
    with av.open(str(camera.require_video())) as source:
        stream = source.streams.video[0]
        rate = float(stream.average_rate or 0)
        first, stop = (round(second * rate) for second in span)
        part = Part(name, first, stop, camera.start_s + span[0], rate)
        with av.open(str(out / part.file_name), "w") as film:
            copy = film.add_stream_from_template(stream)
            for packet in source.demux(stream):
                if packet.pts is None or packet.dts is None or packet.time_base is None:
                    continue
                due = float(packet.pts * packet.time_base)
                if not span[0] <= due < span[1]:
                    continue
                shift = round(span[0] / packet.time_base)
                packet.pts, packet.dts, packet.stream = packet.pts - shift, packet.dts - shift, copy
                film.mux(packet)
    if name == INTERRUPTED:
        with (out / part.file_name).open("ab") as file:
            file.write(PADDING.to_bytes(4, "big") + b"free" + bytes(PADDING - 8))
    return part


def _truth(scene: SceneFolder, part: Part) -> Truth:
    """Of gt_all.txt: `frame,id,left,top,width,height,...`, frames from 1."""
    rows: npt.NDArray[np.float64] = np.loadtxt(scene.path / part.camera / "gt" / "gt_all.txt", delimiter=",")
    frames = rows[:, 0].astype(np.int32) - 1 - part.first
    inside = rows[(frames >= 0) & (frames < part.stop - part.first)]
    corners = np.column_stack((inside[:, 2:4], inside[:, 2:4] + inside[:, 4:6]))
    frames = inside[:, 0].astype(np.int32) - 1 - part.first
    return Truth(frames, inside[:, 1].astype(np.int32), corners.astype(np.float32))


def _by_frame(truth: Truth) -> dict[int, list[list[float]]]:
    """Frame -> [vehicle, left, top, right, bottom] of each."""
    found: dict[int, list[list[float]]] = defaultdict(list)
    for frame, vehicle, box in zip(truth.frames.tolist(), truth.vehicles.tolist(), truth.boxes.tolist(), strict=True):
        found[frame].append([vehicle, *box])
    return dict(found)


def _links(parts: Sequence[Part], truths: dict[str, Truth]) -> list[dict[str, Any]]:
    """The ways that at least FEWEST_VEHICLES take, with whole seconds around what they take for it."""
    spans = {part.camera: _spans(part, truths[part.camera]) for part in parts}
    links = []
    for source, target in permutations(spans, 2):
        shared = spans[source].keys() & spans[target].keys()
        takes = [spans[target][each][0] - spans[source][each][1] for each in shared]
        takes = [seconds for seconds in takes if seconds > -1]
        if len(takes) >= FEWEST_VEHICLES:
            window = {"min_s": int(min(takes) - MARGIN_S), "max_s": int(max(takes) + MARGIN_S)}
            links.append({"source": source, "target": target, **window})
    return links


def _spans(part: Part, truth: Truth) -> dict[int, tuple[float, float]]:
    """Vehicle -> (first, last) world time, of those with enough boxes."""
    times = part.begins_s + truth.frames / part.fps
    counts = Counter(truth.vehicles.tolist())
    return {
        vehicle: (float(times[truth.vehicles == vehicle].min()), float(times[truth.vehicles == vehicle].max()))
        for vehicle, count in counts.items()
        if count >= FEWEST_BOXES
    }


def _points(calibration: Path) -> list[dict[str, list[float]]]:
    """Places on the ground in metres, far from each other in the picture, and their pixels."""
    content = json.loads(calibration.read_text())
    matrix = np.array(content["H_world_to_image"], np.float64)
    position = np.array(content["position_m"][:2], np.float64)
    grid = np.stack(np.meshgrid(np.arange(-60, 61, 4.0), np.arange(-60, 61, 4.0)), axis=-1).reshape(-1, 2)
    places = np.round(position) + grid
    seen = np.column_stack((places, np.ones(len(places)))) @ matrix.T
    pixels = seen[:, :2] / seen[:, 2:]
    left, top, right, bottom = REGION[0][0], REGION[0][1], REGION[2][0], REGION[2][1]
    inside = (
        (seen[:, 2] > 0)
        & (pixels > [left + 20, top + 40]).all(axis=1)
        & (pixels < [right - 20, bottom - 10]).all(axis=1)
    )
    chosen = [int(np.flatnonzero(inside)[0])]
    while len(chosen) < POINTS:
        apart = np.linalg.norm(pixels[:, None] - pixels[chosen][None], axis=2).min(axis=1)
        chosen.append(int(np.where(inside, apart, -1).argmax()))
    return [{"pixel": pixels[each].round(1).tolist(), "place": places[each].tolist()} for each in chosen]


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--whole", action="store_true", help="the videos in full length")
    asked = parser.parse_args()
    scene_from_scratch(CITY, asked.folder, WHOLE if asked.whole else PARTS)
