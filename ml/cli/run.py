"""`python -m ml run`: the whole pipeline on a scene folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ml.cli.command import Result, StageLines, add_command, add_config, config_of, goes_on


def add_to(commands: Any) -> None:
    summary = "Detect, follow and match vehicles in a CityFlow-layout folder or one video."
    parser = add_command(commands, "run", run, summary, interrupted=goes_on)
    parser.add_argument("scene", type=Path, metavar="SCENE_DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="gets track1.txt, report.json, mtsc/")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="where stage results are kept (default OUT/cache)")
    add_config(parser)


def run(options: argparse.Namespace) -> Result:
    from ml.datasets.scene import read_scene
    from ml.pipeline.cache import StageCache
    from ml.pipeline.run import run_scene

    config, scene = config_of(options), read_scene(options.scene)
    shown = StageLines()
    try:
        done = run_scene(
            scene,
            options.out,
            config=config,
            cache=StageCache(options.cache or options.out / "cache"),
            device=options.device,
            progress=shown.stage,
        )
    finally:
        shown.close()
    seconds = {stage: round(spent, 2) for stage, spent in done.seconds.items()}
    return Result(
        {**done.report, "out": str(options.out), "seconds": seconds}, _lines(done.report, seconds, options.out)
    )


def _lines(report: dict[str, Any], seconds: dict[str, float], out: Path) -> list[str]:
    lines = [
        f"{name}: {camera['frames']} frames, {camera['tracklets']} tracklets"
        for name, camera in report["cameras"].items()
    ]
    lines.append(
        f"{report['identities']} identities, {report['identities_in_several_cameras']} of them in several cameras"
    )
    lines += [f"note: {note}" for note in report["ground"]["notes"]]
    lines.append("seconds: " + ", ".join(f"{stage} {spent:.1f}" for stage, spent in seconds.items()))
    lines += score_lines(report["score"]) if report["score"] else [f"no score: {report['no_score']}"]
    return [*lines, f"written: {out / 'track1.txt'}, {out / 'report.json'}"]


def score_lines(score: dict[str, Any]) -> list[str]:
    """A score for people."""
    figures = " ".join(f"{name.upper()} {score[name]:.6f}" for name in ("idf1", "idp", "idr", "mota", "hota"))
    return [figures, f"rule: {score['rule']}"]
