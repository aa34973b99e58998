"""COCO's vehicle categories, the only ones the detectors report."""

from __future__ import annotations

import numpy as np

CAR, BUS, TRUCK = 3, 6, 8
VEHICLES = np.array([CAR, BUS, TRUCK], np.int32)
NAMES = {CAR: "car", BUS: "bus", TRUCK: "truck"}
