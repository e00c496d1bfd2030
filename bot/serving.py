"""Serves Telegram: migrations first, then the way in, by polling or by webhook, until the process is told to stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime
from functools import partial

from telegram.error import BadRequest, InvalidToken, NetworkError

from bot.app import TICK, Rounds, running, utc_now
from bot.domain.shipped import SHIPPED
from bot.lifetime import Ending, keep_what_stands, until_stopped
from bot.roles import EVERY_ROLE, Role
from bot.services import joining
from bot.services.menus import NEWCOMERS
from bot.settings import Settings, WrongSettings
from bot.telegram import hook
from bot.telegram.budget import Budget
from bot.telegram.polling import Polling
from bot.telemetry.meters import Meters
from bot.web.status import watched
from bot.web.webhook import listen
from storage import people, pinyin, signing, sops
from storage.blobs import StoreAway
from storage.database import DatabaseAway
from storage.presence import presence_on
from storage.schema import is_current
from storage.sole_process import AnotherProcess

log = logging.getLogger(__name__)

AtWork = Callable[..., AbstractAsyncContextManager[Rounds]]  # what is left open of `running`
SETTLED = 5.0  # seconds; then nobody waits for the start, and what the first search needs is made ready
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between tries to reach Telegram; doubled each time


async def serve(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    tick_every: float = TICK,
    roles: frozenset[Role] = EVERY_ROLE,
    budget: Budget | None = None,
) -> int:
    """Run until stopped; the exit code. What only the operator can mend ends it with a sentence."""
    if roles != EVERY_ROLE and settings.database.startswith("sqlite"):
        raise WrongSettings("--role needs PostgreSQL, where several processes work together: set ROUNDS_DATABASE_URL")
    if settings.webhook_url:
        settings.secret()
    # Among several processes the mark of when one of them heard Telegram tells the same
    listens = settings.database.startswith("sqlite")
    ending = Ending()
    at_work = partial(
        running,
        settings,
        clock=clock,
        tick_every=tick_every,
        roles=roles,
        budget=budget,
        listens=listens,
        ending=ending,
    )
    try:
        await until_stopped(_serve(settings, clock, at_work, ending), ending=ending)
    except AnotherProcess as error:
        raise WrongSettings(
            f"another process runs on this database already (it holds {error}): stop that one, or move to PostgreSQL, "
            "where several work side by side"
        ) from None
    except DatabaseAway as error:
        raise WrongSettings(f"ROUNDS_DATABASE_URL: the database does not answer ({error})") from None
    except StoreAway as error:
        raise WrongSettings(f"ROUNDS_PHOTO_STORE: nothing can be kept there ({error})") from None
    except InvalidToken:
        raise WrongSettings("ROUNDS_BOT_TOKEN is not known to Telegram: copy it again from @BotFather") from None
    except hook.HookRefused as error:
        raise WrongSettings(f"ROUNDS_WEBHOOK_URL: Telegram refuses it ({error})") from None
    return 0


def _bring_up(url: str) -> None:
    """The database to this version's schema; Alembic is loaded only where there is a step to make."""
    if is_current(url):
        return
    from storage.migrations.upgrade import UnknownSchema, upgrade

    try:
        upgrade(url)
    except UnknownSchema as error:
        raise WrongSettings(f"ROUNDS_DATABASE_URL: {error}") from None


async def _serve(settings: Settings, clock: Callable[[], datetime], at_work: AtWork, ending: Ending) -> None:
    meters, prepared = Meters(), asyncio.Event()
    async with AsyncExitStack() as stack:
        presence = presence_on(settings.database)
        stack.push_async_callback(presence.stop)
        await presence.start()  # before the schema is touched: nobody else may be at work on a SQLite file
        _bring_up(settings.database)
        await stack.enter_async_context(watched(settings, meters, clock, prepared.is_set, ending))
        rounds = await _raised(partial(at_work, meters=meters, presence=presence, before_work=prepare), stack)
        prepared.set()
        keep_what_stands()
        loop = asyncio.get_running_loop()
        stack.callback(loop.call_later(SETTLED, loop.run_in_executor, None, pinyin.prepare).cancel)
        await _until_one_ends(_way_in(rounds), *rounds.loops)


async def _until_one_ends(way_in: Awaitable[None], *loops: asyncio.Task[None]) -> None:
    """A loop that fails ends it all, rather than go mute. Whatever ends it, nothing more comes in from then on."""
    coming_in = asyncio.ensure_future(way_in)
    try:
        await asyncio.wait({coming_in, *loops}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        coming_in.cancel()
        await asyncio.gather(coming_in, return_exceptions=True)
    for task in (coming_in, *loops):
        if task.done() and not task.cancelled():
            task.result()


async def _raised(at_work: AtWork, stack: AsyncExitStack) -> Rounds:
    """The assistant at work, as soon as Telegram can be reached."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await stack.enter_async_context(at_work())
        except NetworkError as error:
            if isinstance(error, BadRequest):
                raise
            log.warning("Telegram cannot be reached, trying again in %.0f s: %s", pause, type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def prepare(rounds: Rounds) -> None:
    """What must stand before the first update: company, checklists, signing key, first admin's code, profile."""
    now = rounds.clock()
    await rounds.database.write(lambda connection: people.found_company(connection, rounds.settings.company, now))
    await rounds.database.write(lambda connection: sops.publish_missing(connection, SHIPPED, now))
    await rounds.database.write(lambda connection: signing.add_first(connection, now))
    told = partial(joining.claim_code, secret=rounds.settings.token())
    code = await rounds.desk.decide("claim", told) if not rounds.settings.admin_ids else None
    if code is not None:
        log.warning("nobody is admin yet. In Telegram, send the bot this once: /start %s", code)
    if not rounds.roles & {Role.INTAKE, Role.WEB}:
        return
    try:
        await rounds.profile.introduce(NEWCOMERS)
    except NetworkError as error:
        log.warning("Telegram does not answer yet (%s); menus come with the next start", type(error).__name__)


async def _way_in(rounds: Rounds) -> None:
    door = Role.WEB if rounds.settings.webhook_url else Role.INTAKE
    if door not in rounds.roles:
        await asyncio.Event().wait()
    if door is Role.INTAKE:
        await rounds.leads.polling.during(partial(_poll, rounds))
        return
    log.info("waiting for webhook calls as @%s", rounds.front.bot_name)
    await listen(rounds.settings, rounds.intake, partial(hook.stay_pointed, rounds.bot, rounds.intake.contact))


async def _poll(rounds: Rounds) -> None:
    log.info("polling as @%s", rounds.front.bot_name)
    try:
        await Polling(rounds.bot, rounds.intake).run()
    finally:
        rounds.intake.contact.expect(False)
