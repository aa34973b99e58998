"""Ready-made pipeline configurations: YAML files whose first comment is a title, the next ones a description."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from backend.config.problems import BadInput


@dataclass(frozen=True, slots=True)
class Preset:
    """`config` is what the pipeline is given, defaults left out."""

    name: str
    title: str
    description: str
    config: dict[str, Any]


def preset_list() -> list[Preset]:
    """All presets, by name."""
    return [_read(path) for path in _paths()]


def preset_get(name: str) -> Preset:
    """Raises BadInput that names those there are."""
    paths = {path.stem: path for path in _paths()}
    if name not in paths:
        raise BadInput("preset", f"There is no preset “{name}”; choose one of {', '.join(paths)}.")
    return _read(paths[name])


def _paths() -> list[Path]:
    return sorted(settings.PRESETS_DIR.glob("*.yaml"))


def _read(path: Path) -> Preset:
    text = path.read_text(encoding="utf-8")
    title, *description = leading_comments(text) or [path.stem]
    return Preset(path.stem, title.rstrip("."), " ".join(description), yaml.safe_load(text) or {})


def leading_comments(text: str) -> list[str]:
    """The lines of the comment that a YAML file begins with, empty ones left out."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").strip())
    return [line for line in lines if line]
