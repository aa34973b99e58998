"""`python -m ml eval reid`: the score of a ranking, or of a set from its pictures on."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, StageLines, add_command
from ml.cli.pictures import write_png
from ml.types import UserError

if TYPE_CHECKING:
    from ml.datasets.reid import ReidTable
    from ml.evaluation.ranking import RankingScore
    from ml.types import Float2D


def add_to(kinds: Any) -> None:
    parser = add_command(kinds, "reid", evaluate_reid, "Score a ranking, or a whole set: mAP, mAP@k, CMC, mINP.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--distmat", type=Path, metavar="D.npy", help="[queries, gallery], small is near")
    what.add_argument("--data", type=Path, metavar="DIR", help="a re-identification set: embed, rank and score it")
    parser.add_argument("--query", type=Path, metavar="Q.csv", help="of --distmat: name,identity,camera")
    parser.add_argument("--gallery", type=Path, metavar="G.csv", help="of --distmat: name,identity,camera")
    parser.add_argument(
        "--weights", metavar="NAME|FILE", help="of --data: an embedder or trained weights (default: the pipeline's)"
    )
    parser.add_argument(
        "--attributes",
        metavar="NAME|FILE",
        help="of --data: take types and colours as this embedder reads them, not the set's labels",
    )
    parser.add_argument("--post", type=Path, metavar="FILE", help="of --data: YAML with the steps after the embedding")
    parser.add_argument("--device", default="auto", help="of --data: auto, cpu or cuda (default auto)")
    parser.add_argument(
        "--sheet", type=Path, metavar="OUT.png", help="of --data: rankings of some queries, right and wrong framed"
    )
    parser.add_argument("--topk", type=int, default=100, help="k of mAP@k (default 100)")


def evaluate_reid(options: argparse.Namespace) -> Result:
    _require_fitting(options)
    return _of_set(options) if options.data else _of_distances(options)


def _require_fitting(options: argparse.Namespace) -> None:
    """Options of the other way are refused, not passed over."""
    of_distances, of_set = ("query", "gallery"), ("weights", "attributes", "post", "sheet")
    way, wanted, other = ("--distmat", of_distances, of_set) if options.distmat else ("--data", (), of_distances)
    missing = [name for name in wanted if getattr(options, name) is None]
    needless = [name for name in other if getattr(options, name) is not None]
    if missing:
        raise UserError("option-missing", f"{way} needs --{missing[0]}.")
    if needless:
        raise UserError("option-unfit", f"--{needless[0]} does not go with {way}.")


def _of_distances(options: argparse.Namespace) -> Result:
    from ml.datasets.reid_list import read_distances, read_picture_list
    from ml.evaluation.ranking import Labels, score_ranking

    lists = [read_picture_list(path) for path in (options.query, options.gallery)]
    query, gallery = (Labels(listed.identities, listed.cameras) for listed in lists)
    return _result(score_ranking(read_distances(options.distmat), query, gallery, topk=options.topk))


def _of_set(options: argparse.Namespace) -> Result:
    from ml.datasets.reid import read_reid
    from ml.matching.reranking.post import read_post
    from ml.pipeline.reid_ranking import score_reid
    from ml.reid.config import EmbedderConfig

    steps = read_post(options.post) if options.post else []
    data, model, shown = read_reid(options.data), options.weights or EmbedderConfig().name, StageLines()
    try:
        score = score_reid(
            data,
            model=model,
            steps=steps,
            topk=options.topk,
            device=options.device,
            progress=shown.stage("embed"),
            look=_drawing(options.sheet),
            attributes_of=options.attributes,
        )
    finally:
        shown.close()
    names = [name for name, _ in steps]
    found = _result(score)
    chain = f"{data.name} by {model}, then {', '.join(names) or 'cosine distance'}"
    drawn = [f"rankings: {options.sheet}"] if options.sheet else []
    said = {"data": data.name, "weights": model, "steps": names, **found.data}
    return Result(said | ({"sheet": str(options.sheet)} if drawn else {}), [chain, *found.lines, *drawn])


def _drawing(path: Path | None) -> Callable[[ReidTable, ReidTable, Float2D], None] | None:
    """What draws the rankings into `path`, where one is named."""
    from ml.datasets.reid.ranking_sheet import draw_rankings

    if path is None:
        return None

    def draw(query: ReidTable, gallery: ReidTable, distances: Float2D) -> None:
        write_png(path, draw_rankings(query, gallery, distances))

    return draw


def _result(score: RankingScore) -> Result:
    from ml.cli.score_tables import ranking_lines

    return Result(score.as_dict(), ranking_lines(score))
