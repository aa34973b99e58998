"""Zip files from elsewhere, unpacked only where they are harmless: nothing is written before every entry is checked."""

from __future__ import annotations

import shutil
import stat
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ml.types import Progress, UserError, no_progress

CHUNK = 1 << 20
LONGEST_NAME = 200  # bytes of one folder or file
DEEPEST = 32  # folders in each other
ENCRYPTED = 0x1
TEXTS = frozenset({".txt", ".json", ".xml", ".csv", ".yaml", ".yml"})


@dataclass(frozen=True)
class ZipLimits:
    """What an archive may unpack to.

    entries, total_bytes  all of it together
    ratio                 of unpacked to packed size, of each entry larger than `free_bytes`: text of boxes shrinks to a
                          tenth, a zip bomb to a thousandth
    text_bytes            one file of text: as rows or objects in memory it takes ten times that and more
    all_text_bytes        all files of text, where they are read together; None: each is read and let go
    """

    entries: int = 100_000
    total_bytes: int = 4 << 30
    ratio: int = 200
    free_bytes: int = 1 << 20
    text_bytes: int = 128 << 20
    all_text_bytes: int | None = None


def unpack_zip(path: Path, into: Path, limits: ZipLimits = ZipLimits(), progress: Progress = no_progress) -> list[Path]:
    """Unpack the archive into the new folder `into`; returns its files, sorted. `progress` counts bytes.

    UserError, with nothing left behind: zip-unreadable (no archive, damaged, encrypted), zip-unsafe (a name that leads
    out of the folder, a link or device, one name twice), zip-too-large (too many entries, too large, packed too
    tightly to be true, entries that share their bytes).
    """
    into.mkdir(parents=True, exist_ok=False)
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
            _require_size(path, entries, limits)
            names = [_safe_name(entry) for entry in entries]
            _require_different(entries, names)
            return sorted(_unpacked(archive, entries, names, into, progress))
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        shutil.rmtree(into, ignore_errors=True)
        raise UserError("zip-unreadable", f"{path.name} cannot be unpacked: {error}.") from None
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise


def _require_size(path: Path, entries: list[ZipInfo], limits: ZipLimits) -> None:
    if len(entries) > limits.entries:
        raise UserError("zip-too-large", f"{path.name} has {len(entries)} entries; {limits.entries} are read at most.")
    total = sum(entry.file_size for entry in entries)
    if total > limits.total_bytes:
        raise UserError(
            "zip-too-large",
            f"{path.name} unpacks to {total >> 20} MB; {limits.total_bytes >> 20} MB are read at most.",
        )
    _require_room_for_text(path, entries, limits)
    for entry in entries:
        if entry.file_size > limits.free_bytes and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            what = f"unpacks to more than {limits.ratio} times its packed size; that is no file of labels or pictures"
            raise UserError("zip-too-large", f"{path.name}: {entry.filename!r} {what}.")
    if sum(entry.compress_size for entry in entries) > path.stat().st_size:
        raise UserError("zip-too-large", f"{path.name} has entries that share their bytes; pack it anew.")


def _require_room_for_text(path: Path, entries: Iterable[ZipInfo], limits: ZipLimits) -> None:
    texts = [entry for entry in entries if PurePosixPath(entry.filename).suffix.lower() in TEXTS]
    for entry in texts:
        if entry.file_size > limits.text_bytes:
            what = f"has {entry.file_size >> 20} MB of text; {limits.text_bytes >> 20} MB are read at most"
            raise UserError("zip-too-large", f"{path.name}: {entry.filename!r} {what}. Send it camera by camera.")
    total, most = sum(entry.file_size for entry in texts), limits.all_text_bytes
    if most is not None and total > most:
        what = f"has {total >> 20} MB of text in {len(texts)} files; {most >> 20} MB are read at once at most"
        raise UserError("zip-too-large", f"{path.name} {what}. Send some cameras at a time.")


def _safe_name(entry: ZipInfo) -> PurePosixPath:
    """The entry's place in the folder."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _unsafe(entry, "is a link or a device; pack the files themselves")
    if entry.flag_bits & ENCRYPTED:
        raise UserError("zip-unreadable", f"{entry.filename!r} is encrypted; pack it without a password.")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # others take as much memory as the archive asks for
        raise UserError("zip-unreadable", f"{entry.filename!r} is packed in an unusual way; pack it with deflate.")
    parts = entry.filename.rstrip("/").split("/")
    if len(parts) > DEEPEST:
        raise _unsafe(entry, f"lies in more than {DEEPEST} folders")
    name = PurePosixPath(entry.filename)
    if name.is_absolute() or "\\" in entry.filename or ":" in parts[0] or {"", ".", ".."} & set(parts):
        raise _unsafe(entry, "leads out of the archive's own folder, or is no plain path")
    if any(len(part.encode(errors="replace")) > LONGEST_NAME or not part.isprintable() for part in parts):
        raise _unsafe(entry, "has a name that is too long or cannot be printed")
    return name


def _require_different(entries: list[ZipInfo], names: list[PurePosixPath]) -> None:
    """No file twice (as file systems that ignore case see it), and none where a folder is."""
    files: set[str] = set()
    for entry, name in zip(entries, names, strict=True):
        if not entry.is_dir():
            if str(name).lower() in files:
                raise _unsafe(entry, "is there twice")
            files.add(str(name).lower())
    for entry, name in zip(entries, names, strict=True):
        above = [str(parent).lower() for parent in name.parents]
        if files.intersection(above) or (entry.is_dir() and str(name).lower() in files):
            raise _unsafe(entry, "is a file and a folder at once")


def _unpacked(
    archive: ZipFile, entries: Sequence[ZipInfo], names: Iterable[PurePosixPath], into: Path, progress: Progress
) -> Iterable[Path]:
    total, done = sum(entry.file_size for entry in entries), 0
    for entry, name in zip(entries, names, strict=True):
        target = into / name
        if entry.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, target.open("xb") as written:
            while piece := source.read(CHUNK):
                written.write(piece)
                done += len(piece)
                progress(done, total, "bytes")
        if target.stat().st_size != entry.file_size:
            raise BadZipFile(f"{entry.filename!r} is not as long as it says")
        yield target


def _unsafe(entry: ZipInfo, why: str) -> UserError:
    return UserError("zip-unsafe", f"{entry.filename[:LONGEST_NAME]!r} {why}.")
