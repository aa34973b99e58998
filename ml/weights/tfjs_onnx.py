"""TensorFlow.js graph models as ONNX models of any batch, height and width.

TensorFlow convolves channels-last, ONNX channels-first. A `Tensor` therefore carries the order in which its axes
are stored, and a transposition only changes that order; data is moved only where an operation needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ml.types import UserError
from ml.weights.tfjs import Array, GraphModel, Node

_OPSET = 17
_CHANNELS_LAST = (0, 2, 3, 1)  # axes (n, h, w, c) of a tensor stored as n, c, h, w
_SMALL = 64


@dataclass(frozen=True)
class Tensor:
    """A value of the graph: axis i of the TensorFlow tensor is axis `order[i]` of the ONNX value `name`.

    shape    nominal, in TensorFlow's axes
    padding  (before, after) of each TensorFlow axis, filled with `filler`, that is still to be applied
    """

    name: str
    order: tuple[int, ...]
    shape: tuple[int, ...]
    padding: tuple[tuple[int, int], ...] = ()
    filler: float = 0.0


def to_onnx(model: GraphModel, *, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> onnx.ModelProto:
    """The part of `model` that computes `outputs`, as an ONNX model of opset 17.

    inputs   ONNX name -> placeholder; a 4-d tensor, its first and last two axes left open
    outputs  ONNX name -> node or "node:output"

    Raises UserError weights-unreadable where the graph uses an operation that is not known here.
    """
    writer = _Writer(model, {node: name for name, node in inputs.items()})
    for name in _in_order(model, [_node_of(output) for output in outputs.values()]):
        writer.convert(model.nodes[name])
    for name, output in outputs.items():
        value = writer.stored(writer.tensor(output), tuple(range(4)))
        writer.emit("Identity", [value], name=name)
    graph = helper.make_graph(
        writer.operations,
        "graph",
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, _open(model.input_shape(node)))
            for name, node in inputs.items()
        ],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * 4) for name in outputs],
        writer.constants,
    )
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=8)
    onnx.checker.check_model(result)
    return result


def _open(shape: Sequence[int]) -> list[int | str]:
    return ["batch", *shape[1:-2], "height", "width"]


def _node_of(output: str) -> str:
    return output.partition(":")[0]


def _in_order(model: GraphModel, wanted: Sequence[str]) -> list[str]:
    """The nodes that `wanted` depend on, each after its inputs."""
    needs: dict[str, list[str]] = {}
    open_nodes = list(wanted)
    while open_nodes:
        name = open_nodes.pop()
        if name not in needs:
            needs[name] = [_node_of(given) for given in model.nodes[name].inputs]
            open_nodes += needs[name]
    return list(TopologicalSorter(needs).static_order())


class _Writer:
    """Writes ONNX operations for TensorFlow ones, one method a kind."""

    def __init__(self, model: GraphModel, inputs: Mapping[str, str]) -> None:
        self._model = model
        self._inputs = inputs
        self._tensors: dict[str, list[Tensor]] = {}
        self.operations: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def convert(self, node: Node) -> None:
        if node.op == "Const":
            return
        if node.op not in _KINDS:
            raise UserError("weights-unreadable", f"Node {node.name}: operation {node.op} cannot be converted.")
        made = _KINDS[node.op](self, node)
        self._tensors[node.name] = made if isinstance(made, list) else [made]

    def tensor(self, reference: str) -> Tensor:
        """A computed value, by "node" or "node:output"."""
        name, _, output = reference.partition(":")
        return self._tensors[name][int(output or 0)]

    def constant(self, reference: str) -> Array:
        return self._model.weights[_node_of(reference)]

    def emit(self, op: str, inputs: Sequence[str], *, name: str = "", count: int = 1, **attributes: Any) -> list[str]:
        """Add an operation; returns the names of its outputs."""
        base = name or f"{op.lower()}_{len(self.operations)}"
        outputs = [base] if count == 1 else [f"{base}_{number}" for number in range(count)]
        self.operations.append(helper.make_node(op, list(inputs), outputs, **attributes))
        return outputs

    def keep(self, array: Array) -> str:
        """Add a constant; returns its name.

        Numbers that 16 bits hold exactly are stored so, which halves the file: the runtime widens them once,
        when it loads the model.
        """
        name = f"constant_{len(self.constants)}"
        if array.size > _SMALL and np.array_equal(array, array.astype(np.float16)):
            self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array, np.float16), name))
            return self.emit("Cast", [name], to=TensorProto.FLOAT)[0]
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def stored(self, tensor: Tensor, order: tuple[int, ...]) -> str:
        """The ONNX value of `tensor` with padding applied and its axes stored in `order`."""
        tensor = self.padded(tensor)
        if tensor.order == order:
            return tensor.name
        axes = [tensor.order[order.index(axis)] for axis in range(len(order))]
        return self.emit("Transpose", [tensor.name], perm=axes)[0]

    def padded(self, tensor: Tensor) -> Tensor:
        """`tensor` with its padding applied."""
        if not tensor.padding:
            return tensor
        by_axis = [tensor.padding[tensor.order.index(axis)] for axis in range(len(tensor.order))]
        amounts = np.array([before for before, _ in by_axis] + [after for _, after in by_axis], np.int64)
        filler = self.keep(np.array(tensor.filler, np.float32))
        name = self.emit("Pad", [tensor.name, self.keep(amounts), filler])[0]
        return replace(tensor, name=name, padding=(), filler=0.0)

    def placeholder(self, node: Node) -> Tensor:
        shape = self._model.input_shape(node.name)
        return Tensor(self._inputs[node.name], tuple(range(len(shape))), shape)

    def identity(self, node: Node) -> Tensor:
        return self.tensor(node.inputs[0])

    def transpose(self, node: Node) -> Tensor:
        given, axes = self.tensor(node.inputs[0]), self.constant(node.inputs[1]).tolist()
        return replace(
            given,
            order=tuple(given.order[axis] for axis in axes),
            shape=tuple(given.shape[axis] for axis in axes),
            padding=tuple(given.padding[axis] for axis in axes) if given.padding else (),
        )

    def pad(self, node: Node) -> Tensor:
        given = self.padded(self.tensor(node.inputs[0]))
        amounts = tuple((int(before), int(after)) for before, after in self.constant(node.inputs[1]))
        filler = float(self.constant(node.inputs[2])) if len(node.inputs) > 2 else 0.0
        shape = tuple(size + sum(amount) for size, amount in zip(given.shape, amounts, strict=True))
        return replace(given, shape=shape, padding=amounts, filler=filler)

    def convolution(self, node: Node) -> Tensor:
        given, kernel = self.tensor(node.inputs[0]), self.constant(node.inputs[1])
        height, width, _, channels = kernel.shape
        given, pads = self._window_pads(node, given, (height, width), fillers=(0.0,))
        weights = self.keep(kernel.transpose(3, 2, 0, 1))
        strides = node.integers("strides")[1:3]
        source = self.stored(given, _CHANNELS_LAST)
        name = self.emit("Conv", [source, weights], strides=strides, pads=pads, kernel_shape=[height, width])[0]
        return _windowed(name, given.shape, channels, (height, width), strides, pads)

    def max_pool(self, node: Node) -> Tensor:
        given, kernel = self.tensor(node.inputs[0]), node.integers("ksize")[1:3]
        channels = given.shape[3]
        lowest = (-np.inf, float(np.finfo(np.float32).min))
        given, pads = self._window_pads(node, given, (kernel[0], kernel[1]), fillers=lowest)
        strides = node.integers("strides")[1:3]
        source = self.stored(given, _CHANNELS_LAST)
        name = self.emit("MaxPool", [source], strides=strides, pads=pads, kernel_shape=kernel)[0]
        return _windowed(name, given.shape, channels, (kernel[0], kernel[1]), strides, pads)

    def _window_pads(
        self, node: Node, given: Tensor, kernel: tuple[int, int], *, fillers: Sequence[float]
    ) -> tuple[Tensor, list[int]]:
        """Padding at the border, [top, left, bottom, right], that the window operation itself can do.

        Returns `given` without it; a pending padding of another kind is applied first.
        """
        _require(node, node.text("data_format") == "NHWC" and node.text("padding") == "VALID")
        if not given.padding or given.filler not in fillers or given.padding[0] != (0, 0):
            return self.padded(given), [0, 0, 0, 0]
        (top, bottom), (left, right) = given.padding[1:3]
        shape = (given.shape[0], given.shape[1] - top - bottom, given.shape[2] - left - right, given.shape[3])
        return replace(given, padding=(), filler=0.0, shape=shape), [top, left, bottom, right]

    def add(self, node: Node) -> Tensor:
        left, right = node.inputs
        if _node_of(left) in self._model.weights:
            left, right = right, left
        given = self.padded(self.tensor(left))
        if _node_of(right) in self._model.weights:
            array = self.constant(right)
            array = array.reshape((1,) * (len(given.shape) - array.ndim) + array.shape)
            other = self.keep(array.transpose([given.order.index(axis) for axis in range(array.ndim)]))
        else:
            other = self.stored(self.tensor(right), given.order)
        return replace(given, name=self.emit("Add", [given.name, other])[0])

    def leaky_relu(self, node: Node) -> Tensor:
        given = self.padded(self.tensor(node.inputs[0]))
        return replace(given, name=self.emit("LeakyRelu", [given.name], alpha=node.number("alpha"))[0])

    def sigmoid(self, node: Node) -> Tensor:
        given = self.padded(self.tensor(node.inputs[0]))
        return replace(given, name=self.emit("Sigmoid", [given.name])[0])

    def concat(self, node: Node) -> Tensor:
        *parts, axis_name = node.inputs
        given = [self.padded(self.tensor(part)) for part in parts]
        axis = int(self.constant(axis_name)) % len(given[0].shape)
        names = [self.stored(part, given[0].order) for part in given]
        name = self.emit("Concat", names, axis=given[0].order[axis])[0]
        return replace(given[0], name=name, shape=_with(given[0].shape, axis, sum(p.shape[axis] for p in given)))

    def split(self, node: Node) -> list[Tensor]:
        given, sizes = self.padded(self.tensor(node.inputs[0])), self.constant(node.inputs[1]).tolist()
        axis = int(self.constant(node.inputs[2])) % len(given.shape)
        lengths = self.keep(np.array(sizes, np.int64))
        names = self.emit("Split", [given.name, lengths], count=len(sizes), axis=given.order[axis])
        shapes = [_with(given.shape, axis, size) for size in sizes]
        return [replace(given, name=name, shape=shape) for name, shape in zip(names, shapes, strict=True)]

    def resize(self, node: Node) -> Tensor:
        """Bilinear; the factor is that of the nominal size, so that any size can follow."""
        _require(node, node.flag("half_pixel_centers") and not node.flag("align_corners"))
        given, size = self.tensor(node.inputs[0]), self.constant(node.inputs[1]).tolist()
        factors = [1, 1, size[0] / given.shape[1], size[1] / given.shape[2]]
        scales = self.keep(np.array(factors, np.float32))
        source = self.stored(given, _CHANNELS_LAST)
        name = self.emit("Resize", [source, "", scales], mode="linear", coordinate_transformation_mode="half_pixel")[0]
        return Tensor(name, _CHANNELS_LAST, (given.shape[0], size[0], size[1], given.shape[3]))


def _require(node: Node, ok: bool) -> None:
    if not ok:
        raise UserError("weights-unreadable", f"Node {node.name}: this kind of {node.op} cannot be converted.")


def _with(shape: tuple[int, ...], axis: int, size: int) -> tuple[int, ...]:
    return (*shape[:axis], size, *shape[axis + 1 :])


def _windowed(
    name: str, shape: Sequence[int], channels: int, kernel: Sequence[int], strides: Sequence[int], pads: Sequence[int]
) -> Tensor:
    height = (shape[1] + pads[0] + pads[2] - kernel[0]) // strides[0] + 1
    width = (shape[2] + pads[1] + pads[3] - kernel[1]) // strides[1] + 1
    return Tensor(name, _CHANNELS_LAST, (shape[0], height, width, channels))


_KINDS: Mapping[str, Callable[[_Writer, Node], Tensor | list[Tensor]]] = {
    "Placeholder": _Writer.placeholder,
    "Identity": _Writer.identity,
    "Transpose": _Writer.transpose,
    "Pad": _Writer.pad,
    "PadV2": _Writer.pad,
    "Conv2D": _Writer.convolution,
    "MaxPool": _Writer.max_pool,
    "Add": _Writer.add,
    "AddV2": _Writer.add,
    "LeakyRelu": _Writer.leaky_relu,
    "Sigmoid": _Writer.sigmoid,
    "ConcatV2": _Writer.concat,
    "SplitV": _Writer.split,
    "ResizeBilinear": _Writer.resize,
}
