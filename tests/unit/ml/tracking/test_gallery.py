import numpy as np
import pytest

from ml.tracking.gallery import AppearanceGallery
from ml.types import Float2D


def unit(*angles: float) -> Float2D:
    """One unit vector in the plane for each angle in degrees."""
    radians = np.radians(angles)
    return np.column_stack((np.cos(radians), np.sin(radians))).astype(np.float32)


def test_distance_is_to_the_nearest_vector_of_the_gallery() -> None:
    gallery = AppearanceGallery(budget=5, size=2)
    slots = gallery.take_slots(2)
    gallery.add(slots, unit(0, 180))
    gallery.add(slots[:1], unit(60))

    distances = gallery.distances(slots, unit(60, 90))

    np.testing.assert_allclose(distances[0], [0, 1 - np.cos(np.radians(30))], atol=1e-6)
    np.testing.assert_allclose(distances[1], [1 - np.cos(np.radians(120)), 1], atol=1e-6)


def test_the_oldest_vector_is_forgotten_when_the_budget_is_used_up() -> None:
    gallery = AppearanceGallery(budget=2, size=2)
    slot = gallery.take_slots(1)
    for angle in (0, 90, 180):
        gallery.add(slot, unit(angle))

    assert gallery.distances(slot, unit(0))[0, 0] == pytest.approx(1, abs=1e-6)
    assert gallery.distances(slot, unit(90))[0, 0] == pytest.approx(0, abs=1e-6)


def test_a_slot_used_again_remembers_nothing() -> None:
    gallery = AppearanceGallery(budget=3, size=2)
    slot = gallery.take_slots(1)
    gallery.add(slot, unit(0))
    gallery.free_slots(slot)

    again = gallery.take_slots(1)

    assert again.tolist() == slot.tolist()
    assert np.isinf(gallery.distances(again, unit(0))).all()


def test_growing_keeps_what_is_there() -> None:
    gallery = AppearanceGallery(budget=2, size=2)
    first = gallery.take_slots(1)
    gallery.add(first, unit(45))
    more = gallery.take_slots(40)

    assert len(set(first.tolist()) | set(more.tolist())) == 41
    assert gallery.distances(first, unit(45))[0, 0] == pytest.approx(0, abs=1e-6)
