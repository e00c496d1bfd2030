"""Looks at everything that Rounds stands on, and says what to do about it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.doctor import machine, photos, stores, telegram_link
from bot.doctor.finding import Finding, Mark
from bot.settings import Settings, list_unknown
from storage.room import free_bytes

__all__ = ["Finding", "Mark", "examine"]


def utc_now() -> datetime:
    """The present, from the machine's clock."""
    return datetime.now(UTC)


async def examine(
    settings: Settings,
    say: Callable[[str], None] = print,
    *,
    clock: Callable[[], datetime] = utc_now,
    free: Callable[[Path], int] = free_bytes,
) -> int:
    """Say one line a finding: ✓ good, ! worth a look, ✗ to be mended. Returns the exit code: 1 if anything is ✗."""
    findings = [
        *machine.check_python(),
        *machine.check_pictures(),
        *machine.check_settings(settings, list_unknown()),
        *await stores.check_database(settings, clock),
        *await stores.check_photos(settings),
        *await photos.check(settings),
        *machine.check_space(settings, free),
        *await telegram_link.check(settings, clock),
    ]
    for finding in findings:
        say(str(finding))
    wrong = sum(finding.mark is Mark.WRONG for finding in findings)
    say(f"\n{wrong} to be mended." if wrong else "\nReady to run.")
    return 1 if wrong else 0
