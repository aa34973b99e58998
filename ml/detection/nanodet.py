"""NanoDet on ONNX Runtime: a light one-stage detector with generalised focal loss heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from ml.detection.classes import VEHICLES
from ml.detection.config import DetectorConfig
from ml.detection.filters import inter_class_nms
from ml.detection.letterbox import Letterbox
from ml.detection.pooling import FeatureMap, normalised, roi_align
from ml.threads import cpu_threads
from ml.types import Bool1D, Detections, Float1D, Float2D, Image, Int1D, UserError

_STRIDES = (8, 16, 32)
_REG_MAX = 10  # distances are expectations over 0..10 strides
MEAN_BGR = np.array([103.53, 116.28, 123.675], np.float32)
DEVIATION_BGR = np.array([57.375, 57.12, 58.395], np.float32)
_FEATURE_STRIDE = 8
_CELLS = 4
_CHANNELS = 128
_EDGE = 0.02  # of the picture's height: a box that comes this near to an edge counts as cut off by it

Maps = Mapping[str, npt.NDArray[np.float32]]  # the network's outputs for one picture


@dataclass(frozen=True, slots=True)
class Look:
    """A picture at one size, and what the network made of it."""

    letterbox: Letterbox
    maps: Maps


class NanoDet:
    """Detects cars, buses and trucks; features are pooled from the neck's maps."""

    name = "nanodet"
    ahead = 0

    def __init__(self, weights: Path | bytes, config: DetectorConfig, *, vehicle_mean: Float1D | None = None) -> None:
        """weights       an ONNX model's file, or its content
        vehicle_mean  [128] what the features of all vehicles share, or None to leave it in

        Raises UserError weights-unreadable, or bad-configuration for an input side that is no multiple of 32.
        """
        if config.input_height % 32 or config.input_width % 32 or min(config.input_height, config.input_width) < 32:
            size = f"{config.input_height}x{config.input_width}"
            raise UserError("bad-configuration", f"detector: input size {size} must be made of multiples of 32.")
        self._config = config
        self._session = _session(weights, config.threads)
        self._mean = np.zeros(_CHANNELS, np.float32) if vehicle_mean is None else vehicle_mean
        self._limits = _limits(config)
        self.feature_size = _CHANNELS if config.features else None

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """Vehicles in each picture [h, w, 3] RGB, best first; frames are all 0."""
        looks: list[list[Look]] = [[] for _ in images]
        for number, limit in enumerate(self._limits):
            boxed = [Letterbox.fitting((image.shape[0], image.shape[1]), limit) for image in images]
            for letterbox in dict.fromkeys(boxed):
                rows = [row for row, other in enumerate(boxed) if other == letterbox]
                outputs = self._outputs(with_features=number == 0 and self._config.features)
                maps = self._maps(outputs, letterbox, [images[row] for row in rows])
                for row, of_row in zip(rows, maps, strict=True):
                    looks[row].append(Look(letterbox, of_row))
        return [self._finish(image, of_image) for image, of_image in zip(images, looks, strict=True)]

    def appearance(self, image: Image, boxes: Float2D) -> Float2D:
        """[n, 128] features of boxes [n, 4] xyxy pixels of a picture, as those of what `detect` finds there."""
        letterbox = Letterbox.fitting((image.shape[0], image.shape[1]), self._limits[0])
        feature_map = self._maps([f"features_{_FEATURE_STRIDE}"], letterbox, [image])[0]
        return pooled(feature_map[f"features_{_FEATURE_STRIDE}"], boxes * np.float32(letterbox.scale), self._mean)

    def _outputs(self, *, with_features: bool) -> list[str]:
        names = [f"{kind}_{stride}" for kind in ("scores", "distances") for stride in _STRIDES]
        return [*names, f"features_{_FEATURE_STRIDE}"] if with_features else names

    def _maps(self, outputs: list[str], letterbox: Letterbox, images: Sequence[Image]) -> list[Maps]:
        values = self._session.run(outputs, {"image": _network_input(letterbox.canvas(images))})
        return [{name: value[row] for name, value in zip(outputs, values, strict=True)} for row in range(len(images))]

    def _finish(self, image: Image, looks: Sequence[Look]) -> Detections:
        """Boxes of one picture from all looks at it; features from the first, the finest."""
        size = (image.shape[0], image.shape[1])
        first, *closer = (self._boxes(look, size) for look in looks)
        close = [boxes.take(plausibly_close(boxes.boxes, size, self._config)) for boxes in closer]
        together = Detections.concatenate([first, *close])
        found = inter_class_nms(together, self._config.nms_iou, weighted=self._config.weighted_nms)
        if not self._config.features:
            return found
        finest = looks[0]
        feature_map = finest.maps[f"features_{_FEATURE_STRIDE}"]
        features = pooled(feature_map, found.boxes * np.float32(finest.letterbox.scale), self._mean)
        return replace(found, features=features)

    def _boxes(self, look: Look, size: tuple[int, int]) -> Detections:
        boxes, scores, classes = decode(look.maps, self._config.score_threshold)
        boxes = look.letterbox.back(boxes, size)
        whole = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] - boxes[:, 1] > self._config.min_height)
        return Detections(np.zeros(len(boxes), np.int32), boxes, scores, classes).take(whole)


