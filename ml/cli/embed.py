"""`python -m ml embed`: what the tracklets of a scene look like."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from ml.cli.command import Result, StageLines, add_command, add_config, config_of


def add_to(commands: Any) -> None:
    parser = add_command(commands, "embed", embed, "Embed the tracklets of a scene's cameras.")
    parser.add_argument("scene", type=Path, metavar="SCENE_DIR")
    parser.add_argument("--tracks", type=Path, required=True, metavar="DIR", help="holds <camera>.txt for each camera")
    parser.add_argument("--out", type=Path, required=True, metavar="emb.npz")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep frame indices here")
    add_config(parser)


def embed(options: argparse.Namespace) -> Result:
    from ml.datasets.scene import read_scene
    from ml.pipeline.cache import StageCache
    from ml.pipeline.embeddings_file import save_scene_embeddings
    from ml.pipeline.models import Models
    from ml.pipeline.scene_embeddings import embed_scene

    config, scene = config_of(options), read_scene(options.scene)
    models, shown = Models(config, options.device), StageLines()
    with tempfile.TemporaryDirectory() as folder:
        cache = StageCache(options.cache or Path(folder))
        try:
            made = embed_scene(
                scene, options.tracks, config=config.embedder, models=models, cache=cache, progress=shown.stage
            )
        finally:
            shown.close()
    save_scene_embeddings(options.out, made)
    count = len(made.tracklets)
    return Result({"tracklets": count, "out": str(options.out)}, [f"{count} tracklets embedded in {options.out}"])
