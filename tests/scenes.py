"""Short scenes for tests: parts of the demo scene, cut out while the test runs."""

from __future__ import annotations

from pathlib import Path

from ml.datasets.cut import cut_scene

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "fixtures" / "demo"


def short_scene(folder: Path, *, seconds: float = 6.0) -> Path:
    """Two cameras of the demo scene for some seconds, with ground truth; returns the folder above the scene."""
    cut_scene(DEMO, folder, cameras=["c001", "c002"], start_s=6.0, seconds=seconds)
    return folder
