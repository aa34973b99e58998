"""A job that counts, for tests of the job engine: slow enough to be hit in mid-work, with rows to show for it.

It counts to `parameters["steps"]`, remembers every step, and publishes one tracklet a step. Parameters:
step_s           seconds a step takes
hang_at          step at which the first attempt stops getting on
die_at           step at which every attempt kills itself
refuse, break    end as failed, as errored
wait_at          step at which every attempt stands until the file `wait_for` exists
wait_for         that file
wait_in_publish  hold the open transaction until this file exists
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np

from backend.tracking.models import Tracklet
from ml.types import UserError
from workers.context import JobContext


def run(context: JobContext) -> None:
    wanted = context.job.parameters
    first = context.job.checkpoint.get("next", 0)
    context.log(f"counting from {first}")
    for step in range(first, wanted["steps"]):
        _misbehave(context, wanted, step)
        time.sleep(wanted.get("step_s", 0.05))
        context.save_checkpoint({"next": step + 1})
        context.progress(step + 1, wanted["steps"], "steps")
    with context.publish():
        Tracklet.objects.bulk_create(_row(context, number) for number in range(1, wanted["steps"] + 1))
        _wait_for_file(wanted.get("wait_in_publish"))


def _misbehave(context: JobContext, wanted: dict[str, Any], step: int) -> None:
    if wanted.get("refuse"):
        raise UserError("cannot-count", "there is nothing to count: give it fingers")
    if wanted.get("break"):
        raise ZeroDivisionError("counted past the end")
    if wanted.get("die_at") == step:
        os.kill(os.getpid(), signal.SIGKILL)
    while wanted.get("hang_at") == step and context.job.attempt == 1:
        time.sleep(0.1)
    if wanted.get("wait_at") == step:
        _wait_for_file(wanted["wait_for"])


def _wait_for_file(path: str | None) -> None:
    while path and not Path(path).exists():
        time.sleep(0.05)


def _row(context: JobContext, number: int) -> Tracklet:
    video, run = context.job.video, context.job.run
    assert video is not None
    assert run is not None
    return Tracklet(
        run=run,
        video=video,
        camera=video.camera,
        number=number,
        category=3,
        length=1,
        first_frame=0,
        last_frame=0,
        start_s=0.0,
        end_s=0.0,
        mean_score=1.0,
        frames=np.zeros(1, np.int32).tobytes(),
        boxes=np.zeros((1, 4), np.float32).tobytes(),
        scores=np.ones(1, np.float32).tobytes(),
    )
