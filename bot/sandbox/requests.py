"""Reads the parameters of a call to a bot's method: query, form, multipart or JSON, as Telegram takes them."""

import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.files import UPLOAD_LIMIT, Upload
from bot.sandbox.wire import JSON, ApiError, bad_request


async def read_params(request: web.Request) -> JSON:
    """All parameters by name. Values of a form are strings, of JSON whatever they are; files are `Upload`."""
    params: JSON = dict(parse_qsl(request.query_string, keep_blank_values=True)) if request.query_string else {}
    if request.method != "POST" or not request.can_read_body:
        return params
    kind = request.content_type
    if kind == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError as error:
            raise bad_request("can't parse request: can't parse JSON object") from error
        if not isinstance(body, dict):
            raise bad_request("can't parse request: JSON object expected")
        params.update((name, value) for name, value in body.items() if value is not None)
    elif kind == "application/x-www-form-urlencoded":
        try:
            params.update(parse_qsl((await request.read()).decode(), keep_blank_values=True))
        except UnicodeDecodeError as error:
            raise bad_request("strings must be encoded in UTF-8") from error
    elif kind == "multipart/form-data":
        params.update(await read_multipart(request))
        for value in params.values():
            if isinstance(value, Upload) and value.size() > UPLOAD_LIMIT:
                raise ApiError(413, "Request Entity Too Large")
    return params


async def read_multipart(request: web.Request) -> JSON:
    """The fields of a multipart form: strings and `Upload`s; a field that comes again gets a number (`file.2`)."""
    fields: JSON = {}
    for name, value in (await request.post()).items():
        key = name
        number = 2
        while key in fields:
            key = f"{name}.{number}"
            number += 1
        if isinstance(value, web.FileField):
            fields[key] = Upload(value.filename, value.content_type, value.file)  # type: ignore[arg-type]
        else:
            fields[key] = value.decode() if isinstance(value, bytes | bytearray) else value
    return fields


def whole(params: JSON, name: str, default: int | None = None) -> int | None:
    """An Integer parameter, or the default when it is absent."""
    value = params.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise bad_request(f"{name} must be a valid Integer") from error


def number(params: JSON, name: str) -> float | None:
    """A Float parameter."""
    value = params.get(name)
    if value is None or value == "":
        return None
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise bad_request(f"{name} must be a valid Float") from error


def flag(params: JSON, name: str) -> bool:
    """A Boolean parameter; Telegram takes `true`, `yes` and numbers other than 0."""
    value = params.get(name, False)
    if isinstance(value, str):
        return value.lower() in ("true", "yes", "1")
    return bool(value)


def string(params: JSON, name: str) -> str:
    """A String parameter; empty when it is absent."""
    value = params.get(name)
    return "" if value is None else str(value)


def structure(params: JSON, name: str) -> Any:
    """A parameter that is an object or array: as it is, or from its JSON text; None when it is absent."""
    value = params.get(name)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError as error:
        raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error
