"""`python -m ml sync`: identities over cameras from tracks and their embeddings."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ml.cli.command import Result, add_command, add_config, config_of


def add_to(commands: Any) -> None:
    parser = add_command(commands, "sync", sync, "Join tracklets across cameras into identities.")
    parser.add_argument("--tracks", type=Path, required=True, metavar="DIR", help="holds <camera>.txt for each camera")
    parser.add_argument("--embeddings", type=Path, required=True, metavar="emb.npz")
    parser.add_argument("--links", type=Path, metavar="links.yaml", help="default: neighbours in camera order")
    parser.add_argument("--out", type=Path, required=True, metavar="track1.txt")
    parser.add_argument("--box-scale", type=float, default=1.0, metavar="S", help="enlarge boxes; CityFlow's fit 1.25")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep what was compared: the next match is quicker")
    add_config(parser)


def sync(options: argparse.Namespace) -> Result:
    from ml.datasets.links import read_links
    from ml.datasets.submission import write_submission
    from ml.matching.blocks import nothing_kept
    from ml.pipeline.blocks import StoredBlocks
    from ml.pipeline.cache import StageCache
    from ml.pipeline.embeddings_file import load_scene_embeddings
    from ml.pipeline.match import match_tracklets
    from ml.pipeline.run import submission_of
    from ml.pipeline.scene_embeddings import tracklets_of

    scene = load_scene_embeddings(options.embeddings)
    names = list(scene.cameras)
    links = None if options.links is None else read_links(options.links, names)
    tracklets = tracklets_of(options.tracks, scene)
    store = nothing_kept
    if options.cache is not None:
        store = StoredBlocks(StageCache(options.cache), f"{options.tracks.resolve()}")
    matches = match_tracklets(scene.tracklets, tracklets, names, links, config_of(options).matcher, store)
    write_submission(options.out, submission_of(matches, scene.cameras), box_scale=options.box_scale)
    identities = len(set(matches.identities.tolist()))
    data = {"tracklets": len(tracklets), "identities": identities, "out": str(options.out)}
    return Result(data, [f"{len(tracklets)} tracklets are {identities} identities, written to {options.out}"])
