"""`python -m ml mine`: labels for a set's query and gallery pictures, as a training may learn from them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, StageLines, add_command
from ml.types import UserError

if TYPE_CHECKING:
    from ml.pipeline.reid_labels import Method

IDENTITIES, K_MEANS, CLUSTERS = "identities", "k-means", "clusters"
SETTINGS: dict[str, dict[str, Any]] = {
    IDENTITIES: {"d_n": 0.49, "d_p": 0.23, "first": 0},
    K_MEANS: {"count": 100},
    CLUSTERS: {"settings": None},
}
DEFAULT_MODEL = "efficientnet-lite0-levels"


def add_to(commands: Any) -> None:
    summary = "Label pictures by their looks: identity mining, k-means, or DBSCAN for another domain."
    parser = add_command(commands, "mine", mine, summary)
    parser.add_argument(
        "data", type=Path, metavar="DIR", help="a re-identification set; its queries and gallery are labelled"
    )
    parser.add_argument("--method", choices=tuple(SETTINGS), default=IDENTITIES, help="default identities")
    parser.add_argument(
        "--weights",
        default=DEFAULT_MODEL,
        metavar="NAME|FILE",
        help=f"embedder or trained weights (default {DEFAULT_MODEL})",
    )
    parser.add_argument("--d-n", type=float, help="identities: farther is another vehicle (default 0.49)")
    parser.add_argument("--d-p", type=float, help="identities: nearer is the same vehicle (default 0.23)")
    parser.add_argument("--first", type=int, help="identities: the query to begin with (default 0)")
    parser.add_argument("--count", type=int, help="k-means: vehicles there are (default 100)")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="clusters: YAML of PseudoLabelConfig")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default auto)")
    parser.add_argument("--out", type=Path, required=True, metavar="LABELS.csv", help="for a recipe's data.mined")


def mine(options: argparse.Namespace) -> Result:
    from ml.datasets.reid import read_reid
    from ml.datasets.reid.mined import write_labels
    from ml.pipeline.reid_labels import label_pictures
    from ml.reid.mining import label_quality

    method = _method(options)
    data, shown = read_reid(options.data), StageLines()
    try:
        pictures, labels = label_pictures(
            data, method, model=options.weights, device=options.device, progress=shown.stage("embed")
        )
    finally:
        shown.close()
    found = label_quality(labels, pictures.identity)
    write_labels(options.out, pictures, labels)
    lines = [
        f"{found['labels']} labels for {found['coverage']:.1%} of {len(pictures)} pictures; "
        f"{found['alone']} labels have one picture, from which nothing is learned",
        *_accuracy(found["accuracy"]),
        f"{options.out}: name it as data.mined of a recipe",
    ]
    return Result({"method": options.method, "pictures": len(pictures), **found, "out": str(options.out)}, lines)


def _accuracy(share: float | None) -> list[str]:
    if share is None:
        return ["the set keeps its vehicles back, so it is not known how many labels are right"]
    return [f"{share:.1%} of these show the vehicle that most pictures of their label show"]


def _method(options: argparse.Namespace) -> Method:
    from ml.config import config_from, read_yaml
    from ml.pipeline.reid_labels import by_clusters, by_identities, by_k_means
    from ml.reid.adaptation import PseudoLabelConfig

    chosen = _settings(options)
    if options.method == IDENTITIES:
        return by_identities(**chosen)
    if options.method == K_MEANS:
        return by_k_means(**chosen)
    path = chosen["settings"]
    return by_clusters(config_from(PseudoLabelConfig, read_yaml(path) if path else {}, str(path)))


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    """Those of the method; another one's are refused, not passed over."""
    for method, settings in SETTINGS.items():
        for name in settings if method != options.method else ():
            if getattr(options, name) is not None:
                option = name.replace("_", "-")
                raise UserError("option-unfit", f"--{option} goes with --method {method}, not with {options.method}.")
    given = {name: getattr(options, name) for name in SETTINGS[options.method]}
    return {name: SETTINGS[options.method][name] if value is None else value for name, value in given.items()}
