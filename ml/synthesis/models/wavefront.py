"""Wavefront OBJ and MTL files, as far as the furniture libraries use them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ml.types import Double2D

Corners = npt.NDArray[np.int64]  # [t, 3, 3] of each triangle's corners: indices of position, texture point, normal; -1


@dataclass
class Material:
    """A surface: its colour 0..1 as written, and the texture file beside the OBJ, if any."""

    colour: tuple[float, float, float] = (0.8, 0.8, 0.8)
    texture: str | None = None


@dataclass
class Wavefront:
    """positions [v, 3], texture [t, 2], normals [n, 3]; corners by material name."""

    positions: Double2D
    texture: Double2D
    normals: Double2D
    corners: dict[str, Corners] = field(default_factory=dict)


def parse_materials(text: str) -> dict[str, Material]:
    """Materials by name: Kd and map_Kd of each newmtl."""
    materials: dict[str, Material] = {}
    current = Material()
    for line in text.splitlines():
        match line.split():
            case ["newmtl", name, *_]:
                current = materials.setdefault(name, Material())
            case ["Kd", red, green, blue, *_]:
                current.colour = (float(red), float(green), float(blue))
            case ["map_Kd", *_, texture]:
                current.texture = texture
    return materials


def parse_object(text: str) -> Wavefront:
    """Geometry by material; polygons become fans of triangles, negative indices count from the end."""
    points: dict[str, list[list[str]]] = {"v": [], "vt": [], "vn": []}
    corners: dict[str, list[list[int]]] = {}
    current = corners.setdefault("", [])
    for line in text.splitlines():
        fields = line.split()
        if not fields:
            continue
        if fields[0] in points:
            points[fields[0]].append(fields[1:4])
        elif fields[0] == "usemtl":
            current = corners.setdefault(fields[1], [])
        elif fields[0] == "f":
            counts = (len(points["v"]), len(points["vt"]), len(points["vn"]))
            polygon = [_corner(corner, counts) for corner in fields[1:]]
            for second, third in pairwise(polygon[1:]):
                current += [polygon[0], second, third]
    return Wavefront(
        positions=np.array(points["v"], np.float64).reshape(-1, 3),
        texture=np.array([point[:2] for point in points["vt"]], np.float64).reshape(-1, 2),
        normals=np.array(points["vn"], np.float64).reshape(-1, 3),
        corners={name: np.array(rows, np.int64).reshape(-1, 3, 3) for name, rows in corners.items() if rows},
    )


def _corner(text: str, counts: tuple[int, int, int]) -> list[int]:
    """`7/2/5`, `7//5` or `-1` as 0-based indices, -1 for what is left out."""
    fields = [*text.split("/"), "", ""][:3]
    numbers = [int(field) if field else 0 for field in fields]
    return [
        number - 1 if number > 0 else count + number if number < 0 else -1
        for number, count in zip(numbers, counts, strict=True)
    ]
