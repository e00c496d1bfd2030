"""What Telegram calls: each handler decodes, and makes one service call."""

from handlers import conversation, membership, menu

MODULES = (menu, membership, conversation)

__all__ = ["MODULES"]
