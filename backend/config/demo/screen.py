"""What the demo says: a line a step; on a terminal a block of progress that is redrawn, elsewhere a line at times."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TextIO

BAR_WIDTH = 24
PLAIN_EVERY_SECONDS = 15.0


class Screen:
    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.is_terminal = self.out.isatty()
        self._drawn = 0
        self._last_plain = 0.0

    def say(self, text: str = "") -> None:
        """A line that stays."""
        self._clear_block()
        self.out.write(text + "\n")
        self.out.flush()

    def block(self, lines: list[str], summary: str) -> None:
        """Progress: `lines` redrawn in place on a terminal, `summary` every 15 seconds elsewhere."""
        if self.is_terminal:
            width = shutil.get_terminal_size().columns - 1
            self._clear_block()
            self.out.write("".join(line[:width] + "\n" for line in lines))
            self._drawn = len(lines)
        elif time.monotonic() - self._last_plain >= PLAIN_EVERY_SECONDS:
            self._last_plain = time.monotonic()
            self.out.write(summary + "\n")
        self.out.flush()

    def _clear_block(self) -> None:
        if self._drawn:
            self.out.write(f"\x1b[{self._drawn}A\x1b[J")
            self._drawn = 0


def bar(fraction: float) -> str:
    """`████████████░░░░░░░░░░░░  50 %`; 100 only when done"""
    share = min(max(fraction, 0.0), 1.0)
    full = int(share * BAR_WIDTH)
    return f"{'█' * full}{'░' * (BAR_WIDTH - full)} {int(share * 100):3} %"


def duration(seconds: float) -> str:
    """`45 s`, `2 min 05 s`"""
    whole = max(0, round(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"
