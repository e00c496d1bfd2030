"""python-telegram-bot's HTTP on aiohttp: its default client costs five times as much per call."""

import json
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.proxy import proxy_for
from bot.telemetry.meters import Meters

CONNECTIONS = 64
FILE_WITHIN = 90.0  # seconds for a file to go up or down: 20 MB over a poor line


class NotSent(NetworkError):  # noqa: N818 - it says what has not happened
    """No connection came about: whatever was asked has surely not happened."""


class AiohttpRequest(BaseRequest):
    """Sends what PTB wants to send; time-outs are in seconds, as PTB gives them."""

    def __init__(
        self, *, connections: int = CONNECTIONS, read_timeout: float = 15.0, meters: Meters | None = None
    ) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None
        self._meters = meters or Meters()
        self._proxy_for = cache(proxy_for)  # by host: asking the environment costs 60 µs

    @property
    def read_timeout(self) -> float:
        """How long an answer may take, in seconds."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool of connections."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300),
                skip_auto_headers=("User-Agent",),
            )

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, url: str, parameters: dict[str, Any]) -> Any:
        """The bare result of a method without files; raises PTB's errors."""
        return await self.post(url, JsonCall(parameters))  # type: ignore[arg-type]  # PTB only hands it to do_request

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body. Raises NotSent, or TimedOut for a lost answer; neither tells the address with its token."""
        if self._session is None:
            raise RuntimeError("the request was not initialized")
        total = read_timeout if isinstance(read_timeout, int | float) else self._read_timeout
        if method == "GET" or (request_data is not None and request_data.contains_files):
            total = max(total, FILE_WITHIN)
        limits = aiohttp.ClientTimeout(total=total, connect=10)
        (body, headers), proxy = _body(request_data), self._proxy_for(url[: url.find("/", 8)])
        began = time.perf_counter()
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=limits, proxy=proxy
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(f"Telegram cannot be reached ({type(error).__name__})") from None
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise TimedOut(f"the answer was lost ({type(error).__name__})") from None
        finally:
            self._meters.called(url, time.perf_counter() - began, is_file=method == "GET")


@dataclass(frozen=True)
class JsonCall:
    """Parameters that go as they are; PTB's own way writes each value as JSON, and a form then quotes it once more."""

    parameters: dict[str, Any]
    contains_files: bool = False


_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)  # json.dumps would build one for each call
_JSON = {"Content-Type": "application/json"}


def _body(data: RequestData | JsonCall | None) -> tuple[aiohttp.FormData | bytes | None, dict[str, str] | None]:
    """The body and its headers."""
    if data is None:
        return None, None
    if isinstance(data, JsonCall) or not data.contains_files:
        return _ENCODER.encode(data.parameters).encode(), _JSON
    form = aiohttp.FormData(quote_fields=False)  # a quoted file name reaches the person as %E5%AE%A2…
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, mime) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form, None


def dumps(value: Any) -> str:
    """JSON as the inbox keeps it: compact, readable Chinese; half a character, which no store holds, as an escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() or _is_whole(text) else json.dumps(value, separators=(",", ":"))


def _is_whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
