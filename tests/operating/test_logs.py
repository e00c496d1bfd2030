"""No line of the log holds a token, a password, a phone or a place, wherever it came from."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import logs
from bot.telemetry import subject

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"


FORMATTERS = {"text": logs.Text(), "json": logs.Json()}


def line(message: str, *values: object, exc_info: object = None, style: str = "text") -> str:
    record = logging.LogRecord("bot.test", logging.INFO, "f.py", 1, message, values, exc_info)  # type: ignore[arg-type]
    return FORMATTERS[style].format(record)


def told(message: str, *values: object, **more: object) -> str:
    """The event as either format tells it, without the line's head."""
    return line(message, *values, **more).partition("] ")[2] + json.loads(line(message, *values, style="json"))["event"]


tokens = some.builds(
    "{}:{}".format,
    some.integers(10**7, 10**10),
    some.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", min_size=35, max_size=35),
)
digits = some.text("0123456789", min_size=11, max_size=11)
phones = some.one_of(
    digits.map("+86{}".format),
    digits,
    digits.map(lambda n: f"+86 {n[:3]} {n[3:7]} {n[7:]}"),
    digits.map(lambda n: f"({n[:3]}) {n[3:7]}-{n[7:]}"),
    digits.map(lambda n: f"{n[:3]}.{n[3:7]}.{n[7:]}"),
    digits.map(lambda n: f"{n[:3]}–{n[3:7]}–{n[7:]}"),
    digits.map(lambda n: n.translate(str.maketrans("0123456789", "０１２３４５６７８９"))),
)
degrees = some.floats(-180, 180, allow_nan=False).map(lambda value: f"{value:.6f}")
around = some.sampled_from(
    ["{}", "near {} now", "'{}'", '"phone": "{}"', "x={}&y", "({})", "[{}]", "{},", "tel:{}", "号码{}。"]
)


@given(token=tokens, frame=around)
def test_a_token_is_taken_out(token: str, frame: str) -> None:
    assert token.partition(":")[2] not in told("%s", frame.format(token))


@given(token=tokens, method=some.sampled_from(["getMe", "sendMessage", "file/photos/1.jpg"]))
def test_a_token_in_an_address_is_taken_out(token: str, method: str) -> None:
    for given_token in (token, token.replace(":", "%3A")):
        assert token.partition(":")[2] not in told(f"https://api.telegram.org/bot{given_token}/{method}")


@given(phone=phones, frame=around)
def test_a_phone_is_taken_out(phone: str, frame: str) -> None:
    text = told("%s", frame.format(phone))
    assert phone not in text
    assert sum(letter.isdigit() for letter in text) < 7


@given(latitude=degrees, longitude=degrees, between=some.sampled_from([", ", ",", " ", "; ", '", "lon": "']))
def test_a_place_is_taken_out(latitude: str, longitude: str, between: str) -> None:
    text = told(f"at {latitude}{between}{longitude}")
    assert latitude not in text
    assert longitude not in text
    assert not any(letter.isdigit() for letter in text)


@pytest.mark.parametrize(
    "said",
    [
        "latitude=31.2, longitude=121.5",
        '{"latitude": 31, "longitude": 121}',
        "31.2,121.5",
        "31°13′48″N 121°28′25″E",
        "31° 13.8' N",
    ],
)
def test_rough_places_are_taken_out_too(said: str) -> None:
    assert "31" not in told(said)
    assert "121" not in told(said)


def test_the_password_of_a_database_is_taken_out() -> None:
    assert "geheim" not in told("postgresql+psycopg://rounds:geheim@db.example.org/rounds is away")


@given(token=tokens, phone=phones, style=some.sampled_from(["text", "json"]))
def test_tracebacks_are_scrubbed_as_well(token: str, phone: str, style: str) -> None:
    try:
        raise ValueError(f"{phone} at https://host/bot{token}/getMe")
    except ValueError:
        text = line("a fault", exc_info=sys.exc_info(), style=style)
    assert "Traceback" in text
    assert token not in text
    assert phone not in text


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize("name", ["王建国", "Maria Lopez", "Zoë", "Иван Петров", "أحمد", "maria"])
def test_a_name_that_an_exception_quotes_is_taken_out(name: str, style: str) -> None:
    try:
        int(name)
    except ValueError:
        text = line("update %d failed", 7, exc_info=sys.exc_info(), style=style)
    assert name not in text
    assert "ValueError: invalid literal for int() with base 10: <text>" in text


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_a_programmer_needs_of_a_fault_stays(style: str) -> None:
    state = {"told_to": 1}
    try:
        state["asked_of"]
    except KeyError:
        text = line("a fault", exc_info=sys.exc_info(), style=style)
    assert "KeyError: 'asked_of'" in text
    assert "test_what_a_programmer_needs_of_a_fault_stays" in text


