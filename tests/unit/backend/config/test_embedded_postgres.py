from __future__ import annotations

import pytest

from backend.config.embedded.postgres import memory_options

GIB = 2**30


@pytest.mark.parametrize(
    ("gib", "buffers", "for_an_index"), [(0.5, 128, 64), (4, 512, 256), (6, 768, 384), (8, 1024, 512), (64, 1024, 512)]
)
def test_the_embedded_database_takes_what_suits_the_machine(gib: float, buffers: int, for_an_index: int) -> None:
    expected = f"-c shared_buffers={buffers}MB -c maintenance_work_mem={for_an_index}MB"
    assert memory_options(round(gib * GIB)) == expected
