"""Methods that send files: photos, documents, albums, voice and round videos; and getFile."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox.files import DOWNLOAD_LIMIT, PHOTO_LIMIT, Upload
from bot.sandbox.media import stored_document, stored_photo, stored_video_note, stored_voice
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.methods.sending import show
from bot.sandbox.pictures import NotAPictureError, WrongShapeError
from bot.sandbox.requests import flag, string, structure, whole
from bot.sandbox.text import CAPTION_LIMIT, formatted
from bot.sandbox.wire import JSON, bad_request

ALBUM_SIZES = range(1, 11)


async def content_of(call: Call, kind: str, value: Any) -> JSON:
    """The content `{kind: …}` of a message from an upload, an `attach://` reference or a known file_id."""
    if isinstance(value, str) and value.startswith("attach://"):
        value = call.params.get(value.removeprefix("attach://"))
    if isinstance(value, Upload):
        return {kind: await _stored(call, kind, value)}
    if not value:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    known = call.world.files.media.get(str(value))
    if known is None:
        if str(value).startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known[0] != kind:
        raise bad_request(f"can't use file of type {known[0].title()} as {kind.title()}")
    return {kind: known[1]}


async def _stored(call: Call, kind: str, upload: Upload) -> object:
    files = call.world.files
    size = upload.size()
    if size == 0:
        raise bad_request("file must be non-empty")
    duration_s = whole(call.params, "duration", 0) or 0
    match kind:
        case "document":
            return await stored_document(files, upload)
        case "voice":
            return await stored_voice(files, upload, duration_s)
        case "video_note":
            return await stored_video_note(files, upload, duration_s)
    if size > PHOTO_LIMIT:
        raise bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes")
    try:
        return await stored_photo(files, upload)
    except NotAPictureError as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
    except WrongShapeError as error:
        raise bad_request("PHOTO_INVALID_DIMENSIONS") from error


def caption_of(call: Call) -> JSON:
    """The caption and its entities, if there is one."""
    if not call.params.get("caption"):
        return {}
    caption, entities = call.text("caption", CAPTION_LIMIT)
    return captioned(caption, entities)


def captioned(caption: str, entities: list[JSON]) -> JSON:
    """The fields of a caption; none for an empty one."""
    if not caption:
        return {}
    return {"caption": caption, "caption_entities": entities} if entities else {"caption": caption}


def _sender(kind: str) -> Callable[[Call], Awaitable[Any]]:
    async def send(call: Call) -> Any:
        chat = call.chat_to_write()
        caption = {} if kind == "video_note" else caption_of(call)
        content = await content_of(call, kind, call.params.get(kind))
        content.update(caption)
        if kind == "photo":
            for name, field in (
                ("has_spoiler", "has_media_spoiler"),
                ("show_caption_above_media", "show_caption_above_media"),
            ):
                if flag(call.params, name):
                    content[field] = True
        return show(call, chat, content)

    send.__doc__ = f"https://core.telegram.org/bots/api#send{kind.replace('_', '')}"
    return send


async def send_media_group(call: Call) -> Any:
    """https://core.telegram.org/bots/api#sendmediagroup"""
    items = structure(call.params, "media")
    if not isinstance(items, list) or len(items) not in ALBUM_SIZES:
        raise bad_request("wrong number of items in the album")
    chat = call.chat_to_write()
    for _ in items[1:]:
        call.world.limits.spend(call.bot.id, chat.id)
    contents = await asyncio.gather(*(_album_item(call, item) for item in items))
    album = call.bot.new_album_id()
    for content in contents:
        if len(contents) > 1:
            content["media_group_id"] = album
    # The keyboard belongs to no message of an album.
    call.params.pop("reply_markup", None)
    return [show(call, chat, content) for content in contents]


async def _album_item(call: Call, item: Any) -> JSON:
    if not isinstance(item, dict) or item.get("type") not in ("photo", "document"):
        raise bad_request("can't parse media: type must be photo or document")
    return {**await content_of(call, item["type"], item.get("media")), **caption_of_item(item)}


def caption_of_item(item: JSON) -> JSON:
    """The caption of an InputMedia object, if it has one."""
    if not item.get("caption"):
        return {}
    mode = string(item, "parse_mode")
    return captioned(*formatted(str(item["caption"]), mode, item.get("caption_entities"), CAPTION_LIMIT))


async def get_file(call: Call) -> Any:
    """https://core.telegram.org/bots/api#getfile"""
    file_id = string(call.params, "file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    file = call.world.files.find(file_id)
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {**file.ids(), "file_path": file.file_path}


METHODS: dict[str, Handler] = {
    "sendPhoto": _sender("photo"),
    "sendDocument": _sender("document"),
    "sendVoice": _sender("voice"),
    "sendVideoNote": _sender("video_note"),
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
