"""What the worker tells the web of a tracklet's type and colour."""

from dataclasses import replace

import numpy as np

from backend.review.edits import COLOURS as COLOURS_OF_PEOPLE
from backend.tracking.attributes import VEHICLE_TYPES as TYPES_OF_THE_WEB
from backend.tracking.rows import Reading
from ml.datasets.reid.from_labels import COLOURS as COLOURS_OF_SETS
from ml.reid.attributes import COLOURS, VEHICLE_TYPES
from ml.types import Attributes, TrackletEmbedding
from workers.embed import reading_of


def test_the_most_probable_type_and_colour_are_told() -> None:
    types, colours = np.full(12, 0.02, np.float32), np.full(11, 0.05, np.float32)
    types[VEHICLE_TYPES.index("van")], colours[COLOURS.index("silver")] = 0.75, 0.5
    plain = TrackletEmbedding(1, np.zeros(1, np.int32), np.ones((1, 2), np.float32), np.ones(2, np.float32))
    assert reading_of(replace(plain, attributes=Attributes(types, colours))) == Reading("van", 0.75, "silver", 0.5)
    assert reading_of(plain) is None


def test_web_and_library_name_types_and_colours_alike() -> None:
    assert TYPES_OF_THE_WEB == VEHICLE_TYPES
    assert set(COLOURS) <= set(COLOURS_OF_PEOPLE) == set(COLOURS_OF_SETS)
