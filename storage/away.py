"""What a database's errors mean to us: away for now, or a fault of ours."""

from sqlite3 import SQLITE_CORRUPT, SQLITE_ERROR, SQLITE_NOTADB

from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

READ_ONLY = "25006"  # PostgreSQL's word while a disk is nearly full, or another server is taking over


class DatabaseAway(Exception):  # noqa: N818 - the cue to try later
    """The database does not answer, is locked or is full: nothing of the unit was kept, and it may be run again."""


def as_ours(error: Exception) -> Exception:
    """DatabaseAway for what time may mend; a statement that is wrong stays the fault that it is."""
    match error:
        case NoConnectionFree() | DBAPIError(connection_invalidated=True):
            return DatabaseAway(type(error).__name__)
        case StopIteration():
            return RuntimeError("a unit ran out of something")  # as itself no future takes it, and nobody is answered
        case DBAPIError() if getattr(error.orig, "sqlstate", None) == READ_ONLY:
            return DatabaseAway("the server takes nothing")
        case OperationalError() if getattr(error.orig, "sqlite_errorcode", None) != SQLITE_ERROR:
            # sqlite3 says OperationalError of a wrong statement too, but with the code left out above
            return DatabaseAway(type(error).__name__)
        case DatabaseError() if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (SQLITE_CORRUPT, SQLITE_NOTADB):
            return DatabaseAway("the file is damaged, or no database")
        case _:
            return error
