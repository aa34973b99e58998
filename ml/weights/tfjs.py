"""Reading TensorFlow.js graph models: a JSON file with the graph beside binary files with the weights."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.types import UserError

Array = npt.NDArray[Any]

_TYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}
_STORED = {"float16": np.float16, "uint8": np.uint8, "uint16": np.uint16}


@dataclass(frozen=True)
class Node:
    """One operation: its name, kind, inputs ("name" or "name:output") and attributes."""

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any]

    def integers(self, name: str) -> list[int]:
        """A list attribute such as strides."""
        return [int(item) for item in self.attributes[name]["list"].get("i", [])]

    def text(self, name: str) -> str:
        """A text attribute such as padding, which the file keeps in base64."""
        return base64.b64decode(self.attributes[name]["s"]).decode()

    def number(self, name: str) -> float:
        return float(self.attributes[name]["f"])

    def flag(self, name: str) -> bool:
        return bool(self.attributes.get(name, {}).get("b", False))


@dataclass(frozen=True)
class GraphModel:
    """The graph, its weights by node name, and the nominal shape of each of its inputs."""

    nodes: Mapping[str, Node]
    weights: Mapping[str, Array]

    def input_shape(self, name: str) -> tuple[int, ...]:
        dimensions = self.nodes[name].attributes["shape"]["shape"]["dim"]
        return tuple(int(dimension["size"]) for dimension in dimensions)


def read_graph_model(path: Path) -> GraphModel:
    """The graph model of `path`, a model.json with its weight files beside it.

    Raises UserError weights-unreadable if a file is missing, cut short or something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        nodes = {node.name: node for node in map(_node, content["modelTopology"]["node"])}
        weights: dict[str, Array] = {}
        for group in content["weightsManifest"]:
            data = b"".join((path.parent / name).read_bytes() for name in group["paths"])
            weights |= _arrays(data, group["weights"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        message = f"{path}: not a whole TensorFlow.js graph model ({error}); download it again."
        raise UserError("weights-unreadable", message) from error
    return GraphModel(nodes, weights)


def _node(entry: Mapping[str, Any]) -> Node:
    data_inputs = tuple(name for name in entry.get("input", []) if not name.startswith("^"))
    return Node(entry["name"], entry["op"], data_inputs, entry.get("attr", {}))


def _arrays(data: bytes, entries: Sequence[Mapping[str, Any]]) -> dict[str, Array]:
    arrays, offset = {}, 0
    for entry in entries:
        array = _array(data, offset, entry)
        arrays[entry["name"]] = array.astype(_TYPES[entry["dtype"]]).reshape(entry["shape"])
        offset += array.size * _stored_type(entry).itemsize
    if offset != len(data):
        raise ValueError(f"{len(data)} bytes of weights where the graph needs {offset}")
    return arrays


def _array(data: bytes, offset: int, entry: Mapping[str, Any]) -> Array:
    """One weight as stored; integers that stand for numbers are scaled back: w = q * scale + min."""
    array = np.frombuffer(data, _stored_type(entry), math.prod(entry["shape"]), offset)
    quantization = entry.get("quantization")
    if quantization is None or quantization["dtype"] == "float16":
        return array
    return array.astype(np.float32) * np.float32(quantization["scale"]) + np.float32(quantization["min"])


def _stored_type(entry: Mapping[str, Any]) -> np.dtype[Any]:
    quantization = entry.get("quantization")
    return np.dtype(_TYPES[entry["dtype"]] if quantization is None else _STORED[quantization["dtype"]])
