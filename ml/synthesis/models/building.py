"""From a Wavefront file to a mesh in metres with its surfaces named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from ml.synthesis.mesh import Mesh, Surface, joined
from ml.synthesis.models.wavefront import Corners, Material, Wavefront
from ml.types import Double2D

_HARD_EDGE = 0.6  # cosine below which a face keeps its own normal instead of the mean at its corner
_LAMP = re.compile("light|brake|turn|faro|lens|lamp|blink")
_GLASS = re.compile("glass|cristal|window|vidrio")
_METAL = re.compile("chrome|metal|mirror|alumin|reflector|llantas|steel")


def build(
    wavefront: Wavefront,
    materials: Mapping[str, Material],
    *,
    size: tuple[float, float, float],
    paint: tuple[str, ...],
    layer_of: Callable[[str], int],
) -> Mesh:
    """A model scaled to `size`, its front along x, its left along y, standing on z = 0 with its middle at the origin.

    size      width, length, height in metres (the libraries' x, z and y)
    paint     materials in the body's colour
    layer_of  the texture layer of a file name
    """
    placed = _placed(wavefront, size)
    parts = []
    for name, corners in wavefront.corners.items():
        material = materials.get(name, Material())
        textured = material.texture is not None and len(wavefront.texture) > 0
        layer = layer_of(material.texture) if textured and material.texture is not None else -1
        surface = surface_of(name, paint)
        plain = (1.0, 1.0, 1.0) if layer >= 0 or surface == Surface.PAINT else material.colour
        parts.append(_part(placed, wavefront, corners, plain, surface, layer))
    return _with_rims_and_lamps(joined(parts), np.array([size[1], size[0], size[2]]))


def surface_of(material: str, paint: tuple[str, ...]) -> Surface:
    """What a material is, by its name: the libraries say no more about it."""
    name = material.lower()
    if material in paint:
        return Surface.PAINT
    if _LAMP.search(name):
        return Surface.HEADLAMP
    if _GLASS.search(name):
        return Surface.GLASS
    return Surface.METAL if _METAL.search(name) else Surface.PLAIN


def _placed(wavefront: Wavefront, size: tuple[float, float, float]) -> Wavefront:
    """Scaled and turned from the libraries' frame (x right, y up, z to the front)."""
    low, high = wavefront.positions.min(0), wavefront.positions.max(0)
    scale = np.array([size[0], size[2], size[1]]) / np.maximum(high - low, 1e-9)
    origin = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    turned = [2, 0, 1]
    normals = (wavefront.normals / scale)[:, turned]
    return Wavefront(((wavefront.positions - origin) * scale)[:, turned], wavefront.texture, normals)


def _part(
    placed: Wavefront,
    source: Wavefront,
    corners: Corners,
    colour: tuple[float, float, float],
    kind: Surface,
    layer: int,
) -> Mesh:
    flat = corners.reshape(-1, 3)
    points = placed.positions[flat[:, 0]]
    has_texture = layer >= 0 and bool((flat[:, 1] >= 0).all())
    texture = source.texture[flat[:, 1]] if has_texture else np.zeros((len(flat), 2))
    normals = _normals(placed, flat)
    linear = np.clip(np.asarray(colour), 0, 1) ** (1.0 if kind == Surface.PAINT or layer >= 0 else 1.6)
    rest = np.tile(np.array([*linear, float(kind), float(layer)]), (len(flat), 1))
    rows = np.concatenate([points, normals, texture, rest], axis=1).astype(np.float32)
    return Mesh(rows, np.arange(len(rows), dtype=np.int32).reshape(-1, 3))


def _normals(placed: Wavefront, flat: npt.NDArray[np.int64]) -> Double2D:
    """The file's normals, or the faces' own averaged at each point where the edge is soft."""
    if len(placed.normals) and (flat[:, 2] >= 0).all():
        return _unit(placed.normals[flat[:, 2]])
    points = placed.positions[flat[:, 0]].reshape(-1, 3, 3)
    faces = np.repeat(np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]), 3, axis=0)
    sums = np.zeros_like(placed.positions)
    np.add.at(sums, flat[:, 0], faces)
    smooth, own = _unit(sums[flat[:, 0]]), _unit(faces)
    return np.where(((smooth * own).sum(1) < _HARD_EDGE)[:, None], own, smooth)


def _unit(vectors: Double2D) -> Double2D:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _with_rims_and_lamps(mesh: Mesh, size: npt.NDArray[np.float64]) -> Mesh:
    """Light parts low on the sides are rims; lamps in the rear half are tail lamps."""
    vertices = mesh.vertices.copy()
    x, y, z = vertices[:, 0], np.abs(vertices[:, 1]), vertices[:, 2]
    surface, bright = vertices[:, 11], vertices[:, 8:11].mean(1) > 0.16
    sideways = (y > 0.3 * size[1]) & (np.abs(vertices[:, 4]) > 0.25) & (np.abs(x) < 0.47 * size[0])
    soft = np.isin(surface, [Surface.PLAIN, Surface.METAL])
    surface[soft & bright & sideways & (z < 0.68)] = Surface.RIM
    surface[(surface == Surface.HEADLAMP) & (x < 0)] = Surface.TAIL_LAMP
    return Mesh(vertices, mesh.triangles)
