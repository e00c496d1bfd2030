"""The scenes that the page offers: a day from the morning's list to the manager's digest, and a visit in the rain."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.demo.company import PEOPLE, ZONE
from bot.demo.history import TODAY_AT
from bot.demo.phones import Exchange, Phone, choosing
from bot.demo.rain import play_rain
from bot.demo.scripts import DOUBTFUL_EN, RAINY_ZH, STORE_CHECK_ZH
from bot.demo.visiting import Visiting
from bot.domain.calendar import WorkingDays, instant

PACE = 2.0  # seconds before each deed: the time to read what it answers
ASIDE = 0.25  # of the pace, for what happens on a phone that the page does not show
MORNING, LAST_BEGIN = time(8, 5), time(13, 0)
EVENING = (TODAY_AT, time(18), time(19))
BY_INITIALS = "ytcs"  # 云梯超市
RADII = (150, 250, 200)  # metres; each day the admin tries the next one


@dataclass
class Scenes:
    """Plays on the phones of the invented people. `keys` are the wordings of each key, in all languages."""

    exchange: Exchange
    keys: Mapping[str, Collection[str]]
    calendar_of: Callable[[datetime], WorkingDays]
    now: Callable[[], datetime]
    pace: float = PACE
    days_played: int = 0

    async def play_day(self) -> None:
        """A rep's store check, a colleague's doubtful visit, the evening, and what manager and admin do with it."""
        await self._wait_for_morning()
        rep = self._visiting("rep")
        await rep.look_up(STORE_CHECK_ZH.customer, BY_INITIALS)
        await rep.minutes_pass(25)
        await rep.play(STORE_CHECK_ZH)
        await self._visiting("second_rep", ASIDE).play(DOUBTFUL_EN)
        await self._digest_comes()
        await self._admin_sets()

    async def play_rain(self) -> None:
        """Weak reception, a photo that broke on the way, a sticker, a double tap: nothing is lost, nothing refused."""
        await self._wait_for_morning()
        rep = self._visiting("rep")
        await play_rain(rep, RAINY_ZH)

    def _phone(self, plays: str, of_pace: float = 1.0) -> Phone:
        async def pause() -> None:
            await asyncio.sleep(self.pace * of_pace)

        return Phone(self.exchange, _telegram_id(plays), pause)

    def _visiting(self, plays: str, of_pace: float = 1.0) -> Visiting:
        return Visiting(self.exchange, self._phone(plays, of_pace), self.keys)

    async def _wait_for_morning(self) -> None:
        """A day that is nearly over or not worked is skipped: go to the next working morning."""
        now = self.now()
        local = now.astimezone(ZoneInfo(ZONE))
        calendar = self.calendar_of(now)
        if calendar.is_working_day(local.date()) and MORNING <= local.time() < LAST_BEGIN:
            return
        from_on = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
        then = instant(calendar.next_working_day(from_on), MORNING, ZoneInfo(ZONE))
        await self.exchange.turn_clock(advance_s=(then - now).total_seconds())

    async def _digest_comes(self) -> None:
        """The afternoon brings the promise that is due, 18:00 the reminders, 19:00 the digest; it is opened."""
        manager = self._phone("manager")
        await manager.watches()
        for local in EVENING:
            await asyncio.sleep(self.pace)
            await self.exchange.turn_clock(until=local.isoformat("minutes"))
        await manager.until(lambda: manager.find(choosing("day.")), "no digest came")
        flagged = await manager.find(choosing("visit"))
        if flagged is not None:
            await asyncio.sleep(3 * self.pace)  # a digest is longer than anything else
            await manager.taps(flagged)
            await manager.answered()

    async def _admin_sets(self) -> None:
        """A rule is changed in one line."""
        admin = self._phone("admin")
        radius = RADII[self.days_played % len(RADII)]
        self.days_played += 1
        await admin.says(f"/set fence.radius {radius}")
        await admin.answered()


def _telegram_id(plays: str) -> int:
    return next(each.telegram_id for each in PEOPLE if each.plays == plays)
