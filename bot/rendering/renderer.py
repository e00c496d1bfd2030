"""One Jinja environment per language over the messages in `templates/`."""

import gettext
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import templates
from bot.rendering.formats import Formats
from bot.rendering.keyboard import Keyboard, Place
from bot.rendering.lines import SilentLines

TEMPLATES = Path(templates.__file__).parent
LANGUAGES = {"en": "English", "zh_Hans": "简体中文"}
_BLANK_LINES = re.compile(r"\n{3,}")
_SPACES_AT_ENDS = re.compile(r"[ \t]+$|^[ \t]+", re.MULTILINE)


def language_for(code: str | None) -> str:
    """The language that we speak to someone whose Telegram says `code` (IETF, or None)."""
    return "zh_Hans" if (code or "").lower().startswith("zh") else "en"


@dataclass(frozen=True)
class Rendered:
    """Telegram HTML, and Telegram's `reply_markup` or None."""

    text: str
    markup: dict[str, Any] | None


class Renderer:
    """Renders messages by name: `visit/done` is `templates/messages/visit/done.html`."""

    def __init__(self) -> None:
        self._environments = {language: _environment(language) for language in LANGUAGES}
        self.words = cache(self._words)

    def render(self, message: str, context: dict[str, Any], *, language: str, zone: str, now: datetime) -> Rendered:
        """Render for one reader.

        Under `place` the context may say to which flow, subject and revision buttons belong; its `language` is
        for readers whom we do not know yet, and is in `language` already.
        """
        language = language if language in LANGUAGES else "en"
        place = context.get("place")
        keyboard = Keyboard(Place(**place) if place else None)
        template = self._environments[language].get_template(f"messages/{message}.html")
        formats = Formats(language, ZoneInfo(zone), now)
        text = template.render(
            **{name: value for name, value in context.items() if name != "language"},
            **{f"as_{name}": function for name, function in formats.filters().items()},
            keys=self.words("keys", language),
            word=lambda name, of: self.words(name, language).get(of, of),
            button=keyboard.button,
            link=keyboard.link,
            key=keyboard.key,
            row=keyboard.row,
            no_keys=keyboard.no_keys,
            once=keyboard.once,
            language=language,
        )
        return Rendered(_BLANK_LINES.sub("\n\n", _SPACES_AT_ENDS.sub("", text)).strip(), keyboard.markup())

    def _words(self, name: str, language: str) -> dict[str, str]:
        """A list of short wordings: lines `name = wording` of `templates/messages/<name>.html`."""
        text = self._environments[language].get_template(f"messages/{name}.html").render()
        pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
        return {key.strip(): wording.strip() for key, _, wording in pairs}

    def named_keys(self) -> dict[str, str]:
        """Wording of every reply key in every language → the key's name."""
        return {wording: name for language in LANGUAGES for name, wording in self.words("keys", language).items()}


class _Environment(Environment):
    """Contexts are JSON: a name after a dot is a key first. Jinja tries the attribute first, and fails each time."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@cache
def _environment(language: str) -> Environment:
    """One a process, whoever renders: what a template was compiled to holds for all, and compiling is slow."""
    environment = _Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", SilentLines],
        auto_reload=False,
        cache_size=-1,
    )
    environment.policies["ext.i18n.trimmed"] = True
    translations = gettext.translation("messages", TEMPLATES / "locale", [language], fallback=language == "en")
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    return environment
