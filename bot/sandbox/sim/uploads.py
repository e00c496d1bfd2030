"""/sim/people/{id}/photo, document, voice and video_note: what a person sends as a file."""

import asyncio
from typing import Any

from aiohttp import web

from bot.sandbox.files import Upload
from bot.sandbox.media import stored_document, stored_photo, stored_video_note, stored_voice
from bot.sandbox.phone import Phone, caption_content
from bot.sandbox.pictures import NotAPictureError, WrongShapeError
from bot.sandbox.requests import flag, read_multipart, string
from bot.sandbox.sim.answers import answering, phone_of
from bot.sandbox.wire import JSON, SimError
from bot.sandbox.world import World

ALBUM_LIMIT = 10


class UploadRoutes:
    """Each takes a multipart form with one or more files, and `caption`, `reply_to`, `chat_id`, `duration`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register all of them."""
        one = "/sim/people/{person_id}"
        router.add_post(one + "/photo", answering(self.photo))
        router.add_post(one + "/document", answering(self.document))
        router.add_post(one + "/voice", answering(self.voice))
        router.add_post(one + "/video_note", answering(self.video_note))

    async def photo(self, request: web.Request) -> Any:
        """Pictures; several make an album, `as_document` sends them untouched. Answers with the list of messages."""
        phone, fields, uploads = await self._read(request)
        return await self._send(phone, fields, uploads, as_document=flag(fields, "as_document"))

    async def document(self, request: web.Request) -> Any:
        """Files, byte for byte. Answers with the list of messages."""
        phone, fields, uploads = await self._read(request)
        return await self._send(phone, fields, uploads, as_document=True)

    async def voice(self, request: web.Request) -> Any:
        """A recording; `duration` in seconds."""
        phone, fields, uploads = await self._read(request)
        voice = await stored_voice(self._world.files, uploads[0], _duration_s(fields))
        return phone.put({"voice": voice, **caption_content(fields.get("caption"))}, _reply_to(fields))

    async def video_note(self, request: web.Request) -> Any:
        """A round video; `duration` in seconds."""
        phone, fields, uploads = await self._read(request)
        note = await stored_video_note(self._world.files, uploads[0], _duration_s(fields))
        return phone.put({"video_note": note}, _reply_to(fields))

    async def _read(self, request: web.Request) -> tuple[Phone, JSON, list[Upload]]:
        if request.content_type != "multipart/form-data":
            raise SimError(400, "send the file in a multipart form")
        fields = await read_multipart(request)
        uploads = [value for value in fields.values() if isinstance(value, Upload)]
        if not uploads:
            raise SimError(400, "there is no file in the form")
        if len(uploads) > ALBUM_LIMIT:
            raise SimError(400, f"an album has at most {ALBUM_LIMIT} files")
        return phone_of(self._world, request, fields.get("chat_id")), fields, uploads

    async def _send(self, phone: Phone, fields: JSON, uploads: list[Upload], *, as_document: bool) -> list[JSON]:
        contents = await asyncio.gather(*(self._content(upload, as_document) for upload in uploads))
        # Telegram shows the caption of an album under its first picture.
        contents[0].update(caption_content(fields.get("caption")))
        if len(contents) > 1:
            album = phone.bot.new_album_id()
            for content in contents:
                content["media_group_id"] = album
        return [phone.put(content, _reply_to(fields)) for content in contents]

    async def _content(self, upload: Upload, as_document: bool) -> JSON:
        if as_document:
            return {"document": await stored_document(self._world.files, upload)}
        try:
            return {"photo": await stored_photo(self._world.files, upload)}
        except NotAPictureError as error:
            raise SimError(400, f"the phone cannot open {upload.name} as a picture; send it as a document") from error
        except WrongShapeError as error:
            raise SimError(400, f"{upload.name} is too large or too narrow for a photo") from error


def _duration_s(fields: JSON) -> int:
    duration = string(fields, "duration") or "1"
    if not duration.isdecimal():
        raise SimError(400, "duration must be whole seconds")
    return int(duration)


def _reply_to(fields: JSON) -> int | None:
    reply_to = string(fields, "reply_to")
    return int(reply_to) if reply_to.isdecimal() else None
