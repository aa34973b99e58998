"""Wavefront files: polygons, indices from the end, materials."""

from __future__ import annotations

import numpy as np

from ml.synthesis.models.wavefront import parse_materials, parse_object

SQUARE = """
# a square of two triangles, then a triangle named from the end
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0
vt 0 0
vn 0 0 1
usemtl red
f 1/1/1 2/1/1 3/1/1 4/1/1
usemtl blue
f -4 -3 -2
"""


def test_a_polygon_becomes_a_fan_of_triangles() -> None:
    corners = parse_object(SQUARE).corners["red"]
    assert corners[:, :, 0].tolist() == [[0, 1, 2], [0, 2, 3]]
    assert (corners[:, :, 1:] == 0).all()


def test_negative_indices_count_from_the_last_point_and_what_is_left_out_is_minus_one() -> None:
    corners = parse_object(SQUARE).corners["blue"]
    assert corners[:, :, 0].tolist() == [[0, 1, 2]]
    assert (corners[:, :, 1:] == -1).all()


def test_points_are_read_as_they_stand() -> None:
    assert np.array_equal(parse_object(SQUARE).positions[2], [1, 1, 0])


def test_materials_have_colour_and_texture() -> None:
    materials = parse_materials("newmtl paint\nKd 0.1 0.2 0.3\nnewmtl plate\nmap_Kd -s 1 1 1 plate.png\n")
    assert materials["paint"].colour == (0.1, 0.2, 0.3)
    assert materials["paint"].texture is None
    assert materials["plate"].texture == "plate.png"
