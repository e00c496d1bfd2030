"""The English grammar: which phrases are days, spans and hours."""

from bot.domain.when.english.dates import DATES, ORDINALS
from bot.domain.when.english.hours import HOURS
from bot.domain.when.english.spans import AFTER_DAYS, RELATIVE
from bot.domain.when.english.weekdays import WEEKDAYS_OF_WEEKS
from bot.domain.when.pieces import Rule

# The order matters: a longer phrase is taken before the words in it ("the day after tomorrow" before "tomorrow"),
# what needs a day beside it comes after the days, and "Tue the 4th 7pm" shows its ordinal only when 7pm is taken.
ENGLISH_DAYS: tuple[Rule, ...] = (*DATES, *RELATIVE, *WEEKDAYS_OF_WEEKS, *ORDINALS, *AFTER_DAYS)
ENGLISH_HOURS: tuple[Rule, ...] = (*HOURS, *ORDINALS)
