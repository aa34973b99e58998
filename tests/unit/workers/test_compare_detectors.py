"""Which vehicles two detectors are compared on."""

from __future__ import annotations

from backend.labels.content import Around, LabelContent, LabelledVideo
from tests.unit.workers.test_compare_embeddings import labelled
from workers.compare_detectors import held_and_learned

VIDEOS = (LabelledVideo(7, "c001", "", 960, 540, 10.0, 10, 0.0),)


def test_a_held_vehicle_of_which_a_detector_has_learned_a_drawn_part_does_not_count() -> None:
    """Vehicles 1 and 2 are held; of 2 a part was drawn, and learned, before people joined it to what was held."""
    before = LabelContent(
        VIDEOS, (labelled(0, 1, 100), labelled(0, 2, 300)), Around((labelled(0, 5, 500, held=False),), {})
    )
    now = LabelContent(VIDEOS, (labelled(0, 1, 100), labelled(0, 2, 300)), Around((labelled(0, 2, 500),), {}))
    assert held_and_learned(now, [before]) == {2}
    assert held_and_learned(before, [before]) == set()
