"""Turns uploads into the media objects of messages: photos, documents, voice and video notes, stickers."""

import asyncio
import io
import mimetypes
from pathlib import PurePath

from bot.sandbox.files import FileStore, StoredFile, Upload
from bot.sandbox.pictures import drawn_sticker, renditions
from bot.sandbox.wire import JSON

_VIDEO_NOTE_SIDE = 384


async def stored_photo(files: FileStore, upload: Upload) -> list[JSON]:
    """The PhotoSize objects of a photo, smallest first; NotAPictureError or WrongShapeError when it is none."""
    sizes = []
    for rendition in await asyncio.to_thread(renditions, upload.source):
        file = await files.add(rendition.content, "photos", ".jpg", "image/jpeg")
        sizes.append({**file.ids(), "width": rendition.width, "height": rendition.height})
    for size in sizes:
        files.media[size["file_id"]] = ("photo", sizes)
    return sizes


async def stored_document(files: FileStore, upload: Upload) -> JSON:
    """The Document object of a file, kept byte for byte."""
    suffix = PurePath(upload.name).suffix[:16]
    if not suffix[1:].isalnum() or not suffix.isascii():
        suffix = ""
    mime_type = upload.mime_type or mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
    file = await files.add(upload.source, "documents", suffix, mime_type)
    document = {**file.ids(), "file_name": upload.name, "mime_type": mime_type}
    return _known(files, "document", file, document)


async def stored_voice(files: FileStore, upload: Upload, duration_s: int) -> JSON:
    """The Voice object of a recording."""
    file = await files.add(upload.source, "voice", ".oga", upload.mime_type or "audio/ogg")
    return _known(files, "voice", file, {**file.ids(), "duration": duration_s, "mime_type": "audio/ogg"})


async def stored_video_note(files: FileStore, upload: Upload, duration_s: int) -> JSON:
    """The VideoNote object of a round video."""
    file = await files.add(upload.source, "video_notes", ".mp4", upload.mime_type or "video/mp4")
    note = {**file.ids(), "length": _VIDEO_NOTE_SIDE, "duration": duration_s}
    return _known(files, "video_note", file, note)


async def stored_sticker(files: FileStore, emoji: str) -> JSON:
    """A Sticker object with a drawn face."""
    content = await asyncio.to_thread(drawn_sticker)
    file = await files.add(io.BytesIO(content), "stickers", ".webp", "image/webp")
    sticker = {
        **file.ids(),
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": emoji,
    }
    return _known(files, "sticker", file, sticker)


def _known(files: FileStore, kind: str, file: StoredFile, made: JSON) -> JSON:
    files.media[file.file_id] = (kind, made)
    return made
