"""Reads Telegram's HTML (parse_mode) into plain text and entities, with Telegram's own complaints."""

import html
import re
from dataclasses import dataclass

from bot.sandbox.wire import JSON, ApiError, bad_request

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}

# Telegram knows these four names and numbers; everything else with an ampersand is text.
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot);|&#(?:x[0-9A-Fa-f]+|[0-9]+);?")
_PIECE = re.compile(r"[^<&]+|&|<(?:(?P<end>/)?(?P<plain>b|i|u|s|code)>)?")
_SPACE = re.compile(r"\s*", re.ASCII)
_TAG_NAME = re.compile(r"[^\s>]*", re.ASCII)
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*", re.ASCII)
_TOKEN = re.compile(r"[0-9A-Za-z.-]*")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


class _Reader:
    """Walks over the source once; `at` is an index into it, complaints name the byte offset as Telegram does."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[JSON] = []
        self.code_language = ""

    def read(self) -> tuple[str, list[JSON]]:
        source, at = self.source, 0
        while at < len(source):
            piece = _PIECE.match(source, at)
            assert piece is not None, "every character belongs to a piece"
            if piece["plain"]:
                # The usual tags without attributes need no closer look.
                if piece["end"]:
                    self._close(at, piece["plain"])
                else:
                    self.open.append(_Open(piece["plain"], "", self.offset, len(self.parts)))
                at = piece.end()
            elif piece[0] == "<":
                at = self._end_tag(at) if source.startswith("</", at) else self._start_tag(at)
            elif piece[0] == "&":
                character, at = _character(source, at)
                self._text(character)
            else:
                self._text(piece[0])
                at = piece.end()
        if self.open:
            raise _complaint(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.parts), sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def _text(self, text: str) -> None:
        self.parts.append(text)
        self.offset += utf16_length(text)

    def _start_tag(self, begin: int) -> int:
        source = self.source
        name = _TAG_NAME.match(source, begin + 1)
        assert name is not None, "the pattern matches the empty string"
        at = name.end()
        if at == len(source):
            raise self._complaint("Unclosed start tag", begin)
        tag = name[0].lower()
        if tag not in _KINDS:
            raise self._complaint(f'Unsupported start tag "{tag}"', begin)
        argument = ""
        while True:
            at = _skip_space(source, at)
            if source.startswith(">", at):
                break
            attribute, value, at = self._attribute(tag, begin, at)
            argument = _argument(tag, attribute, value) or argument
        if tag == "span" and argument != "spoiler":
            raise self._complaint('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(tag, argument, self.offset, len(self.parts)))
        return at + 1

    def _attribute(self, tag: str, begin: int, at: int) -> tuple[str, str | None, int]:
        """Name and value (None when it has none) of the attribute at `at`, and the index after it."""
        source = self.source
        match = _ATTRIBUTE_NAME.match(source, at)
        name = match[0] if match else ""
        if not name:
            raise self._complaint(f'Empty attribute name in the tag "{tag}"', begin)
        at = _skip_space(source, at + len(name))
        if not source.startswith("=", at):
            if at == len(source):
                raise self._complaint(f'Unclosed start tag "{tag}"', begin)
            return name, None, at
        at = _skip_space(source, at + 1)
        if at == len(source):
            raise self._complaint("Unclosed start tag", begin)
        if source[at] in "\"'":
            end = source.find(source[at], at + 1)
            if end < 0 or end + 1 == len(source):
                raise self._complaint("Unclosed start tag", begin)
            return name, _unescape(source[at + 1 : end]), end + 1
        token = _TOKEN.match(source, at)
        value = token[0] if token else ""
        end = at + len(value)
        if end < len(source) and not source[end].isspace() and source[end] != ">":
            raise self._complaint("Unexpected end of name token", at)
        if end == len(source):
            raise self._complaint("Unclosed start tag", begin)
        return name, value.lower(), end

    def _end_tag(self, begin: int) -> int:
        source = self.source
        name = _TAG_NAME.match(source, begin + 2)
        assert name is not None, "the pattern matches the empty string"
        at = _skip_space(source, name.end())
        if self.open and not source.startswith(">", at):
            raise self._complaint("Unclosed end tag", begin)
        self._close(begin, name[0])
        return at + 1

    def _close(self, begin: int, name: str) -> None:
        if not self.open:
            raise self._complaint("Unexpected end tag", begin)
        opened = self.open.pop()
        if name and name.lower() != opened.tag:
            raise self._complaint("Unmatched end tag", begin, f', expected "</{opened.tag}>", found "</{name}>"')
        if self.offset > opened.offset:
            self._add_entity(opened)

    def _add_entity(self, opened: _Open) -> None:
        entity: JSON = {
            "type": _KINDS[opened.tag],
            "offset": opened.offset,
            "length": self.offset - opened.offset,
        }
        inner = self.entities[-1] if self.entities else None
        same_span = inner is not None and all(inner[key] == entity[key] for key in ("offset", "length"))
        if opened.tag == "a":
            url = opened.argument or "".join(self.parts[opened.begin :])
            if not _link(entity, url):
                return
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "code":
            self.code_language = opened.argument
        elif opened.tag == "pre" and same_span and inner is not None and inner["type"] == "code":
            # <pre><code class="language-…"> is one block with a language.
            if self.code_language:
                entity["language"] = self.code_language
            self.entities.pop()
        self.entities.append(entity)

    def _complaint(self, text: str, at: int, more: str = "") -> ApiError:
        return _complaint(f"{text} at byte offset {len(self.source[:at].encode('utf-8', 'surrogatepass'))}{more}")


def _complaint(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")


def _skip_space(source: str, at: int) -> int:
    space = _SPACE.match(source, at)
    return space.end() if space else at


def _character(source: str, at: int) -> tuple[str, int]:
    match = _CHARACTER.match(source, at)
    if match is None:
        return "&", at + 1
    return html.unescape(match[0]), match.end()


def _unescape(value: str) -> str:
    return _CHARACTER.sub(lambda match: html.unescape(match[0]), value)


def _argument(tag: str, attribute: str, value: str | None) -> str:
    """What an attribute means for its tag; empty when it means nothing."""
    match tag, attribute:
        case "a", "href":
            return value or ""
        case "code", "class":
            return (value or "").removeprefix("language-") if (value or "").startswith("language-") else ""
        case "span", "class":
            return (value or "").removeprefix("tg-") if (value or "").startswith("tg-") else ""
        case "tg-emoji", "emoji-id":
            return value or ""
        case "blockquote", "expandable":
            return "1"
    return ""


def _link(entity: JSON, url: str) -> bool:
    """Make the entity a link; False for what Telegram does not take as an address (the text stays, plain)."""
    person = _USER_LINK.fullmatch(url)
    if person is None and "://" not in url and "." not in url:
        return False
    if person is None and "://" not in url:
        url = f"http://{url}"
    entity["url"] = url
    return True


def read_html(source: str) -> tuple[str, list[JSON]]:
    """Plain text and its entities (offsets in UTF-16 units, outer before inner). ApiError 400 for bad markup."""
    if "<" not in source and "&" not in source:
        return source, []
    return _Reader(source).read()
