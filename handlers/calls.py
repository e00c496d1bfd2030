"""What every handler needs: the front door of the services, and the words behind a command."""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackContext, ExtBot

from bot.services.front import Front

Context = CallbackContext[ExtBot[None], Any, Any, Any]
Route = BaseHandler[Update, Context, None]


def front_of(context: Context) -> Front:
    """The services, as the composition root put them there."""
    front: Front = context.bot_data["front"]
    return front


def command_of(update: Update) -> tuple[str, str]:
    """A command and what stands behind it: `/set@bot fence.radius 150` → ("set", "fence.radius 150")."""
    text = (update.message.text if update.message is not None else None) or ""
    command, _, argument = text.partition(" ")
    return command.lstrip("/").partition("@")[0].lower(), argument.strip()
