"""Which triangles of a model can be seen from outside: seats, engine and floor are never drawn."""

from __future__ import annotations

import math

import moderngl
import numpy as np
import numpy.typing as npt

from ml.synthesis.gl import context
from ml.synthesis.mesh import Mesh
from ml.types import Bool1D

_SIDE = 512  # pixels of one look
_DIRECTIONS = 12
_ELEVATIONS = (3.0, 25.0, 60.0)  # degrees above the ground: cameras never look from below

_FEW = 600  # triangles that are not worth looking through

_VERTEX = """#version 330
in vec3 p; uniform mat4 u_view;
void main() { gl_Position = u_view * vec4(p, 1.0); }
"""
_FRAGMENT = """#version 330
out vec4 o;
void main() {
    int n = gl_PrimitiveID + 1;
    o = vec4(n & 255, (n >> 8) & 255, (n >> 16) & 255, 255) / 255.0;
}
"""


def outer_triangles(mesh: Mesh) -> Bool1D:
    """[t] bool: the triangles that show at least one pixel from one of many directions all around and above.

    Of a small mesh, all.
    """
    if len(mesh.triangles) < _FEW:
        return np.ones(len(mesh.triangles), bool)
    gl = context()
    program = gl.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
    shape = gl.vertex_array(
        program,
        [(gl.buffer(np.ascontiguousarray(mesh.points).tobytes()), "3f", "p")],
        gl.buffer(mesh.triangles.tobytes()),
    )
    target = gl.framebuffer([gl.renderbuffer((_SIDE, _SIDE), 4)], gl.depth_renderbuffer((_SIDE, _SIDE)))
    gl.enable(moderngl.DEPTH_TEST)
    seen = np.zeros(len(mesh.triangles) + 1, bool)
    for elevation in _ELEVATIONS:
        for step in range(_DIRECTIONS):
            target.use()
            target.clear()
            program["u_view"].write(_look(mesh, 2 * math.pi * step / _DIRECTIONS, math.radians(elevation)).T.tobytes())
            shape.render()
            codes = np.frombuffer(target.read(components=4), np.uint8).reshape(-1, 4).astype(np.int64)
            seen[np.unique(codes[:, 0] | codes[:, 1] << 8 | codes[:, 2] << 16)] = True
    for thing in (shape, program, target):
        thing.release()
    return np.asarray(seen[1:])


def _look(mesh: Mesh, azimuth: float, elevation: float) -> npt.NDArray[np.float32]:
    """A parallel projection that holds the whole mesh."""
    forward = -np.array(
        [math.cos(azimuth) * math.cos(elevation), math.sin(azimuth) * math.cos(elevation), math.sin(elevation)]
    )
    right = np.array([-math.sin(azimuth), math.cos(azimuth), 0.0])
    up = np.cross(right, forward)
    centre = mesh.bounds().mean(0)
    axes = np.stack([right, up, forward])
    reach = np.abs((mesh.points - centre) @ axes.T).max(0) * 1.01
    view = np.eye(4)
    view[:3, :3] = axes / reach[:, None]
    view[:3, 3] = -view[:3, :3] @ centre
    return view.astype(np.float32)
