"""When a rep means: the day and hour of a follow-up in his own English or Chinese words, or the question to ask him.

How doubtful phrases are taken (weeks start on Monday):

- "Friday" is the coming Friday; said on a Friday it is asked. 周五 after this week's Friday is past while that Friday
  is nearer than the next one, and the next one is offered. 下周五 is Friday of the next calendar week; "next Friday"
  is asked while this week's Friday is still to come.
- Dates without a year and days without a month are the coming ones, unless the last such day is clearly nearer.
- 3/4 is 4 March in a text with Chinese characters, and asked in any other.
- Hours without a half of the day are business hours: 8 to 11 in the morning, 12 to 6 in the afternoon; 7 is asked.
  08:30 is read as written. Of "2pm to 4pm" the beginning counts.
- "by Friday" and 周五前 are Friday. "before Friday" is asked. After a day, there is no day.
- Of a day that is over and a day to come, the day to come is the follow-up. Two days to come are asked.
- A week, a month, a year, "soon", "every Monday" and lunar dates hold no day: they are asked, never guessed.
"""

from collections.abc import Callable
from datetime import date, datetime

from bot.domain.when.chinese import CHINESE_DAYS, CHINESE_HOURS
from bot.domain.when.days import monday_to_friday
from bot.domain.when.decide import decide
from bot.domain.when.english import ENGLISH_DAYS, ENGLISH_HOURS
from bot.domain.when.figures import DOTTED, FIGURES
from bot.domain.when.folding import fold, hide_what_is_not_speech, is_chinese
from bot.domain.when.phrases import phrases_of
from bot.domain.when.pieces import Frame, scan
from bot.domain.when.reading import Ambiguous, Doubt, NotFound, Part, Past, Reading, Understood, Vague

__all__ = ["Ambiguous", "Doubt", "NotFound", "Part", "Past", "Reading", "Understood", "Vague", "read_when"]

_GRAMMAR = (*FIGURES, *CHINESE_DAYS, *ENGLISH_DAYS, *CHINESE_HOURS, *ENGLISH_HOURS, *DOTTED)


def read_when(
    text: str,
    now: datetime,
    *,
    day_first: bool = False,
    is_working_day: Callable[[date], bool] = monday_to_friday,
) -> Reading:
    """The day and hour that the text speaks of.

    `now` is aware and local to the person; the answer's days and hours are on the same clock. `day_first` puts the
    European reading of 3/4 first among the two that are asked.
    """
    folded = fold(text)
    frame = Frame(now, text, day_first, is_chinese(folded), is_working_day)
    pieces = scan(hide_what_is_not_speech(folded), _GRAMMAR, frame)
    return decide(text, folded, phrases_of(folded, pieces), frame)
