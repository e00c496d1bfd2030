"""Logging: one line an event, and no token, password, phone, place or name in any of them."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from types import TracebackType

from bot.telemetry import subject

# Rather too much than too little is taken out: a long number may be a phone, a fraction may be a place.
_SECRETS = (
    (re.compile(r"\d{6,}(?::|%3A)[\w-]{30,}", re.IGNORECASE), "<token>"),
    (re.compile(r"(?<=://)[^\s/@]+@"), "<user>@"),
    (re.compile(r"\b(lat|latitude|lon|lng|longitude)\b(\W{1,4})[-+]?\d+(?:\.\d+)?", re.IGNORECASE), r"\1\2<place>"),
    (re.compile(r"[-+]?\d{1,3}\.\d+(\s*[,;/ ]\s*)[-+]?\d{1,3}\.\d+"), r"<place>\1<place>"),
    (re.compile(r"\+?(?:\d[\s()./\u2010-\u2015-]{0,3}){7,}\d"), "<number>"),
    (re.compile(r"[-+]?\d{1,3}\.\d{3,}"), "<place>"),
    (re.compile(r"\d{1,3}\s?°(?:\s?\d{1,2}(?:\.\d+)?\s?['′])?(?:\s?\d{1,2}(?:\.\d+)?\s?[\"″])?"), "<place>"),
    # Our own words are English: letters of any other script were typed by somebody
    (re.compile(r"[^\W\d_a-zA-Z]+(?:[\s·'-]*[^\W\d_a-zA-Z]+)*"), "<text>"),
)
# What an exception quotes may be what a person typed; the names of our own keys, variables and types may stay
_FAULT = re.compile(r"^(?: +\| +)?[A-Za-z_][\w.]*: .*$", re.MULTILINE)
_QUOTED = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"")
_OURS = re.compile(r"(?=.*[_./])[a-z_][a-z0-9_./]*|[A-Za-z][a-z]+(?:[A-Z][a-z]+)+")


def scrubbed(text: str) -> str:
    """The text without what is secret."""
    for pattern, put in _SECRETS:
        text = pattern.sub(put, text)
    return text


class Text(logging.Formatter):
    """One line to be read: the event, and in brackets whom it is about. Tracebacks follow on lines of their own."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s [%(name)s] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        head, separator, rest = super().format(record).partition("] ")
        line, newline, trace = rest.partition("\n")
        about = "".join(f" {name}={number}" for name, number in subject.current().items())
        # the numbers come after the scrubber, which would take a long one for a phone
        return f"{head}{separator}{scrubbed(line)}{about}{newline}{scrubbed(unquoted(trace))}"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        # What a person typed must not look like a line of ours
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


class Json(logging.Formatter):
    """One JSON object a line: at, level, logger, event; update, person, job, message where known; fault."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, str | int] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": scrubbed(record.getMessage()),
            **subject.current(),
        }
        if record.exc_info:
            line["fault"] = scrubbed(unquoted(self.formatException(record.exc_info)))
        return json.dumps(line, ensure_ascii=False)


FORMATS = {"text": Text, "json": Json}


def unquoted(trace: str) -> str:
    """A traceback without the words that its exceptions quote."""
    return _FAULT.sub(lambda fault: _QUOTED.sub(_of_quoted, fault[0]), trace)


def _of_quoted(found: re.Match[str]) -> str:
    return found[0] if _OURS.fullmatch(found[1] or found[2] or "") else "<text>"


def set_up(style: str = "text", *, level: int = logging.INFO) -> None:
    """Log to standard error; libraries speak from WARNING on (httpx's INFO holds addresses with the token)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(FORMATS[style]())
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
