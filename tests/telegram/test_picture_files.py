"""A picture that comes as a file is a photo, even where the phone does not know what kind of file it is."""

import pytest
from telegram import Update

from bot.domain.conversation import Input, Photographed, Uploaded
from bot.telegram.updates import given_of

FILE = {"file_id": "a", "file_unique_id": "b", "file_size": 9}


def given(name: str, kind: str | None) -> Input:
    document = {**FILE, "file_name": name} | ({} if kind is None else {"mime_type": kind})
    message = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "document": document}
    update = Update.de_json({"update_id": 1, "message": message})
    return given_of(update)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("shelf", "image/jpeg"), ("IMG_1.HEIC", "application/octet-stream"), ("shelf.jpg", None)],
)
def test_a_picture_as_a_file_is_a_photo(name: str, kind: str | None) -> None:
    photo = given(name, kind)
    assert isinstance(photo, Photographed)
    assert photo.as_file


@pytest.mark.parametrize(
    ("name", "kind"),
    [("list.csv", "application/octet-stream"), ("shelf.jpg", "text/csv"), ("list.xlsx", None)],
)
def test_another_file_is_none(name: str, kind: str | None) -> None:
    assert isinstance(given(name, kind), Uploaded)
