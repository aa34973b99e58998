"""Type and colour of tracklets: what people say, or what the network read where they say nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from rest_framework import serializers

READ_TYPE = ("machine_type", "machine_type_chance")
READ_COLOUR = ("machine_colour", "machine_colour_chance")
READ = (*READ_TYPE, *READ_COLOUR)  # columns of a tracklet
# As the library names them (a test compares).
VEHICLE_TYPES = (
    "sedan", "suv", "van", "hatchback", "mpv", "pickup", "bus", "truck", "estate", "coupe", "convertible", "mini",
)  # fmt: skip


class ReadSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="sedan, suv, van, ...; empty where people say what kind of vehicle it is")
    type_chance = serializers.FloatField(allow_null=True, help_text="that it is of this type, 0..1")
    colour = serializers.CharField(help_text="counts where people name no colour")
    colour_chance = serializers.FloatField(allow_null=True, help_text="that it has this colour, 0..1")


def of_type(types: Collection[str], prefix: str = "") -> Q:
    """Tracklets of one of these types, any if none is named. prefix  leads to the tracklet, as `left__`."""
    return Q(**{f"{prefix}machine_type__in": list(types)}) if types else Q()


def of_colour(colours: Collection[str], prefix: str = "") -> Q:
    """Tracklets of one of these colours, any if none is named: as people say, or else as the network read it."""
    if not colours:
        return Q()
    said = Q(**{f"{prefix}colour__in": list(colours)})
    return said | Q(**{f"{prefix}colour": "", f"{prefix}machine_colour__in": list(colours)})
