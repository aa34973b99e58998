"""`python -m ml links`: which cameras follow each other and how long vehicles take, learned without labels."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, add_command, add_config, config_of

if TYPE_CHECKING:
    from ml.matching.links import LearnedLink


def add_to(commands: Any) -> None:
    parser = add_command(commands, "links", links, "Learn camera links and transit times from embedded tracklets.")
    parser.add_argument("--embeddings", type=Path, required=True, metavar="emb.npz")
    parser.add_argument("--links", type=Path, metavar="links.yaml", help="search these only; default: all near cameras")
    parser.add_argument("--out", type=Path, required=True, metavar="links.yaml")
    add_config(parser)


def links(options: argparse.Namespace) -> Result:
    from ml.datasets.links import read_links, write_links
    from ml.matching.candidates import roomy_links
    from ml.matching.links import learned_links
    from ml.pipeline.embeddings_file import load_scene_embeddings

    scene = load_scene_embeddings(options.embeddings)
    names = list(scene.cameras)
    searched = roomy_links(names) if options.links is None else read_links(options.links, names)
    found = learned_links(scene.tracklets, searched, config_of(options).matcher)
    write_links(options.out, [each.link for each in found])
    data = [_plain(each) for each in found]
    lines = [_line(each) for each in found]
    return Result({"links": data, "out": str(options.out)}, [*lines, f"{len(found)} links, written to {options.out}"])


def _plain(found: LearnedLink) -> dict[str, object]:
    link = found.link
    window = {"from": link.source, "to": link.target, "min_s": link.min_s, "max_s": link.max_s}
    peak = {"peak_s": round(found.peak_s, 1), "spread_s": round(found.spread_s, 1), "share": round(found.share, 2)}
    return {**window, "votes": round(found.votes, 1), **peak}


def _line(found: LearnedLink) -> str:
    link = found.link
    peak = f"{found.share:.0%} of them around {found.peak_s:.1f} +- {found.spread_s:.1f} s"
    return f"{link.source} -> {link.target}: {link.min_s} to {link.max_s} s; {found.votes:.1f} votes, {peak}"
