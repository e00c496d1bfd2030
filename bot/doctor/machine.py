"""Checks of the machine and of what the operator wrote down."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PIL import features

from bot.doctor.finding import Finding, good, look, wrong
from bot.media import fonts
from bot.settings import Settings, WrongSettings
from storage import room

OLDEST_PYTHON = (3, 11)


def check_python(version: tuple[int, ...] = sys.version_info[:3]) -> Iterator[Finding]:
    """The Python that runs us."""
    name = ".".join(str(part) for part in version)
    if version[:2] < OLDEST_PYTHON:
        yield wrong(f"Python {name} is too old: install 3.11 or newer and make the environment again")
    else:
        yield good(f"Python {name}")


def check_pictures(
    has: Callable[[str], bool | None] = features.check, faces: Sequence[Path] = fonts.FACES
) -> Iterator[Finding]:
    """What watermarks are drawn with."""
    missing = [face.name for face in faces if not face.is_file()]
    if missing:
        yield wrong(f"fonts are missing ({', '.join(missing)}): install Rounds again")
    else:
        yield good("fonts for watermarks")
    for kind, name in (("jpg", "JPEG"), ("webp", "WebP"), ("freetype2", "lettering")):
        if not has(kind):
            yield wrong(f"Pillow comes without {name}: install it from a wheel, not from a system package")
    if not has("raqm"):
        yield look(
            "Arabic and Hebrew are drawn a little less finely without libfribidi: apt-get install libfribidi0 helps"
        )
    yield _heif()


def _heif() -> Finding:
    try:
        import pillow_heif
    except ImportError as error:
        return wrong(f"photos of iPhones (HEIC) cannot be read ({error}): install Rounds again")
    return good(f"photos of iPhones (HEIC, libheif {pillow_heif.libheif_version()})")


def check_settings(settings: Settings, unknown: Sequence[str]) -> Iterator[Finding]:
    """What stands in the environment and in .env; wrong shapes have stopped us before this."""
    for name in unknown:
        yield look(f"{name} means nothing to Rounds: is it misspelt?")
    try:
        settings.token()
    except WrongSettings as error:
        yield wrong(str(error))
    if settings.webhook_url:
        yield from _check_webhook_settings(settings)
    yield good(f"time zone {settings.time_zone}, language {settings.language}, data in {settings.data_dir.resolve()}")


def _check_webhook_settings(settings: Settings) -> Iterator[Finding]:
    try:
        settings.secret()
    except WrongSettings as error:
        yield wrong(str(error))
    official = "api.telegram.org" in settings.telegram_api_url
    if official and not settings.webhook_url.startswith("https://"):
        yield wrong("ROUNDS_WEBHOOK_URL has to start with https://, or Telegram refuses it")


def check_space(settings: Settings, free: Callable[[Path], int]) -> Iterator[Finding]:
    """Room for the database, and for photos when they are kept here."""
    for folder in room.folders(settings.data_dir, settings.photos):
        left = free(folder)
        text = f"{left / 1024**3:.1f} GiB free for {folder}"
        if left < room.NO_SPACE:
            yield wrong(f"only {text}: make room, or nothing can be kept any more")
        elif left < room.LITTLE_SPACE:
            yield look(f"only {text}: make room soon")
        else:
            yield good(text)
