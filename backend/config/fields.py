"""Fields of requests that Django REST framework does not have."""

from __future__ import annotations

import math
from typing import Any

from rest_framework import serializers


class FiniteField(serializers.FloatField):
    """A number that is one: JSON as Python reads it knows NaN, Infinity and integers of any length."""

    def to_internal_value(self, data: Any) -> float:
        try:
            value = super().to_internal_value(data)
        except OverflowError:
            self.fail("invalid")
        if not math.isfinite(value):
            self.fail("invalid")
        return value
