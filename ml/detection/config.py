"""Settings of the detect stage."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial

from ml.types import UserError, require_setting

DECODE = ("cpu", "auto", "cuda")  # where `ml.video.read_frames` may decode

# Settings that only one kind of detector reads.
_NANODET = ("input_height", "input_width", "second_look", "second_look_min_height")
_MASK_RCNN = ("min_size", "max_size", "proposals", "masks", "mixed_precision", "bfloat16", "compile")

_require = partial(require_setting, "detector")


@dataclass(frozen=True)
class DetectorConfig:
    """Which detector, and how it is asked.

    name             a detector of the registry: "nanodet", "maskrcnn-resnet50", "maskrcnn-resnet101",
                     "maskrcnn-resnext101"
    score_threshold  detections below it are dropped
    nms_iou          of two boxes, whatever their classes, that overlap this much, the better one stays
    weighted_nms     whether the box that stays becomes the mean of itself and those it suppressed, by score
    tiles            tiles a side at which the picture is looked at once more, for small vehicles; 1 for none
    tile_overlap     share of its side that a tile has in common with its neighbour
    input_height, input_width  what a picture is fitted into for NanoDet, multiples of 32
    second_look      share of those sides at which NanoDet looks at the picture once more, for vehicles that fill
                     much of it; 0 for one look only
    second_look_min_height  share of the picture's height below which boxes of the second look are dropped
    min_size, max_size  pixels of the shorter and longer side that Mask R-CNN scales pictures to
    proposals        regions of each level of Mask R-CNN's pyramid that its box head may look at, and of the picture
                     that it does look at
    min_height       pixels; lower boxes are dropped
    features         whether appearance features are pooled for the tracker
    masks            whether Mask R-CNN says for each box which part of it the vehicle covers
    mixed_precision  whether Mask R-CNN computes in 16 bits where that is safe; on a GPU only
    bfloat16         the same on a CPU: twice as fast on processors with avx512_bf16 or amx, slower on others
    compile          whether its backbone is compiled when the detector starts; on a GPU only
    weights          a checkpoint file (of NanoDet an .onnx, or the .safetensors of a fine-tuning), "none" for a
                     network with random weights, or None for the registry's weights of that name
    threads          CPU threads a network uses; 0 leaves it to OMP_NUM_THREADS, or takes every core
    decode           where the video is decoded: "cpu"; "auto" for a graphics card that can, else the CPU; "cuda"
    """

    name: str = "nanodet"
    score_threshold: float = 0.3
    nms_iou: float = 0.3
    weighted_nms: bool = False
    tiles: int = 1
    tile_overlap: float = 0.2
    input_height: int = 416
    input_width: int = 736
    second_look: float = 0.55
    second_look_min_height: float = 0.2
    min_size: int = 800
    max_size: int = 1333
    proposals: int = 1000
    min_height: float = 0.0
    features: bool = True
    masks: bool = False
    mixed_precision: bool = False
    bfloat16: bool = False
    compile: bool = False
    weights: str | None = None
    threads: int = 0
    decode: str = "cpu"

    def __post_init__(self) -> None:
        _require(0 <= self.score_threshold <= 1, "score_threshold", self.score_threshold, "within 0..1")
        _require(self.nms_iou > 0, "nms_iou", self.nms_iou, "above 0")
        _require(1 <= self.tiles <= 8, "tiles", self.tiles, "within 1..8")
        _require(0 <= self.tile_overlap < 0.9, "tile_overlap", self.tile_overlap, "at least 0 and below 0.9")
        _require(0 <= self.second_look < 1, "second_look", self.second_look, "at least 0 and below 1")
        share = self.second_look_min_height
        _require(0 <= share < 1, "second_look_min_height", share, "at least 0 and below 1")
        _require(0 < self.min_size <= self.max_size, "min_size", self.min_size, "above 0 and at most max_size")
        _require(self.proposals >= 1, "proposals", self.proposals, "1 or more")
        _require(self.min_height >= 0, "min_height", self.min_height, "0 or more")
        _require(self.threads >= 0, "threads", self.threads, "0 or more")
        if self.decode not in DECODE:
            known = ", ".join(DECODE)
            raise UserError("bad-configuration", f"detector setting decode is {self.decode!r}; choose from {known}")

    def deciding(self) -> dict[str, object]:
        """The settings that detections depend on: not those of other detectors, nor where or by how many it is done."""
        unread = {"threads", "decode", *(_MASK_RCNN if self.name == "nanodet" else _NANODET)}
        return {name: value for name, value in asdict(self).items() if name not in unread}
