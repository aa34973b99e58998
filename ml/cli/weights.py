"""`python -m ml weights`: what weights there are, and getting them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ml.cli.command import Result, StageLines, add_command


def add_to(commands: Any) -> None:
    summary = "Weights of the networks: list, download, convert."
    parser = commands.add_parser("weights", help=summary, description=summary)
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add_command(actions, "list", list_weights, "What weights there are, and which of them are in place.")
    fetching = add_command(actions, "fetch", fetch_weights, "Download weights and check them.")
    fetching.add_argument("name", metavar="NAME", help="as `weights list` names it")
    importing = add_command(actions, "import", import_weights, "Convert weights from another tool's form.")
    importing.add_argument("name", choices=["nanodet"])
    importing.add_argument(
        "--from", dest="source", type=Path, required=True, metavar="PATH", help="nanodet.json, its folder or the .tgz"
    )
    importing.add_argument("--out", type=Path, metavar="FILE", help="default: the folder of downloaded weights")
    halving = add_command(actions, "halve", halve_weights, "Keep a trained re-identification network in 16 bits.")
    halving.add_argument("weights", type=Path, metavar="FILE", help="weights.safetensors that `ml train` wrote")
    halving.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file of half the size")


def list_weights(options: argparse.Namespace) -> Result:
    from ml.weights import CARDS, WeightCard, installed

    def described(card: WeightCard) -> dict[str, Any]:
        path = installed(card.name)
        return {
            "name": card.name,
            "source": card.source,
            "licence": card.licence,
            "size": card.size,
            "sha256": card.sha256,
            "path": None if path is None else str(path),
            "get": card.how_to_get(),
        }

    cards = [described(card) for card in CARDS.values()]
    lines = [f"{card['name']}: {card['path'] or 'missing; run: ' + card['get']} ({card['licence']})" for card in cards]
    return Result({"weights": cards}, lines)


def fetch_weights(options: argparse.Namespace) -> Result:
    from ml.weights import fetch

    shown = StageLines()
    try:
        path = fetch(options.name, shown.stage(options.name))
    finally:
        shown.close()
    return Result({"name": options.name, "path": str(path)}, [f"{options.name} is at {path}"])


def import_weights(options: argparse.Namespace) -> Result:
    from ml.weights import card, checksum, download_folder
    from ml.weights.nanodet import import_nanodet

    known = card(options.name)
    path = import_nanodet(options.source, options.out or download_folder() / known.file_name)
    made = checksum(path)
    data = {"name": options.name, "path": str(path), "sha256": made, "as_known": made.startswith(known.sha256)}
    verdict = "the content that the card names" if data["as_known"] else "another content than the card names"
    return Result(data, [f"{options.name} is at {path}, {verdict}"])


def halve_weights(options: argparse.Namespace) -> Result:
    from ml.reid.models.weights import halve
    from ml.weights import checksum

    halve(options.weights, options.out)
    made = {"path": str(options.out), "size": options.out.stat().st_size, "sha256": checksum(options.out)}
    return Result(made, [f"{made['path']}: {made['size']} bytes, SHA-256 {made['sha256']}"])
