"""The score of the default pipeline on the benchmark city: writes docs/benchmarks/city_a.md.

`python -m tests.benchmarks.city_score [--scene DIR] [--cache DIR] [--dry]`. The scores are computed twice: by
`ml.evaluation` as every run does, and by trackeval's own reader from files in MOTChallenge format.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from ml.config import DEFAULT_PRESET, load_preset
from ml.datasets.scene import read_scene
from ml.pipeline.cache import StageCache
from ml.pipeline.run import run_scene
from tests.independent_score import trackeval_scores

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks" / "city_a.md"
FIGURES = ("idf1", "idp", "idr", "mota", "hota")
AGREE = 1e-6


def measure(scene_dir: Path, cache: Path | None) -> tuple[dict[str, Any], dict[str, float]]:
    """(the run's report, trackeval's scores)."""
    scene = read_scene(scene_dir)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        stages = StageCache(cache or out / "cache")
        report = run_scene(scene, out, config=load_preset(DEFAULT_PRESET), cache=stages).report
        return report, trackeval_scores(scene, out / "track1.txt", out / "mot")


def page(report: dict[str, Any], independent: dict[str, float]) -> str:
    """The figures as a Markdown page."""
    score = report["score"]
    cameras = [
        f"| {name} | {camera['frames']} | {camera['tracklets']} | {score['per_camera'][name]['idf1']:.4f} |"
        for name, camera in report["cameras"].items()
    ]
    return "\n".join(
        [
            "# Scores on the benchmark city",
            "",
            f"Preset `{DEFAULT_PRESET}` on `../shared/data/city_a`, all of it; its thresholds were chosen on the first",
            "50 seconds. Made by `python -m tests.benchmarks.city_score`.",
            "",
            "| score | `python -m ml run` | trackeval's own reader |",
            "|---|---:|---:|",
            *(f"| {name.upper()} | {score[name]:.6f} | {independent[name]:.6f} |" for name in FIGURES),
            "",
            f"Rule: {score['rule']}.",
            "",
            f"{report['identities']} identities, {report['identities_in_several_cameras']} of them in several cameras.",
            "",
            "| camera | frames | tracklets | IDF1 of the camera alone |",
            "|---|---:|---:|---:|",
            *cameras,
            "",
            "The camera figures score what the rule leaves, vehicles seen by one camera only taken out.",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", type=Path, default=ROOT.parent / "shared" / "data" / "city_a")
    parser.add_argument("--cache", type=Path, help="stage results of an earlier run")
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    if not options.scene.is_dir():
        print(json.dumps({"skipped": "the benchmark city is not beside the checkout"}))
        return
    report, independent = measure(options.scene, options.cache)
    score = report["score"]
    apart = max(abs(score[name] - independent[name]) for name in FIGURES)
    if not options.dry:
        PAGE.write_text(page(report, independent))
    print(json.dumps({**{name: round(score[name], 6) for name in FIGURES}, "apart": apart, "hold": AGREE}))


if __name__ == "__main__":
    main()
