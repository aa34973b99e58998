"""An ONNX graph of a few kinds of operations, computed in torch so that its weights can learn."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import torch
from onnx import NodeProto, numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from ml.types import UserError

Values = dict[str, Tensor]


class GraphNetwork(nn.Module):
    """The graph with its kernels and biases as parameters, named as the ONNX initializers.

    weights   names of the parameters, in the order in which the graph uses them
    """

    def __init__(self, model: onnx.ModelProto) -> None:
        """UserError weights-unreadable where the graph has an operation that is not known here."""
        super().__init__()
        unknown = {node.op_type for node in model.graph.node} - set(_KINDS)
        if unknown:
            raise UserError(
                "weights-unreadable", f"a network with operations {', '.join(sorted(unknown))}: not NanoDet"
            )
        arrays = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
        self._nodes = list(model.graph.node)
        self._maker = {name: node for node in self._nodes for name in node.output}
        self._settled = {name: array for name, array in arrays.items() if array.ndim != 4}
        kernels = [name for node in self._nodes for name in node.input if name in arrays and arrays[name].ndim == 4]
        self.weights = tuple(dict.fromkeys(kernels))
        for name in self.weights:
            self.register_parameter(name, nn.Parameter(torch.from_numpy(arrays[name].astype(np.float32))))

    def forward(self, known: Values, wanted: Sequence[str]) -> Values:
        """The values `wanted`, from those `known`: the graph's input, or values within it."""
        values: Values = dict(known) | {name: getattr(self, name) for name in self.weights}
        needed = self._needed(wanted, known)
        for node in self._nodes:
            if needed.intersection(node.output):
                made = _KINDS[node.op_type](node, values, self._settled)
                values.update(zip(node.output, made, strict=True))
        return {name: values[name] for name in wanted}

    @torch.no_grad()
    def put_in(self, tensors: Mapping[str, np.ndarray[Any, Any]], where: str) -> None:
        """Take `tensors` for the weights of these names; `where` they come from, for messages.

        UserError weights-unreadable where there is no such weight, or one of another shape.
        """
        for name, values in tensors.items():
            if name not in self.weights or self.get_parameter(name).shape != values.shape:
                message = f"{where}: made for another network ({name} {values.shape} has no place in NanoDet)."
                raise UserError("weights-unreadable", message)
            self.get_parameter(name).copy_(torch.from_numpy(values))

    def before(self, output: str, kind: str) -> str:
        """The value that `output`'s nearest operation of `kind` upwards takes in: a sigmoid's logits, say."""
        node = self._maker[output]
        return str(node.input[0]) if node.op_type == kind else self.before(node.input[0], kind)

    def behind(self, known: Sequence[str], wanted: Sequence[str]) -> list[str]:
        """The weights that it takes to get from values `known` to values `wanted`."""
        needed = self._needed(wanted, known)
        return [name for name in self.weights if name in needed]

    def _needed(self, wanted: Sequence[str], known: Container[str]) -> set[str]:
        """Names of all values that `wanted` hang on, those `known` and what lies above them left out."""
        needed: set[str] = set()
        open_names = list(wanted)
        while open_names:
            name = open_names.pop()
            if name not in needed and name not in known:
                needed.add(name)
                open_names += self._maker[name].input if name in self._maker else []
        return needed


Settled = Mapping[str, Any]
Kind = Callable[[NodeProto, Values, Settled], Sequence[Tensor]]


def _attribute(node: NodeProto, name: str) -> Any:
    return next(onnx.helper.get_attribute_value(each) for each in node.attribute if each.name == name)


def _convolution(node: NodeProto, values: Values, settled: Settled) -> Sequence[Tensor]:
    pads = _attribute(node, "pads")
    image, kernel = (values[name] for name in node.input)
    return [functional.conv2d(image, kernel, stride=tuple(_attribute(node, "strides")), padding=(pads[0], pads[1]))]


def _max_pool(node: NodeProto, values: Values, settled: Settled) -> Sequence[Tensor]:
    size, strides, pads = (_attribute(node, name) for name in ("kernel_shape", "strides", "pads"))
    return [functional.max_pool2d(values[node.input[0]], tuple(size), tuple(strides), (pads[0], pads[1]))]


def _resize(node: NodeProto, values: Values, settled: Settled) -> Sequence[Tensor]:
    scales = settled[node.input[2]].tolist()
    given = values[node.input[0]]
    return [functional.interpolate(given, scale_factor=(scales[2], scales[3]), mode="bilinear", align_corners=False)]


def _split(node: NodeProto, values: Values, settled: Settled) -> Sequence[Tensor]:
    return torch.split(values[node.input[0]], settled[node.input[1]].tolist(), dim=_attribute(node, "axis"))


_KINDS: Mapping[str, Kind] = {
    "Add": lambda node, values, _: [values[node.input[0]] + values[node.input[1]]],
    "Cast": lambda node, values, _: [values[node.input[0]]],
    "Concat": lambda node, values, _: [torch.cat([values[name] for name in node.input], _attribute(node, "axis"))],
    "Conv": _convolution,
    "Identity": lambda node, values, _: [values[node.input[0]]],
    "LeakyRelu": lambda node, values, _: [functional.leaky_relu(values[node.input[0]], _attribute(node, "alpha"))],
    "MaxPool": _max_pool,
    "Resize": _resize,
    "Sigmoid": lambda node, values, _: [values[node.input[0]].sigmoid()],
    "Split": _split,
}
