"""The edge: what comes from the Bot API, and what goes to it."""

import os

# python-telegram-bot's own switch: durations as timedelta, which it will do anyway; without it a 429 prints a warning
os.environ.setdefault("PTB_TIMEDELTA", "1")
