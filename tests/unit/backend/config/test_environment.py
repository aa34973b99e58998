from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured

from backend.config.environment import count, names, one_of, seconds, switch

LEVELS = ("INFO", "DEBUG")
READERS: dict[str, Callable[[], object]] = {
    "seconds": lambda: seconds("SETTING", 30),
    "count": lambda: count("SETTING", 0),
    "switch": lambda: switch("SETTING"),
    "one_of": lambda: one_of("SETTING", "INFO", LEVELS),
    "names": lambda: names("SETTING"),
}


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        ("seconds", "", 30.0),
        ("seconds", "2.5", 2.5),
        ("count", "", 0),
        ("count", "2", 2),
        ("switch", "", False),
        ("switch", "0", False),
        ("switch", "1", True),
        ("switch", "True", True),
        ("one_of", "", "INFO"),
        ("one_of", "debug", "DEBUG"),
        ("names", "", {}),
        ("names", '{"detect": "my.module"}', {"detect": "my.module"}),
    ],
)
def test_a_variable_is_read(reader: str, text: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETTING", text)
    assert READERS[reader]() == value


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        ("seconds", "soon"),
        ("seconds", "0"),
        ("seconds", "-1"),
        ("seconds", "nan"),
        ("seconds", "inf"),
        ("count", "-1"),
        ("count", "1.5"),
        ("count", "many"),
        ("switch", "perhaps"),
        ("one_of", "loud"),
        ("names", "{detect: my.module}"),
        ("names", '["my.module"]'),
        ("names", '{"detect": 1}'),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(reader: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETTING", text)
    with pytest.raises(ImproperlyConfigured, match="SETTING="):
        READERS[reader]()
