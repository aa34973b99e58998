"""`python -m ml search`: the tracklets that look like one tracklet, or like a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, add_command, add_config, config_of
from ml.types import Float1D, UserError

if TYPE_CHECKING:
    from ml.pipeline.embeddings_file import SceneEmbeddings


def add_to(commands: Any) -> None:
    parser = add_command(commands, "search", search, "Find the tracklets that look like a tracklet or a picture.")
    parser.add_argument("--embeddings", type=Path, required=True, metavar="emb.npz")
    query = parser.add_mutually_exclusive_group(required=True)
    query.add_argument("--tracklet", metavar="CAMERA:ID", help="one of those in the file, as c001:12")
    query.add_argument("--picture", type=Path, metavar="FILE", help="a JPEG or PNG that shows one vehicle")
    parser.add_argument(
        "--camera", action="append", default=[], metavar="NAME", help="only in this one; may be repeated"
    )
    parser.add_argument("--from", dest="from_s", type=float, metavar="S", help="seen at this scene time or later")
    parser.add_argument("--to", dest="to_s", type=float, metavar="S", help="seen at this scene time or earlier")
    parser.add_argument("--top", type=int, default=10, metavar="N", help="how many to show (default 10)")
    add_config(parser)


def search(options: argparse.Namespace) -> Result:
    from ml.matching.search import Wanted, nearest_tracklets
    from ml.pipeline.embeddings_file import load_scene_embeddings

    scene = load_scene_embeddings(options.embeddings)
    own = _place_of(scene, options.tracklet) if options.tracklet else None
    look = _look_of_picture(options) if own is None else scene.tracklets[own].mean
    spans = {name: value for name in ("from_s", "to_s") if (value := getattr(options, name)) is not None}
    wanted = Wanted(frozenset(options.camera), **spans)
    found = nearest_tracklets(look, scene.tracklets, top=options.top + (own is not None), wanted=wanted)
    rows = [_row(scene, index, similarity) for index, similarity in found if index != own][: options.top]
    return Result({"results": rows}, [_line(row) for row in rows] or ["no tracklet passes the filters"])


def _place_of(scene: SceneEmbeddings, name: str) -> int:
    from ml.pipeline.embeddings_file import numbers_by_camera

    camera, _, number = name.rpartition(":")
    places = {f"{where}:{which}": place for place, (where, which) in enumerate(numbers_by_camera(scene))}
    if name not in places:
        message = f"there is no tracklet {name!r}; write it as CAMERA:ID, for example {next(iter(places), 'c001:1')}"
        raise UserError("unknown-tracklet", message)
    return places[f"{camera}:{number}"]


def _look_of_picture(options: argparse.Namespace) -> Float1D:
    from ml.pipeline.models import Models
    from ml.reid.picture import read_picture

    picture = read_picture(options.picture.read_bytes())
    look: Float1D = Models(config_of(options), options.device).embedder().embed([picture])[0]
    return look


def _row(scene: SceneEmbeddings, index: int, similarity: float) -> dict[str, Any]:
    tracklet = scene.tracklets[index]
    span = {"start_s": round(tracklet.start_s, 3), "end_s": round(tracklet.end_s, 3)}
    return {"camera": tracklet.camera, "number": scene.numbers[index], **span, "similarity": round(similarity, 4)}


def _line(row: dict[str, Any]) -> str:
    return f"{row['similarity']:.3f}  {row['camera']}:{row['number']}  {row['start_s']:.1f} - {row['end_s']:.1f} s"
