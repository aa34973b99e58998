#!/usr/bin/env bash
# Trains Mask R-CNN on a GPU and times its inference; figures go to $OUT. Needs PyTorch with CUDA, torchvision, av,
# opencv, scipy, safetensors and yaml in $PYTHON; nothing is downloaded. Stopped, the same command goes on.
#
#   OUT=figures DATA=../shared/data/city_a tests/benchmarks/gpu.sh [all|check|train|speed]
#
# DATA    a scene in CityFlow's layout with ground truth (default: the demo scene)
# RECIPE  what is trained (default: gpu_detector.yaml beside this script)
# WORK    checkpoint and weights, some 500 MB (default: a folder that is not in OUT)
# LIMIT   seconds after which the training is stopped (default 480)
set -euo pipefail
cd "$(dirname "$0")/../.."

out=${OUT:?name a folder for the figures: OUT=...}
data=${DATA:-fixtures/demo}
recipe=${RECIPE:-tests/benchmarks/gpu_detector.yaml}
work=${WORK:-.crosstrack/gpu}
limit=${LIMIT:-480}
python=${PYTHON:-python3}
step=${1:-all}
mkdir -p "$out" "$work"

check() {
    "$python" - <<'PY' | tee "$out/machine.txt"
import platform
import av, cv2, safetensors, scipy, torch, torchvision, yaml
assert torch.cuda.is_available(), "PyTorch sees no GPU"
print("python", platform.python_version(), "torch", torch.__version__, "torchvision", torchvision.__version__)
print(torch.cuda.get_device_name(), "CUDA", torch.version.cuda)
PY
}

train() {
    local started=$SECONDS status=0
    timeout --signal=INT "$limit" "$python" -m ml train "$recipe" --data "$data" --out "$work" --device cuda --json \
        >"$out/train.json" 2>"$out/train.log" || status=$?
    echo "training: exit $status after $((SECONDS - started)) s, $(wc -l <"$work/metrics.jsonl") steps in all"
    cp "$work/metrics.jsonl" "$out/"
    if [ -f "$work/report.json" ]; then cp "$work/report.json" "$out/"; fi
    if [ "$status" -ne 0 ]; then tail -n 3 "$out/train.log"; fi
    return "$status"
}

speed() {
    WORK=$work DATA=$data "$python" - <<'PY' | tee "$out/speed.txt"
import os
import time
from itertools import islice
from pathlib import Path

import torch

from ml.datasets.scene import read_scene
from ml.detection import DetectorConfig, create_detector
from ml.video import index_frames, read_frames

weights = Path(os.environ["WORK"]) / "weights.safetensors"
video = read_scene(Path(os.environ["DATA"])).cameras[0].require_video()
pictures = [image for _, image in islice(read_frames(video, index=index_frames(video)), 64)]
for mixed, compiled in ((False, False), (True, False), (True, True)):
    config = DetectorConfig(
        name="maskrcnn-resnet50", min_size=540, max_size=960, mixed_precision=mixed, compile=compiled,
        weights=str(weights) if weights.is_file() else "none",
    )
    detector = create_detector(config, device="cuda")
    for batch in (1, 4, 8):
        detector.detect(pictures[:batch])
        torch.cuda.synchronize()
        started = time.perf_counter()
        for start in range(0, len(pictures), batch):
            detector.detect(pictures[start : start + batch])
        torch.cuda.synchronize()
        rate = len(pictures) / (time.perf_counter() - started)
        print(f"mixed precision {mixed}, compiled {compiled}, batch {batch}: {rate:.1f} pictures/s", flush=True)
print(f"memory at most {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB")
PY
}

case $step in
all) check && train && speed ;;
check | train | speed) "$step" ;;
*) echo "no step $step: all, check, train or speed" >&2 && exit 2 ;;
esac
