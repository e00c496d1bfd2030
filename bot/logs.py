"""Logging: one line an event, and no token, phone or coordinate in any of them."""

import logging
import re
import sys

_TOKEN = re.compile(r"\d{6,}:[\w-]{30,}")
_PLACE = re.compile(r"-?\d{1,3}\.\d{4,}")
_PHONE = re.compile(r"(?<![\w-])\+?\d[\d \-]{8,14}\d(?![\w-])")


class Scrubber(logging.Formatter):
    """Formats a record and takes out what is secret, wherever it came from: messages, arguments, tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        head, separator, rest = text.partition("] ")
        for pattern, put in ((_TOKEN, "<token>"), (_PLACE, "<place>"), (_PHONE, "<number>")):
            rest = pattern.sub(put, rest)
        return head + separator + rest


def set_up(*, level: int = logging.INFO) -> None:
    """Log to standard error; libraries speak from WARNING on (httpx's INFO holds addresses with the token)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Scrubber("%(asctime)s %(levelname)s [%(name)s] %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("bot", "handlers", "storage"):
        logging.getLogger(name).setLevel(level)