def _limits(config: DetectorConfig) -> list[tuple[int, int]]:
    """Height and width of each look's input; the second look's are multiples of 32 as well."""
    size = (config.input_height, config.input_width)
    if not config.second_look:
        return [size]
    height, width = (max(32, int(side * config.second_look) // 32 * 32) for side in size)
    return [size, (height, width)]


def plausibly_close(boxes: Float2D, picture: tuple[int, int], config: DetectorConfig) -> Bool1D:
    """Which boxes [n, 4] of the second look may be vehicles close to the camera, in a picture (height, width).

    Small boxes are the first look's business. What fills an upper corner is a house beside the street: vehicles
    that two edges cut off are mostly low in the picture.
    """
    height, width = picture
    edge = _EDGE * height
    sideways = (boxes[:, 0] < edge) | (boxes[:, 2] > width - edge)
    high: Bool1D = boxes[:, 3] - boxes[:, 1] >= config.second_look_min_height * height
    return high & ~((boxes[:, 1] < edge) & sideways)


def decode(maps: Maps, threshold: float) -> tuple[Float2D, Float1D, Int1D]:
    """Boxes [n, 4] xyxy in input pixels, scores and COCO ids of the vehicles that reach `threshold`.

    Each place of each level says one box: its distances to left, top, right and bottom are the expectations of
    four distributions over 0..10 strides (generalised focal loss, eq. 5), measured from the place's centre.
    """
    parts = [
        _decode_level(maps[f"scores_{stride}"], maps[f"distances_{stride}"], stride, threshold) for stride in _STRIDES
    ]
    boxes, scores, classes = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return boxes, scores, classes


def _decode_level(
    scores: npt.NDArray[np.float32], distances: npt.NDArray[np.float32], stride: int, threshold: float
) -> tuple[Float2D, Float1D, Int1D]:
    width = scores.shape[2]
    vehicles = scores[VEHICLES - 1].reshape(len(VEHICLES), -1)
    best = vehicles.max(axis=0)
    places = np.flatnonzero(best >= threshold)
    logits = distances.reshape(4, _REG_MAX + 1, -1)[:, :, places]
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    reach = np.einsum("skn,k->ns", weights / weights.sum(axis=1, keepdims=True), np.arange(_REG_MAX + 1)) * stride
    centre_x, centre_y = (places % width + 0.5) * stride, (places // width + 0.5) * stride
    edges = [centre_x - reach[:, 0], centre_y - reach[:, 1], centre_x + reach[:, 2], centre_y + reach[:, 3]]
    boxes = np.stack(edges, axis=1).astype(np.float32)
    return boxes, best[places], VEHICLES[vehicles[:, places].argmax(axis=0)]


def pooled(feature_map: FeatureMap, boxes: Float2D, mean: Float1D) -> Float2D:
    """[n, 128] appearance of boxes in input pixels: the finest map's mean over each, less what vehicles share.

    Without the shared part, cosine distances spread over 0..2 and tell vehicles apart better.
    """
    inside = roi_align(feature_map, boxes, _FEATURE_STRIDE, _CELLS).mean(axis=(2, 3))
    return normalised(normalised(inside) - mean)


def _network_input(canvas: Image) -> npt.NDArray[np.float32]:
    """[n, h, w, 3] RGB uint8 -> [n, 3, h, w] float32, BGR less its mean over its deviation."""
    values = np.empty((canvas.shape[0], 3, *canvas.shape[1:3]), np.float32)
    for channel in range(3):
        np.subtract(canvas[..., 2 - channel], MEAN_BGR[channel], out=values[:, channel])
        values[:, channel] /= DEVIATION_BGR[channel]
    return values


def _session(weights: Path | bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = cpu_threads(threads)
    options.log_severity_level = 3
    # Threads that spin while they wait gain two milliseconds a picture and cost the other stages a core.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    model, named = (weights, "The weights") if isinstance(weights, bytes) else (str(weights), str(weights))
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's own exceptions share no base class
        raise UserError("weights-unreadable", f"{named}: not an ONNX model that runs here ({error}).") from error
