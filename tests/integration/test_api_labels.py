"""Label sets, exports and imports over HTTP: a download is taken up where it was cut off, refusals say why."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from backend.labels.import_services import LARGEST_IMPORT
from backend.labels.models import LabelExport, LabelImport
from backend.media.storage import save_bytes
from tests.world import World

pytestmark = pytest.mark.slow
ZIP = bytes(range(256)) * 5000  # over one chunk


def body(response: Any) -> bytes:
    assert response.is_async

    async def read() -> bytes:
        return b"".join([chunk async for chunk in response])

    return asyncio.run(read())


@pytest.fixture
def url(world: World) -> str:
    """Of a written export."""
    name = save_bytes("scenes/exports/a.zip", ZIP)
    export = LabelExport.objects.create(scene=world.scene, format="mot", run=world.run, file=name, size=len(ZIP))
    return f"/api/v1/label-exports/{export.pk}/file"


@pytest.mark.parametrize(
    ("asked", "first"), [("bytes=1100000-", 1_100_000), ("bytes=0-", 0), ("bytes=-7", len(ZIP) - 7)]
)
def test_a_download_goes_on_where_it_was_cut_off(world: World, url: str, asked: str, first: int) -> None:
    client = world.client("viewer")
    whole = client.get(url)
    assert (whole.status_code, body(whole), whole["Content-Length"]) == (200, ZIP, str(len(ZIP)))
    assert whole["Content-Disposition"] == 'attachment; filename="north-road-run1-mot.zip"'
    rest = client.get(url, headers={"Range": asked, "If-Range": whole["ETag"]})
    assert (rest.status_code, rest["Content-Range"]) == (206, f"bytes {first}-{len(ZIP) - 1}/{len(ZIP)}")
    assert body(rest) == ZIP[first:]
    changed = client.get(url, headers={"Range": asked, "If-Range": '"another"'})
    assert (changed.status_code, body(changed)) == (200, ZIP)
    assert client.get(url, headers={"Range": "bytes=9999999-"}).status_code == 416


def test_an_export_that_is_not_written_yet_cannot_be_downloaded(world: World, url: str) -> None:
    LabelExport.objects.update(file="")
    response = world.client("viewer").get(url)
    assert (response.status_code, response.json()["code"]) == (409, "export-not-ready")


def test_a_file_that_is_too_large_or_named_by_no_format_is_refused(world: World) -> None:
    client, url = world.client("analyst"), f"/api/v1/scenes/{world.scene.pk}/label-imports"

    def send(query: str, content: bytes) -> Any:
        return client.post(f"{url}?{query}", content, content_type="application/octet-stream")

    large = send("kind=cvat&file_name=a.zip", bytes(LARGEST_IMPORT + 1))
    assert (large.status_code, "larger than 64 MB" in large.json()["detail"]) == (400, True)
    assert send("kind=docx&file_name=a.zip", b"a").json()["fields"].keys() == {"kind"}
    assert client.post(url + "?kind=mot&file_name=a.zip", {}, content_type="application/json").status_code == 400
    assert not LabelImport.objects.exists()


def test_nothing_confirmed_is_said_in_words(world: World) -> None:
    response = world.client("analyst").post(
        f"/api/v1/scenes/{world.scene.pk}/label-sets", {}, content_type="application/json"
    )
    assert (response.status_code, response.json()["code"]) == (409, "nothing-labelled")
