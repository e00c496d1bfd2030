"""What a checklist is made of: items of a kind, conditions, checks, and groups asked once per product or rival."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Wording = Mapping[str, str]  # language → text; an SOP's words are data, not messages
ENTRY = "@"  # stands in a line's id between the item and the entry it is asked about
TITLE_MOST, HINT_MOST, LABEL_MOST = 120, 300, 40  # characters
ITEMS_MOST, CHOICES_MOST, ENTRIES_MOST = 100, 30, 30


class Kind(StrEnum):
    """How an item is answered."""

    YES_NO = "yes_no"
    ONE_OF = "one_of"
    SEVERAL_OF = "several_of"
    NUMBER = "number"
    MONEY = "money"
    TEXT = "text"
    PHOTO = "photo"
    CONTACT = "contact"
    DATE = "date"
    RATING = "rating"
    CODE = "code"
    NAMES = "names"  # of whom or what a group is asked; no admin makes one, a group brings its own


AMOUNTS = (Kind.NUMBER, Kind.MONEY, Kind.RATING)
PICTURED = (Kind.PHOTO, Kind.CODE)
CHOSEN = (Kind.ONE_OF, Kind.SEVERAL_OF)


@dataclass(frozen=True)
class Choice:
    """One of the answers of a one-of or several-of item, or one of what a group is asked about."""

    id: str
    label: Wording


@dataclass(frozen=True)
class Check:
    """What an answer must meet, as a condition about `it`, and what is said if not; a `soft` one asks whether so."""

    holds: str
    message: Wording
    soft: bool = False


@dataclass(frozen=True)
class Item:
    """A line of the checklist.

    `least` and `most` bound a number or an amount of money, `most` is a rating's best mark; `minimum` counts photos, a
    text's characters or the choices of a several-of. `unit` is a number's unit or money's currency. `when` says under
    which condition it is asked. `group` names the group whose entries it is asked about, each by itself; in a
    checklist such a line bears the `entry` in its id and title.
    """

    id: str
    kind: Kind
    title: Wording
    hint: Wording = field(default_factory=dict)
    required: bool = True
    choices: tuple[Choice, ...] = ()
    unit: Wording = field(default_factory=dict)
    least: float | None = None
    most: float | None = None
    minimum: int = 1
    when: str = ""
    checks: tuple[Check, ...] = ()
    group: str = ""
    entry: Wording = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The id of the item in its SOP, of which this may be the line for one entry."""
        return self.id.partition(ENTRY)[0]


@dataclass(frozen=True)
class Group:
    """What its items are asked about: known `entries`, and, where it is `open`, those that a rep names."""

    id: str
    title: Wording
    entries: tuple[Choice, ...] = ()
    open: bool = False
    required: bool = False


@dataclass(frozen=True)
class Sop:
    """A checklist of a type of visit; `ordered` means that only the next item may be answered."""

    type: str
    title: Wording
    items: tuple[Item, ...]
    ordered: bool = False
    groups: tuple[Group, ...] = ()

    def group(self, group_id: str) -> Group:
        """The group with this id; raises KeyError."""
        for group in self.groups:
            if group.id == group_id:
                return group
        raise KeyError(group_id)


def reading(wording: Wording, language: str) -> str:
    """A wording for a reader: in his language, else in the first that there is."""
    return wording.get(language) or next((text for text in wording.values() if text), "")
