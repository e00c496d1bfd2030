"""Every conversation and command by its name: the table that the composition root plugs in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from bot.domain.conversation import Input, Uploaded
from bot.services import (
    answer_pages,
    audit_pages,
    backup_pages,
    calendar_pages,
    challenges,
    checkins,
    companion_words,
    companions,
    customer_pages,
    days,
    digest_pages,
    exports,
    followup_talks,
    followups,
    grading,
    handover,
    health_pages,
    help_pages,
    imports,
    invites,
    joining,
    languages,
    leave,
    live,
    menus,
    open_invites,
    people_pages,
    pin_pages,
    plan_talk,
    reminders,
    review_talks,
    route_pages,
    route_talk,
    seen_talks,
    settings_pages,
    sop_drafting,
    sop_files,
    sop_pages,
    sop_preview,
    target_pages,
    team_pages,
    verifying,
    visits,
    workdays,
)
from bot.services.conversations import Flow
from bot.services.desk import Desk
from bot.services.due_dates import JOB as DUE_DATES_JOB
from bot.services.due_dates import DueDates
from bot.services.photos import JOB as PHOTO_JOB
from bot.services.photos import Photos
from bot.services.turn import Turn
from bot.services.worker import Do, GiveUp, NotNow
from storage import people
from storage.database import Connection
from storage.jobs import Job, mark_failed

FLOWS: Mapping[str, Flow] = {
    "join": joining.FLOW,
    "language": languages.FLOW,
    help_pages.FLOW_NAME: help_pages.FLOW,
    checkins.FLOW_NAME: checkins.FLOW,
    visits.FLOW_NAME: visits.FLOW,
    challenges.FLOW_NAME: challenges.FLOW,
    companions.FLOW_NAME: companions.FLOW,
    companion_words.FLOW_NAME: companion_words.FLOW,
    customer_pages.FLOW_NAME: customer_pages.FLOW,
    invites.FLOW_NAME: invites.FLOW,
    open_invites.FLOW_NAME: open_invites.FLOW,
    people_pages.FLOW_NAME: people_pages.FLOW,
    live.FLOW_NAME: live.FLOW,
    workdays.FLOW_NAME: workdays.FLOW,
    leave.FLOW_NAME: leave.FLOW,
    handover.FLOW_NAME: handover.FLOW,
    team_pages.FLOW_NAME: team_pages.FLOW,
    imports.FLOW_NAME: imports.FLOW,
    settings_pages.FLOW_NAME: settings_pages.FLOW,
    exports.FLOW_NAME: exports.FLOW,
    backup_pages.FLOW_NAME: backup_pages.FLOW,
    sop_files.FLOW_NAME: sop_files.FLOW,
    sop_drafting.FLOW_NAME: sop_pages.FLOW,
    sop_preview.FLOW_NAME: sop_preview.FLOW,
    followups.FLOW_NAME: followup_talks.FLOW,
    plan_talk.FLOW_NAME: plan_talk.FLOW,
    route_talk.FLOW_NAME: route_talk.FLOW,
    target_pages.FLOW_NAME: target_pages.FLOW,
    reminders.FLOW_NAME: reminders.FLOW,
    seen_talks.FLOW_NAME: seen_talks.FLOW,
    digest_pages.FLOW_NAME: digest_pages.FLOW,
    pin_pages.FLOW_NAME: pin_pages.FLOW,
    review_talks.FLOW_NAME: review_talks.FLOW,
    answer_pages.FLOW_NAME: answer_pages.FLOW,
    verifying.FLOW_NAME: verifying.FLOW,
    health_pages.FLOW_NAME: health_pages.FLOW,
    grading.FLOW_NAME: grading.FLOW,
    audit_pages.FLOW_NAME: audit_pages.FLOW,
    calendar_pages.FLOW_NAME: calendar_pages.FLOW,
}


def idle(turn: Turn, what: Input) -> None:
    """Nothing is open: an admin's file may be a checklist or a list of customers, a picture may be one of ours.

    Everything else may be about a customer.
    """
    if isinstance(what, Uploaded) and (sop_files.is_offered(turn, what) or imports.is_offered(turn, what)):
        return
    if not verifying.is_offered(turn, what):
        customer_pages.idle(turn, what)


def commands(
    *, admin_ids: frozenset[int], bot_name: str, again: Callable[[Turn], object]
) -> Mapping[str, Callable[[Turn, str], None]]:
    """Use cases by command; `again` asks the current question once more."""

    def start(turn: Turn, token: str) -> None:
        if not verifying.opens(turn, token):
            joining.start(turn, token, admin_ids=admin_ids, again=again)

    return {
        "start": start,
        "help": help_pages.command_help,
        "language": languages.offer,
        "visit": checkins.command_visit,
        "customers": customer_pages.command_customers,
        "near": customer_pages.command_near,
        "invite": partial(invites.command_invite, bot_name=bot_name),
        "people": people_pages.command_people,
        "teams": team_pages.command_teams,
        "routes": route_pages.command_routes,
        "day": workdays.command_day,
        "targets": target_pages.command_targets,
        "leave": leave.command_leave,
        "import": imports.command_import,
        "export": exports.command_export,
        "backup": backup_pages.command_backup,
        "sop": sop_pages.command_sop,
        "calendar": calendar_pages.command_calendar,
        "settings": settings_pages.command_settings,
        "set": settings_pages.command_set,
        "undo": settings_pages.command_undo,
        "followups": followups.command_followups,
        "today": days.command_today,
        "digest": digest_pages.command_digest,
        "answers": answer_pages.command_answers,
        "verify": verifying.command_verify,
        "health": health_pages.command_health,
        "audit": audit_pages.command_audit,
    }


SetMenu = Callable[[int, list[str], str], Awaitable[bool]]


class Keeper(Protocol):
    """What does some kinds of jobs, and tells who waits for one that could not be done."""

    @property
    def kinds(self) -> Mapping[str, Do]: ...

    def lose(self, turn: Turn, job: Job) -> None: ...


def jobs(
    desk: Desk, photos: Photos, keepers: Sequence[Keeper], health: health_pages.Health, set_menu: SetMenu
) -> Mapping[str, Do]:
    """What each kind of job does."""

    async def show_commands(job: Job) -> None:
        def read(connection: Connection) -> tuple[int, list[str], str]:
            person = people.get(connection, job.subject)
            names = menus.commands_of(person.roles) if person.active else menus.NEWCOMERS
            return person.telegram_id, names, person.language

        if not await set_menu(*await desk.database.read(read)):
            raise NotNow("Telegram is away")
        await desk.finish(job, _nothing_more)

    return {
        **{kind: do for keeper in keepers for kind, do in keeper.kinds.items()},
        PHOTO_JOB: photos.develop,
        DUE_DATES_JOB: DueDates(desk).work,
        "commands": show_commands,
        **health.kinds,
        **audit_pages.Verification(desk).kinds,
    }


def give_up(desk: Desk, photos: Photos, keepers: Sequence[Keeper]) -> GiveUp:
    """What becomes of a job that could not be done for days: it is marked, and who waits for it hears what to do."""

    async def fail(job: Job, error: str) -> None:
        def unit(turn: Turn) -> None:
            if not mark_failed(turn.connection, job.id, error):
                return  # another process has done it meanwhile
            if job.kind == PHOTO_JOB:
                photos.lose(turn, job.subject)
                return
            for keeper in keepers:
                keeper.lose(turn, job)

        await desk.act(f"given up:{job.id}", unit)

    return fail


def _nothing_more(turn: Turn) -> None:
    """The job had its effect outside."""


def tick(turn: Turn) -> None:
    """Everything that is due."""
    reminders.tick(turn)
    live.tick(turn)
    challenges.tick(turn)


def nothing(turn: Turn) -> None:
    """An update is closed without an effect: what it asks for is done."""


def tell_failed(turn: Turn, chat_id: int) -> None:
    """An update failed for good: its sender hears that it is kept, and how to go on."""
    turn.say_in(chat_id, "conversation/failed")


def tell_pace(turn: Turn, chat_id: int, number: int | None, *, again: Callable[[Turn], object]) -> None:
    """Somebody sends faster than he can be answered; with a `number`, he has paused and so many were taken in."""
    if number is None:
        turn.say_in(chat_id, "conversation/slow_down")
        return
    turn.say_in(chat_id, "conversation/caught_up", count=number)
    turn.visitor = people.find_by_telegram(turn.connection, chat_id)
    if turn.visitor is not None and turn.visitor.active:
        again(turn)
