"""Decoding on a graphics card, where that is asked for and there is one that can."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from av.codec.hwaccel import HWAccel, hwdevices_available
from av.error import FFmpegError

from ml.types import UserError
from ml.video.container import open_video

_PREFERRED = ("cuda", "videotoolbox", "vaapi", "qsv", "d3d11va")


@dataclass(frozen=True)
class Decoding:
    """Where a video will be decoded.

    hwaccel  PyAV's settings of the device, None for software
    reason   why there
    """

    hwaccel: HWAccel | None
    reason: str


def choose_decoding(path: Path, decode: str) -> Decoding:
    """Where a video is decoded, by one of `ml.detection.config.DECODE`.

    decode  "cpu" for software; "auto" for the first device that decodes the video's first picture, else software;
            a kind of device, "cuda", for that one

    Raises UserError as `open_video`, and no-such-device where the device that was asked for cannot decode the video.
    """
    if decode == "cpu":
        return Decoding(None, "decoded in software, as asked for")
    found = _tried(path, [device for device in _candidates(path) if decode in ("auto", device)])
    if decode != "auto" and found.hwaccel is None:
        advice = 'say decode: "auto" to take whatever can, or "cpu".'
        raise UserError("no-such-device", f"{path} cannot be decoded by {decode} ({found.reason}); {advice}")
    return found


def _tried(path: Path, devices: list[str]) -> Decoding:
    refused = []
    for device in devices:
        accelerator = HWAccel(device, allow_software_fallback=False)
        problem = _problem(path, accelerator)
        if problem is None:
            return Decoding(accelerator, f"decoded by {device}")
        refused.append(f"{device}: {problem}")
    return Decoding(None, f"decoded in software: {'; '.join(refused) or 'no device offers this codec'}")


def _candidates(path: Path) -> list[str]:
    """Kinds of device that FFmpeg was built with and that offer the video's codec."""
    with open_video(path) as (_, stream):
        offered = {config.device_type.name for config in stream.codec_context.codec.hardware_configs or ()}
    return [device for device in _PREFERRED if device in offered and device in hwdevices_available()]


def _problem(path: Path, accelerator: HWAccel) -> str | None:
    """Why the device cannot decode the video's first picture; None if it can."""
    try:
        with open_video(path, hwaccel=accelerator) as (container, stream):
            next(container.decode(stream))
            return None if stream.codec_context.is_hwaccel else "it hands the video back"
    except UserError as error:
        cause = error.__cause__
        return f"it cannot be opened ({cause.strerror})" if isinstance(cause, FFmpegError) else str(error)
    except (FFmpegError, NotImplementedError, RuntimeError, StopIteration) as error:
        return f"its first picture fails ({error})"
