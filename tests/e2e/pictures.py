"""The pictures of docs/pages.md made again, of a demo site that runs: python -m tests.e2e.pictures ADDRESS USERS
[NAME ...]"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "pages"
LARGEST_BYTES = 200_000
COLOURS = (256, 128, 64, 32)  # fewer where a page is full of photographs


def main() -> None:
    """Take them with the browser, and keep them small enough for a repository."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="of the site, as `make demo` prints it")
    parser.add_argument("users", help="file with the demo users' passwords, as `make demo` prints it")
    parser.add_argument("names", nargs="*", help="of the pictures; all without any")
    asked = parser.parse_args()
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        story = ["node", str(ROOT / "tests" / "e2e" / "pictures.mjs"), asked.address, asked.users, folder, *asked.names]
        subprocess.run(story, check=True)
        for taken in sorted(Path(folder).glob("*.png")):
            shrink(taken, TARGET / taken.name)


def shrink(taken: Path, target: Path) -> None:
    """A picture in as many colours as fit into LARGEST_BYTES."""
    picture = Image.open(taken).convert("RGB")
    for colours in COLOURS:
        picture.quantize(colours, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= LARGEST_BYTES:
            break
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1000} kB, {colours} colours")


if __name__ == "__main__":
    main()
