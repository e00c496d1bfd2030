"""Turns a message's name and what it speaks of into text and buttons, in the reader's language."""

from bot.rendering.keyboard import Keyboard, pressed
from bot.rendering.limits import CAPTION_LIMIT, TEXT_LIMIT, plain, split
from bot.rendering.renderer import LANGUAGES, Rendered, Renderer, language_for

__all__ = [
    "CAPTION_LIMIT",
    "LANGUAGES",
    "TEXT_LIMIT",
    "Keyboard",
    "Rendered",
    "Renderer",
    "language_for",
    "plain",
    "pressed",
    "split",
]
