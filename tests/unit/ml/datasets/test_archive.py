"""Zips from elsewhere: unpacked whole, or refused with a reason and nothing left behind."""

from __future__ import annotations

import io
import stat
import struct
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

import pytest

from ml.datasets.archive import ZipLimits, unpack_zip
from ml.types import UserError

USUAL = ZipLimits()


def packed(folder: Path, entries: dict[str | ZipInfo, bytes]) -> Path:
    path = folder / "in.zip"
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content, ZIP_DEFLATED)
    path.write_bytes(made.getvalue())
    return path


def refusal(folder: Path, path: Path, limits: ZipLimits = USUAL) -> str:
    """The code; nothing is left behind, inside the folder or outside."""
    before = sorted(folder.rglob("*"))
    with pytest.raises(UserError) as refused:
        unpack_zip(path, folder / "out" / "deep", limits)
    (folder / "out").rmdir()
    assert sorted(folder.rglob("*")) == before
    return refused.value.code


def test_a_plain_archive_is_unpacked(tmp_path: Path) -> None:
    path = packed(tmp_path, {"a/": b"", "a/b.txt": b"one", "c.txt": b"two"})
    files = unpack_zip(path, tmp_path / "out")
    assert {str(file.relative_to(tmp_path / "out")): file.read_bytes() for file in files} == {
        "a/b.txt": b"one",
        "c.txt": b"two",
    }


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "a/../../evil",
        "/etc/evil",
        "a\\..\\evil",
        "C:/evil",
        "a//b",
        "./a",
        "a\nb",
        "x" * 300,
        "a/" * 40 + "b",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path, packed(tmp_path, {"good": b"", ZipInfo(name): b"evil"})) == "zip-unsafe"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    link = ZipInfo("link")
    link.external_attr = (kind | 0o777) << 16
    assert refusal(tmp_path, packed(tmp_path, {link: b"/etc/passwd"})) == "zip-unsafe"


def test_one_name_twice_is_refused_whatever_its_case_and_so_is_a_file_as_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path, packed(tmp_path, {"a.txt": b"1", "A.TXT": b"2"})) == "zip-unsafe"
    assert refusal(tmp_path, packed(tmp_path, {"a": b"1", "a/b": b"2"})) == "zip-unsafe"


def test_a_bomb_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    bomb = packed(tmp_path, {"zeros": bytes(8 << 20)})
    assert refusal(tmp_path, bomb) == "zip-too-large"
    assert refusal(tmp_path, bomb, ZipLimits(ratio=10**6, total_bytes=1 << 20)) == "zip-too-large"
    assert refusal(tmp_path, packed(tmp_path, {"a": b"", "b": b""}), ZipLimits(entries=1)) == "zip-too-large"


def test_a_size_that_the_archive_lies_about_is_noticed(tmp_path: Path) -> None:
    path = packed(tmp_path, {"zeros": bytes(8 << 20)})
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 8 << 20), struct.pack("<L", 1000)))
    assert refusal(tmp_path, path) == "zip-unreadable"


def test_a_damaged_or_encrypted_file_and_one_that_is_no_zip_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, {"a.txt": b"some text that is packed " * 9})
    whole = path.read_bytes()
    path.write_bytes(whole.replace(whole[40:44], b"\0\0\0\0"))
    assert refusal(tmp_path, path) == "zip-unreadable"
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path, path) == "zip-unreadable"
    marked = bytearray(whole)
    marked[whole.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(marked))
    assert refusal(tmp_path, path) == "zip-unreadable"


@pytest.mark.parametrize("method", [ZIP_LZMA, ZIP_BZIP2])
def test_packing_whose_memory_the_archive_chooses_is_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "in.zip"
    with ZipFile(path, "w", method) as archive:
        archive.writestr("a.txt", b"text")
    assert refusal(tmp_path, path) == "zip-unreadable"


def test_a_text_that_would_fill_the_memory_is_refused_and_a_video_of_that_size_is_not(tmp_path: Path) -> None:
    limits = ZipLimits(text_bytes=10)
    assert refusal(tmp_path, packed(tmp_path, {"instances.JSON": b"{}" * 6}), limits) == "zip-too-large"
    assert len(unpack_zip(packed(tmp_path, {"vdo.mp4": b"{}" * 6}), tmp_path / "out", limits)) == 1


@pytest.mark.parametrize(("most", "is_refused"), [(12, False), (11, True), (None, False)])
def test_many_texts_that_are_read_together_may_fill_the_memory_too(
    tmp_path: Path, most: int | None, is_refused: bool
) -> None:
    limits = ZipLimits(text_bytes=10, all_text_bytes=most)
    path = packed(tmp_path, {"c001/gt.txt": b"1,1,1\n", "c002/gt.txt": b"1,1,1\n", "c002/vdo.mp4": bytes(100)})
    if is_refused:
        assert refusal(tmp_path, path, limits) == "zip-too-large"
    else:
        assert len(unpack_zip(path, tmp_path / "out", limits)) == 3
