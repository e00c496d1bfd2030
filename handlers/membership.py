"""What Telegram tells about a person rather than by him: he left, and he came back."""

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ChatMemberHandler

from bot.services import members
from bot.telegram.updates import origin_of
from handlers.calls import Context, Route, front_of


async def on_membership(update: Update, context: Context) -> None:
    """The person blocked the bot, or came back; who takes the bot out of a group has not left us."""
    change = update.my_chat_member
    assert change is not None
    front = front_of(context)
    if change.chat.type != ChatType.PRIVATE:
        await front.desk.take(origin_of(update), members.noticed)
        return
    is_member = change.new_chat_member.status in ("member", "administrator", "creator")
    await front.desk.take(origin_of(update), members.reachable, is_member, front.conversations.show_current)


def routes() -> list[Route]:
    return [ChatMemberHandler(on_membership, ChatMemberHandler.MY_CHAT_MEMBER)]
