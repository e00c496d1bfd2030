"""The keyboard that a template lays out while it is rendered: inline buttons, or keys below the input."""

import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

CALLBACK_LIMIT = 64  # bytes, Telegram's
LABEL_LIMIT = 64  # characters; a phone shows fewer


@dataclass(frozen=True)
class Place:
    """What a button belongs to: flow, subject and revision, as `Pressed` brings them back."""

    flow: str
    subject: int
    revision: int


_NO_COLUMN = re.compile("[0-9]{16}")  # more digits than any id, date or instant has


def pressed(data: str) -> tuple[str, int, int, str] | None:
    """Read back a button's data: flow, subject, revision, choice; None when nobody of ours wrote it.

    Numbers in it are ASCII and fit a column, so that whoever takes them apart need not fear "²" or a googol.
    """
    parts = data.split(":", 3)
    if len(parts) != 4 or not (parts[1].isdigit() and parts[2].isdigit()):
        return None
    if _NO_COLUMN.search(data) or any(letter.isdigit() and not letter.isascii() for letter in data):
        return None
    return parts[0], int(parts[1]), int(parts[2]), parts[3]


class Keyboard:
    """Collects buttons in the order in which the template names them."""

    def __init__(self, place: Place | None) -> None:
        self._place = place
        self._inline: list[list[dict[str, Any]]] = [[]]
        self._keys: list[list[dict[str, Any]]] = [[]]
        self._remove = False
        self._placeholder: str | None = None
        self._one_time = False

    def button(self, label: str, choice: str, flow: str | None = None, subject: int | None = None) -> str:
        """An inline button that gives `choice` to the message's flow, or to another `flow` and `subject`."""
        if flow is not None:
            place = Place(flow, subject or 0, 0)
        elif self._place is not None:
            place = self._place
        else:
            raise ValueError(f"the button {choice!r} belongs to no flow")
        data = f"{place.flow}:{place.subject}:{place.revision}:{choice}"
        if len(data.encode()) > CALLBACK_LIMIT:
            raise ValueError(f"a button's data is longer than {CALLBACK_LIMIT} bytes: {data!r}")
        self._inline[-1].append({"text": _plain(label), "callback_data": data})
        return ""

    def link(self, label: str, url: str) -> str:
        """An inline button that opens an address."""
        self._inline[-1].append({"text": _plain(label), "url": url})
        return ""

    def key(self, label: str, request: str | None = None) -> str:
        """A key below the input; `request` is "location" or "contact"."""
        key: dict[str, Any] = {"text": _plain(label)}
        if request:
            key[f"request_{request}"] = True
        self._keys[-1].append(key)
        return ""

    def row(self) -> str:
        """The buttons and keys that follow start a new row."""
        for rows in (self._inline, self._keys):
            if rows[-1]:
                rows.append([])
        return ""

    def no_keys(self) -> str:
        """Take the keys below the input away."""
        self._remove = True
        return ""

    def once(self, placeholder: str | None = None) -> str:
        """Fold the keys away after one of them was used."""
        self._one_time, self._placeholder = True, placeholder
        return ""

    def markup(self) -> dict[str, Any] | None:
        """Telegram's `reply_markup`, or None."""
        inline = [row for row in self._inline if row]
        if inline:
            return {"inline_keyboard": inline}
        keys = [row for row in self._keys if row]
        if keys:
            markup: dict[str, Any] = {"keyboard": keys, "resize_keyboard": True}
            if self._one_time:
                markup["one_time_keyboard"] = True
            else:
                markup["is_persistent"] = True
            if self._placeholder:
                markup["input_field_placeholder"] = self._placeholder[:64]
            return markup
        return {"remove_keyboard": True} if self._remove else None


def _plain(label: str) -> str:
    """A label is no HTML: what a translation escaped is put back."""
    text = label.unescape() if isinstance(label, Markup) else label
    return text if len(text) <= LABEL_LIMIT else text[: LABEL_LIMIT - 1] + "…"
