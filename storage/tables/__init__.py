"""The schema: every table of Rounds, as SQLModel classes; queries use Core statements on them."""

from sqlalchemy import Table
from sqlmodel import SQLModel

from storage.tables.audit import AuditRow
from storage.tables.columns import Instant
from storage.tables.customers import CustomerPinRow, CustomerRow, ImportRow, SearchKeyRow
from storage.tables.locations import (
    LocationConsentRow,
    LocationFixRow,
    LocationShareRow,
    StreamPrintRow,
    VisitStreamRow,
    WorkingDayRow,
)
from storage.tables.people import (
    CalendarChangeRow,
    HandoverRow,
    InviteRow,
    LeaveRow,
    PersonRow,
    PolicyChangeRow,
    TeamRow,
)
from storage.tables.photos import PhotoKeyRow, PhotoPairRow
from storage.tables.plans import PlannedVisitRow, RouteRow, RouteStopRow
from storage.tables.seals import PictureCheckRow, SigningKeyRow
from storage.tables.targets import TargetRow
from storage.tables.traffic import ConversationRow, InboxRow, JobRow, MarkRow, OccurrenceRow, OutboxRow, ShownRow
from storage.tables.visits import (
    AnswerDayRow,
    AnswerFactRow,
    AnswerRow,
    DayTotalRow,
    FollowUpRow,
    PhotoRow,
    ReviewNoteRow,
    ReviewRow,
    SopDraftRow,
    SopVersionRow,
    TeamDayRow,
    VisitRow,
)
from storage.tables.witnesses import VisitWitnessRow

__all__ = [
    "AnswerDayRow",
    "AnswerFactRow",
    "AnswerRow",
    "AuditRow",
    "CalendarChangeRow",
    "ConversationRow",
    "CustomerPinRow",
    "CustomerRow",
    "DayTotalRow",
    "FollowUpRow",
    "HandoverRow",
    "ImportRow",
    "InboxRow",
    "Instant",
    "InviteRow",
    "JobRow",
    "LeaveRow",
    "LocationConsentRow",
    "LocationFixRow",
    "LocationShareRow",
    "MarkRow",
    "OccurrenceRow",
    "OutboxRow",
    "PersonRow",
    "PhotoKeyRow",
    "PhotoPairRow",
    "PhotoRow",
    "PictureCheckRow",
    "PlannedVisitRow",
    "PolicyChangeRow",
    "ReviewNoteRow",
    "ReviewRow",
    "RouteRow",
    "RouteStopRow",
    "SearchKeyRow",
    "ShownRow",
    "SigningKeyRow",
    "SopDraftRow",
    "SopVersionRow",
    "StreamPrintRow",
    "TargetRow",
    "TeamDayRow",
    "TeamRow",
    "VisitRow",
    "VisitStreamRow",
    "VisitWitnessRow",
    "WorkingDayRow",
    "table",
]


def table(row: type[SQLModel]) -> Table:
    """The Core table of a row class, for statements."""
    return SQLModel.metadata.tables[str(row.__tablename__)]
