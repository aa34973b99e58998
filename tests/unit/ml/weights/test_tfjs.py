"""TensorFlow.js graphs become ONNX models that compute the same."""

from __future__ import annotations

import base64
import json
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest

from ml.types import UserError
from ml.weights.nanodet import import_nanodet
from ml.weights.tfjs import read_graph_model
from ml.weights.tfjs_onnx import to_onnx

Array = npt.NDArray[Any]


class Graph:
    """Writes a TensorFlow.js graph model node by node; the input is `x`, [1, 2, 4, 6], channels first."""

    def __init__(self) -> None:
        dimensions = [{"size": str(size)} for size in (1, 2, 4, 6)]
        self.nodes: list[dict[str, Any]] = [
            {"name": "x", "op": "Placeholder", "attr": {"shape": {"shape": {"dim": dimensions}}}}
        ]
        self.weights: list[tuple[dict[str, Any], bytes]] = []

    def const(self, value: object, stored: str | None = None, **quantization: float) -> str:
        array = np.array(value)
        array = array.astype(np.float32 if array.dtype.kind == "f" else np.int32)
        entry: dict[str, Any] = {"name": f"c{len(self.weights)}", "shape": list(array.shape), "dtype": array.dtype.name}
        data = array
        if stored is not None:
            entry["quantization"] = {"dtype": stored, **quantization}
            data = ((array - quantization.get("min", 0)) / quantization.get("scale", 1)).astype(stored)
        self.weights.append((entry, data.tobytes()))
        self.nodes.append({"name": entry["name"], "op": "Const"})
        return str(entry["name"])

    def add(self, op: str, *inputs: str, **attributes: Any) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append({"name": name, "op": op, "input": list(inputs), "attr": attributes})
        return name

    def write(self, path: Path) -> Path:
        manifest = {"paths": [path.stem + ".bin"], "weights": [entry for entry, _ in self.weights]}
        path.write_text(json.dumps({"modelTopology": {"node": self.nodes}, "weightsManifest": [manifest]}))
        path.with_suffix(".bin").write_bytes(b"".join(data for _, data in self.weights))
        return path


def _text(value: str) -> dict[str, str]:
    return {"s": base64.b64encode(value.encode()).decode()}


def _list(*values: int) -> dict[str, Any]:
    return {"list": {"i": [str(value) for value in values]}}


def _window(**lists: dict[str, Any]) -> dict[str, Any]:
    return {"data_format": _text("NHWC"), "padding": _text("VALID"), **lists}


def _computed(tmp_path: Path, graph: Graph, output: str, x: Array) -> Array:
    model = read_graph_model(graph.write(tmp_path / "model.json"))
    converted = to_onnx(model, inputs={"image": "x"}, outputs={"result": output})
    plain = onnxruntime.SessionOptions()  # the runtime's own fusion of Pad and MaxPool forgets what was padded with
    plain.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(converted.SerializeToString(), plain, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["result"], {"image": x})[0])


X = np.arange(48, dtype=np.float32).reshape(1, 2, 4, 6)


def _last(graph: Graph, name: str = "x") -> str:
    return graph.add("Transpose", name, graph.const([0, 2, 3, 1]))


def test_convolution_with_padding_bias_and_stride(tmp_path: Path) -> None:
    """At columns 0, 2, 4: the left and right neighbours in channel 0 less those in channel 1, plus a bias."""
    graph = Graph()
    padded = graph.add("Pad", "x", graph.const([[0, 0], [0, 0], [0, 0], [1, 1]]))
    kernel = np.zeros((1, 3, 2, 1))
    kernel[0, [0, 2], 0, 0], kernel[0, [0, 2], 1, 0] = 1, -1
    strides = _window(strides=_list(1, 1, 2, 1))
    convolved = graph.add("Conv2D", _last(graph, padded), graph.const(kernel), **strides)
    biased = graph.add("Add", convolved, graph.const([100.0]))
    result = _computed(tmp_path, graph, graph.add("Transpose", biased, graph.const([0, 3, 1, 2])), X)
    # Channel 0 less channel 1 is -24 everywhere: one neighbour at column 0, two at columns 2 and 4.
    assert result.tolist() == [[[[76, 52, 52]] * 4]]


def test_max_pool_does_not_see_its_padding(tmp_path: Path) -> None:
    graph = Graph()
    lowest = graph.const(float(np.finfo(np.float32).min))
    padded = graph.add("PadV2", "x", graph.const([[0, 0], [0, 0], [1, 1], [1, 1]]), lowest)
    window = _window(ksize=_list(1, 3, 3, 1), strides=_list(1, 2, 2, 1))
    pooled = graph.add("MaxPool", _last(graph, padded), **window)
    result = _computed(tmp_path, graph, graph.add("Transpose", pooled, graph.const([0, 3, 1, 2])), X - 100)
    assert result[0, 0].tolist() == [[-93, -91, -89], [-81, -79, -77]]


