"""The empty scene of one camera, drawn once: lit and in shadow, its depth, and the shadows that stand still."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import moderngl
import numpy as np

from ml.synthesis.camera import FAR, NEAR, Camera
from ml.synthesis.gl import context, matrix, set_uniforms
from ml.synthesis.light import Light
from ml.synthesis.mesh import Mesh
from ml.synthesis.shapes import Programs, Shape, depth_map, layers_texture, noise_texture, square
from ml.types import Double2D, Float2D, Image

LAYERS, STATIC, MOVING, NOISE, LIT, DARK, WRAP = range(7)  # texture units
LAMPS = 24  # as in light.glsl
SHADOW_SIDE = 2048
_FINER = 2  # the backdrop is drawn so many times larger and then averaged


@dataclass(frozen=True)
class Scenery:
    """ground  drawn in its order, later on earlier     standing  whatever has height
    lamps  [n, 3] places of the street lamps' lights    layers  [k, side, side, 4] textures
    """

    ground: Mesh
    standing: Mesh
    lamps: Double2D
    layers: Image


def shadow_matrix(light: Light, centre: tuple[float, float], radius: float) -> Double2D:
    """[4, 4] world to clip space as the sun sees it, `radius` metres about a point of the ground."""
    forward = -np.array(light.sun)
    right = np.cross(forward, [0.0, 1.0, 0.0] if abs(forward[2]) > 0.99 else [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    axes = np.stack([right / radius, np.cross(right, forward) / radius, forward / 250.0])
    view = np.eye(4)
    view[:3, :3] = axes
    view[:3, 3] = -axes @ np.array([*centre, 0.0])
    return view


class Backdrop:
    """Everything of a camera's picture that does not move, and the targets that frames are drawn into."""

    def __init__(
        self,
        scenery: Scenery,
        camera: Camera,
        light: Light,
        centre: tuple[float, float],
        *,
        radius: float,
        samples: int,
    ) -> None:
        self.camera, self.light, self.centre = camera, light, centre
        self.programs = Programs.compiled()
        self.sun_view = shadow_matrix(light, centre, radius)
        self.lamps = _nearest_lamps(scenery.lamps, centre) if light.lamps else np.zeros((0, 3))
        self.textures = [layers_texture(scenery.layers), noise_texture()]
        self.static_map, static_target = depth_map(SHADOW_SIDE)
        self.moving_map, self.moving_target = depth_map(SHADOW_SIDE // 2)
        both = [self.programs.scenery, self.programs.depth]
        self._ground, self._standing = Shape(scenery.ground, both), Shape(scenery.standing, both)
        self.bind()
        self._set_light()
        self._draw_static_shadows(static_target)
        lit = self._drawn(shadowed=False)
        dark = self._drawn(shadowed=True) if light.sunny else lit
        self.lit, self.dark = _as_texture(lit), _as_texture(dark)
        self.target, self.empty = self._target(samples), self._target(samples)
        self.plain = context().framebuffer([context().renderbuffer(camera.size, 4)])
        self._fill_empty()
        self.static_depth = self._depth()
        self.bind()

    def bind(self) -> None:
        """Put the textures where the shaders look for them."""
        units = {LAYERS: self.textures[0], NOISE: self.textures[1], STATIC: self.static_map, MOVING: self.moving_map}
        for unit, texture in units.items():
            texture.use(unit)
        for unit, name in ((LIT, "lit"), (DARK, "dark")):
            if hasattr(self, name):
                getattr(self, name).use(unit)

    def _set_light(self) -> None:
        light = self.light
        values: dict[str, object] = {
            "u_sun": light.sun, "u_sun_colour": light.sun_colour, "u_sky": light.sky, "u_horizon": light.horizon,
            "u_bounce": light.bounce, "u_haze": light.haze, "u_eye": self.camera.eye, "u_density": light.density,
            "u_exposure": light.exposure, "u_cloud": light.cloud, "u_wet": light.wet, "u_windows": light.windows,
            "u_lamp_colour": tuple(light.lamps * c for c in (60.0, 44.0, 24.0)), "u_lamp_count": len(self.lamps),
            "u_layers": LAYERS, "u_static_shadow": STATIC, "u_moving_shadow": MOVING, "u_noise": NOISE, "u_lit": LIT,
            "u_dark": DARK, "u_wrap": WRAP, "u_texel": 0.75 / (SHADOW_SIDE // 2), "u_clip": self.camera.clip,
            "u_shade": to_texture(self.sun_view), "u_from_clip": np.linalg.inv(self.camera.clip),
        }  # fmt: skip
        for one in vars(self.programs).values():
            set_uniforms(one, values)
            if "u_lamps" in one:
                one["u_lamps"].write(lamp_bytes(self.lamps))

    def _draw_static_shadows(self, target: moderngl.Framebuffer) -> None:
        context().enable(moderngl.DEPTH_TEST)
        target.use()
        target.clear()
        if self.light.sunny:
            self.programs.depth["u_clip"].write(matrix(self.sun_view))
            self._standing.draw(self.programs.depth)

    def _drawn(self, *, shadowed: bool) -> Image:
        """[h, w, 3]: the empty scene, drawn finer than it is needed."""
        width, height = (_FINER * side for side in self.camera.size)
        fine = context().framebuffer(
            [context().renderbuffer((width, height), 4)], context().depth_renderbuffer((width, height))
        )
        self.programs.scenery["u_shadowed"] = float(shadowed)
        self._draw_scenery(fine)
        picture = np.frombuffer(fine.read(components=3), np.uint8).reshape(height, width, 3)[::-1]
        fine.release()
        return np.asarray(cv2.resize(picture, self.camera.size, interpolation=cv2.INTER_AREA))

    def _draw_scenery(self, target: moderngl.Framebuffer) -> None:
        target.use()
        target.clear()
        context().disable(moderngl.DEPTH_TEST)
        square(self.programs.sky).render(moderngl.TRIANGLE_STRIP)
        context().enable(moderngl.DEPTH_TEST)
        context().depth_func = "1"
        self._ground.draw(self.programs.scenery)
        context().depth_func = "<"
        self._standing.draw(self.programs.scenery)

    def _target(self, samples: int) -> moderngl.Framebuffer:
        size = self.camera.size
        return context().framebuffer(
            [context().renderbuffer(size, 4, samples=samples)], context().depth_renderbuffer(size, samples=samples)
        )

    def _fill_empty(self) -> None:
        """The frame that every frame starts from: the averaged picture with the scene's depth."""
        self.empty.use()
        self.empty.clear()
        self.programs.depth["u_clip"].write(matrix(self.camera.clip))
        self._standing.draw(self.programs.depth)
        context().disable(moderngl.DEPTH_TEST)
        painter = context().program(vertex_shader=_COPY_VERTEX, fragment_shader=_COPY_FRAGMENT)
        painter["u_lit"] = LIT
        self.lit.use(LIT)
        square(painter).render(moderngl.TRIANGLE_STRIP)
        context().enable(moderngl.DEPTH_TEST)

    def draw_depth(self, target: moderngl.Framebuffer) -> None:
        """Draw what stands into `target`, colour 0."""
        self.bind()
        target.use()
        target.clear()
        self.programs.depth["u_clip"].write(matrix(self.camera.clip))
        self.programs.depth["u_number"] = (0.0, 0.0, 0.0, 0.0)
        self._standing.draw(self.programs.depth)

    def _depth(self) -> Float2D:
        """[h, w] metres along the optical axis to what stands, FAR where nothing does."""
        width, height = self.camera.size
        texture = context().depth_texture(self.camera.size)
        target = context().framebuffer([context().renderbuffer(self.camera.size, 4)], texture)
        self.draw_depth(target)
        raw = np.frombuffer(texture.read(), np.float32).reshape(height, width)[::-1]
        for thing in (target, texture):
            thing.release()
        return np.asarray(2 * FAR * NEAR / (FAR + NEAR - (2 * raw - 1) * (FAR - NEAR)), np.float32)


_COPY_VERTEX = """#version 330
in vec2 p; void main() { gl_Position = vec4(p, 0.0, 1.0); }
"""
_COPY_FRAGMENT = """#version 330
uniform sampler2D u_lit; out vec4 o; void main() { o = texelFetch(u_lit, ivec2(gl_FragCoord.xy), 0); }
"""


def to_texture(view: Double2D) -> Double2D:
    """Clip space -1..1 to a shadow map's 0..1, a little nearer to the light."""
    half = np.diag([0.5, 0.5, 0.5, 1.0])
    half[:3, 3] = (0.5, 0.5, 0.5 - 0.0006)
    return half @ view


def lamp_bytes(lamps: Double2D) -> bytes:
    """LAMPS rows of place and strength."""
    rows = np.zeros((LAMPS, 4), np.float32)
    rows[: len(lamps), :3] = lamps
    rows[: len(lamps), 3] = 1.0
    return rows.tobytes()


def _nearest_lamps(lamps: Double2D, centre: tuple[float, float]) -> Double2D:
    distance = np.hypot(lamps[:, 0] - centre[0], lamps[:, 1] - centre[1])
    return lamps[np.argsort(distance, kind="stable")[:LAMPS]]


def _as_texture(picture: Image) -> moderngl.Texture:
    height, width = picture.shape[:2]
    rgba = np.dstack([picture, np.full((height, width), 255, np.uint8)])[::-1]
    return context().texture((width, height), 4, np.ascontiguousarray(rgba).tobytes())
