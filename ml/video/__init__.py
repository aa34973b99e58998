"""Video in: probing, the frame index, numbered pictures and batches of them, and the proxy that browsers play."""

from ml.video.batches import DeviceBatch, FrameBatch, batches_on, read_batches
from ml.video.checksum import sha256_of
from ml.video.cutting import cut_video
from ml.video.frames import FrameIndex, index_frames
from ml.video.hardware import Decoding, Hardware, choose_decoding
from ml.video.ingest import IngestResult, ingest_video
from ml.video.prefetch import prefetched
from ml.video.probe import VideoInfo, probe
from ml.video.reading import read_frames
from ml.video.region import Region

__all__ = [
    "Decoding",
    "DeviceBatch",
    "FrameBatch",
    "FrameIndex",
    "Hardware",
    "IngestResult",
    "Region",
    "VideoInfo",
    "batches_on",
    "choose_decoding",
    "cut_video",
    "index_frames",
    "ingest_video",
    "prefetched",
    "probe",
    "read_batches",
    "read_frames",
    "sha256_of",
]
