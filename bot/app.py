"""The composition root: builds every object once and wires them; nothing imports it but the command line."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from telegram.ext import Application, ExtBot

from bot import schedule
from bot.lifetime import Ending
from bot.media.workers import MediaWorkers
from bot.rendering import Renderer
from bot.roles import EVERY_ROLE, Leads, Role
from bot.services import flows
from bot.services.answer_exports import AnswerFiles
from bot.services.backup_jobs import Backups
from bot.services.conversations import Conversations
from bot.services.desk import Bells, Desk
from bot.services.export_jobs import Exports
from bot.services.front import Front
from bot.services.health_pages import Health
from bot.services.housekeeping import Housekeeping
from bot.services.import_jobs import Imports
from bot.services.import_reading import Lists
from bot.services.orphans import Orphans
from bot.services.photos import Photos
from bot.services.picture_checks import PictureChecks
from bot.services.readiness import Readiness
from bot.services.recordings import Recordings
from bot.services.seen_before import SeenBefore
from bot.services.sop_file_jobs import SopFiles
from bot.services.turn import Turn
from bot.services.visit_pictures import VisitPictures
from bot.services.worker import Worker
from bot.settings import Settings
from bot.telegram.budget import Budget
from bot.telegram.delivery import Delivery
from bot.telegram.files import Files
from bot.telegram.intake import Intake
from bot.telegram.profile import Profile
from bot.telegram.request import AiohttpRequest
from bot.telegram.sender import Sender
from bot.telegram.unsaved import Unsaved
from bot.telemetry.meters import Meters
from handlers.lanes import Lanes, Ptb
from storage.blobs import Blobs
from storage.database import Database
from storage.outbox import Outgoing
from storage.presence import INBOX, JOBS, OUTBOX, Presence, presence_on
from storage.room import folders

log = logging.getLogger(__name__)
FOR_CALLS = 2.0  # seconds of an end; a call to Telegram takes a tenth of one, a step of a lane a hundredth
TICK = 5.0  # seconds; what is due may be told that much later


def utc_now() -> datetime:
    """The present, from the machine's clock."""
    return datetime.now(UTC)


@dataclass
class Rounds:
    """The running assistant, for the command line, the demo and the tests."""

    settings: Settings
    clock: Callable[[], datetime]
    database: Database
    bot: ExtBot[None]
    profile: Profile
    renderer: Renderer
    blobs: Blobs
    desk: Desk
    intake: Intake
    sender: Sender
    worker: Worker
    application: Ptb
    front: Front
    meters: Meters
    readiness: Readiness
    tick: Callable[[], Awaitable[None]]
    presence: Presence
    roles: frozenset[Role]
    leads: Leads
    loops: list[asyncio.Task[None]] = field(default_factory=list)


@asynccontextmanager
async def assembled(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    budget: Budget | None = None,
    meters: Meters | None = None,
    roles: frozenset[Role] = EVERY_ROLE,
    presence: Presence | None = None,
    ending: Ending | None = None,
) -> AsyncIterator[Rounds]:
    """Build and start everything but the way in: polling, webhook or a test hands updates to `intake`.

    A `presence` that is given is started already. Raises AnotherProcess.
    """
    async with AsyncExitStack() as stack:
        if presence is None:
            presence = presence_on(settings.database)
            stack.push_async_callback(presence.stop)
            await presence.start()
        database, end = Database(settings.database), ending or Ending()
        stack.push_async_callback(lambda: database.close(end.by))
        meters = meters or Meters()
        application = await _greeted(settings, meters, stack)
        workers = MediaWorkers()
        stack.push_async_callback(workers.close)
        if Role.WORKER in roles:
            await workers.start()
        budget = budget or Budget(time.monotonic)
        rounds = _wired(settings, clock, budget, database, application, workers, meters, presence, roles)
        stack.callback(rounds.readiness.close)
        yield rounds