def test_zero_padding_before_a_max_pool_is_seen(tmp_path: Path) -> None:
    graph = Graph()
    padded = graph.add("Pad", "x", graph.const([[0, 0], [0, 0], [0, 0], [1, 1]]))
    window = _window(ksize=_list(1, 1, 2, 1), strides=_list(1, 1, 2, 1))
    pooled = graph.add("MaxPool", _last(graph, padded), **window)
    result = _computed(tmp_path, graph, graph.add("Transpose", pooled, graph.const([0, 3, 1, 2])), X - 100)
    assert result[0, 0, 0].tolist() == [0, -98, -96, 0]


def test_resize_halves_and_doubles(tmp_path: Path) -> None:
    graph = Graph()
    how = {"half_pixel_centers": {"b": True}, "align_corners": {"b": False}}
    half = graph.add("ResizeBilinear", _last(graph), graph.const([2, 3]), **how)
    result = _computed(tmp_path, graph, graph.add("Transpose", half, graph.const([0, 3, 1, 2])), X)
    # Each value is the mean of a 2 x 2 block.
    assert result[0, 0].tolist() == [[3.5, 5.5, 7.5], [15.5, 17.5, 19.5]]


def test_split_concat_and_activations_along_transposed_axes(tmp_path: Path) -> None:
    """Channels swapped through a split in channels-last order; leaky on the first, sigmoid on the second."""
    graph = Graph()
    axis, sizes = graph.const(-1), graph.const([1, 1])
    split = graph.add("SplitV", _last(graph), sizes, axis)
    leaky = graph.add("LeakyRelu", f"{split}:1", alpha={"f": 0.1})
    sigmoid = graph.add("Sigmoid", split)
    joined = graph.add("ConcatV2", leaky, sigmoid, axis)
    x = np.stack([np.zeros((4, 6)), np.full((4, 6), -5)])[None].astype(np.float32)
    result = _computed(tmp_path, graph, graph.add("Transpose", joined, graph.const([0, 3, 1, 2])), x)
    assert result[0, :, 0, 0] == pytest.approx([-0.5, 0.5])


def test_values_of_different_order_are_added_by_their_axes(tmp_path: Path) -> None:
    graph = Graph()
    there_and_back = graph.add("Transpose", _last(graph), graph.const([0, 3, 1, 2]))
    mixed = graph.add("AddV2", graph.const(np.arange(6.0)), graph.add("AddV2", there_and_back, "x"))
    assert _computed(tmp_path, graph, mixed, X).tolist() == (2 * X + np.arange(6)).tolist()


def test_any_batch_and_size(tmp_path: Path) -> None:
    graph = Graph()
    doubled = graph.add("ResizeBilinear", _last(graph), graph.const([8, 12]), half_pixel_centers={"b": True})
    x = np.zeros((3, 2, 10, 14), np.float32)
    result = _computed(tmp_path, graph, graph.add("Transpose", doubled, graph.const([0, 3, 1, 2])), x)
    assert result.shape == (3, 2, 20, 28)


@pytest.mark.parametrize(
    ("stored", "quantization", "tolerance"),
    [
        ("float16", {}, 1e-3),
        ("uint8", {"scale": 0.01, "min": -1.0}, 0.011),
        ("uint16", {"scale": 1e-4, "min": -1.0}, 2e-4),
    ],
)
def test_weights_stored_in_fewer_bits(
    tmp_path: Path, stored: str, quantization: dict[str, float], tolerance: float
) -> None:
    graph = Graph()
    values = np.linspace(-1, 1, 7)
    name = graph.const(values, stored, **quantization)
    weights = read_graph_model(graph.write(tmp_path / "model.json")).weights
    assert weights[name].dtype == np.float32
    assert weights[name] == pytest.approx(values, abs=tolerance)


def test_an_unknown_operation_is_named(tmp_path: Path) -> None:
    graph = Graph()
    node = graph.add("Einsum", "x")
    model = read_graph_model(graph.write(tmp_path / "model.json"))
    with pytest.raises(UserError, match="Einsum") as refused:
        to_onnx(model, inputs={"image": "x"}, outputs={"result": node})
    assert refused.value.code == "weights-unreadable"


def test_files_cut_short_or_foreign_are_refused(tmp_path: Path) -> None:
    graph = Graph()
    graph.const(np.ones(9))
    path = graph.write(tmp_path / "nanodet.json")
    for damage in (lambda: None, lambda: path.with_suffix(".bin").write_bytes(b"ab"), lambda: path.write_text("{}")):
        damage()
        with pytest.raises(UserError, match=r"nanodet\.json") as refused:
            import_nanodet(path, tmp_path / "out.onnx")
        assert refused.value.code == "weights-unreadable"
    assert not (tmp_path / "out.onnx").exists()


def test_the_place_to_import_from_must_hold_the_network(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        import_nanodet(tmp_path, tmp_path / "out.onnx")
    assert refused.value.code == "weights-missing"
    with tarfile.open(tmp_path / "package.tgz", "w:gz"):
        pass
    with pytest.raises(UserError) as refused:
        import_nanodet(tmp_path / "package.tgz", tmp_path / "out.onnx")
    assert refused.value.code == "weights-unreadable"
