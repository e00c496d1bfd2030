"""The Chinese grammar: which phrases are days, spans and hours."""

from bot.domain.when.chinese.dates import DATES
from bot.domain.when.chinese.hours import HOURS
from bot.domain.when.chinese.spans import NTH, SPANS
from bot.domain.when.chinese.weekdays import WEEKS
from bot.domain.when.pieces import Rule

# The order matters: a longer phrase is taken before the words in it (大后天 before 后天).
CHINESE_DAYS: tuple[Rule, ...] = (*NTH, *DATES, *WEEKS, *SPANS)
CHINESE_HOURS: tuple[Rule, ...] = HOURS
