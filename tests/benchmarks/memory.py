"""Peak memory of the whole pipeline on 30 s and on 10 min of video: writes docs/benchmarks/memory.md.

`python -m tests.benchmarks.memory [--seconds 30 600] [--dry]`. The videos are the demo scene's first camera,
its packets repeated; each run is a process of its own from an empty cache.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import av

ROOT = Path(__file__).resolve().parents[2]
VIDEO = ROOT / "fixtures" / "demo" / "S01" / "c001" / "vdo.mp4"
PAGE = ROOT / "docs" / "benchmarks" / "memory.md"
HOLD = 1.15  # peak of the long video over the peak of the short one


def loop_video(source: Path, target: Path, seconds: float) -> None:
    """Repeat a video's packets until it lasts `seconds`; nothing is encoded again."""
    with av.open(str(target), "w") as out:
        stream = None
        shift = 0
        while True:
            with av.open(str(source)) as container:
                video = container.streams.video[0]
                stream = stream or out.add_stream_from_template(video)
                assert video.duration is not None
                assert video.time_base is not None
                if shift * video.time_base >= seconds - 1e-6:
                    return
                for packet in container.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.dts, packet.pts, packet.stream = packet.dts + shift, packet.pts + shift, stream
                    out.mux(packet)
                shift += video.duration


def peak_mib(video: Path, out: Path) -> tuple[float, int]:
    """(peak resident memory in MiB, frames) of `python -m ml run` on `video`."""
    command = [sys.executable, "-m", "ml", "run", str(video), "--out", str(out), "--json"]
    with (out.parent / "result.json").open("w+") as result:
        process = subprocess.Popen(command, cwd=ROOT, stdout=result, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"`{' '.join(command)}` failed with exit code {process.returncode}")
        result.seek(0)
        cameras = json.load(result)["cameras"]
    return usage.ru_maxrss / 1024, sum(camera["frames"] for camera in cameras.values())


def measure(seconds: float) -> dict[str, float]:
    """Peak memory for a video of `seconds`."""
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "vdo.mp4"
        loop_video(VIDEO, video, seconds)
        peak, frames = peak_mib(video, Path(folder) / "out")
    return {"seconds": seconds, "frames": frames, "peak_mib": round(peak, 1)}


def page(figures: list[dict[str, float]], ratio: float) -> str:
    """The figures as a Markdown page."""
    rows = [f"| {f['seconds']:.0f} s | {f['frames']:.0f} | {f['peak_mib']:.0f} |" for f in figures]
    return "\n".join(
        [
            "# Memory of the pipeline",
            "",
            "Peak resident memory of `python -m ml run` on one camera of 960x540, a process of its own from an empty",
            f"cache. Longest over shortest: {ratio:.2f}; to hold: at most {HOLD}.",
            "Made by `python -m tests.benchmarks.memory`.",
            "",
            "| video | frames | MiB |",
            "|---|---:|---:|",
            *rows,
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, nargs="+", default=[30, 600])
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    figures = [measure(seconds) for seconds in options.seconds]
    ratio = figures[-1]["peak_mib"] / figures[0]["peak_mib"]
    if not options.dry:
        PAGE.write_text(page(figures, ratio))
    print(json.dumps({"runs": figures, "ratio": round(ratio, 3), "hold": HOLD}))


if __name__ == "__main__":
    main()
