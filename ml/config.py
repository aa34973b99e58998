"""The pipeline's configuration: plain data in, frozen dataclasses out, nothing unknown let through."""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import yaml

from ml.detection.config import DetectorConfig
from ml.matching.config import MatcherConfig
from ml.reid.config import EmbedderConfig
from ml.tracking.config import TrackerConfig
from ml.types import UserError

PRESETS = Path(__file__).parent / "presets"
DEFAULT_PRESET = "cpu-light"
Config = TypeVar("Config")


@dataclass(frozen=True)
class PipelineConfig:
    """Settings of every stage of a run."""

    detector: DetectorConfig = field(default_factory=DetectorConfig)
    tracker: TrackerConfig = field(default_factory=TrackerConfig)
    embedder: EmbedderConfig = field(default_factory=EmbedderConfig)
    matcher: MatcherConfig = field(default_factory=MatcherConfig)

    @staticmethod
    def from_dict(data: object) -> PipelineConfig:
        """Settings left out keep their defaults; UserError bad-configuration names what is wrong."""
        return config_from(PipelineConfig, data, "configuration")

    def to_dict(self) -> dict[str, Any]:
        """Plain data that `from_dict` reads back to the same configuration."""
        return asdict(self)


def load_config(path: Path) -> PipelineConfig:
    """A configuration from a YAML file."""
    return config_from(PipelineConfig, read_yaml(path), str(path))


def read_yaml(path: Path) -> object:
    """The content of a YAML file; nothing at all is no settings. UserError bad-configuration if it is none."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError("bad-configuration", f"{path} does not exist.") from None
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise UserError("bad-configuration", f"{path} is not readable YAML: {error}") from None
    return {} if data is None else data


def preset_names() -> list[str]:
    """The presets that come with the library."""
    return sorted(path.stem for path in PRESETS.glob("*.yaml"))


def load_preset(name: str) -> PipelineConfig:
    """A preset by name; UserError bad-configuration names those there are."""
    if name not in preset_names():
        raise UserError("bad-configuration", f"There is no preset {name!r}; choose from {', '.join(preset_names())}.")
    return load_config(PRESETS / f"{name}.yaml")


def config_from(kind: type[Config], data: object, where: str) -> Config:
    """Build dataclass `kind` of a mapping, checking names and types all the way down.

    Settings left out keep their defaults; a `kind` whose defaults hang on other settings makes itself in `of`.
    """
    if not isinstance(data, Mapping):
        raise _bad(where, f"expected settings by name, found {data!r}")
    hints = get_type_hints(kind)
    unknown = [str(name) for name in data if name not in hints]
    if unknown:
        raise _bad(where, f"unknown setting {unknown[0]!r}; there are {', '.join(hints)}")
    values = {name: _value(hints[name], value, f"{where}: {name}") for name, value in data.items()}
    missing = [f.name for f in dataclasses.fields(kind) if _required(f) and f.name not in values]  # type: ignore[arg-type]
    if missing:
        raise _bad(where, f"setting {missing[0]!r} is missing")
    made: Config = getattr(kind, "of", kind)(**values)
    return made


def _required(entry: dataclasses.Field[Any]) -> bool:
    return entry.default is dataclasses.MISSING and entry.default_factory is dataclasses.MISSING


def _value(hint: Any, value: object, where: str) -> Any:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return config_from(hint, value, where)
    if isinstance(hint, types.UnionType):
        return _one_of(get_args(hint), value, where)
    if get_origin(hint) is tuple:
        return _tuple(get_args(hint), value, where)
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint or (isinstance(value, float) and not math.isfinite(value)):
        raise _bad(where, f"expected {_name(hint)}, found {value!r}")
    return value


def _one_of(hints: tuple[Any, ...], value: object, where: str) -> Any:
    if value is None and type(None) in hints:
        return None
    return _value(next(hint for hint in hints if hint is not type(None)), value, where)


def _tuple(hints: tuple[Any, ...], value: object, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _bad(where, f"expected a list, found {value!r}")
    expected = hints[:1] * len(value) if hints[-1] is Ellipsis else hints
    if len(value) != len(expected):
        raise _bad(where, f"expected {len(expected)} values, found {len(value)}")
    return tuple(_value(hint, item, where) for hint, item in zip(expected, value, strict=True))


def _name(hint: Any) -> str:
    return {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}.get(hint, str(hint))


def _bad(where: str, reason: str) -> UserError:
    return UserError("bad-configuration", f"{where}: {reason}.")
