"""The language that Rounds speaks to a person."""

from typing import NoReturn

from bot.domain.conversation import Input, Pressed, Refusal
from bot.rendering import LANGUAGES
from bot.services import menus
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import people
from storage.conversations import Place


def offer(turn: Turn, _argument: str) -> None:
    """`/language`: the languages as buttons."""
    turn.say("menu/language", languages=LANGUAGES, current=turn.person.language)


def pressed(turn: Turn, _place: Place | None, press: Pressed) -> None:
    """Speak the chosen language from now on."""
    if press.choice not in LANGUAGES:
        raise Refusal("conversation/changed")
    people.change(turn.connection, turn.person.id, language=press.choice)
    turn.visitor = people.get(turn.connection, turn.person.id)
    menus.welcome(turn, "menu/language_set", role="")


def _never(turn: Turn, place: Place, given: Input | None = None) -> NoReturn:
    """The language has no question of its own to stand at."""
    raise Refusal("conversation/changed")


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_never, standing=True, returns=True)
