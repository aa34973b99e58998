"""What the commands share: their result, their common options, and how they show progress."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ml.types import Progress

if TYPE_CHECKING:
    from ml.config import PipelineConfig

Command = Callable[[argparse.Namespace], "Result"]


@dataclass(frozen=True)
class Result:
    """What a command found: `data` for --json, `lines` for people."""

    data: dict[str, Any]
    lines: Sequence[str]


def starts_again(options: argparse.Namespace) -> str:
    """Said when a command that goes on from nothing is interrupted."""
    return "the same command starts from the beginning"


def goes_on(options: argparse.Namespace) -> str:
    """Said when a command that keeps what it has finished is interrupted."""
    return "finished parts are kept and the same command goes on from them"


def goes_on_with_cache(options: argparse.Namespace) -> str:
    """Said when a command that keeps what it has finished in --cache alone is interrupted."""
    return goes_on(options) if options.cache else f"{starts_again(options)}; with --cache DIR it would go on"


def add_command(
    commands: Any,
    name: str,
    command: Command,
    summary: str,
    *,
    interrupted: Callable[[argparse.Namespace], str] = starts_again,
) -> argparse.ArgumentParser:
    """A parser for `name` that calls `command`, with --json; `interrupted` says what is true after Ctrl-C."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=summary)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(command=command, interrupted=interrupted)
    return parser


def add_config(parser: argparse.ArgumentParser) -> None:
    """--preset, --config and --device."""
    settings = parser.add_mutually_exclusive_group()
    settings.add_argument("--preset", metavar="NAME", help="settings that come with the library (default cpu-light)")
    settings.add_argument("--config", type=Path, metavar="FILE", help="settings from a YAML file")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (default auto)")


def config_of(options: argparse.Namespace) -> PipelineConfig:
    """The configuration that the options name."""
    from ml.config import DEFAULT_PRESET, load_config, load_preset

    return load_config(options.config) if options.config else load_preset(options.preset or DEFAULT_PRESET)


class StageLines:
    """Progress on stderr: one line a stage, redrawn on a terminal, printed at its end elsewhere."""

    def __init__(self, stream: TextIO = sys.stderr, redraw_s: float = 0.1) -> None:
        self._stream = stream
        self._redraw_s = redraw_s
        self._redraws = stream.isatty()
        self._open = ""

    def stage(self, label: str) -> Progress:
        """The progress of stage `label`, e.g. "c001: detect"."""
        started, shown = time.monotonic(), 0.0

        def progress(done: int, total: int | None, unit: str) -> None:
            nonlocal shown
            now, complete = time.monotonic(), done == total
            if not complete and (not self._redraws or now - shown < self._redraw_s):
                return
            shown = now
            self._show(label, f"{label}  {_amount(done, total, unit, now - started)}", complete)

        return progress

    def _show(self, label: str, text: str, complete: bool) -> None:
        if self._redraws:
            start = "\r\x1b[K" if self._open in ("", label) else "\n"
            self._stream.write(f"{start}{text}")
            self._open = label
        elif complete:
            self._stream.write(f"{text}\n")
        self._stream.flush()

    def close(self) -> None:
        """End the line that is being redrawn."""
        if self._redraws and self._open:
            self._stream.write("\n")
            self._open = ""


def _amount(done: int, total: int | None, unit: str, seconds: float) -> str:
    of = "" if total is None else f"/{total}"
    rate = f", {done / seconds:.0f} {unit}/s" if seconds > 0.5 and done else ""
    return f"{done}{of} {unit}{rate}"
