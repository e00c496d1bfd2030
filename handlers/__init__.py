"""What Telegram calls: each handler decodes, and makes one service call."""
