"""Video in: probing, the frame index, numbered pictures, and the proxy that browsers play."""

from ml.video.checksum import sha256_of
from ml.video.cutting import cut_video
from ml.video.frames import FrameIndex, index_frames
from ml.video.ingest import IngestResult, ingest_video
from ml.video.prefetch import prefetched
from ml.video.probe import VideoInfo, probe
from ml.video.reading import read_frames
from ml.video.recorded import time_in_header, time_in_name

__all__ = [
    "FrameIndex",
    "IngestResult",
    "VideoInfo",
    "cut_video",
    "index_frames",
    "ingest_video",
    "prefetched",
    "probe",
    "read_frames",
    "sha256_of",
    "time_in_header",
    "time_in_name",
]
