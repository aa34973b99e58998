"""What can go wrong between a job and the worker that thinks it owns it."""

from __future__ import annotations


class JobLost(Exception):
    """The job is no longer this worker's: cancelled, taken over after a silence, or finished. Nothing was written."""
