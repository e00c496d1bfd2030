"""What the handlers hold: the desk, the conversations, and the few settings that a use case needs."""

from dataclasses import dataclass

from bot.services.conversations import Conversations
from bot.services.desk import Desk


@dataclass(frozen=True)
class Front:
    """Built once by the composition root."""

    desk: Desk
    conversations: Conversations
    admin_ids: frozenset[int]
    bot_name: str
    named_keys: dict[str, str]
