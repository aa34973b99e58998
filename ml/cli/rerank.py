"""`python -m ml rerank`: features of queries and of a gallery in, their distances out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, add_command

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ml.types import Float2D

    Features = npt.NDArray[np.floating]


def add_to(commands: Any) -> None:
    summary = "Rank a gallery for each query: distances from features, re-ranked or plain."
    parser = add_command(commands, "rerank", rerank, summary)
    parser.add_argument("--query", type=Path, required=True, metavar="Q.npy", help="features [queries, d]")
    parser.add_argument("--gallery", type=Path, required=True, metavar="G.npy", help="features [gallery, d]")
    parser.add_argument("--method", choices=METHODS, default="k-reciprocal", help="default k-reciprocal")
    parser.add_argument("--k1", type=int, default=20, help="k-reciprocal: size of a neighbourhood (default 20)")
    parser.add_argument("--k2", type=int, default=6, help="k-reciprocal: encodings averaged (default 6)")
    parser.add_argument(
        "--lambda",
        dest="lambda_",
        type=float,
        default=0.3,
        metavar="L",
        help="k-reciprocal: share of the plain distance (default 0.3)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="D.npy", help="[queries, gallery], small is near")


def rerank(options: argparse.Namespace) -> Result:
    from ml.datasets.reid_list import read_distances, write_distances

    query, gallery = read_distances(options.query), read_distances(options.gallery)
    write_distances(options.out, METHODS[options.method](query, gallery, options))
    data = {"method": options.method, "queries": len(query), "gallery": len(gallery), "out": str(options.out)}
    if options.method == "k-reciprocal":
        data |= {"k1": options.k1, "k2": options.k2, "lambda": options.lambda_}
    line = f"{options.method} distances of {len(query)} queries to {len(gallery)} gallery pictures in {options.out}"
    return Result(data, [line])


def _k_reciprocal(query: Features, gallery: Features, options: argparse.Namespace) -> Float2D:
    from ml.matching.reranking.k_reciprocal import k_reciprocal

    return k_reciprocal(query, gallery, k1=options.k1, k2=options.k2, lambda_=options.lambda_)


def _measured(query: Features, gallery: Features, options: argparse.Namespace) -> Float2D:
    from ml.matching.reranking.measures import measured

    return measured(query, gallery, options.method)


METHODS: dict[str, Callable[[Features, Features, argparse.Namespace], Float2D]] = {
    "euclidean": _measured,
    "cosine": _measured,
    "k-reciprocal": _k_reciprocal,
}
