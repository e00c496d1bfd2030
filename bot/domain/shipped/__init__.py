"""The checklists that Rounds brings along; a company changes them or publishes its own.

`VISITS` are the types of visit; `FORMS` are the papers of a sales process, each filled in with a customer at hand.
"""

from bot.domain.shipped.agreeing import LETTER_OF_INTENT, NEGOTIATION_RECORD
from bot.domain.shipped.channel_visit import CHANNEL_VISIT
from bot.domain.shipped.choosing import SCREENING, TARGET_PROFILE
from bot.domain.shipped.customer_visit import CUSTOMER_VISIT
from bot.domain.shipped.delivering import DELIVERY_PLAN, DELIVERY_PROGRESS
from bot.domain.shipped.grading import GRADING
from bot.domain.shipped.inspection import INSPECTION
from bot.domain.shipped.keeping import FURTHER_NEED, SATISFACTION_SURVEY
from bot.domain.shipped.offering import NEED_STATEMENT, PROPOSAL_FEEDBACK
from bot.domain.shipped.remote_contact import REMOTE_CONTACT
from bot.domain.shipped.store_check import STORE_CHECK

__all__ = ["CUSTOMER_VISIT", "FORMS", "REMOTE_CONTACT", "SCREENING", "SHIPPED", "STORE_CHECK", "VISITS"]

VISITS = (CUSTOMER_VISIT, STORE_CHECK, INSPECTION, CHANNEL_VISIT, REMOTE_CONTACT)
FORMS = (
    TARGET_PROFILE,
    SCREENING,
    GRADING,
    NEED_STATEMENT,
    PROPOSAL_FEEDBACK,
    LETTER_OF_INTENT,
    NEGOTIATION_RECORD,
    DELIVERY_PLAN,
    DELIVERY_PROGRESS,
    SATISFACTION_SURVEY,
    FURTHER_NEED,
)
SHIPPED = (*VISITS, *FORMS)
