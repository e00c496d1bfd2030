"""What Telegram makes of a text: entities that it finds by itself, trimming, and the limits of length."""

import re
from typing import Any

from bot.sandbox.html import read_html, utf16_length
from bot.sandbox.wire import JSON, bad_request, in_utf8

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

# A text without any of these can hold nothing that Telegram would find by itself.
_TRIGGER = re.compile(r"[/@#]|[A-Za-z0-9-]\.[A-Za-z]")
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/<>@]))"
    r"|(?P<url>(?:https?|tg)://[^\s<>\"]+[^\s<>\".,;:!?)]|(?<![\w.@-])(?:[A-Za-z0-9-]+\.)+(?:com|org|net|me|cn|io|de)\b"
    r"(?:/[^\s<>\"]*[^\s<>\".,;:!?)])?)"
    r"|(?P<email>(?<![\w.])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31})"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
)


def found_entities(text: str) -> list[JSON]:
    """Commands, addresses, mentions and hashtags in a text, as both phones and bots' messages get them."""
    if _TRIGGER.search(text) is None:
        return []
    # Offsets count UTF-16 units; they differ from indices only beyond the basic plane.
    plain = text.isascii() or max(text) <= "\uffff"
    entities: list[JSON] = []
    for match in _FOUND.finditer(text):
        offset = match.start() if plain else utf16_length(text[: match.start()])
        entities.append({"type": match.lastgroup, "offset": offset, "length": utf16_length(match[0])})
    return entities


def trimmed(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """The text without blank ends, as Telegram stores it, with the entities moved along."""
    stripped = text.strip()
    if len(stripped) == len(text):
        return text, entities
    before = utf16_length(text[: len(text) - len(text.lstrip())])
    length = utf16_length(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - before, 0)
        end = min(entity["offset"] + entity["length"] - before, length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return stripped, kept


def _merged(marked: list[JSON], found: list[JSON]) -> list[JSON]:
    """Both, without what was found inside code or a link."""
    closed = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in marked
        if entity["type"] in ("code", "pre", "text_link")
    ]
    for entity in found:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if all(end <= first or start >= last for first, last in closed):
            marked.append(entity)
    return sorted(marked, key=lambda entity: (entity["offset"], -entity["length"]))


def _given(entities: Any) -> list[JSON]:
    """The entities of a call as a list, if they are in order."""
    if not entities:
        return []
    if not isinstance(entities, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad_request("can't parse entities: expected an Object with a type")
        if not all(isinstance(entity.get(name), int) for name in ("offset", "length")):
            raise bad_request("can't parse entities: offset and length must be of type Number")
    return list(entities)


def formatted(text: str, parse_mode: str, entities: Any, limit: int) -> tuple[str, list[JSON]]:
    """A bot's text as it is stored: (plain text, entities). ApiError 400 for bad markup or too much text.

    Of the parse modes the sandbox knows HTML; another one is refused as an unsupported one.
    """
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = read_html(text)
    text, marked = trimmed(in_utf8(text), _given(entities))
    if utf16_length(text) > limit:
        raise bad_request("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    found = found_entities(text)
    return text, _merged(marked, found) if found else marked
