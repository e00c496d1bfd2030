"""Serves Telegram: migrations first, then the way in, by polling or by webhook, until the process is told to stop."""

import logging

from telegram.error import InvalidToken, NetworkError

from bot.app import Rounds, running, until_stopped
from bot.domain.shipped import SHIPPED
from bot.services import joining
from bot.services.menus import NEWCOMERS
from bot.settings import Settings, WrongSettings
from bot.telegram.polling import Polling
from storage import sops
from storage.migrations.upgrade import upgrade

log = logging.getLogger(__name__)


async def serve(settings: Settings) -> int:
    """Run until stopped; the exit code. A wrong token ends it with a sentence."""
    upgrade(settings.database)
    try:
        async with running(settings) as rounds:
            await prepare(rounds)
            await until_stopped(_way_in(rounds))
    except InvalidToken:
        raise WrongSettings("ROUNDS_BOT_TOKEN is not known to Telegram: copy it again from @BotFather") from None
    return 0


async def prepare(rounds: Rounds) -> None:
    """What must stand before the first update: shipped checklists, the first admin's code, the bot's profile."""
    now = rounds.clock()
    await rounds.database.write(lambda connection: sops.publish_missing(connection, SHIPPED, now))
    code = await rounds.desk.decide("claim", joining.claim_code) if not rounds.settings.admin_ids else None
    if code is not None:
        log.warning("nobody is admin yet. In Telegram, send the bot this once: /start %s", code)
    try:
        await rounds.profile.introduce(NEWCOMERS)
    except NetworkError as error:
        log.warning("Telegram does not answer yet (%s); menus come with the next start", type(error).__name__)


async def _way_in(rounds: Rounds) -> None:
    if not rounds.settings.webhook_url:
        log.info("polling as @%s", rounds.front.bot_name)
        await Polling(rounds.bot, rounds.intake).run()
        return
    from bot.web.webhook import listen

    log.info("waiting for webhook calls as @%s", rounds.front.bot_name)
    await listen(rounds.settings, rounds.bot, rounds.intake)
