"""Parsing, dispatch, and what the shell sees: results on stdout, progress and errors on stderr.

Exit codes: 0 done, 2 something the caller can put right, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from ml.cli import (
    activation,
    crops,
    curves,
    cut,
    describe,
    detect,
    embed,
    evaluate,
    links,
    mask,
    mine,
    rerank,
    run,
    search,
    style,
    sync,
    synth,
    track,
    train,
    weights,
)
from ml.cli.command import Result
from ml.types import UserError

INTERRUPTED = 130
COMMANDS = (
    *(run, detect, track, embed, links, sync, search, rerank, evaluate),
    *(cut, crops, describe, mask, mine, activation, train, curves, style, synth, weights),
)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; each module adds its own."""
    parser = argparse.ArgumentParser(
        prog="python -m ml", description="Follow vehicles across a city's cameras: files in, files out."
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add_to(commands)
    return parser


def leave(code: int) -> NoReturn:
    """End the process with this exit code.

    An interrupt that comes while a library under import makes code of text stays noted in CPython even where it is
    caught: the interpreter would end by the signal itself instead of with the code.
    """
    if code == INTERRUPTED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = build_parser().parse_args(arguments)
    try:
        result: Result = options.command(options)
        _print(result, as_json=options.json)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"interrupted; {options.interrupted(options)}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        print(f"error: {error.filename or 'file'}: {error.strerror or error}", file=sys.stderr)
        return 2
    return 0


def _print(result: Result, *, as_json: bool) -> None:
    print(json.dumps(result.data, indent=1) if as_json else "\n".join(result.lines))
    sys.stdout.flush()
