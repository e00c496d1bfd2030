"""Whatever people type or are called is shown as they wrote it: the big list of naughty strings, in the chat.

What is taken away is what no store or screen can hold: NUL, half characters, spaces at the ends (`updates.clean`).
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from company import at_review, checked_in
from scene import Player, Scene
from sqlalchemy import text

from bot.domain.when import NotFound, read_when
from bot.telegram.updates import clean
from storage import people

pytestmark = pytest.mark.realdata

NAME_MOST = 64  # characters that Telegram takes for a first name


@pytest.fixture
def naughty(data: Path) -> list[str]:
    """The strings that say anything once they are cleaned."""
    strings = json.loads((data / "strings" / "blns.json").read_text(encoding="utf-8"))
    return [cleaned for string in strings if (cleaned := clean(string))]


def batches(strings: Iterable[str], room: int) -> Iterator[list[str]]:
    """Strings that fit together, a line each, into so many characters; a longer one alone."""
    batch: list[str] = []
    for string in strings:
        if batch and sum(map(len, batch)) + len(batch) + len(string) > room:
            yield batch
            batch = []
        batch.append(string)
    yield batch


def not_shown(strings: Iterable[str], screen: str, most: int) -> list[str]:
    """Those that the screen does not show; of a long one its first `most` characters suffice."""
    return [string for string in strings if _seen(string[:most]) not in _seen(screen)]


def _seen(string: str) -> str:
    # Runs of blanks at line ends and blank lines are layout, and a sentence is found by what is between
    return re.sub(r"\s+", " ", string).strip()


async def send(player: Player, said: str) -> str:
    await player.says(said)
    return await player.last()


async def test_words_and_text_answers_are_shown_as_they_were_typed(scene: Scene, naughty: list[str]) -> None:
    rep = await at_review(scene)
    lost = []
    for batch in batches(naughty, 580):
        await rep.presses("Words")
        lost += not_shown(batch, await send(rep, "\n".join(batch)), 550)
    assert lost == []


async def test_a_text_answer_is_shown_as_it_was_typed(scene: Scene, naughty: list[str]) -> None:
    rep = await checked_in(scene, store_check=False)
    await rep.presses("Decides")
    lost = []
    for batch in batches(naughty, 118):
        lost += not_shown(batch, await send(rep, "\n".join(batch)), 118)
        await rep.presses("2✓")
    assert lost == []


async def test_a_next_step_is_shown_as_it_was_typed(scene: Scene, naughty: list[str]) -> None:
    rep = await at_review(scene)
    await rep.presses("Next step")
    lost = []
    for batch in batches((string for string in naughty if not has_day(string)), 280):
        lost += not_shown(batch, await send(rep, "\n".join(batch)), 250)
        await rep.presses("Write it again")
    assert lost == []


def has_day(string: str) -> bool:
    """Whether it says by when, as "… in a coma for almost 20 years now" does: that part is then shown as a date."""
    return not isinstance(read_when(string, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)), NotFound)


async def test_a_rep_is_called_what_he_calls_himself(scene: Scene, naughty: list[str]) -> None:
    grace = await scene.play("Grace")
    await grace.joins("manager", team="West")
    names = list(dict.fromkeys(clean(string[:NAME_MOST]) for string in naughty))
    for name in names:
        person = await scene.sim("/people", {"first_name": name, "language_code": "en"})
        await scene.sim(f"/people/{person['id']}/send", {"text": "/start no-invite"})
    await scene.settle()
    (west,) = await scene.rows(text("SELECT team_id AS id FROM person WHERE status = 'active'"))
    strangers = await scene.rows(text("SELECT id, name FROM person WHERE status = 'new'"))
    assert sorted(row.name for row in strangers) == sorted(names)
    lost = []
    for start in range(0, len(strangers), 25):  # a larger team's digest names teams
        some = strangers[start : start + 25]
        await change_all(scene, some, status="active", roles="rep", team_id=west.id)
        lost += not_shown([row.name for row in some], await send(grace, "/digest"), NAME_MOST)
        await change_all(scene, some, status="gone")
    assert lost == []


async def change_all(scene: Scene, rows: Sequence[Any], **values: Any) -> None:
    def change(connection: Any) -> None:
        for row in rows:
            people.change(connection, row.id, **values)

    await scene.rounds.database.write(change)
