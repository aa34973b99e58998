from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from backend.config.secrets import secret_key
from backend.config.urls_of_services import database_settings, storage_settings


def test_a_database_url_becomes_settings_with_its_characters_decoded() -> None:
    found = database_settings("postgresql://me%40home:p%2Fw%20d@db.example:6543/cross?sslmode=require")
    assert (found["USER"], found["PASSWORD"]) == ("me@home", "p/w d")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "6543", "cross")
    assert found["OPTIONS"]["sslmode"] == "require"


def test_a_socket_folder_is_a_host() -> None:
    found = database_settings("postgresql://postgres@/crosstrack?host=%2Fdata%2Fpostgres")
    assert (found["HOST"], found["PORT"]) == ("/data/postgres", "")


def test_another_database_than_postgresql_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="needs PostgreSQL"):
        database_settings("mysql://me@db/cross")


@pytest.mark.parametrize("host", ["db:http", "db:70000", "[::1", "db"])
def test_a_database_url_that_cannot_be_taken_apart_is_refused_and_its_password_not_shown(host: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL cannot be read: its port must be a number") as refused:
        database_settings(f"postgresql://me:s3cr{'/' if host == 'db' else ''}3t@{host}/cross")
    assert "s3cr" not in str(refused.value)


def test_without_a_storage_url_files_lie_in_the_media_folder(tmp_path: Path) -> None:
    found = storage_settings("", tmp_path)
    assert found["BACKEND"] == "django.core.files.storage.FileSystemStorage"
    assert found["OPTIONS"]["location"] == tmp_path


def test_stored_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    storage = FileSystemStorage(**storage_settings("", tmp_path / "media")["OPTIONS"])
    storage.save("scenes/1/video.mp4", ContentFile(b"a street"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.rglob("*")}
    assert modes == {"media": 0o700, "scenes": 0o700, "1": 0o700, "video.mp4": 0o600}


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("s3://key:se%2Fcret@s3.example/bucket?region=eu-1", "https://s3.example"),
        ("s3+http://key:se%2Fcret@localhost:9000/bucket?region=eu-1", "http://localhost:9000"),
    ],
)
def test_a_storage_url_becomes_s3_settings(url: str, endpoint: str, tmp_path: Path) -> None:
    options = storage_settings(url, tmp_path)["OPTIONS"]
    assert options["endpoint_url"] == endpoint
    assert (options["access_key"], options["secret_key"]) == ("key", "se/cret")
    assert (options["bucket_name"], options["region_name"]) == ("bucket", "eu-1")


@pytest.mark.parametrize("url", ["ftp://host/bucket", "s3://key:secret@host/"])
def test_a_storage_url_that_cannot_work_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
        storage_settings(url, tmp_path)


def test_the_secret_key_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    made = secret_key(tmp_path)
    assert len(made) >= 50
    assert secret_key(tmp_path) == made
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert secret_key(tmp_path / "other") != made


def test_the_secret_key_of_the_environment_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "from outside")
    assert secret_key(tmp_path) == "from outside"
    assert not list(tmp_path.iterdir())
