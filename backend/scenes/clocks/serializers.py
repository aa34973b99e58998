"""JSON of clocks."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from backend.config.fields import FiniteField
from backend.scenes.setup.serializers import LONGEST_S


class ClockOffsetSerializer(serializers.Serializer[Any]):
    source = serializers.IntegerField(help_text="camera id")  # type: ignore[assignment] # its name
    target = serializers.IntegerField(help_text="camera id")
    target_version = serializers.IntegerField(help_text="its ETag is the If-Match of setting the target's clock")
    confirmed = serializers.IntegerField(help_text="matches between the two that people confirmed")
    there = serializers.IntegerField(help_text="of these, vehicles that went from source to target")
    back = serializers.IntegerField(help_text="and those that went the other way")
    at_one_place = serializers.IntegerField(help_text="and those that both cameras saw at one place")
    method = serializers.ChoiceField(
        choices=["views", "both ways", ""], help_text="how the offset was told; empty: it cannot be told"
    )
    matches = serializers.IntegerField(help_text="that it was told from")
    offset_s = serializers.FloatField(allow_null=True, help_text="the target's clock less the source's")
    error_s = serializers.FloatField(allow_null=True, help_text="standard error of the offset")
    spread_s = serializers.FloatField(allow_null=True, help_text="standard deviation of single matches about it")
    transit_s = serializers.FloatField(allow_null=True, help_text="from view to view, told apart from the offset")
    median_s = serializers.FloatField(help_text="measured from view to view in the direction with most matches")
    link_s = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="the link's window in that direction"
    )


class ClockShiftSerializer(serializers.Serializer[Any]):
    seconds = FiniteField(min_value=-LONGEST_S, max_value=LONGEST_S, help_text="later; earlier: negative")
