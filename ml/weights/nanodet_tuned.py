"""A fine-tuned NanoDet as a file: the weights that changed, to be put into the published network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import safetensors
import safetensors.numpy
from onnx import numpy_helper

from ml.types import Float1D, UserError
from ml.weights.store import resolve

NETWORK = "nanodet"  # what of the cards the weights go into
FEATURES = 128
_MEAN, _CARD = "vehicle_mean", "card"

Tensors = Mapping[str, np.ndarray[Any, np.dtype[np.float32]]]


@dataclass(frozen=True, slots=True)
class TunedNanoDet:
    """tensors       float32 by the name of the ONNX initializer whose place they take
    vehicle_mean  [128] what the features of all vehicles share
    card          what the file says of itself
    """

    tensors: Tensors
    vehicle_mean: Float1D
    card: Mapping[str, object]


def save_tuned(tuned: TunedNanoDet, path: Path) -> None:
    """Write the file, whole or not at all."""
    partial = path.with_suffix(".partial")
    tensors = {name: np.ascontiguousarray(values, np.float32) for name, values in tuned.tensors.items()}
    safetensors.numpy.save_file(
        {**tensors, _MEAN: np.ascontiguousarray(tuned.vehicle_mean, np.float32)},
        partial,
        # One entry: several would stand in another order each time, and the same weights would be other bytes.
        {_CARD: json.dumps({"network": NETWORK, **tuned.card})},
    )
    partial.replace(path)


def read_tuned(path: Path) -> TunedNanoDet:
    """The file's content. UserError weights-missing, or weights-unreadable if it is none of a fine-tuned NanoDet."""
    if not path.is_file():
        raise UserError("weights-missing", f"{path}: there is no such file of weights; check the path.")
    try:
        with safetensors.safe_open(path, "numpy") as file:
            about = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, safetensors.SafetensorError) as error:
        raise UserError("weights-unreadable", f"{path}: not a safetensors file ({error}).") from error
    mean, card = tensors.pop(_MEAN, None), _card_of(about.get(_CARD, ""))
    if card.pop("network", None) != NETWORK or mean is None or mean.shape != (FEATURES,):
        message = f"{path}: not weights of a fine-tuned NanoDet; name a file that such a training wrote."
        raise UserError("weights-unreadable", message)
    for name, values in {**tensors, _MEAN: mean}.items():
        if values.dtype != np.float32 or not np.isfinite(values).all():
            message = f"{path}: damaged ({name} is not all finite float32 numbers); name another file of weights."
            raise UserError("weights-unreadable", message)
    return TunedNanoDet(tensors, mean, card)


def _card_of(text: str) -> dict[str, Any]:
    """What a file says of itself; nothing where that is no card."""
    try:
        card = json.loads(text)
    except ValueError:
        return {}
    return card if isinstance(card, dict) else {}


def published_model() -> onnx.ModelProto:
    """The published network. UserError weights-missing or -damaged."""
    return onnx.load(str(resolve(NETWORK)))


def tuned_model(tensors: Tensors, where: str) -> bytes:
    """The published network with `tensors` put in, as an ONNX file's bytes; `where` they come from, for messages.

    Raises UserError weights-unreadable where the network has no such weights, and as of `published_model`.
    """
    model = published_model()
    # Of other shapes are what resizes and splits go by, which no training changes.
    places = {each.name: each for each in model.graph.initializer if len(each.dims) == 4}
    for name, values in tensors.items():
        if name not in places or tuple(places[name].dims) != values.shape:
            message = f"{where}: made for another network ({name} {values.shape} has no place in NanoDet)."
            raise UserError("weights-unreadable", message)
        places[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
    content: bytes = model.SerializeToString()
    return content
