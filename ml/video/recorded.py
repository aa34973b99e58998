"""When a video was recorded, as far as its name or its header says so."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from ml.video.container import open_video

# Year, month, day, hour, minute, second with any one sign between them: 20210314_153000, 2021-03-14T15.30.00
NAMED_TIME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_. T]?(\d\d)[-_.:h]?(\d\d)[-_.:m]?(\d\d)(?!\d)"
)
# Clocks that were never set say 1904 or 1970.
FIRST_YEAR = 2000


def time_in_name(name: str) -> datetime | None:
    """The wall-clock time in a file's name, without time zone; None where there is none or several differ.

    >>> time_in_name("north_2021-03-14_15-30-00.mp4")
    datetime.datetime(2021, 3, 14, 15, 30)
    """
    times = {_time(*map(int, found.groups())) for found in NAMED_TIME.finditer(name)} - {None}
    return times.pop() if len(times) == 1 else None


def time_in_header(path: Path) -> datetime | None:
    """When the container says that it was made, UTC; None where it does not say, or cannot mean it.

    Many programs write the time of the last conversion there: trust a name more.
    Raises UserError as `probe` does.
    """
    with open_video(path) as (container, _):
        text = container.metadata.get("creation_time", "")
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return None
    said = said if said.tzinfo else said.replace(tzinfo=UTC)
    return said if said.year >= FIRST_YEAR else None


def _time(*numbers: int) -> datetime | None:
    try:
        said = datetime(*numbers)  # type: ignore[arg-type] # six numbers
    except ValueError:
        return None
    return said if said.year >= FIRST_YEAR else None
