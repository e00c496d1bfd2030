"""What can be wrong with a customer list, by code; the sentences are templates."""

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """What a column of a customer list can hold."""

    EXTERNAL_ID = "external_id"
    NAME = "name"
    ALIASES = "aliases"
    GRADE = "grade"
    CLASS = "class"
    TAGS = "tags"
    INDUSTRY = "industry"
    REGION = "region"
    ADDRESS = "address"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    COORDINATES = "coordinates"
    DATUM = "datum"
    FENCE_RADIUS = "fence_radius"
    CONTACT_NAME = "contact_name"
    PHONE = "phone"
    NOTE = "note"
    OWNER = "owner"


class Reason(StrEnum):
    """Why a list or a row of it cannot be taken as it is."""

    # The whole list
    NO_HEADER = "no_header"
    NO_NAME_COLUMN = "no_name_column"
    DOUBLE_COLUMN = "double_column"
    HALF_POSITION_COLUMNS = "half_position_columns"
    NO_ROWS = "no_rows"
    # A cell
    MISSING_NAME = "missing_name"
    TOO_LONG = "too_long"
    ROUNDED_NUMBER = "rounded_number"
    ERROR_CELL = "error_cell"
    UNKNOWN_GRADE = "unknown_grade"
    UNKNOWN_CLASS = "unknown_class"
    UNKNOWN_DATUM = "unknown_datum"
    UNKNOWN_OWNER = "unknown_owner"
    AMBIGUOUS_OWNER = "ambiguous_owner"
    BAD_RADIUS = "bad_radius"
    # The position
    UNREADABLE_COORDINATES = "unreadable_coordinates"
    HALF_POSITION = "half_position"
    UNCLEAR_ORDER = "unclear_order"
    SWAPPED_COORDINATES = "swapped_coordinates"
    IMPOSSIBLE_COORDINATES = "impossible_coordinates"
    ZERO_COORDINATES = "zero_coordinates"
    # The row among the others
    DOUBLE_ID = "double_id"
    DOUBLE_CUSTOMER = "double_customer"
    AMBIGUOUS_CUSTOMER = "ambiguous_customer"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct. `row` is Excel's number, None for the whole list; `value` is what stands there now;
    `other_row` is the row it collides with."""

    reason: Reason
    row: int | None = None
    field: Field | None = None
    value: str = ""
    other_row: int | None = None


class BadCell(ValueError):  # noqa: N818 - the person is told; nothing failed
    """A cell that cannot be taken, with the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
