"""Logging: one line an event, and no token, password, phone or coordinate in any of them."""

import logging
import re
import sys
from types import TracebackType

# Rather too much than too little is taken out: a long number may be a phone, a fraction may be a place.
_SECRETS = (
    (re.compile(r"\d{6,}(?::|%3A)[\w-]{30,}", re.IGNORECASE), "<token>"),
    (re.compile(r"(?<=://)[^\s/@]+@"), "<user>@"),
    (re.compile(r"\b(lat|latitude|lon|lng|longitude)\b(\W{1,4})[-+]?\d+(?:\.\d+)?", re.IGNORECASE), r"\1\2<place>"),
    (re.compile(r"[-+]?\d{1,3}\.\d+(\s*[,;/ ]\s*)[-+]?\d{1,3}\.\d+"), r"<place>\1<place>"),
    (re.compile(r"\+?(?:\d[\s()./\u2010-\u2015-]{0,3}){7,}\d"), "<number>"),
    (re.compile(r"[-+]?\d{1,3}\.\d{3,}"), "<place>"),
    (re.compile(r"\d{1,3}\s?°(?:\s?\d{1,2}(?:\.\d+)?\s?['′])?(?:\s?\d{1,2}(?:\.\d+)?\s?[\"″])?"), "<place>"),
)


class Scrubber(logging.Formatter):
    """Formats a record and takes out what is secret, wherever it came from: messages, arguments, tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        head, separator, rest = super().format(record).partition("] ")
        return head + separator + scrubbed(rest)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        # What a person typed must not look like a line of ours
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


def scrubbed(text: str) -> str:
    """The text without what is secret."""
    for pattern, put in _SECRETS:
        text = pattern.sub(put, text)
    return text


def set_up(*, level: int = logging.INFO) -> None:
    """Log to standard error; libraries speak from WARNING on (httpx's INFO holds addresses with the token)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Scrubber("%(asctime)s %(levelname)s [%(name)s] %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("bot", "handlers", "storage"):
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    sys.excepthook = _on_fault


def _on_fault(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """The end of the process is told through the scrubber too."""
    logging.getLogger("bot").critical("stopped by a fault", exc_info=(kind, fault, trace))
