"""The same work for several cameras at once, one process each, with progress; stops when the caller does."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any, Protocol, TypeVar

from ml.types import Progress

_POLL_S = 0.2

Job = TypeVar("Job")


class Stages(Protocol):
    """Gives the progress of each piece of work by its label."""

    def stage(self, label: str) -> Progress: ...


class Report:
    """A `Progress` that can be sent to another process."""

    def __init__(self, label: str, messages: Any) -> None:
        self._label, self._messages = label, messages

    def __call__(self, done: int, total: int | None, unit: str) -> None:
        self._messages.put((self._label, done, total, unit))


def run_all(
    work: Callable[[Job, Progress], None], jobs: Sequence[tuple[str, Job]], stages: Stages, *, workers: int
) -> None:
    """Call work(job, progress) for each labelled job in `workers` processes; the first error ends all the others."""
    os.environ["LP_NUM_THREADS"] = "1"  # the software renderer's own threads would stand in each other's way
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        messages = manager.Queue()
        pool = ProcessPoolExecutor(
            max(1, min(workers, len(jobs))),
            mp_context=context,
            initializer=signal.signal,
            initargs=(signal.SIGINT, signal.SIG_IGN),  # Ctrl-C is for the caller, who ends the workers
        )
        try:
            waiting = {pool.submit(work, job, Report(label, messages)) for label, job in jobs}
            _follow(waiting, messages, stages)
        except BaseException:
            _stop(pool)
            raise
        pool.shutdown()


def _follow(waiting: set[Future[None]], messages: Any, stages: Stages) -> None:
    shown: dict[str, Progress] = {}
    while waiting:
        done, waiting = wait(waiting, timeout=_POLL_S, return_when=FIRST_COMPLETED)
        while True:
            try:
                label, *amounts = messages.get_nowait()
            except queue.Empty:
                break
            shown.setdefault(label, stages.stage(label))(*amounts)
        for future in done:
            future.result()


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the workers now: a frame takes long and a video longer."""
    processes = list((pool._processes or {}).values())
    for process in processes:
        process.terminate()
    pool.shutdown(cancel_futures=True)
