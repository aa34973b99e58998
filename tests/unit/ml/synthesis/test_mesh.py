"""Meshes: moving, joining, and fewer triangles within a given error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.synthesis.mesh import Mesh, Surface, box, clustered, joined, quad
from ml.synthesis.models.building import build, surface_of
from ml.synthesis.models.wavefront import Material, parse_object

CUBE = box((0, 0, 0), (1, 1, 1), (0.5, 0.5, 0.5), Surface.PLAIN)


def test_a_box_has_six_faces_that_look_outwards() -> None:
    assert len(CUBE.triangles) == 12
    middle = CUBE.points[CUBE.triangles].mean(1) - 0.5
    normals = CUBE.vertices[CUBE.triangles[:, 0], 3:6]
    assert (np.einsum("ij,ij->i", middle, normals) > 0).all()


def test_turning_a_quarter_sends_the_front_to_the_left() -> None:
    moved = quad([(1, 0, 0), (2, 0, 0), (2, 0, 1), (1, 0, 1)], (1, 1, 1), Surface.PLAIN).moved(10, 0, yaw=math.pi / 2)
    assert np.allclose(moved.points[0], [10, 1, 0], atol=1e-6)


def test_joined_meshes_keep_their_triangles() -> None:
    both = joined([CUBE, CUBE.moved(5, 0)])
    assert len(both.triangles) == 24
    assert np.array_equal(both.points[both.triangles[12:]], CUBE.moved(5, 0).points[CUBE.triangles])


@settings(max_examples=15, deadline=None)
@given(cell=st.floats(0.05, 0.6), seed=st.integers(0, 99))
def test_clustering_moves_the_bounds_by_less_than_a_cell(cell: float, seed: int) -> None:
    points = np.random.default_rng(seed).uniform(-2, 2, (60, 3))
    vertices = np.concatenate([points, np.tile([0, 0, 1, 0, 0, 1, 1, 1, 0, -1], (60, 1))], axis=1).astype(np.float32)
    mesh = Mesh(vertices, np.arange(60, dtype=np.int32).reshape(-1, 3))
    coarse = clustered(mesh, cell)
    assert len(coarse.triangles) <= len(mesh.triangles)
    assert (np.abs(coarse.points).max(0) <= np.abs(mesh.points).max(0) + 1e-5).all()
    used = coarse.points[np.unique(coarse.triangles)]
    nearest = np.linalg.norm(used[:, None] - mesh.points[None], axis=2).min(1)
    assert (nearest < cell * math.sqrt(3) + 1e-5).all()


def test_what_falls_into_one_cell_disappears() -> None:
    assert len(clustered(CUBE, 3.0).triangles) == 0


@pytest.mark.parametrize(
    ("material", "surface"),
    [
        ("firstcolor", Surface.PAINT),
        ("WindowGlass", Surface.GLASS),
        ("rear_brake_glass", Surface.HEADLAMP),
        ("Chrome-2", Surface.METAL),
        ("rubber", Surface.PLAIN),
    ],
)
def test_surfaces_are_told_by_the_material(material: str, surface: Surface) -> None:
    assert surface_of(material, ("firstcolor",)) == surface


def test_a_model_is_scaled_and_turned_to_face_along_x() -> None:
    """The libraries have x to the right, y up, z ahead: a size of 2 x 4 x 1 is 4 long, 2 wide and 1 high."""
    source = parse_object("v 0 0 0\nv 1 0 0\nv 1 3 0\nv 0 3 9\nusemtl lamp\nf 1 2 3\nf 1 3 4\n")
    mesh = build(source, {"lamp": Material()}, size=(2.0, 4.0, 1.0), paint=(), layer_of=lambda _: 0)
    assert np.allclose(mesh.bounds(), [[-2, -1, 0], [2, 1, 1]], atol=1e-6)
    ahead = mesh.vertices[:, 0] > 0
    assert (mesh.vertices[ahead, 11] == Surface.HEADLAMP).all()
    assert (mesh.vertices[~ahead, 11] == Surface.TAIL_LAMP).all()
