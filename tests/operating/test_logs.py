"""No line of the log holds a token, a password, a phone or a place, wherever it came from."""

import io
import logging
import sys
from collections.abc import Iterator

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import logs

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_"


def logged(record: logging.LogRecord) -> str:
    return logs.Scrubber("%(asctime)s %(levelname)s [%(name)s] %(message)s").format(record)


def line(message: str, *values: object, exc_info: object = None) -> str:
    return logged(logging.LogRecord("bot.test", logging.INFO, "f.py", 1, message, values, exc_info))  # type: ignore[arg-type]


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
    assert token.partition(":")[2] not in line("%s", frame.format(token))


@given(token=tokens, method=some.sampled_from(["getMe", "sendMessage", "file/photos/1.jpg"]))
def test_a_token_in_an_address_is_taken_out(token: str, method: str) -> None:
    for given_token in (token, token.replace(":", "%3A")):
        assert token.partition(":")[2] not in line(f"https://api.telegram.org/bot{given_token}/{method}")


@given(phone=phones, frame=around)
def test_a_phone_is_taken_out(phone: str, frame: str) -> None:
    text = line("%s", frame.format(phone)).partition("] ")[2]
    assert phone not in text
    assert sum(letter.isdigit() for letter in text) < 4


@given(latitude=degrees, longitude=degrees, between=some.sampled_from([", ", ",", " ", "; ", '", "lon": "']))
def test_a_place_is_taken_out(latitude: str, longitude: str, between: str) -> None:
    text = line(f"at {latitude}{between}{longitude}").partition("] ")[2]
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
    assert "31" not in line(said).partition("] ")[2]
    assert "121" not in line(said).partition("] ")[2]


def test_the_password_of_a_database_is_taken_out() -> None:
    assert "geheim" not in line("postgresql+psycopg://rounds:geheim@db.example.org/rounds is away")


@given(token=tokens, phone=phones)
def test_tracebacks_are_scrubbed_as_well(token: str, phone: str) -> None:
    try:
        raise ValueError(f"{phone} at https://host/bot{token}/getMe")
    except ValueError:
        text = line("a fault", exc_info=sys.exc_info())
    assert "Traceback" in text
    assert token not in text
    assert phone not in text


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


def test_useful_numbers_stay() -> None:
    text = line("update %d failed, attempt %d, trying again in %.1f s on 127.0.0.1:8080", 4711, 2, 0.5)
    assert text.endswith("update 4711 failed, attempt 2, trying again in 0.5 s on 127.0.0.1:8080")


@pytest.fixture
def standard_error(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Logging as the command line sets it up, and put back after."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook)
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.set_up()
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