async def _greeted(settings: Settings, meters: Meters, stack: AsyncExitStack) -> Ptb:
    """PTB's application, once Telegram has said who we are; it is no more than a pipe here."""
    bot: ExtBot[None] = ExtBot(
        settings.token(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=AiohttpRequest(meters=meters),
        get_updates_request=AiohttpRequest(connections=2, meters=meters),
    )
    application = Application.builder().bot(bot).updater(None).job_queue(None).concurrent_updates(False).build()
    stack.push_async_callback(bot.shutdown)
    await application.initialize()
    stack.push_async_callback(application.shutdown)
    return application


def _wired(
    settings: Settings,
    clock: Callable[[], datetime],
    budget: Budget,
    database: Database,
    application: Ptb,
    workers: MediaWorkers,
    meters: Meters,
    presence: Presence,
    roles: frozenset[Role],
) -> Rounds:
    bot, renderer, blobs = application.bot, Renderer(), Blobs(settings.photos, settings.store_access())
    profile, files = Profile(bot, renderer), Files(bot)
    delivery = Delivery(bot, renderer, blobs.read, settings.language, settings.time_zone)
    sender = Sender(database, delivery, budget, clock, meters)

    def again(turn: Turn) -> bool:
        return conversations.show_current(turn)

    commands = flows.commands(admin_ids=settings.admin_ids, bot_name=bot.username, again=again)
    conversations = Conversations(flows.FLOWS, commands, flows.idle)
    leads = Leads(presence, roles)

    def posted(messages: Sequence[Outgoing], chats: Collection[int]) -> None:
        if leads.sending.is_held:
            sender.take(messages, chats)
        else:
            presence.tell(OUTBOX)

    def queued() -> None:
        worker.ring()
        presence.tell(JOBS)

    bells = Bells(posted, queued, at_once=lambda: sender.takes)
    desk = Desk(database, clock, bells, settings.time_zone, again, meters)
    photos = Photos(desk, files, blobs, workers, renderer, conversations, bot.username)
    keepers = _keepers(settings, desk, files, blobs, workers, renderer)
    readiness = Readiness(database, blobs.check, clock, lambda: True)  # whoever asks in chat finds us at work
    health = Health(desk, readiness, folders(settings.data_dir, settings.photos))
    kinds = flows.jobs(desk, photos, keepers, health, profile.set_menu)
    give_up = flows.give_up(desk, photos, keepers)
    worker = Worker(database, clock, kinds, give_up, meters=meters)
    front = Front(desk, conversations, settings.admin_ids, bot.username, renderer.named_keys())
    application.bot_data["front"] = front
    lanes = Lanes(application, desk)

    async def tell_pace(lane: int, number: int | None) -> None:
        await desk.act(f"pace:{uuid4().hex}", flows.tell_pace, lane, number, again=again)

    unsaved = Unsaved(bot, renderer, database, settings.time_zone, clock)
    intake = Intake(
        database,
        clock,
        lanes.handle,
        lanes.give_up,
        tell_pace=tell_pace,
        unsaved=unsaved,
        tell_others=lambda: presence.tell(INBOX),
        works=Role.WORKER in roles,
        meters=meters,
    )
    presence.hear(INBOX, intake.look)
    presence.hear(OUTBOX, sender.ring)
    presence.hear(JOBS, worker.ring)

    return Rounds(
        settings=settings,
        clock=clock,
        database=database,
        bot=bot,
        profile=profile,
        renderer=renderer,
        blobs=blobs,
        desk=desk,
        intake=intake,
        sender=sender,
        worker=worker,
        application=application,
        front=front,
        meters=meters,
        readiness=readiness,
        tick=schedule.Tick(desk, intake, Housekeeping(database, clock), leads.ticking),
        presence=presence,
        roles=roles,
        leads=leads,
    )


def _keepers(
    settings: Settings, desk: Desk, files: Files, blobs: Blobs, workers: MediaWorkers, renderer: Renderer
) -> tuple[flows.Keeper, ...]:
    """What does the jobs that people wait for, and tells them when one could not be done."""
    return (
        PictureChecks(desk, files, blobs, workers),
        Imports(desk, Lists(desk.database, files, blobs, workers), renderer),
        SopFiles(desk, files, blobs, workers, renderer),
        AnswerFiles(desk, blobs, workers, renderer),
        VisitPictures(desk, blobs, workers, renderer),
        Exports(desk, blobs, renderer),
        Backups(desk, settings.database, settings.photos, settings.store_access(), settings.data_dir / "backups"),
        SeenBefore(desk, blobs, workers),
        Recordings(desk, files, blobs),
    )


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    tick_every: float = TICK,
    budget: Budget | None = None,
    meters: Meters | None = None,
    roles: frozenset[Role] = EVERY_ROLE,
    presence: Presence | None = None,
    listens: bool = False,
    ending: Ending | None = None,
    before_work: Callable[[Rounds], Awaitable[None]] | None = None,
) -> AsyncIterator[Rounds]:
    """Assembled, and at work: sender, jobs and tick go; what an earlier process left is taken up.

    What must stand `before_work` is done first: an update may have come in before a start that was cut short.
    Where this process `listens` to Telegram, nothing is decided by the clock before it does.
    """
    end = ending or Ending()
    at_work = assembled(settings, clock=clock, budget=budget, meters=meters, roles=roles, presence=presence, ending=end)
    async with at_work as rounds:
        if before_work is not None:
            await before_work(rounds)
        scheduler = schedule.ticking(rounds.tick, tick_every)
        if listens:
            rounds.intake.contact.expect()
        _begin(rounds)
        scheduler.start()
        try:
            if Role.WORKER in roles:
                left = await rounds.intake.resume()
                if left:
                    log.info("taking up %d updates from before", left)
            yield rounds
        finally:
            scheduler.shutdown(wait=False)
            await _end(rounds, end.begin())


async def _end(rounds: Rounds, by: float) -> None:
    """What takes up work stops before what says its answers, which has as long again for its calls."""
    await rounds.intake.stop(by - FOR_CALLS)
    await rounds.sender.stop(by)
    await rounds.worker.stop(by)
    for task in rounds.loops:
        task.cancel()
    await asyncio.gather(*rounds.loops, return_exceptions=True)


def _begin(rounds: Rounds) -> None:
    """Start the loops of the process's roles."""
    if Role.SENDER in rounds.roles:
        work = rounds.leads.sending.during(rounds.sender.run)
        rounds.loops.append(asyncio.create_task(work, name="sender"))
    if Role.WORKER in rounds.roles:
        rounds.loops.append(asyncio.create_task(rounds.worker.run(), name="worker"))
    if Role.TICKER in rounds.roles:
        orphans = Orphans(rounds.database, rounds.blobs, rounds.leads.ticking)
        rounds.loops.append(asyncio.create_task(orphans.run(), name="orphans"))
