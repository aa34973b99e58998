"""What can be set on the embedder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ml.types import UserError, require_setting

TRAINED = "trained"  # the embedder that is a file of weights
LEVELS = "efficientnet-lite0-levels"  # the one that was trained here and comes with the project
SCATTER = "efficientnet-lite0-scatter"  # what the pictures say that the former learned from
ATTRIBUTES = "efficientnet-lite0-attributes"  # the heads for type and colour that come with it

_require = partial(require_setting, "embedder")


@dataclass(frozen=True, slots=True)
class EmbedderConfig:
    """Settings of appearance embedding.

    name               embedder in the registry; "trained" for a network of your own
    weights            the file that it is in, written by `python -m ml train`; of "trained" only
    input_size         side of the square picture that the network sees, pixels; networks trained here bring their own
    views              pictures chosen of a tracklet
    batch              pictures a network call
    crop_side          longest side of the JPEG crops kept for people, pixels
    jpeg_quality       of those crops, 1..100
    attributes         whether type and colour are read too; by the heads that come with the project where they fit the
                       network: efficientnet-lite0-levels, and what was trained from it and left its backbone as it is
    attribute_weights  a file of other heads, written by `python -m ml train`
    """

    name: str = LEVELS
    input_size: int = 144
    views: int = 6
    batch: int = 16
    crop_side: int = 256
    jpeg_quality: int = 88
    weights: str | None = None
    attributes: bool = True
    attribute_weights: str | None = None

    def __post_init__(self) -> None:
        _require(32 <= self.input_size <= 1024, "input_size", self.input_size, "within 32..1024")
        _require(1 <= self.jpeg_quality <= 100, "jpeg_quality", self.jpeg_quality, "within 1..100")
        if self.weights is not None and self.name != TRAINED:
            message = f"embedder {self.name!r} brings its own weights; `weights` is for the embedder {TRAINED!r}"
            raise UserError("bad-configuration", message)
        if self.attribute_weights is not None and self.name not in (LEVELS, TRAINED):
            message = f"embedder {self.name!r} reads no attributes; leave out `attribute_weights`"
            raise UserError("bad-configuration", message)
        for name in ("views", "batch", "crop_side"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
