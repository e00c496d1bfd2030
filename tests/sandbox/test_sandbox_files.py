"""Photos, documents and albums, from people and from bots; what getFile gives and what is too big."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

MALFORMED = Path(__file__).resolve().parents[3] / "shared" / "data" / "images" / "malformed"


async def fetch(play: Any, file_id: str) -> bytes:
    file = await play.call("getFile", file_id=file_id)
    async with play.session.get(f"{play.url}/file/bot{play.token}/{file['file_path']}") as response:
        content: bytes = await response.read()
    assert response.status == 200
    assert len(content) == file["file_size"]
    return content


async def test_a_photo_is_recompressed_in_several_sizes_without_exif(play: Any, picture: bytes) -> None:
    person = await play.person()
    await play.upload(f"/sim/people/{person}/photo", {"file": ("a.jpg", picture, "image/jpeg")}, caption="shelf")
    message = (await play.updates())[-1]["message"]
    assert message["caption"] == "shelf"
    sizes = [(size["width"], size["height"]) for size in message["photo"]]
    assert sizes == [(90, 68), (320, 240), (800, 600), (1280, 960)]
    with Image.open(io.BytesIO(await fetch(play, message["photo"][-1]["file_id"]))) as largest:
        assert (largest.size, largest.format, dict(largest.getexif())) == ((1280, 960), "JPEG", {})


async def test_identical_bytes_have_one_unique_id_and_different_ones_have_not(play: Any, picture: bytes) -> None:
    person = await play.person()
    url = f"/sim/people/{person}/document"
    ids = []
    for content in (picture, picture, picture + b"x"):
        _, (message,) = await play.upload(url, {"file": ("a.jpg", content, "image/jpeg")})
        ids.append(message["document"])
    assert ids[0]["file_unique_id"] == ids[1]["file_unique_id"] != ids[2]["file_unique_id"]
    assert ids[0]["file_id"] != ids[1]["file_id"]


async def test_a_picture_sent_as_a_file_arrives_byte_for_byte(play: Any, picture: bytes) -> None:
    person = await play.person()
    await play.upload(f"/sim/people/{person}/photo", {"f": ("货架.jpg", picture, "image/jpeg")}, as_document="true")
    document = (await play.updates())[-1]["message"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "货架.jpg",
        "image/jpeg",
        len(picture),
    )
    assert await fetch(play, document["file_id"]) == picture


async def test_several_pictures_make_an_album_of_messages(play: Any, picture: bytes) -> None:
    person = await play.person()
    files = {f"file{i}": (f"{i}.jpg", picture, "image/jpeg") for i in range(3)}
    await play.upload(f"/sim/people/{person}/photo", files, caption="three")
    messages = [update["message"] for update in (await play.updates())[1:]]
    assert len(messages) == 3
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["three", None, None]


async def test_what_is_no_picture_cannot_be_sent_as_a_photo_but_as_a_file(play: Any) -> None:
    person = await play.person()
    broken = {"file": ("a.jpg", b"\xff\xd8 not really", "image/jpeg")}
    status, answer = await play.upload(f"/sim/people/{person}/photo", broken)
    assert (status, "cannot open a.jpg" in answer["error"]) == (400, True)
    assert len(await play.updates()) == 1
    status, _ = await play.upload(f"/sim/people/{person}/document", broken)
    assert status == 200


@pytest.mark.realdata
async def test_a_broken_picture_is_sent_or_refused_and_the_sandbox_goes_on(play: Any) -> None:
    broken = {path.name: path.read_bytes() for path in MALFORMED.glob("*.*")}
    if not broken:
        pytest.skip("the malformed images are not beside the project")
    person = await play.person()
    statuses = []
    for name, content in broken.items():
        file = {"f": (name, content, "image/jpeg")}
        status, _ = await play.upload(f"/sim/people/{person}/photo", file)
        bot_status, _ = await play.upload(f"/bot{play.token}/sendPhoto", {"photo": file["f"]}, chat_id=person)
        assert status == bot_status
        statuses.append(status)
    assert set(statuses) == {200, 400}


async def test_a_small_picture_keeps_its_size(play: Any) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "PNG")
    person = await play.person()
    _, (message,) = await play.upload(f"/sim/people/{person}/photo", {"f": ("a.png", out.getvalue(), "image/png")})
    assert [(size["width"], size["height"]) for size in message["photo"]] == [(60, 40)]


async def test_a_file_above_20_mb_arrives_but_cannot_be_fetched(play: Any) -> None:
    person = await play.person()
    large = bytes(20 * 1024 * 1024 + 1)
    await play.upload(f"/sim/people/{person}/document", {"f": ("a.bin", large, "application/octet-stream")})
    document = (await play.updates())[-1]["message"]["document"]
    assert document["file_size"] == len(large)
    assert await play.refusal("getFile", file_id=document["file_id"]) == "Bad Request: file is too big"


async def test_voice_and_video_notes_arrive(play: Any) -> None:
    person = await play.person()
    ogg = {"file": ("a.ogg", b"OggS", "audio/ogg")}
    await play.upload(f"/sim/people/{person}/voice", ogg, duration=7)
    await play.upload(f"/sim/people/{person}/video_note", {"file": ("a.mp4", b"mp4", "video/mp4")}, duration=3)
    voice, note = [update["message"] for update in (await play.updates())[1:]]
    assert (voice["voice"]["duration"], note["video_note"]["duration"]) == (7, 3)
    assert await fetch(play, voice["voice"]["file_id"]) == b"OggS"


async def test_a_bot_sends_a_photo_and_sends_it_again_by_its_id(play: Any, picture: bytes) -> None:
    person = await play.person()
    url = f"/bot{play.token}/sendPhoto"
    photo = {"photo": ("p.jpg", picture, "image/jpeg")}
    status, body = await play.upload(url, photo, chat_id=person, caption="<b>Kept</b>", parse_mode="HTML")
    assert status == 200
    sent = body["result"]
    assert (sent["caption"], sent["caption_entities"]) == ("Kept", [{"type": "bold", "offset": 0, "length": 4}])
    again = await play.call("sendPhoto", chat_id=person, photo=sent["photo"][-1]["file_id"])
    assert again["photo"] == sent["photo"]
    assert await play.refusal("sendDocument", chat_id=person, document=sent["photo"][-1]["file_id"]) == (
        "Bad Request: can't use file of type Photo as Document"
    )
    where = {"chat_id": person, "message_id": sent["message_id"]}
    assert (await play.call("editMessageCaption", **where, caption="New"))["caption"] == "New"
    assert await play.refusal("editMessageText", **where, text="x") == (
        "Bad Request: there is no text in the message to edit"
    )


async def test_a_bot_sends_an_album_and_changes_one_of_its_pictures(play: Any, picture: bytes) -> None:
    person = await play.person()
    media = '[{"type":"photo","media":"attach://a","caption":"first"},{"type":"photo","media":"attach://b"}]'
    files = {"a": ("a.jpg", picture, "image/jpeg"), "b": ("b.jpg", picture, "image/jpeg")}
    _, body = await play.upload(f"/bot{play.token}/sendMediaGroup", files, chat_id=person, media=media)
    first, second = body["result"]
    assert first["media_group_id"] == second["media_group_id"]
    assert first["caption"] == "first"
    changed = '{"type":"document","media":"attach://c"}'
    _, body = await play.upload(
        f"/bot{play.token}/editMessageMedia",
        {"c": ("report.xlsx", b"PK", "application/zip")},
        chat_id=person,
        message_id=second["message_id"],
        media=changed,
    )
    assert body["result"]["document"]["file_name"] == "report.xlsx"
    assert "photo" not in body["result"]


@pytest.mark.parametrize(
    ("method", "field", "content", "status", "refusal"),
    [
        ("sendPhoto", "photo", b"no picture", 400, "Bad Request: IMAGE_PROCESS_FAILED"),
        ("sendDocument", "document", b"", 400, "Bad Request: file must be non-empty"),
        (
            "sendPhoto",
            "photo",
            bytes(10 * 1024 * 1024 + 1),
            400,
            "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
        ),
        ("sendDocument", "document", bytes(50 * 1024 * 1024 + 1), 413, "Request Entity Too Large"),
    ],
)
async def test_what_a_bot_cannot_upload(
    play: Any, method: str, field: str, content: bytes, status: int, refusal: str
) -> None:
    person = await play.person()
    file = {field: ("f.jpg", content, "image/jpeg")}
    got, body = await play.upload(f"/bot{play.token}/{method}", file, chat_id=person)
    assert (got, body["description"]) == (status, refusal)


async def test_a_panorama_is_no_photo(play: Any) -> None:
    out = io.BytesIO()
    Image.new("RGB", (2100, 100)).save(out, "PNG")
    person = await play.person()
    file = {"photo": ("f.png", out.getvalue(), "image/png")}
    _, body = await play.upload(f"/bot{play.token}/sendPhoto", file, chat_id=person)
    assert body["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"


async def test_an_unknown_file_is_not_found(play: Any) -> None:
    assert await play.refusal("getFile", file_id="x") == (
        "Bad Request: wrong file_id or the file is temporarily unavailable"
    )
    async with play.session.get(f"{play.url}/file/bot{play.token}/photos/file_9.jpg") as response:
        assert response.status == 404
    person = await play.person()
    assert await play.refusal("sendPhoto", chat_id=person, photo="x") == (
        "Bad Request: wrong file identifier/HTTP URL specified"
    )


async def test_a_file_that_could_run_in_the_page_is_only_handed_out(play: Any) -> None:
    person = await play.person()
    html = {"f": ("x.html", b"<script>", "text/html")}
    _, (message,) = await play.upload(f"/sim/people/{person}/document", html)
    async with play.session.get(f"{play.url}/sim/files/{message['document']['file_id']}") as response:
        assert response.headers["Content-Disposition"] == "attachment"


async def test_files_on_disk_go_with_the_sandbox(play: Any) -> None:
    person = await play.person()
    large = bytes(1024 * 1024)
    _, (message,) = await play.upload(f"/sim/people/{person}/document", {"f": ("a.bin", large, "x/y")})
    place = play.sandbox.world.files.find(message["document"]["file_id"]).place
    assert place.exists()
    await play.sandbox.stop()
    assert not place.exists()
