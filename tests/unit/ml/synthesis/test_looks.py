"""Looks: lasting, drawn from seed and number alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.synthesis.light import WEATHERS, light_of
from ml.synthesis.looks import drawn_looks, drawn_model
from ml.synthesis.models.catalogue import TYPES, of_kind
from ml.synthesis.paint import COLOURS, SHARES, display, shade_of
from ml.synthesis.sensor import Sensor, SensorLook
from ml.types import UserError


def test_the_same_number_looks_the_same_again_and_others_differ() -> None:
    first, again, other = (drawn_looks(4, number, "suv-a") for number in (9, 9, 10))
    assert replace(first, wrap=None) == replace(again, wrap=None)
    assert np.array_equal(first.wrap is None, again.wrap is None)
    assert first.paint != other.paint


def test_a_lorry_with_a_white_texture_is_called_white() -> None:
    assert {drawn_looks(1, number, "truck-b").colour for number in range(20)} == {"white"}


def test_every_type_of_the_catalogue_has_a_number() -> None:
    assert {entry.type for entry in of_kind("vehicles")} == set(TYPES)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(SHARES)), seed=st.integers(0, 999))
def test_paints_look_like_their_names(name: str, seed: int) -> None:
    red, green, blue = display(shade_of(name, np.random.default_rng(seed)))
    assert name in COLOURS
    brightness = (red + green + blue) / 3
    expected = {
        "white": brightness > 185,
        "black": brightness < 70,
        "red": red > 1.8 * max(green, blue),
        "blue": blue > 1.3 * red,
        "green": green > max(red, blue),
        "yellow": min(red, green) > 2 * blue,
    }
    assert expected.get(name, True)


def test_even_draws_show_rare_models_more_often() -> None:
    generator = np.random.default_rng(0)
    shared = [drawn_model(generator) for _ in range(400)].count("truck-c")
    even = [drawn_model(generator, evenness=1.0) for _ in range(400)].count("truck-c")
    assert shared < 12 < even


@pytest.mark.parametrize("weather", WEATHERS)
def test_each_weather_has_its_light(weather: str) -> None:
    light = light_of(weather, np.random.default_rng(3))
    assert light.sunny == (weather in ("sun", "evening"))
    assert bool(light.lamps) == (weather in ("evening", "night"))
    assert bool(light.rain) == (weather == "rain")
    assert np.isclose(np.linalg.norm(light.sun), 1)


def test_an_unknown_weather_is_refused() -> None:
    with pytest.raises(UserError, match="sun, overcast"):
        light_of("hail", np.random.default_rng(0))


PLAIN = SensorLook(blur=0.3, noise=0.0, vignette=0.0)
GREY = np.full((40, 60, 3), 100, np.uint8)


def test_a_perfect_sensor_changes_nothing() -> None:
    assert np.abs(Sensor(PLAIN, (60, 40), [1])(GREY, 0).astype(int) - 100).max() <= 1


def test_gain_and_balance_scale_the_channels() -> None:
    look = replace(PLAIN, gain=1.5, balance=(1.2, 1.0, 0.8))
    assert np.abs(Sensor(look, (60, 40), [1])(GREY, 0)[20, 30].astype(int) - [180, 150, 120]).max() <= 1


def test_without_saturation_all_channels_are_alike() -> None:
    picture = np.tile(np.array([200, 50, 20], np.uint8), (40, 60, 1))
    delivered = Sensor(replace(PLAIN, saturation=0.0), (60, 40), [1])(picture, 0)
    assert np.ptp(delivered.astype(int), axis=2).max() <= 1


def test_noise_is_the_same_for_the_same_picture_number_and_another_for_the_next() -> None:
    sensor = Sensor(replace(PLAIN, noise=4.0), (60, 40), [1])
    assert np.array_equal(sensor(GREY, 5), sensor(GREY, 5))
    assert not np.array_equal(sensor(GREY, 5), sensor(GREY, 6))
    assert 2.5 < sensor(GREY, 5).astype(float).std() < 5.5
