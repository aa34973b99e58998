"""How many CPU threads a network may use."""

from __future__ import annotations

import os


def cpu_threads(wanted: int = 0) -> int:
    """`wanted` if it is set, else OMP_NUM_THREADS as for torch and numpy, else 0: the runtime takes every core."""
    stated = os.environ.get("OMP_NUM_THREADS", "")
    return wanted or (int(stated) if stated.isdecimal() else 0)
