"""Photos in an S3-compatible store: an operator's settings lead there, and the doctor says what is wrong with them."""

import hashlib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from company import checked_in
from moto.server import ThreadedMotoServer
from scene import acted, picture
from sqlalchemy import text

from bot.doctor.stores import check_photos
from bot.settings import Settings, read_settings
from bot.web.server import opened
from storage.blobs import Blobs

KEYS = {"photo_store_key": "a-key", "photo_store_secret": "a-secret"}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a store with a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    urllib.request.urlopen(urllib.request.Request(f"{url}/rounds", method="PUT")).close()
    yield url
    server.stop()


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **{"photo_store": "s3://rounds/photos", **KEYS, **values})


async def test_a_visits_photo_is_kept_in_the_store_and_nowhere_else(database_url: str, tmp_path: Path, s3: str) -> None:
    place = {"photo_store": "s3://rounds/photos", "photo_store_endpoint": s3, **KEYS}
    sent = picture(seed=3)
    async with acted(database_url, tmp_path, **place) as scene:
        rep = await checked_in(scene)
        await rep.sends_photo(sent)
        assert "Kept for visit #1" in await rep.all_text()
        ((original, marked, digest),) = await scene.rows(text("SELECT original, marked, sha256 FROM photo"))
    there = Blobs("s3://rounds/photos", settings(photo_store_endpoint=s3).store_access())
    kept = await there.read(original)
    assert hashlib.sha256(kept).hexdigest() == digest
    assert (await there.read(marked)).startswith(b"\xff\xd8")
    assert not (tmp_path / "photos").exists()


async def test_the_doctor_finds_a_store_in_order(s3: str) -> None:
    (finding,) = await check_photos(settings(photo_store_endpoint=s3))
    assert str(finding) == "✓ photos are kept in s3://rounds/photos"


async def test_what_amazons_own_variables_say_is_enough(
    s3: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROUNDS_PHOTO_STORE", "s3://rounds/photos")
    for name, value in {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "a-key",
        "AWS_SECRET_ACCESS_KEY": "a-secret",
    }.items():
        monkeypatch.setenv(name, value)
    (finding,) = await check_photos(read_settings())
    assert str(finding) == "✓ photos are kept in s3://rounds/photos"


async def test_a_bucket_that_is_not_there_is_to_be_made(s3: str) -> None:
    (finding,) = await check_photos(settings(photo_store_endpoint=s3, photo_store="s3://none/photos"))
    assert str(finding) == "✗ photos cannot be kept in s3://none/photos: there is no such bucket: make it"


async def test_a_store_that_does_not_answer_names_its_address_and_no_key() -> None:
    (finding,) = await check_photos(settings(photo_store_endpoint="http://127.0.0.1:9"))
    assert "it does not answer: check ROUNDS_PHOTO_STORE_ENDPOINT" in str(finding)
    assert not any(secret in str(finding) for secret in KEYS.values())


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "the key is not known: check ROUNDS_PHOTO_STORE_KEY and ROUNDS_PHOTO_STORE_SECRET"),
        (403, "the key may not write there: check ROUNDS_PHOTO_STORE_KEY and ROUNDS_PHOTO_STORE_SECRET"),
        (404, "there is no such bucket: make it"),
        (503, "it does not answer: check ROUNDS_PHOTO_STORE_ENDPOINT, and that it runs"),
    ],
)
async def test_what_a_store_refuses_is_told_with_what_to_do(status: int, sentence: str) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return web.Response(status=status, text="<Error><Code>No</Code></Error>", content_type="application/xml")

    async with opened([web.route("*", "/{any:.*}", refuse)], "127.0.0.1", 0, variables="none") as runner:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        (finding,) = await check_photos(settings(photo_store_endpoint=url))
    assert str(finding) == f"✗ photos cannot be kept in s3://rounds/photos: {sentence}"
