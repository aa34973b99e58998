"""`python -m ml links`: which cameras follow each other and how long vehicles take, learned from tracklets."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, add_command, add_config, config_of
from ml.types import CameraLink, CameraTracklet, UserError

if TYPE_CHECKING:
    from ml.matching.links import LearnedLink
    from ml.pipeline.embeddings_file import SceneEmbeddings


def add_to(commands: Any) -> None:
    parser = add_command(commands, "links", links, "Learn camera links and transit times from embedded tracklets.")
    parser.add_argument("--embeddings", type=Path, required=True, metavar="emb.npz")
    parser.add_argument("--links", type=Path, metavar="links.yaml", help="search these only; default: all near cameras")
    parser.add_argument(
        "--confirmed", type=Path, metavar="track1.txt", help="identities that people confirmed: whole votes (--tracks)"
    )
    parser.add_argument("--tracks", type=Path, metavar="DIR", help="<camera>.txt of each camera, for --confirmed")
    parser.add_argument("--plot", type=Path, metavar="DIR", help="write a picture of each link and of all cameras")
    out = "links that a person wrote or changed in it stay as they are"
    parser.add_argument("--out", type=Path, required=True, metavar="links.yaml", help=out)
    add_config(parser)


def links(options: argparse.Namespace) -> Result:
    from ml.datasets.links import read_links, read_links_by_hand, write_links
    from ml.datasets.text import write_lines
    from ml.matching.candidates import roomy_links
    from ml.matching.link_pictures import camera_graph, link_histogram
    from ml.matching.links import learned_links
    from ml.pipeline.embeddings_file import load_scene_embeddings

    scene = load_scene_embeddings(options.embeddings)
    names = list(scene.cameras)
    searched = roomy_links(names) if options.links is None else read_links(options.links, names)
    by_hand = read_links_by_hand(options.out, names) if options.out.is_file() else []
    learned = learned_links(_tracklets(scene, options), searched, config_of(options).matcher)
    found = with_windows(learned, by_hand)
    kept = [each.link for each in found if each.link not in by_hand]
    write_links(options.out, [*by_hand, *kept], learned=kept)
    if options.plot is not None:
        write_lines(options.plot / "cameras.svg", camera_graph(names, found).splitlines())
        for each in found:
            picture = link_histogram(each, by_hand=each.link in by_hand)
            write_lines(options.plot / f"{file_name(each.link)}.svg", picture.splitlines())
    data = [{**_plain(each), "by_hand": each.link in by_hand} for each in found]
    lines = [_line(each) + (", window by hand" if each.link in by_hand else "") for each in found]
    count = len(by_hand) + len(kept)
    return Result({"links": data, "out": str(options.out)}, [*lines, f"{count} links, written to {options.out}"])


def with_windows(found: Sequence[LearnedLink], by_hand: Sequence[CameraLink]) -> list[LearnedLink]:
    """What was learned, with the windows of people where they gave one for the same two cameras."""
    windows = {(link.source, link.target): link for link in by_hand}
    return [replace(each, link=windows.get((each.link.source, each.link.target), each.link)) for each in found]


def file_name(link: CameraLink) -> str:
    """As in c001-c002, without what a file's name must not hold."""
    return re.sub(r"[^\w.-]", "_", f"{link.source}-{link.target}")


def _tracklets(scene: SceneEmbeddings, options: argparse.Namespace) -> list[CameraTracklet]:
    """Those of the scene, with what people confirmed. UserError tracks-missing, file-missing, tracks-changed."""
    from ml.datasets.submission import read_submission
    from ml.pipeline.confirmed import with_confirmed
    from ml.pipeline.scene_embeddings import tracklets_of

    if options.confirmed is None:
        return scene.tracklets
    if options.tracks is None:
        raise UserError("tracks-missing", "--confirmed needs --tracks: the boxes of the tracklets that were embedded.")
    tracklets = tracklets_of(options.tracks, scene)
    return with_confirmed(scene.tracklets, tracklets, scene.cameras, read_submission(options.confirmed))


def _plain(found: LearnedLink) -> dict[str, object]:
    link = found.link
    window = {"from": link.source, "to": link.target, "min_s": link.min_s, "max_s": link.max_s}
    peak = {"peak_s": round(found.peak_s, 1), "spread_s": round(found.spread_s, 1), "share": round(found.share, 2)}
    return {**window, "votes": round(float(found.votes.sum()), 1), "confirmed": int(found.confirmed.sum()), **peak}


def _line(found: LearnedLink) -> str:
    link = found.link
    peak = f"{found.share:.0%} of them around {found.peak_s:.1f} +- {found.spread_s:.1f} s"
    votes = f"{found.votes.sum():.1f} votes, {found.confirmed.sum()} of them confirmed"
    return f"{link.source} -> {link.target}: {link.min_s} to {link.max_s} s; {votes}, {peak}"
