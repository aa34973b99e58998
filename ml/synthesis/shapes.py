"""Meshes on the graphics card."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np

from ml.synthesis.gl import context, program
from ml.synthesis.mesh import Mesh
from ml.types import Image

_ATTRIBUTES = {"p": 3, "n": 3, "uv": 2, "colour": 3, "surface": 1, "layer": 1}
NOISE_SIDE = 256


@dataclass(frozen=True)
class Programs:
    """The shader programs; `depth` writes one number wherever it draws, `small` is `vehicle` for small triangles."""

    vehicle: moderngl.Program
    small: moderngl.Program
    scenery: moderngl.Program
    depth: moderngl.Program
    sky: moderngl.Program
    cast: moderngl.Program
    contact: moderngl.Program
    beam: moderngl.Program
    glow: moderngl.Program

    @staticmethod
    def compiled() -> Programs:
        return Programs(
            vehicle=program("vehicle", "vehicle"),
            small=program("small", "small"),
            scenery=program("vehicle", "scenery"),
            depth=program("depth", "depth"),
            sky=program("screen", "sky"),
            cast=program("ground", "cast"),
            contact=program("ground", "contact"),
            beam=program("ground", "beam"),
            glow=program("glow", "glow"),
        )


class Shape:
    """A mesh ready to be drawn by any of some programs."""

    def __init__(self, mesh: Mesh, programs: list[moderngl.Program]) -> None:
        vertices = context().buffer(np.ascontiguousarray(mesh.vertices, np.float32).tobytes())
        rows = context().buffer(np.ascontiguousarray(mesh.triangles, np.int32).tobytes())
        self._arrays = {one.glo: context().vertex_array(one, [(vertices, *_layout(one))], rows) for one in programs}

    def draw(self, drawn_by: moderngl.Program) -> None:
        self._arrays[drawn_by.glo].render()


def _layout(target: moderngl.Program) -> tuple[str, ...]:
    """The format of a vertex, columns that the program does not read skipped, and the names of those it does."""
    formats = [f"{size}f" if name in target else f"{4 * size}x" for name, size in _ATTRIBUTES.items()]
    return " ".join(formats), *(name for name in _ATTRIBUTES if name in target)


def square(target: moderngl.Program) -> moderngl.VertexArray:
    """The square -1..1 as a strip."""
    corners = np.array([-1, -1, 1, -1, -1, 1, 1, 1], np.float32)
    return context().vertex_array(target, [(context().buffer(corners.tobytes()), "2f", "p")])


def layers_texture(layers: Image) -> moderngl.TextureArray:
    """A texture array with mipmaps from [k, side, side, 4]."""
    count, height, width, channels = layers.shape
    texture = context().texture_array((width, height, count), channels, np.ascontiguousarray(layers).tobytes())
    texture.build_mipmaps()
    texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
    return texture


def noise_texture() -> moderngl.Texture:
    """Seamless cloudy noise in two channels: fine detail on large blotches, 0..1."""
    generator = np.random.default_rng(5)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(NOISE_SIDE), np.fft.fftfreq(NOISE_SIDE)))
    falling = 1 / np.maximum(frequency, 1 / NOISE_SIDE)
    channels = []
    for _ in range(2):
        waves = np.fft.ifft2(np.fft.fft2(generator.normal(size=(NOISE_SIDE, NOISE_SIDE))) * falling).real
        channels.append(np.clip(0.5 + 0.18 * waves / waves.std(), 0, 1))
    picture = np.round(np.stack(channels, axis=-1) * 255).astype(np.uint8)
    texture = context().texture((NOISE_SIDE, NOISE_SIDE), 2, picture.tobytes())
    texture.build_mipmaps()
    texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
    return texture


def depth_map(side: int) -> tuple[moderngl.Texture, moderngl.Framebuffer]:
    """A shadow map to draw into, and to compare with in a shader."""
    texture = context().depth_texture((side, side))
    texture.compare_func = "<="
    texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
    texture.repeat_x = texture.repeat_y = False
    return texture, context().framebuffer(depth_attachment=texture)
