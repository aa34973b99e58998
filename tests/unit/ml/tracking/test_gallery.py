import numpy as np
import pytest

from ml.tracking.gallery import AppearanceGallery
from ml.types import Float2D


def unit(*angles: float) -> Float2D:
    """One unit vector in the plane for each angle in degrees."""
    radians = np.radians(angles)
    return np.column_stack((np.cos(radians), np.sin(radians))).astype(np.float32)


def gallery_of(*tracks: list[float], budget: int = 5) -> AppearanceGallery:
    """A gallery that saw each track under the given angles."""
    gallery = AppearanceGallery(budget=budget, size=2)
    gallery.begin(len(tracks))
    for track, angles in enumerate(tracks):
        for angle in angles:
            gallery.add(np.array([track]), unit(angle))
    return gallery


def distances(gallery: AppearanceGallery, *angles: float) -> Float2D:
    return gallery.distances(unit(*angles), np.ones((len(gallery), len(angles)), bool))


def test_distance_is_to_the_nearest_vector_of_the_gallery() -> None:
    found = distances(gallery_of([0, 60], [180]), 60, 90)

    np.testing.assert_allclose(found[0], [0, 1 - np.cos(np.radians(30))], atol=1e-6)
    np.testing.assert_allclose(found[1], [1 - np.cos(np.radians(120)), 1], atol=1e-6)


def test_only_the_wanted_pairs_are_compared() -> None:
    gallery = gallery_of([0], [0], [0])
    wanted = np.array([[True, True], [False, True], [False, False]])

    found = gallery.distances(unit(0, 60), wanted)

    np.testing.assert_allclose(found, np.array([[0, 0.5], [np.inf, 0.5], [np.inf, np.inf]]), atol=1e-6)


def test_the_oldest_vector_is_forgotten_when_the_budget_is_used_up() -> None:
    gallery = gallery_of([0, 90, 180], budget=2)

    assert distances(gallery, 0)[0, 0] == pytest.approx(1, abs=1e-6)
    assert distances(gallery, 90)[0, 0] == pytest.approx(0, abs=1e-6)


def test_a_forgotten_track_takes_its_vectors_along_and_leaves_the_others_theirs() -> None:
    gallery = gallery_of([0], [90])
    gallery.keep(np.array([False, True]))
    gallery.begin(1)

    found = distances(gallery, 0, 90)

    np.testing.assert_allclose(found, np.array([[1, 0], [np.inf, np.inf]]), atol=1e-6)


def test_growing_keeps_what_is_there() -> None:
    gallery = gallery_of([45], budget=2)
    gallery.begin(40)

    assert len(gallery) == 41
    assert distances(gallery, 45)[0, 0] == pytest.approx(0, abs=1e-6)
