"""Settings from environment variables. Unset and empty are the same; what cannot be meant is refused in a sentence."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def seconds(name: str, default: float) -> float:
    """Raises ImproperlyConfigured for what is not a number above 0."""
    text = os.environ.get(name) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ImproperlyConfigured(f"{name}={text} is not a number of seconds above 0, such as {default:g}.")
    return value


def count(name: str, default: int) -> int:
    """Raises ImproperlyConfigured for what is not 0, 1, 2, ..."""
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdecimal()):
        raise ImproperlyConfigured(f"{name}={text} is not a whole number such as {default}.")
    return int(text)


def switch(name: str) -> bool:
    """Off by default. Raises ImproperlyConfigured for what is neither on nor off."""
    text = (os.environ.get(name) or "0").lower()
    if text not in ON + OFF:
        raise ImproperlyConfigured(f"{name}={text} is neither 1 (on) nor 0 (off).")
    return text in ON


def names(name: str) -> dict[str, str]:
    """Empty by default. Raises ImproperlyConfigured for what is not a JSON object of texts."""
    text = os.environ.get(name) or "{}"
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise ImproperlyConfigured(f'{name}={text} is not a JSON object of names, such as {{"detect": "my.module"}}.')
    return value


def one_of(name: str, default: str, known: Sequence[str]) -> str:
    """In capitals. Raises ImproperlyConfigured for what is not `known`."""
    text = (os.environ.get(name) or default).upper()
    if text not in known:
        raise ImproperlyConfigured(f"{name}={text} is not known; choose one of {', '.join(known)}.")
    return text
