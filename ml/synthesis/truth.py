"""Exact ground truth of one picture: whose each pixel is, and from that boxes and how much of each is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import find_objects

from ml.synthesis.camera import Numbers
from ml.synthesis.gl import context
from ml.synthesis.placing import Mover, Seen, Standing, Walking
from ml.synthesis.renderer import Renderer


@dataclass(frozen=True)
class TruthBox:
    """A vehicle in a picture.

    number      the vehicle's            box     visible pixels: left, top, right, bottom, the last two exclusive
    pixels      that are visible         whole   pixels inside the picture if nothing stood before it
    inside      part of the whole vehicle's rectangle that lies in the picture
    x, y, yaw   middle of its footprint, metres, and heading, radians
    """

    number: int
    box: tuple[int, int, int, int]
    pixels: int
    whole: int
    inside: float
    x: float
    y: float
    yaw: float

    @property
    def visibility(self) -> float:
        """Visible part of what would be seen without others before it."""
        return min(1.0, self.pixels / max(self.whole, 1))


class Surveyor:
    """Draws who is where for one renderer."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        size = renderer.camera.size
        gl = context()
        self._target = gl.framebuffer([gl.renderbuffer(size, 4)], gl.depth_renderbuffer(size))
        self._alone = gl.framebuffer([gl.renderbuffer(size, 4)], gl.depth_renderbuffer(size))
        self._scene = gl.framebuffer([gl.renderbuffer(size, 4)], gl.depth_renderbuffer(size))
        renderer.backdrop.draw_depth(self._scene)

    def survey(self, vehicles: Sequence[Standing], people: Sequence[Walking] = ()) -> tuple[Numbers, list[TruthBox]]:
        """The map of numbers as the lens delivers it, and a box for each vehicle with a visible pixel."""
        things: list[Mover] = [*vehicles, *people]
        sights = [(self._renderer.sight(thing), thing) for thing in things]
        shown = [(sight, thing) for sight, thing in sights if sight.shown]
        straight = self._drawn(shown)
        numbers = self._renderer.camera.bent_numbers(straight)
        places = find_objects(numbers)
        counts, before = np.bincount(numbers.ravel()), np.bincount(straight.ravel(), minlength=len(places) + 1)
        boxes = []
        for sight, thing in shown:
            if not isinstance(thing, Standing) or thing.looks.number > len(places):
                continue
            place = places[thing.looks.number - 1]
            if place is not None:
                rows, columns = place
                box = (columns.start, rows.start, columns.stop, rows.stop)
                pixels, unbent = int(counts[thing.looks.number]), int(before[thing.looks.number])
                whole = self._whole(sight, thing, shown, unbent)
                boxes.append(self._box(thing, sight, box, pixels, round(whole * pixels / max(unbent, 1))))
        return numbers, boxes

    def _drawn(self, shown: Sequence[tuple[Seen, Mover]]) -> Numbers:
        """[h, w] numbers before the lens; pedestrians hide, but are 0 themselves."""
        camera = self._renderer.camera
        context().copy_framebuffer(self._target, self._scene)
        self._target.use()
        for sight, thing in sorted(shown, key=lambda pair: pair[0].nearest):
            number = thing.looks.number if isinstance(thing, Standing) else 0
            code = (number % 256 / 255, number // 256 / 255, 0.0, 0.0)
            self._renderer.draw_depth(camera.clip, thing, sight.level, code)
        width, height = camera.size
        raw = np.frombuffer(self._target.read(components=2), np.uint8).reshape(height, width, 2)[::-1]
        return np.asarray(raw[..., 0] + raw[..., 1].astype(np.uint16) * np.uint16(256))

    def _whole(self, sight: Seen, thing: Standing, shown: Sequence[tuple[Seen, Mover]], visible: int) -> int:
        """Pixels of `thing` alone; it is drawn again only where something nearer may hide it."""
        width, height = self._renderer.camera.size
        left, top = (max(int(sight.rect[k]) - 1, 0) for k in range(2))
        right, bottom = min(int(sight.rect[2]) + 2, width), min(int(sight.rect[3]) + 2, height)
        scene = self._renderer.backdrop.static_depth[top:bottom, left:right]
        nearer = any(
            other is not thing and near.nearest < sight.farthest and _overlap(near.rect, sight.rect)
            for near, other in shown
        )
        if not nearer and not bool((scene < sight.farthest).any()):
            return visible
        part = (left, height - bottom, right - left, bottom - top)
        self._alone.use()
        self._alone.scissor = part
        self._alone.clear()
        self._renderer.draw_depth(self._renderer.camera.clip, thing, sight.level, (1.0, 0.0, 0.0, 0.0))
        self._alone.scissor = None
        alone = np.frombuffer(self._alone.read(viewport=part, components=1), np.uint8)
        return max(int(np.count_nonzero(alone)), visible)

    def _box(self, thing: Standing, sight: Seen, box: tuple[int, int, int, int], pixels: int, whole: int) -> TruthBox:
        width, height = self._renderer.camera.size
        x0, y0, x1, y1 = sight.rect
        seen = max(min(x1, width) - max(x0, 0), 0) * max(min(y1, height) - max(y0, 0), 0)
        inside = float(min(1.0, seen / max(sight.area, 1e-6)))
        return TruthBox(thing.looks.number, box, pixels, whole, inside, thing.x, thing.y, thing.yaw)


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
