"""Time: a vehicle that is seen again is seen again soon."""

from __future__ import annotations

import numpy as np

from ml.matching.reranking.cameras import OUT
from ml.matching.reranking.checks import require_distances, require_labels
from ml.types import Double1D, Float2D, UserError, require_setting


def within_window(distances: Float2D, query_times: Double1D, gallery_times: Double1D, *, tau_s: float) -> Float2D:
    """d(q, g) = infinity where g is not seen in [t - tau, t + tau], t the query's time (VehicleNet).

    times  [queries] and [gallery] seconds of one clock

    UserError as of `require_distances`; "unknown-time" where a picture has none; "wrong-shape" of the times;
    "bad-configuration".
    """
    require_setting("time window", tau_s >= 0, "tau_s", tau_s, "0 or more")
    require_distances(distances, len(query_times), len(gallery_times))
    for times, side in ((query_times, "query"), (gallery_times, "gallery")):
        require_labels(times, len(times), f"times of the {side}")
        if not np.isfinite(times).all():
            row = int(np.argmin(np.isfinite(times)))
            raise UserError(
                "unknown-time",
                f"the time of {side} picture {row + 1} is not known; leave out the time window, or give all times",
            )
    return np.where(np.abs(query_times[:, None] - gallery_times) > tau_s, OUT, distances)
