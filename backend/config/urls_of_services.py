"""Turns DATABASE_URL and STORAGE_URL into Django's settings, or says what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import ParseResult, parse_qs, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

# While the server is away a request waits 5 s for it; new attempts start every 5 s at the latest, so that it is found
# soon after its return.
POOL = {"min_size": 0, "max_size": 16, "timeout": 5, "reconnect_timeout": 5}


def database_settings(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `postgresql://user:password@host:port/name?option=value`."""
    parts = _parsed("DATABASE_URL", url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with '{parts.scheme}://'; Crosstrack needs PostgreSQL: postgresql://user:password@host:5432/name"
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "crosstrack",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        # A pooled connection may be from before a restart of the server: each is tried before it is used.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": POOL, "connect_timeout": 5, **query},
    }


def storage_settings(url: str, media_dir: Path) -> dict[str, Any]:
    """Django's default storage: the file system without a URL, S3 for `s3://key:secret@endpoint/bucket`."""
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            # Videos of streets are for this site's members, not for every account on the machine.
            "OPTIONS": {
                "location": media_dir,
                "base_url": None,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    parts = _parsed("STORAGE_URL", url)
    if parts.scheme not in {"s3", "s3+http"}:
        raise ImproperlyConfigured(
            f"STORAGE_URL starts with '{parts.scheme}://'; use s3://key:secret@host/bucket "
            "(s3+http:// without TLS) or leave it unset"
        )
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _s3_options(parts)}


def _parsed(name: str, url: str) -> ParseResult:
    """The URL's parts. What is wrong is not quoted: it may be a piece of the password."""
    try:
        parts = urlparse(url)
        _ = parts.port  # is only looked at when it is asked for
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} cannot be read: its port must be a number up to 65535 and its host a name or an address. "
            "In a user's name or password / @ : % are written %2F %40 %3A %25."
        ) from None
    return parts


def _s3_options(parts: ParseResult) -> dict[str, Any]:
    bucket = parts.path.strip("/")
    if not bucket:
        raise ImproperlyConfigured("STORAGE_URL names no bucket: s3://key:secret@host/bucket")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "default_acl": None,
        "file_overwrite": True,
        "querystring_auth": True,
    }
    if parts.hostname:
        scheme = "http" if parts.scheme == "s3+http" else "https"
        port = f":{parts.port}" if parts.port else ""
        options["endpoint_url"] = f"{scheme}://{parts.hostname}{port}"
    if parts.username:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password or "")}
    if "region" in query:
        options["region_name"] = query["region"]
    return options
