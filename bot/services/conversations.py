"""Takes up a conversation where it stands: which flow an input belongs to, and what to say when it fits none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.conversation import Chose, Input, Pressed, Recorded, Refusal, Unexpected
from bot.services import menus
from bot.services.turn import Turn
from storage import conversations, outbox
from storage.conversations import Place


@dataclass(frozen=True)
class Flow:
    """What a kind of conversation can do; `pressed` also serves buttons that outlive their conversation.

    `cancel` returns False when it asks first whether that is meant. `standing` flows have buttons below lists and
    reminders that stand for themselves (revision 0); the others take a tap only at its place. After a tap on one
    that `returns`, the person's open question is put again. One that `hears` takes his recordings while it is open,
    whatever he is at; nobody else does.
    """

    given: Callable[[Turn, Place, Input], None]
    pressed: Callable[[Turn, Place | None, Pressed], None]
    ask: Callable[[Turn, Place], None]
    cancel: Callable[[Turn, Place], bool]
    standing: bool = False
    returns: bool = False
    hears: bool = False


class Conversations:
    """All flows by name, and what to do when none is open."""

    def __init__(
        self,
        flows: Mapping[str, Flow],
        commands: Mapping[str, Callable[[Turn, str], None]],
        idle: Callable[[Turn, Input], None],
    ) -> None:
        """`commands` are use cases by the name of command and key; `idle` takes what belongs to no open flow."""
        self._flows = flows
        self._commands = commands
        self._idle = idle

    def command(self, turn: Turn, name: str, argument: str) -> None:
        """A command, typed or pressed as a key."""
        if name != "start":  # a token lets him in again who has left
            _must_be_let_in(turn)
        if name == "cancel":
            self.cancel(turn)
        elif name == "menu":
            menus.show(turn)
            self.show_current(turn)
        elif name in self._commands:
            self._commands[name](turn, argument)
        else:
            raise Refusal("conversation/unknown_command")

    def resume(self, turn: Turn, given: Input) -> None:
        """Hand an input to the flow that it belongs to."""
        _must_be_let_in(turn)
        if isinstance(given, Pressed):
            self._press(turn, given)
            return
        if isinstance(given, Chose) and given.key in menus.every_command():
            self.command(turn, given.key, "")
            return
        if isinstance(given, Recorded):
            hearing = self._hearing(turn)
            if hearing is not None:
                self._flows[hearing.flow].given(turn, hearing, given)
                return
            given = Unexpected("video_note" if given.is_round else "voice")
        place = self._current(turn)
        if place is not None:
            if isinstance(given, Unexpected):
                raise Refusal(f"conversation/{_word_for(given.kind)}")
            self._flows[place.flow].given(turn, place, given)
        else:
            self._idle(turn, given)

    def hand_to(self, turn: Turn, flow: str, subject: int, given: Input) -> None:
        """Hand what a job brings to the flow that waits for it, whatever the person is at; lost on one that is over."""
        place = conversations.find(turn.connection, turn.person.id, flow)
        if place is not None and place.subject == subject:
            self._flows[flow].given(turn, place, given)

    def show_current(self, turn: Turn) -> bool:
        """Ask the current question again; False when there is none."""
        place = self._current(turn)
        if place is None:
            return False
        try:
            self._flows[place.flow].ask(turn, place)
        except Refusal:  # he may no longer be asked: a role or a customer was taken from him meanwhile
            return False
        return True

    def cancel(self, turn: Turn) -> None:
        """Leave the current flow, and go back to the one below it."""
        place = self._current(turn)
        if place is None:
            raise Refusal("conversation/nothing_to_cancel")
        if self._flows[place.flow].cancel(turn, place):
            self.show_current(turn)

    def _press(self, turn: Turn, pressed: Pressed) -> None:
        flow = self._flows.get(pressed.flow)
        if flow is None or turn.visitor is None:
            raise Refusal("conversation/changed")
        turn.pressed_message = pressed.message_id
        place = conversations.find(turn.connection, turn.visitor.id, pressed.flow)
        stands = pressed.revision == 0 and flow.standing
        if stands or (place is not None and (place.subject, place.revision) == (pressed.subject, pressed.revision)):
            if not stands and place is not None:  # what he types next belongs to what he tapped
                conversations.raise_up(turn.connection, place)
            flow.pressed(turn, place, pressed)
            if flow.returns:
                turn.pressed_message = None
                self.show_current(turn)
        elif place is not None and outbox.find_shown(turn.connection, turn.chat_id, "ask") == pressed.message_id:
            flow.ask(turn, place)  # a second tap: the message shows already what came of the first
        else:
            raise Refusal("conversation/changed")

    def _hearing(self, turn: Turn) -> Place | None:
        """What waits for a recording of his."""
        if turn.visitor is None:
            return None
        places = (
            conversations.find(turn.connection, turn.visitor.id, name)
            for name, flow in self._flows.items()
            if flow.hears
        )
        return next((place for place in places if place is not None), None)

    def _current(self, turn: Turn) -> Place | None:
        if turn.visitor is None:
            return None
        return conversations.find_current(turn.connection, turn.visitor.id)


def _must_be_let_in(turn: Turn) -> None:
    """Refuse, whatever it is about, whom an admin has locked out and who has left, unless he is just coming back."""
    if turn.visitor is None or not turn.visitor.is_closed:
        return
    if conversations.find(turn.connection, turn.visitor.id, "join") is None:
        raise Refusal("people/closed", left=turn.visitor.status == "gone")


def _word_for(kind: str) -> str:
    return kind if kind in ("sticker", "voice", "edited") else "unexpected"
