"""Configurations: complete round trips, nothing unknown let through."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from ml.config import DEFAULT_PRESET, PRESETS, PipelineConfig, config_from, load_config, load_preset, preset_names
from ml.types import UserError


@dataclass(frozen=True)
class Inner:
    size: tuple[int, int] = (32, 64)
    scales: tuple[float, ...] = (1.0,)
    weights: str | None = None


@dataclass(frozen=True)
class Outer:
    name: str
    share: float = 0.5
    enabled: bool = True
    inner: Inner = field(default_factory=Inner)


def test_values_of_every_kind_are_taken() -> None:
    made = config_from(
        Outer, {"name": "a", "share": 1, "inner": {"size": [3, 4], "scales": [1, 0.5], "weights": "w"}}, "x"
    )
    assert made == Outer("a", 1.0, True, Inner((3, 4), (1.0, 0.5), "w"))
    assert isinstance(made.share, float)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "x: setting 'name' is missing"),
        ({"name": "a", "shar": 1}, "x: unknown setting 'shar'; there are name, share, enabled, inner"),
        ({"name": 3}, "x: name: expected a text, found 3"),
        ({"name": "a", "share": True}, "x: share: expected a number, found True"),
        ({"name": "a", "share": float("nan")}, "x: share: expected a number, found nan"),
        ({"name": "a", "enabled": "yes"}, "x: enabled: expected true or false, found 'yes'"),
        ({"name": "a", "inner": 3}, "x: inner: expected settings by name, found 3"),
        ({"name": "a", "inner": {"size": [1]}}, "x: inner: size: expected 2 values, found 1"),
        ({"name": "a", "inner": {"size": 1}}, "x: inner: size: expected a list, found 1"),
        ({"name": "a", "inner": {"size": [1, "b"]}}, "x: inner: size: expected a whole number, found 'b'"),
        ({"name": "a", "inner": {"weights": 1}}, "x: inner: weights: expected a text, found 1"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(data: dict[str, object], reason: str) -> None:
    with pytest.raises(UserError) as caught:
        config_from(Outer, data, "x")
    assert caught.value.code == "bad-configuration"
    assert str(caught.value) == f"{reason}."


def test_a_configuration_survives_its_plain_form() -> None:
    config = PipelineConfig.from_dict({"tracker": {"min_length": 9}, "matcher": {"max_thresh": 1}})
    assert config.tracker.min_length == 9
    assert PipelineConfig.from_dict(config.to_dict()) == config


def test_a_value_out_of_range_is_refused() -> None:
    with pytest.raises(UserError, match="min_length"):
        PipelineConfig.from_dict({"tracker": {"min_length": 0}})


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_states_every_setting_below_a_title(name: str) -> None:
    text = (PRESETS / f"{name}.yaml").read_text()
    assert yaml.safe_load(text) == load_preset(name).to_dict()
    assert text.startswith("# ")


def test_the_default_preset_is_the_defaults() -> None:
    assert load_preset(DEFAULT_PRESET) == PipelineConfig()


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(UserError, match=r"no preset 'fast'; choose from .*cpu-light"):
        load_preset("fast")


def test_a_configuration_file_may_be_partial_or_empty(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("matcher: {sync_thresh: 0.5}\n")
    assert load_config(path).matcher.sync_thresh == 0.5
    path.write_text("")
    assert load_config(path) == PipelineConfig()


@pytest.mark.parametrize(
    ("text", "reason"),
    [("matcher: [", "is not readable YAML"), ("- 1", "expected settings by name"), ("\x07", "is not readable YAML")],
)
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(UserError, match=reason):
        load_config(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"c\.yaml does not exist"):
        load_config(tmp_path / "c.yaml")
