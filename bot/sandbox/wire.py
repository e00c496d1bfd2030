"""The JSON that travels: its type, one fast encoder, and the errors that Telegram answers with."""

import json
from typing import Any

JSON = dict[str, Any]
"""A JSON object. A message that was stored is never changed in place; an edit stores a new object."""

# One encoder for all answers: json.dumps with arguments would build a new one for every call.
_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)


def encode(value: Any) -> str:
    """Compact ASCII JSON, as Telegram sends it (characters outside ASCII are escaped)."""
    return _ENCODER.encode(value)


class ApiError(Exception):
    """A refusal in the words of the Bot API: `error_code`, `description` and its optional `parameters`."""

    def __init__(self, error_code: int, description: str, parameters: JSON | None = None) -> None:
        super().__init__(description)
        self.error_code = error_code
        self.description = description
        self.parameters = parameters

    def body(self) -> JSON:
        """The answer's JSON object."""
        answer: JSON = {"ok": False, "error_code": self.error_code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(text: str) -> ApiError:
    """400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {text}")


def in_utf8(text: str) -> str:
    """The text, if it can be written in UTF-8 (JSON can name half of a character); else ApiError 400."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise bad_request("strings must be encoded in UTF-8") from error
    return text


def forbidden(text: str) -> ApiError:
    """403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    """409 with Telegram's prefix."""
    return ApiError(409, f"Conflict: {text}")


def too_many_requests(retry_after: int) -> ApiError:
    """429, with the whole seconds after which the bot may try again."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


class Encoded(str):
    """A result that is JSON text already, so that an update is encoded once and not at every redelivery."""

    __slots__ = ()


class SimError(Exception):
    """What a person or a script cannot do at /sim: an HTTP status and a sentence that says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
