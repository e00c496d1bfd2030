"""How the shipped checklists are written down: every wording in both languages, side by side."""

from bot.domain.sop import Choice, Wording


def words(english: str, chinese: str) -> Wording:
    """A wording that every reader understands."""
    return {"en": english, "zh_Hans": chinese}


def choice(choice_id: str, english: str, chinese: str) -> Choice:
    """One of the answers to tap."""
    return Choice(choice_id, words(english, chinese))


YUAN = words("yuan", "元")
PER_CENT = words("%", "%")
DAYS = words("days", "天")
PIECES = words("pieces", "件")
