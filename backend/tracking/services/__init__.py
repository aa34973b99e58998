"""All that changes runs. What people start: `runs`. What the machine found: `results`."""

from backend.tracking.services.results import (
    CandidateRow,
    candidates_replace,
    embeddings_replace,
    tracklets_replace,
)
from backend.tracking.services.runs import (
    run_create,
    run_make_current,
    run_models_used_set,
    run_score_set,
    runs_delete,
)

__all__ = [
    "CandidateRow",
    "candidates_replace",
    "embeddings_replace",
    "run_create",
    "run_make_current",
    "run_models_used_set",
    "run_score_set",
    "runs_delete",
    "tracklets_replace",
]
