"""The headers of tus 1.0 (https://tus.io/protocols/resumable-upload): what requests say and answers repeat."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Mapping

from django.conf import settings
from django.utils.http import http_date

from backend.config.problems import BadInput, Problem
from backend.uploads.models import Upload, UploadPurpose
from backend.uploads.services import Announced

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,termination,expiration"
CHECKSUMS = ("sha1", "sha256")
PIECE_TYPE = "application/offset+octet-stream"
WHOLE_NUMBER = re.compile(r"\d{1,18}")
SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST_START_S = 1e9


def capabilities() -> dict[str, str]:
    """What this server can do."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
        "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
    }


def require_version(headers: Mapping[str, str]) -> None:
    """Raises Problem 412 for a client of another protocol."""
    if headers.get("Tus-Resumable") != VERSION:
        detail = f"Send Tus-Resumable: {VERSION} with every request to an upload."
        raise Problem("tus-version", detail, status=412, headers={"Tus-Version": VERSION})


def state_headers(upload: Upload) -> dict[str, str]:
    """How far an upload is."""
    return {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(upload.received),
        "Upload-Length": str(upload.size),
        "Upload-Expires": http_date(upload.expires_at.timestamp()),
        "Cache-Control": "no-store",
    }


def announced(headers: Mapping[str, str]) -> Announced:
    """The file that a creation request announces. Raises BadInput."""
    if "Upload-Defer-Length" in headers:
        raise BadInput("Upload-Defer-Length", "The length of a file must be known before it is sent.")
    said = _metadata(headers.get("Upload-Metadata", ""))
    digest = said.get("sha256", "").lower()
    if digest and not SHA256.fullmatch(digest):
        raise BadInput("sha256", "A SHA-256 has 64 hexadecimal digits.")
    return Announced(
        camera_name=said.get("camera", "").strip(),
        file_name=said.get("filename", ""),
        size=_number(headers, "Upload-Length"),
        sha256=digest,
        start_s=_start(said.get("start_s", "")),
        purpose=_purpose(said.get("purpose", "")),
    )


def offset(headers: Mapping[str, str]) -> int:
    """Where a piece begins. Raises BadInput; Problem 415 for a body that is no piece."""
    if headers.get("Content-Type", "").partition(";")[0].strip().lower() != PIECE_TYPE:
        raise Problem("not-a-piece", f"Send pieces as Content-Type: {PIECE_TYPE}.", status=415)
    return _number(headers, "Upload-Offset")


def checksum(headers: Mapping[str, str]) -> tuple[str, bytes] | None:
    """(algorithm, digest) of a piece; None where nothing is stated. Raises BadInput."""
    text = headers.get("Upload-Checksum", "")
    if not text:
        return None
    name, _, value = text.partition(" ")
    if name not in CHECKSUMS:
        raise BadInput("Upload-Checksum", f"Checksums of pieces may be {' or '.join(CHECKSUMS)}, not {name}.")
    return name, _decoded("Upload-Checksum", value)


def _metadata(header: str) -> dict[str, str]:
    """`key base64, key base64`; a key without value is empty. Raises BadInput."""
    pairs = [part.strip().partition(" ") for part in header.split(",") if part.strip()]
    try:
        return {key: _decoded("Upload-Metadata", value.strip()).decode() for key, _, value in pairs}
    except UnicodeDecodeError:
        raise BadInput("Upload-Metadata", "Values are base64 of UTF-8 text.") from None


def _decoded(header: str, value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(header, f"“{value[:40]}” is not base64.") from None


def _number(headers: Mapping[str, str], name: str) -> int:
    text = headers.get(name, "")
    if not WHOLE_NUMBER.fullmatch(text) or not text.isascii():
        raise BadInput(name, f"{name} is a whole number of bytes, not “{text[:40]}”.")
    return int(text)


def _purpose(text: str) -> UploadPurpose:
    try:
        return UploadPurpose(text or UploadPurpose.VIDEO)
    except ValueError:
        raise BadInput("purpose", f"A file is sent as “video” or as “scene”, not as “{text[:40]}”.") from None


def _start(text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= LONGEST_START_S:
        raise BadInput("start_s", f"“{text[:40]}” is not a number of seconds of scene time.")
    return value
