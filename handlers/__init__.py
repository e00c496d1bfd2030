"""What Telegram calls: each handler decodes, and makes one service call."""

from handlers import conversation, live, membership, menu

MODULES = (menu, membership, live, conversation)

__all__ = ["MODULES"]
