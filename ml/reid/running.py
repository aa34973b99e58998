"""Running an embedding network: pictures as arrays in, features out.

On the CPU ONNX Runtime takes less than half of torch's time for a crop (EfficientNet-Lite0: 1.8 ms against 5.2 ms on
two cores), so a network is exported, and torch imported for that alone; on CUDA torch itself runs.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import onnxruntime

from ml.threads import cpu_threads
from ml.types import Float2D

if TYPE_CHECKING:
    import torch

OPSET = 17

Run = Callable[[npt.NDArray[np.float32]], Float2D]  # pictures [n, 3, side, side] -> features [n, d]
Make = Callable[[], "torch.nn.Module"]


def network_on(device: str, make: Make, *, name: str, side: int, export_folder: Path | None) -> Run:
    """The network that `make` gives, on "cpu" or a CUDA device, for pictures of `side` x `side`.

    name           tells it from every other network, its weights included
    export_folder  keeps what is exported for the CPU; None exports it anew
    """
    if device.startswith("cuda"):
        return _TorchNetwork(make(), device)
    return _OnnxNetwork(exported(make, name=name, side=side, folder=export_folder))


class _OnnxNetwork:
    def __init__(self, model: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = cpu_threads()
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def __call__(self, pictures: npt.NDArray[np.float32]) -> Float2D:
        features: Float2D = self._session.run(None, {"pictures": pictures})[0]
        return features


class _TorchNetwork:
    def __init__(self, module: torch.nn.Module, device: str) -> None:
        self._device = device
        self._module = module.to(device)

    def __call__(self, pictures: npt.NDArray[np.float32]) -> Float2D:
        import torch

        with torch.inference_mode():
            features: Float2D = self._module(torch.from_numpy(pictures).to(self._device)).float().cpu().numpy()
        return features


def exported(make: Make, *, name: str, side: int, folder: Path | None) -> bytes:
    """The network as an ONNX model for pictures of `side` x `side`, any number at once.

    Kept in `folder` for the next time; written aside and renamed, so that no half file is ever read.
    """
    if folder is None:
        with tempfile.TemporaryDirectory() as passing:
            return exported(make, name=name, side=side, folder=Path(passing))
    path = folder / f"{name}-{side}-opset{OPSET}.onnx"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as aside:
            part = Path(aside) / path.name
            export(make(), part, side=side)
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(path)
    return path.read_bytes()


def export(module: torch.nn.Module, path: Path, *, side: int) -> None:
    """Write a network as ONNX: input "pictures" [count, 3, side, side], output "features" [count, d]."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the trace of fixed-size padding warns of constants, which is what they are
        torch.onnx.export(
            module,
            (torch.zeros(2, 3, side, side),),
            path,
            input_names=["pictures"],
            output_names=["features"],
            dynamic_axes={"pictures": {0: "count"}, "features": {0: "count"}},
            opset_version=OPSET,
            dynamo=False,
        )