def test_a_chinese_name_is_taken_out_of_an_event() -> None:
    text = told("the digest of %s (%s) is late", "王 建国", "云杉食品有限公司")
    assert "the digest of <text> (<text>) is late" in text
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in text)


async def test_an_address_in_an_error_of_the_network_is_scrubbed() -> None:
    async with aiohttp.ClientSession() as session:
        try:
            await session.get(f"http:///bot{TOKEN}/getMe")
        except aiohttp.InvalidURL:
            text = line("a fault", exc_info=sys.exc_info())
    assert "InvalidUrl" in text or "InvalidURL" in text
    assert TOKEN not in text


def test_what_a_person_typed_does_not_look_like_a_line_of_ours() -> None:
    assert len(line("%s", "hello\n2026-11-23 ERROR [bot] all is lost").splitlines()) == 1


def test_each_format_tells_whom_a_line_is_about() -> None:
    with subject.about(update=4711, person=None):
        subject.current()["person"] = 12
        text, record = line("it %s", "failed"), json.loads(line("it %s", "failed", style="json"))
    assert text.endswith("[bot.test] it failed update=4711 person=12")
    assert (record["update"], record["person"], record["event"]) == (4711, 12, "it failed")
    assert (record["level"], record["logger"]) == ("info", "bot.test")
    assert "update" not in json.loads(line("it failed", style="json"))


def test_the_number_of_an_update_is_no_phone() -> None:
    with subject.about(update=123_456_789_012):
        assert line("it failed").endswith("update=123456789012")
        assert json.loads(line("it failed", style="json"))["update"] == 123_456_789_012


async def test_what_is_learned_of_a_subject_stays_in_its_scope() -> None:
    async def one(number: int) -> dict[str, int]:
        with subject.about(update=number):
            await asyncio.sleep(0)
            subject.current()["person"] = number * 10
            await asyncio.sleep(0)
            return dict(subject.current())

    assert await asyncio.gather(one(1), one(2)) == [{"update": 1, "person": 10}, {"update": 2, "person": 20}]
    subject.current()["person"] = 5
    assert subject.current() == {}


def test_a_line_of_json_is_one_line() -> None:
    try:
        raise RuntimeError("first\nsecond")
    except RuntimeError:
        text = line("hello\n%s", "world\r\n", exc_info=sys.exc_info(), style="json")
    assert len(text.splitlines()) == 1
    assert "Traceback" in json.loads(text)["fault"]


def test_useful_numbers_stay() -> None:
    text = line("update %d failed, attempt %d, trying again in %.1f s on 127.0.0.1:8080", 4711, 2, 0.5)
    assert text.endswith("update 4711 failed, attempt 2, trying again in 0.5 s on 127.0.0.1:8080")


@pytest.fixture(params=["text", "json"])
def standard_error(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Logging as the command line sets it up, and put back after."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook)
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.set_up(request.param)
    yield written
    logging.captureWarnings(False)
    root.handlers[:], sys.excepthook = before[0], before[2]
    root.setLevel(before[1])
    for name in ("bot", "handlers", "storage"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_set_up_scrubs_what_libraries_and_we_say(standard_error: io.StringIO) -> None:
    logging.getLogger("aiohttp.client").error("cannot connect to /bot%s/", TOKEN)
    logging.getLogger("bot.telegram").info("said to %s", "+86 138 0000 0001")
    logging.getLogger("httpx").info("https://api.telegram.org/bot%s/getMe", TOKEN)
    text = standard_error.getvalue()
    assert "<token>" in text
    assert "<number>" in text
    assert len(text.splitlines()) == 2


def test_the_end_of_the_process_is_told_through_the_scrubber(standard_error: io.StringIO) -> None:
    try:
        raise RuntimeError(f"no answer from /bot{TOKEN}/getMe")
    except RuntimeError:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    assert "stopped by a fault" in standard_error.getvalue()
    assert TOKEN not in standard_error.getvalue()
