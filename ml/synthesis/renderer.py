"""Pictures of one camera: the backdrop, and on it shadows, vehicles, pedestrians and lights."""

from __future__ import annotations

from collections.abc import Sequence

import moderngl
import numpy as np

from ml.synthesis.backdrop import WRAP, Backdrop, Scenery, lamp_bytes, to_texture
from ml.synthesis.camera import NEAR, Camera
from ml.synthesis.gl import context, matrix
from ml.synthesis.light import Light
from ml.synthesis.looks import Looks, roof_loads
from ml.synthesis.models.catalogue import HEAVY
from ml.synthesis.models.library import Library, Model
from ml.synthesis.placing import Mover, Seen, Standing, Walking, placement, seen
from ml.synthesis.shapes import Shape, square
from ml.types import Double2D, Image

_LAMPS_PER_VEHICLE = 4
_LOAD_HEIGHT = {"roof box": 0.42, "roof rack": 0.10, "taxi sign": 0.22, "ladder": 0.17}
_SHADOW_LEVEL = 2
_SMALL = 8.0  # pixels of a vehicle's rectangle for each of its triangles, half of which look away


class Renderer:
    """Draws what moves onto one camera's backdrop."""

    def __init__(
        self,
        library: Library,
        scenery: Scenery,
        camera: Camera,
        light: Light,
        centre: tuple[float, float],
        *,
        radius: float = 75.0,
        samples: int = 4,
    ) -> None:
        """centre  the point of the ground about which there are shadows, `radius` metres far; samples  of each pixel"""
        self.library, self.camera, self.light = library, camera, light
        self.backdrop = Backdrop(
            scenery, camera, light, centre, radius=radius, samples=min(samples, context().max_samples)
        )
        programs = self.backdrop.programs
        both = [programs.vehicle, programs.small, programs.depth]
        self._shapes = {
            name: [Shape(mesh, both) for mesh in model.levels]
            for name, model in library.models.items()
            if model.entry.kind != "furniture"
        }
        self._loads = {name: Shape(mesh, both) for name, mesh in roof_loads().items()}
        self._squares = {
            one.glo: square(one) for one in (programs.cast, programs.contact, programs.beam, programs.glow)
        }
        self._wraps: dict[int, moderngl.TextureArray] = {}

    def sight(self, thing: Mover) -> Seen:
        """What the camera sees of `thing`."""
        above = _LOAD_HEIGHT.get(thing.looks.load or "", 0.0) if isinstance(thing, Standing) else 0.0
        return seen(self.camera, self.model_of(thing), thing.to_world(), above=above)

    def model_of(self, thing: Mover) -> Model:
        return self.library.models[thing.looks.model if isinstance(thing, Standing) else thing.model]

    def picture(self, vehicles: Sequence[Standing], people: Sequence[Walking] = ()) -> Image:
        """[h, w, 3] RGB before lens and sensor."""
        back = self.backdrop
        back.bind()
        things: list[Mover] = [*vehicles, *people]
        sights = [(self.sight(thing), thing) for thing in things]
        if self.light.sunny:
            self._cast(things)
        context().copy_framebuffer(back.target, back.empty)
        back.target.use()
        shown = sorted((pair for pair in sights if pair[0].shown), key=lambda pair: pair[0].nearest)
        self._draw_on_ground([thing for _, thing in shown if isinstance(thing, Standing)], people)
        for sight, thing in shown:
            self._draw(thing, sight)
        self._draw_glow([thing for _, thing in shown if isinstance(thing, Standing)])
        context().copy_framebuffer(back.plain, back.target)
        width, height = self.camera.size
        raw = np.frombuffer(back.plain.read(components=3), np.uint8).reshape(height, width, 3)
        return np.ascontiguousarray(raw[::-1])

    def draw_depth(self, view: Double2D, thing: Mover, level: int, number: tuple[float, ...] = (0, 0, 0, 0)) -> None:
        """Draw `thing` and what it carries into the current target, writing `number`."""
        depth = self.backdrop.programs.depth
        depth["u_number"] = number
        for shape, to_world in self._parts(thing, level):
            depth["u_clip"].write(matrix(view @ to_world))
            shape.draw(depth)

    def _parts(self, thing: Mover, level: int) -> list[tuple[Shape, Double2D]]:
        """Shapes with their placement: the body first, then a load."""
        model, to_world = self.model_of(thing), thing.to_world()
        parts = [(self._shapes[model.entry.name][level], to_world)]
        if isinstance(thing, Standing) and thing.looks.load is not None and model.entry.roof is not None:
            roof = placement(model.entry.roof, 0, 0, (1, 1, 1), model.roof_height - 0.03)
            parts.append((self._loads[thing.looks.load], to_world @ roof))
        return parts

    def _cast(self, things: Sequence[Mover]) -> None:
        """The shadow map of what moves."""
        self.backdrop.moving_target.use()
        self.backdrop.moving_target.clear()
        for thing in things:
            self.draw_depth(self.backdrop.sun_view, thing, _SHADOW_LEVEL)

    def _draw_on_ground(self, vehicles: Sequence[Standing], people: Sequence[Walking]) -> None:
        """Shadows, the dark below vehicles, and the light of their lamps on the road."""
        programs, clip = self.backdrop.programs, self.camera.clip
        self.backdrop.target.depth_mask = False
        if self.light.sunny:
            programs.cast["u_clip"].write(matrix(clip))
            for area in _shadow_areas([*vehicles, *people], self.light, self):
                programs.cast["u_area"] = area
                self._squares[programs.cast.glo].render(moderngl.TRIANGLE_STRIP)
        context().enable(moderngl.BLEND)
        for thing in vehicles:
            length, width, _ = self._size(thing)
            programs.contact["u_half"] = (length / 2, width / 2)
            self._on_ground(
                programs.contact, thing, (-length / 2 - 0.8, -width / 2 - 0.8, length / 2 + 0.8, width / 2 + 0.8)
            )
        context().blend_func = moderngl.ONE, moderngl.ONE
        for thing in vehicles:
            if thing.lights and self.light.headlights:
                length, _, _ = self._size(thing)
                strength = 0.42 if self.light.lamps else 0.06
                programs.beam["u_beam"] = (strength, 0.92 * strength, 0.75 * strength)
                self._on_ground(programs.beam, thing, (length / 2 + 0.3, -4.5, length / 2 + 26.0, 4.5))
        context().blend_func = moderngl.DEFAULT_BLENDING
        context().disable(moderngl.BLEND)
        self.backdrop.target.depth_mask = True

    def _on_ground(self, target: moderngl.Program, thing: Standing, area: tuple[float, float, float, float]) -> None:
        target["u_clip"].write(matrix(self.camera.clip @ placement(thing.x, thing.y, thing.yaw, (1, 1, 1))))
        target["u_area"] = area
        self._squares[target.glo].render(moderngl.TRIANGLE_STRIP)

    def _draw(self, thing: Mover, sight: Seen) -> None:
        triangles = len(self.model_of(thing).levels[sight.level].triangles)
        small = sight.area < triangles * _SMALL
        target = self.backdrop.programs.small if small else self.backdrop.programs.vehicle
        target["u_coarse"] = sight.coarse
        for number, (shape, to_world) in enumerate(self._parts(thing, sight.level)):
            self._set_place(target, to_world)
            if isinstance(thing, Walking):
                self._set_surfaces(target, thing.tint)
            elif number == 0:
                self._set_looks(target, thing)
            else:
                self._set_surfaces(target, thing.looks.load_paint)
            shape.draw(target)

    def _set_place(self, target: moderngl.Program, to_world: Double2D) -> None:
        """Light is worked out in the model's own frame: its vertices are then used as they are."""
        back = np.linalg.inv(to_world)
        target["u_clip"].write(matrix(self.camera.clip @ to_world))
        target["u_shade"].write(matrix(to_texture(self.backdrop.sun_view) @ to_world))
        target["u_eye"] = tuple((back @ [*self.camera.eye, 1.0])[:3])
        sun = back[:3, :3] @ self.light.sun
        target["u_sun"] = tuple(sun / np.linalg.norm(sun))
        if len(self.backdrop.lamps):
            lamps = np.column_stack([self.backdrop.lamps, np.ones(len(self.backdrop.lamps))]) @ back.T
            near = lamps[np.argsort((lamps[:, :3] ** 2).sum(1), kind="stable")[:_LAMPS_PER_VEHICLE], :3]
            target["u_lamps"].write(lamp_bytes(near))
            target["u_lamp_count"] = len(near)

    def _set_surfaces(self, target: moderngl.Program, paint: tuple[float, float, float]) -> None:
        """A surface without decoration."""
        target["u_paint"], target["u_wrapped"], target["u_gloss"], target["u_dirt"] = paint, 0, 0.5, 0.0
        target["u_lights"], target["u_brake"] = 0.0, 0.0

    def _set_looks(self, target: moderngl.Program, thing: Standing) -> None:
        looks = thing.looks
        target["u_size"] = self.model_of(thing).size
        target["u_paint"], target["u_rim"], target["u_glass"] = looks.paint, looks.rim, looks.glass
        target["u_gloss"], target["u_dirt"], target["u_seed"] = looks.gloss, looks.dirt, looks.number * 0.37 % 1.0
        target["u_brake"], target["u_lights"] = float(thing.braking), float(thing.lights)
        target["u_wrapped"] = 0 if looks.wrap is None else 2 if looks.type in HEAVY else 1
        if looks.wrap is not None:
            self._wrap_texture(looks).use(WRAP)

    def _wrap_texture(self, looks: Looks) -> moderngl.TextureArray:
        if looks.number not in self._wraps and looks.wrap is not None:
            layers, height, width, channels = looks.wrap.shape
            texture = context().texture_array((width, height, layers), channels, looks.wrap.tobytes())
            texture.build_mipmaps()
            texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
            texture.repeat_x = texture.repeat_y = False
            self._wraps[looks.number] = texture
        return self._wraps[looks.number]

    def _size(self, thing: Standing) -> tuple[float, float, float]:
        length, width, height = self.model_of(thing).size
        along, across, up = thing.looks.scale
        return length * along, width * across, height * up

    def _draw_glow(self, vehicles: Sequence[Standing]) -> None:
        """Halos of lamps that look at the camera."""
        lit = [thing for thing in vehicles if thing.lights or thing.braking]
        if not lit or not self.light.headlights:
            return
        context().enable(moderngl.BLEND)
        context().blend_func = moderngl.ONE, moderngl.ONE
        self.backdrop.target.depth_mask = False
        self.backdrop.programs.glow["u_clip"].write(matrix(self.camera.clip))
        for thing in lit:
            self._glow_of(thing)
        self.backdrop.target.depth_mask = True
        context().blend_func = moderngl.DEFAULT_BLENDING
        context().disable(moderngl.BLEND)

    def _glow_of(self, thing: Standing) -> None:
        length, width, _ = self._size(thing)
        heading = np.array([np.cos(thing.yaw), np.sin(thing.yaw)])
        towards = np.array(self.camera.eye[:2]) - (thing.x, thing.y)
        facing = float(heading @ towards / max(float(np.linalg.norm(towards)), 1e-6))
        night = 1.0 if self.light.lamps else 0.35
        if facing > 0.1 and thing.lights:
            ends, colour, reach = length / 2 + 0.06, (0.95, 0.9, 0.75), 0.9 * facing
        elif facing < -0.1:
            strength = 0.8 if thing.braking else 0.45
            ends, colour, reach = -length / 2 - 0.06, (strength, 0.07 * strength, 0.05 * strength), 0.5
        else:
            return
        glow = self.backdrop.programs.glow
        glow["u_beam"] = tuple(night * channel for channel in colour)
        for side in (-0.36, 0.36):
            place = np.array([thing.x, thing.y]) + heading * ends + np.array([-heading[1], heading[0]]) * side * width
            point = np.array([[*place, 0.68 if width < 2.3 else 0.9]])
            depth = max(float(self.camera.depths(point)[0]), NEAR)
            glow["u_lamp"] = (*point[0], 0.0)
            focal = self.camera.pinhole[0, 0]
            glow["u_reach"] = tuple(
                2 * focal * max(reach, 5.0 * depth / focal) / depth / side_px for side_px in self.camera.size
            )
            self._squares[glow.glo].render(moderngl.TRIANGLE_STRIP)


def _shadow_areas(things: Sequence[Mover], light: Light, renderer: Renderer) -> list[tuple[float, float, float, float]]:
    """For each thing the rectangle of the ground that its shadow can reach."""
    areas = []
    for thing in things:
        length, width, height = renderer.model_of(thing).size
        half = np.hypot(length, width) / 2 + 0.3
        reach = np.array(light.sun[:2]) / light.sun[2] * (height + 0.5)
        ends = np.array([(thing.x, thing.y), (thing.x, thing.y) - reach])
        low, high = ends.min(0) - half, ends.max(0) + half
        areas.append((float(low[0]), float(low[1]), float(high[0]), float(high[1])))
    return areas
