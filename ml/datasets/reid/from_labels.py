"""Labelled vehicles cut out of their videos: those to train on, and those kept back as queries and gallery."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile

import numpy as np

from ml.datasets.reid.table import UNKNOWN
from ml.datasets.reid.writing import LONGEST_SIDE, QUALITY, Cut, all_or_nothing, widened, write_lists
from ml.datasets.text import write_lines
from ml.detection.classes import NAMES
from ml.reid.attributes import COLOURS as VERI_COLOURS
from ml.reid.attributes import VEHICLE_TYPES
from ml.reid.crops import crop, jpeg
from ml.reid.views import choose_views
from ml.types import Float1D, Progress, Tracklet, UserError, no_progress
from ml.video import FrameIndex, read_frames

# Numbered from 1 on as VeRi's, so that what reads the one set reads the other; what people say beyond VeRi comes last.
TYPES = (*VEHICLE_TYPES, "car")
COLOURS = (*VERI_COLOURS, "purple")
FOLDERS = {"train": "image_train", "query": "image_query", "test": "image_test"}


@dataclass(frozen=True)
class LabelledVehicle:
    """One vehicle in one video. held: not to be trained on. colour: one of `COLOURS`, or "" where unknown."""

    identity: int
    held: bool
    colour: str
    tracklet: Tracklet


@dataclass(frozen=True)
class LabelledFilm:
    """A video and its vehicles. camera: its number in the set; frame_size: width, height; start_s: scene time."""

    camera: int
    path: Callable[[], Path]
    index: FrameIndex
    frame_size: tuple[int, int]
    start_s: float
    vehicles: Sequence[LabelledVehicle]


@dataclass(frozen=True)
class ViewRule:
    """Which pictures of a tracklet are cut out: up to `views`, spread over it, the largest whole vehicle of each part.

    margin    how much of its width and height a box is widened by on each side
    smallest  boxes with a shorter side below this are left out, pixels
    """

    views: int = 8
    margin: float = 0.03
    smallest: int = 24


def cut_labelled(
    films: Sequence[LabelledFilm],
    out: Path,
    rule: ViewRule = ViewRule(),
    *,
    numbered: bool = False,
    progress: Progress = no_progress,
) -> int:
    """Write the vehicles as a set that `read_reid` reads; returns how many pictures there are.

    numbered  pictures are called 000001.jpg, ... as in the AI City Challenge; if not <id>_<camera>_<frame, from 1>_
              <video of the camera>.jpg as in VeRi

    image_train has the vehicles that are not held, image_test the held ones, and image_query the largest picture of
    each held vehicle in each camera, of those that several cameras saw; as in VeRi it is in image_test too. Label files
    name identity, camera, colour (list_color.txt), type (list_type.txt; both as VeRi's) and scene time. All of it
    appears at the end.

    UserError: `out` has pictures already, or no box is large enough.
    """
    if any((out / folder).exists() for folder in FOLDERS.values()):
        raise UserError("out-not-empty", f"{out} has pictures already: name another folder or empty it.")
    with all_or_nothing(out) as partial:
        for folder in FOLDERS.values():
            (partial / folder).mkdir()
        taken = list(_cut_films(films, partial, rule, progress))
        if not taken:
            raise UserError("nothing-to-cut", f"No labelled box has a shorter side of {rule.smallest} pixels or more.")
        parts = _parts(taken)
        for cut in parts.get("query", []):
            copyfile(partial / FOLDERS["test"] / cut.name, partial / FOLDERS["query"] / cut.name)
        for part, listed in parts.items():
            write_lists(partial, part, _numbered(partial / FOLDERS[part], listed) if numbered else listed)
        for part in FOLDERS.keys() - parts.keys():
            (partial / FOLDERS[part]).rmdir()
        _write_codes(partial)
    return len(taken)


_Wanted = dict[int, list[tuple[LabelledVehicle, Float1D]]]  # frame -> the vehicles to cut out of it, their boxes


@dataclass(frozen=True)
class _Taken:
    cut: Cut
    held: bool
    area: float


def _cut_films(films: Sequence[LabelledFilm], folder: Path, rule: ViewRule, progress: Progress) -> Iterator[_Taken]:
    chosen = [_chosen(film, rule) for film in films]
    total, done = sum(len(rows) for wanted in chosen for rows in wanted.values()), 0
    videos: dict[int, int] = defaultdict(int)
    for film, wanted in zip(films, chosen, strict=True):
        video, videos[film.camera] = videos[film.camera], videos[film.camera] + 1
        for frame, image in _pictures(film, wanted):
            for vehicle, box in wanted[frame]:
                taken = _taken(film, video, frame, vehicle, box)
                content = jpeg(crop(image, widened(box, rule.margin)), longest_side=LONGEST_SIDE, quality=QUALITY)
                (folder / FOLDERS["test" if taken.held else "train"] / taken.cut.name).write_bytes(content)
                yield taken
                done += 1
                progress(done, total, "pictures")


def _chosen(film: LabelledFilm, rule: ViewRule) -> _Wanted:
    found: _Wanted = defaultdict(list)
    for vehicle in film.vehicles:
        tracklet = vehicle.tracklet
        frames = choose_views(tracklet, count=rule.views, frame_size=film.frame_size)
        for row in np.searchsorted(tracklet.frames, frames).tolist():
            box = tracklet.boxes[row]
            inside = tracklet.frames[row] < len(film.index)
            if inside and float((box[2:] - box[:2]).min()) >= rule.smallest:
                found[int(tracklet.frames[row])].append((vehicle, box))
    return found


def _pictures(
    film: LabelledFilm, wanted: dict[int, list[tuple[LabelledVehicle, Float1D]]]
) -> Iterator[tuple[int, np.ndarray]]:
    if wanted:
        span = read_frames(film.path(), index=film.index, first=min(wanted), stop=max(wanted) + 1)
        yield from ((frame, image) for frame, image in span if frame in wanted)


def _taken(film: LabelledFilm, video: int, frame: int, vehicle: LabelledVehicle, box: Float1D) -> _Taken:
    camera, number = f"c{film.camera:03d}", vehicle.tracklet.number
    cut = Cut(
        name=f"{vehicle.identity:04d}_{camera}_{frame + 1:08d}_{video}.jpg",
        identity=vehicle.identity,
        camera=camera,
        time_s=film.start_s + float(film.index.times_s[frame]),
        tracklet=f"{camera} {video} {number}",
        vehicle_type=TYPES.index(NAMES[vehicle.tracklet.category]) + 1,
        colour=COLOURS.index(vehicle.colour) + 1 if vehicle.colour in COLOURS else UNKNOWN,
    )
    return _Taken(cut, vehicle.held, float((box[2] - box[0]) * (box[3] - box[1])))


def _parts(taken: Sequence[_Taken]) -> dict[str, list[Cut]]:
    """train, query and test, each by name; a part without pictures is left out."""
    held = [each for each in taken if each.held]
    best: dict[tuple[int, str], _Taken] = {}
    cameras: dict[int, set[str]] = defaultdict(set)
    for each in held:
        key = (each.cut.identity, each.cut.camera)
        cameras[each.cut.identity].add(each.cut.camera)
        if key not in best or each.area > best[key].area:
            best[key] = each
    query = [each for (identity, _), each in best.items() if len(cameras[identity]) > 1]
    parts = {"train": [each for each in taken if not each.held], "query": query, "test": held}
    return {
        part: sorted((each.cut for each in listed), key=lambda cut: cut.name)
        for part, listed in parts.items()
        if listed
    }


def _numbered(folder: Path, cuts: Sequence[Cut]) -> list[Cut]:
    """Their files called 000001.jpg, ... in the same order."""
    renamed = [replace(cut, name=f"{place:06d}.jpg") for place, cut in enumerate(cuts, start=1)]
    for cut, new in zip(cuts, renamed, strict=True):
        (folder / cut.name).rename(folder / new.name)
    return renamed


def _write_codes(out: Path) -> None:
    for file, names in (("list_color.txt", COLOURS), ("list_type.txt", TYPES)):
        write_lines(out / file, [f"{code} {name}" for code, name in enumerate(names, start=1)])
