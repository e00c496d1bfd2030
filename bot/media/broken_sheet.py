"""Why a file that somebody sent cannot be read as a sheet."""

from enum import StrEnum


class SheetFault(StrEnum):
    """The reasons, each with its own sentence for the person."""

    NOT_A_SHEET = "not_a_sheet"
    PASSWORD = "password"  # noqa: S105 - the fault is called so
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"


class BrokenSheet(Exception):  # noqa: N818 - the person is told; nothing failed
    """The file is no sheet that we can read. Crosses processes, so it carries nothing but the reason."""

    def __init__(self, reason: SheetFault) -> None:
        super().__init__(reason)
        self.reason = reason
