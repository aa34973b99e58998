"""Producing the next items in a thread while the last ones are being used."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import TypeVar

T = TypeVar("T")


class _End:
    """The source has no more items, or failed with `error`."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def prefetched(source: Iterator[T], *, depth: int) -> Generator[T, None, None]:
    """The items of `source`, up to `depth` of them made ahead in a thread; 0 makes each when it is asked for.

    The source runs and is closed in that thread; what it raises is raised here, in its place. A consumer
    that stops early stops the thread and waits for it.
    """
    if depth == 0:
        yield from source
        return
    items: SimpleQueue[T | _End] = SimpleQueue()
    free, stopped = Semaphore(depth), Event()
    thread = Thread(target=_produce, args=(source, items, free, stopped), name="prefetch", daemon=True)
    thread.start()
    try:
        while not isinstance(item := items.get(), _End):
            free.release()
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stopped.set()
        free.release()
        thread.join()


def _produce(source: Iterator[T], items: SimpleQueue[T | _End], free: Semaphore, stopped: Event) -> None:
    try:
        while free.acquire() and not stopped.is_set():
            items.put(next(source))
    except StopIteration:
        items.put(_End())
    except BaseException as error:  # handed over: the consumer raises it
        items.put(_End(error))
    finally:
        close = getattr(source, "close", None)
        if close is not None:
            close()
