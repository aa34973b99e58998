#!/usr/bin/env bash
# Trains Mask R-CNN on ResNet-50, ResNet-101 and ResNeXt-101 on a GPU, one after the other, and times their inference.
# Figures go to $OUT. Needs PyTorch with CUDA, torchvision, av, opencv, scipy, safetensors and yaml in $PYTHON; nothing is
# downloaded. A call ends after $LIMIT seconds of training with exit 124; the same command goes on until it exits 0.
#
#   OUT=figures DATA=../shared/data/city_a tests/benchmarks/gpu.sh [all|check|train|speed|weights]
#
# `weights` is not among `all`: it copies the first network's weights in half precision, for `detector.weights`, in pieces
# of 15 MiB, four a call, those of PART=1, 2, ...; `cat maskrcnn-resnet50.?? > resnet50.safetensors` joins them.
#
# DATA     a scene in CityFlow's layout with ground truth (default: the demo scene)
# RECIPE   what is trained (default: gpu_detector.yaml beside this script); its `name` is replaced
# NETWORKS which ones (default: all three)
# WORK     checkpoints and weights, some 500 MB each (default: a folder that is not in OUT)
# LIMIT    seconds after which training is stopped (default 480)
# DEVICE   cuda, or cpu to try the script out (default cuda)
set -euo pipefail
cd "$(dirname "$0")/../.."

out=${OUT:?name a folder for the figures: OUT=...}
data=${DATA:-fixtures/demo}
recipe=${RECIPE:-tests/benchmarks/gpu_detector.yaml}
work=${WORK:-.crosstrack/gpu}
limit=${LIMIT:-480}
device=${DEVICE:-cuda}
networks=${NETWORKS:-maskrcnn-resnet50 maskrcnn-resnet101 maskrcnn-resnext101}
python=${PYTHON:-python3}
step=${1:-all}
mkdir -p "$out" "$work"

check() {
    DEVICE=$device "$python" - <<'PY' | tee "$out/machine.txt"
import os
import platform
import av, cv2, safetensors, scipy, torch, torchvision, yaml
print("python", platform.python_version(), "torch", torch.__version__, "torchvision", torchvision.__version__)
if os.environ["DEVICE"] == "cuda":
    assert torch.cuda.is_available(), "PyTorch sees no GPU"
    print(torch.cuda.get_device_name(), "CUDA", torch.version.cuda)
PY
}

train() {
    local name until=$((SECONDS + limit))
    for name in $networks; do
        if [ -f "$work/$name/report.json" ]; then continue; fi
        if [ "$SECONDS" -ge "$until" ]; then return 124; fi
        train_one "$name" $((until - SECONDS))
    done
}

train_one() {
    local name=$1 started=$SECONDS status=0
    mkdir -p "$work/$name" && touch "$work/$name/metrics.jsonl"
    sed "s/^name:.*/name: $name/" "$recipe" >"$work/$name.yaml"
    timeout --signal=INT "$2" "$python" -m ml train "$work/$name.yaml" --data "$data" --out "$work/$name" \
        --device "$device" >"$work/$name/train.log" 2>&1 || status=$?
    echo "$name: exit $status after $((SECONDS - started)) s, $(grep -c loss "$work/$name/metrics.jsonl") steps in all"
    tail -n 3 "$work/$name/train.log"
    cp "$work/$name/metrics.jsonl" "$out/$name.jsonl"
    if [ "$status" -eq 0 ]; then cp "$work/$name/report.json" "$out/$name.json"; fi
    return "$status"
}

weights() {
    local name=${networks%% *} first=$((4 * (${PART:-1} - 1))) piece
    "$python" - "$work/$name/weights.safetensors" "$work/$name/half.safetensors" <<'PY'
import sys

import safetensors
import safetensors.torch

with safetensors.safe_open(sys.argv[1], "pt") as file:
    said = file.metadata()
    state = {name: file.get_tensor(name) for name in file.keys()}
half = {name: value.half() if value.is_floating_point() else value for name, value in state.items()}
safetensors.torch.save_file(half, sys.argv[2], said)
PY
    split --bytes=15M --numeric-suffixes "$work/$name/half.safetensors" "$work/$name/$name."
    for piece in $(printf '%02d ' $(seq "$first" $((first + 3)))); do
        if [ -f "$work/$name/$name.$piece" ]; then cp "$work/$name/$name.$piece" "$out/"; fi
    done
    ls -l "$out"
}

speed() {
    WORK=$work DATA=$data DEVICE=$device NETWORKS=$networks "$python" - <<'PY' | tee "$out/speed.txt"
import os
import time
from itertools import islice
from pathlib import Path

import torch

from ml.datasets.scene import read_scene
from ml.detection import DetectorConfig, create_detector
from ml.video import index_frames, read_frames

device, work = os.environ["DEVICE"], Path(os.environ["WORK"])
video = read_scene(Path(os.environ["DATA"])).cameras[0].require_video()
count, batches = (64, (1, 4, 8)) if device == "cuda" else (2, (1, 2))
pictures = [image for _, image in islice(read_frames(video, index=index_frames(video)), count)]


def wait():
    if device == "cuda":
        torch.cuda.synchronize()


for name in os.environ["NETWORKS"].split():
    weights = work / name / "weights.safetensors"
    for mixed, compiled in ((False, False), (True, False), (True, True))[: 3 if device == "cuda" else 1]:
        config = DetectorConfig(
            name=name, min_size=540, max_size=960, proposals=300, mixed_precision=mixed, compile=compiled,
            weights=str(weights) if weights.is_file() else "none",
        )
        detector = create_detector(config, device=device)
        for batch in batches:
            detector.detect(pictures[:batch])
            wait()
            started = time.perf_counter()
            for start in range(0, len(pictures), batch):
                detector.detect(pictures[start : start + batch])
            wait()
            rate = len(pictures) / (time.perf_counter() - started)
            print(f"{name}, mixed {mixed}, compiled {compiled}, batch {batch}: {rate:.1f} pictures/s", flush=True)
    if device == "cuda":
        print(f"{name}: memory at most {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB")
        torch.cuda.reset_peak_memory_stats()
PY
}

case $step in
all) check && train && speed ;;
check | train | speed | weights) "$step" ;;
*) echo "no step $step: all, check, train, speed or weights" >&2 && exit 2 ;;
esac
