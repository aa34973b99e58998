"""Triangle meshes: the one currency between models, scenery and the renderer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from ml.types import Bool1D, Float2D

Triangles = npt.NDArray[np.int32]  # [t, 3] rows of the vertices
COLUMNS = 13


class Surface(IntEnum):
    """What a vertex belongs to; the shaders know these numbers."""

    PLAIN = 0
    PAINT = 1
    GLASS = 2
    METAL = 3
    HEADLAMP = 4
    TAIL_LAMP = 5
    RIM = 6
    ASPHALT = 10
    PAVEMENT = 11
    VERGE = 12
    MARKING = 13
    FOLIAGE = 14
    WALL = 15
    STREET_LAMP = 16


@dataclass(frozen=True)
class Mesh:
    """vertices [n, 13] float32: position xyz (metres), normal xyz, texture uv, linear rgb, surface, texture layer.

    The layer is -1 where there is no texture.
    """

    vertices: Float2D
    triangles: Triangles

    @property
    def points(self) -> Float2D:
        return self.vertices[:, :3]

    def bounds(self) -> Float2D:
        """[2, 3]: the lowest and the highest corner."""
        return np.stack([self.points.min(0), self.points.max(0)])

    def keeping(self, rows: Bool1D) -> Mesh:
        """The triangles at `rows` and the vertices that they use."""
        used, renamed = np.unique(self.triangles[rows], return_inverse=True)
        return Mesh(self.vertices[used], renamed.reshape(-1, 3).astype(np.int32))

    def moved(self, x: float, y: float, z: float = 0.0, *, yaw: float = 0.0, scale: float = 1.0) -> Mesh:
        """Scaled, turned counter-clockwise by `yaw` radians about the vertical, then shifted."""
        turn = np.array([[np.cos(yaw), np.sin(yaw), 0], [-np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]], np.float32)
        vertices = self.vertices.copy()
        vertices[:, :3] = self.points @ turn * np.float32(scale) + np.array([x, y, z], np.float32)
        vertices[:, 3:6] = vertices[:, 3:6] @ turn
        return replace(self, vertices=vertices)

    def coloured(self, factor: Sequence[float], surface: Surface | None = None) -> Mesh:
        """Its colours times `factor` (rgb), on another surface if one is named."""
        vertices = self.vertices.copy()
        vertices[:, 8:11] *= np.asarray(factor, np.float32)
        if surface is not None:
            vertices[:, 11] = surface
        return replace(self, vertices=vertices)


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """All of `meshes` as one."""
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
    triangles = [mesh.triangles + start for mesh, start in zip(meshes, starts, strict=True)]
    return Mesh(np.concatenate([mesh.vertices for mesh in meshes]), np.concatenate(triangles).astype(np.int32))


def clustered(mesh: Mesh, cell: float) -> Mesh:
    """A coarser mesh: vertices in one cube of `cell` metres with about one normal, colour and surface become one.

    The outline moves by less than a cell, so a cell the size of a pixel is not seen; triangles that fall
    together or lose their area go.
    """
    cubes = _numbered(np.floor(mesh.points / cell))
    normals = mesh.vertices[:, 3:6]
    axis = np.abs(normals).argmax(1)
    facing = axis * 2 + (np.take_along_axis(normals, axis[:, None], 1)[:, 0] > 0)
    colours = np.round(mesh.vertices[:, 8:11] * 3)
    groups = _numbered(np.column_stack([cubes, facing, colours, mesh.vertices[:, 11:13]]))
    vertices = _means(mesh.vertices, groups)
    vertices[groups, :3] = _means(mesh.points, cubes)[cubes]  # surfaces that meet in a cube stay together
    vertices[:, 3:6] /= np.maximum(np.linalg.norm(vertices[:, 3:6], axis=1, keepdims=True), 1e-6)
    return Mesh(vertices, _with_area(groups[mesh.triangles], vertices))


def _numbered(rows: npt.NDArray[np.floating]) -> npt.NDArray[np.intp]:
    """The number of each row of whole numbers among all different rows, from 0."""
    keys = np.zeros(len(rows), np.int64)
    for column in rows.astype(np.int64).T:
        low = column.min()
        keys = np.unique(keys * (column.max() - low + 1) + column - low, return_inverse=True)[1]
    return keys.reshape(-1)


def _means(values: Float2D, groups: npt.NDArray[np.intp]) -> Float2D:
    counts = np.bincount(groups)
    sums = [np.bincount(groups, weights=column) for column in values.T]
    return (np.stack(sums, axis=1) / counts[:, None]).astype(np.float32)


def _with_area(triangles: npt.NDArray[np.intp], vertices: Float2D) -> Triangles:
    first, second, third = (vertices[triangles[:, corner], :3] for corner in range(3))
    area = np.linalg.norm(np.cross(second - first, third - first), axis=1)
    kept = np.unique(triangles[area > 1e-7], axis=0)
    return kept.astype(np.int32)


def box(
    low: Sequence[float], high: Sequence[float], colour: Sequence[float], surface: Surface, taper: float = 0
) -> Mesh:
    """A box from corner `low` to corner `high`, metres; `taper` metres narrower on all sides at its top."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    below = [(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)]
    above = [
        (x0 + taper, y0 + taper, z1),
        (x1 - taper, y0 + taper, z1),
        (x1 - taper, y1 - taper, z1),
        (x0 + taper, y1 - taper, z1),
    ]
    sides = [[below[k], below[(k + 1) % 4], above[(k + 1) % 4], above[k]] for k in range(4)]
    return joined([quad(corners, colour, surface) for corners in [*sides, above, below[::-1]]])


def quad(
    corners: Sequence[Sequence[float]],
    colour: Sequence[float],
    surface: Surface,
    *,
    repeats: tuple[float, float] = (1, 1),
    layer: int = -1,
) -> Mesh:
    """A flat four-sided face, its corners counter-clockwise from outside; the texture repeats along its two sides."""
    points = np.asarray(corners, np.float64)
    normal = np.cross(points[1] - points[0], points[2] - points[0])
    normal /= max(float(np.linalg.norm(normal)), 1e-12)
    across, up = repeats
    texture = np.array([(0, 0), (across, 0), (across, up), (0, up)])
    rest = np.tile(np.array([*colour, float(surface), float(layer)]), (4, 1))
    vertices = np.concatenate([points, np.tile(normal, (4, 1)), texture, rest], axis=1).astype(np.float32)
    return Mesh(vertices, np.array([[0, 1, 2], [0, 2, 3]], np.int32))
