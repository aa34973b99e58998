"""What the newest results of a scene are made of stays in the cache; the rest goes."""

import os
import time
from pathlib import Path

import pytest

from ml.pipeline.cache import StageCache, StageKey
from ml.pipeline.results import FORGOTTEN_S, KEPT, UNLISTED_S, SceneResults


def made(cache: StageCache, name: str) -> str:
    """The digest of a small result."""
    key = StageKey("compare", 1, {"block": name}, {})
    with cache.claim(key) as folder:
        if not folder.complete:
            folder.commit(key)
    return key.digest


def there(cache: StageCache, digest: str) -> bool:
    return (cache.root / "compare" / digest).is_dir()


def add(cache: StageCache, scene: str, *digests: str) -> None:
    SceneResults(cache, "compare", scene).add(set(digests), lambda folder: None)


@pytest.fixture
def cache(tmp_path: Path) -> StageCache:
    return StageCache(tmp_path)


def test_what_only_older_results_are_made_of_is_removed(cache: StageCache) -> None:
    """A result of the same as before is no other one."""
    always, first, *others = (made(cache, name) for name in ("always", "first", *map(str, range(KEPT))))

    add(cache, "city", always, first)
    for other in others[:-1]:
        add(cache, "city", always, other)
        add(cache, "city", always, other)
    assert there(cache, first)
    add(cache, "city", always, others[-1])

    assert not there(cache, first)
    assert all(there(cache, digest) for digest in (always, *others))


def test_what_another_scene_needs_stays(cache: StageCache) -> None:
    shared, own = made(cache, "shared"), made(cache, "own")
    add(cache, "city", shared)
    for place in range(KEPT + 1):
        add(cache, "village", shared, own, made(cache, str(place)))
    for place in range(KEPT + 1):
        add(cache, "village", made(cache, str(place)))

    assert there(cache, shared)
    assert not there(cache, own)


def test_what_no_result_lists_stays_a_day(cache: StageCache) -> None:
    cut_off, old = made(cache, "cut off"), made(cache, "old")
    age(cache.root / "compare" / old, UNLISTED_S)

    add(cache, "city", made(cache, "new"))

    assert there(cache, cut_off)
    assert not there(cache, old)


def test_a_scene_without_new_results_is_forgotten(cache: StageCache) -> None:
    """And what is old too, and its alone."""
    forgotten = made(cache, "forgotten")
    add(cache, "village", forgotten)
    village = SceneResults(cache, "compare", "village").folder
    age(village / "results.json", FORGOTTEN_S)
    age(cache.root / "compare" / forgotten, FORGOTTEN_S)

    add(cache, "city", made(cache, "new"))

    assert not village.exists()
    assert not there(cache, forgotten)


def test_what_is_removed_can_be_made_again(cache: StageCache) -> None:
    digest = made(cache, "one")
    cache.remove(cache.root / "compare" / digest)
    assert not there(cache, digest)

    assert made(cache, "one") == digest
    assert there(cache, digest)


def age(path: Path, seconds: float) -> None:
    """As if it had been written so long and a minute ago."""
    then = time.time() - seconds - 60
    os.utime(path, (then, then))
