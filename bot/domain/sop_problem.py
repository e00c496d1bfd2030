"""The word in which a mistake in a checklist is told, wherever it was made."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """What is wrong, by a `code` that `templates/messages/sop_file/problem.html` has a sentence for.

    `item` is the item's id, "" for the SOP and its groups. `facts` (JSON): `number` is the item's place from 1,
    `group` the group's id, `check` the check's place from 1 where it is about one, and what the sentence speaks of.
    """

    code: str
    item: str
    facts: dict[str, Any] = field(default_factory=dict)
