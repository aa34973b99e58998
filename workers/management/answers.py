"""What the commands here share: errors as one sentence with exit code 2, and finding a scene."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError

from backend.config.problems import Problem
from backend.scenes.models import Scene
from ml.types import UserError


@contextmanager
def sentences() -> Iterator[None]:
    """Expected refusals as a `CommandError`, which the shell sees as one sentence."""
    try:
        yield
    except UserError as error:
        raise CommandError(str(error), returncode=2) from None
    except Problem as problem:
        raise CommandError(problem.detail, returncode=2) from None


def scene_named(text: str) -> Scene:
    """The scene with this slug or name; CommandError names those there are."""
    scene = Scene.objects.filter(slug=text).first() or Scene.objects.filter(name=text).first()
    if scene is None:
        known = ", ".join(Scene.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"There is no scene {text!r}; there are: {known}.", returncode=2)
    return scene
