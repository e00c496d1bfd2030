"""Checks of the link to Telegram: the token, the clock, and the way updates come in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.doctor.finding import Finding, good, look, wrong
from bot.doctor.stores import SKEW, skew
from bot.settings import Settings, WrongSettings
from bot.telegram.proxy import proxy_for
from bot.web.webhook import address

PATIENCE = aiohttp.ClientTimeout(total=10)
RECENT = timedelta(hours=1)
MANY_PENDING = 100


class Away(Exception):  # noqa: N818 - it is a finding
    """Telegram gave no answer that makes sense."""


@dataclass(frozen=True)
class Answer:
    """What Telegram said to a call, and its clock."""

    status: int
    body: dict[str, Any]
    at: datetime | None


async def check(settings: Settings, clock: Callable[[], datetime]) -> list[Finding]:
    """Ask Telegram who we are and where it delivers; nothing is changed there."""
    try:
        root = f"{settings.telegram_api_url}/bot{settings.token()}"
    except WrongSettings:
        return []  # has been said
    try:
        me = await ask(f"{root}/getMe")
        now = clock()
        if me.status in (401, 404):
            return [wrong("Telegram does not know ROUNDS_BOT_TOKEN: copy it again from @BotFather")]
        if not isinstance(me.body.get("result"), dict):
            raise Away(f"status {me.status}")
        hook = (await ask(f"{root}/getWebhookInfo")).body.get("result") or {}
    except Away as error:
        where = settings.telegram_api_url
        return [wrong(f"{where} cannot be reached ({error}): check the network, a proxy, and ROUNDS_TELEGRAM_API_URL")]
    name = me.body["result"].get("username")
    return [good(f"Telegram knows the bot as @{name}"), *_clock(me.at, now), *webhook(settings, hook, now)]


async def ask(url: str) -> Answer:
    """One call; raises Away."""
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(url, proxy=proxy_for(url)) as response,
        ):
            body = await response.json(content_type=None)
            at = response.headers.get("Date")
            return Answer(response.status, body if isinstance(body, dict) else {}, _date(at))
    except TimeoutError:
        raise Away("no answer in 10 seconds") from None
    except aiohttp.ClientError as error:
        raise Away(type(error).__name__) from None  # its text may hold the token
    except ValueError:
        raise Away("the answer is not Telegram's") from None


def _date(header: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(header).astimezone(UTC) if header else None
    except ValueError:
        return None


def _clock(there: datetime | None, now: datetime) -> Iterator[Finding]:
    if there is None:
        return
    if abs(there - now) > SKEW:
        yield look(f"this machine's clock differs from Telegram's by {skew(there, now)}: let it keep time (NTP)")
    else:
        yield good("the clock agrees with Telegram's")


def webhook(settings: Settings, hook: dict[str, Any], now: datetime) -> Iterator[Finding]:
    """`hook` is Telegram's WebhookInfo."""
    there = str(hook.get("url") or "")
    pending = int(hook.get("pending_update_count") or 0)
    if pending > MANY_PENDING:
        yield look(f"{pending} updates wait at Telegram, which keeps them for a day: start rounds run")
    if not settings.webhook_url:
        yield look(f"a webhook is set ({there}); rounds run removes it, as it polls") if there else good("polling")
        return
    wanted = address(settings.webhook_url)
    if there != wanted:
        yield look(f"Telegram delivers to {there or 'nobody'} yet; rounds run sets it to {wanted}")
        return
    failed_at = hook.get("last_error_date")
    if failed_at and now - datetime.fromtimestamp(failed_at, UTC) < RECENT:
        told = hook.get("last_error_message")
        yield look(f"Telegram could not deliver to {wanted} lately ({told}): check the certificate and the proxy")
    else:
        yield good(f"webhook {wanted}")
