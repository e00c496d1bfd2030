"""A rep's day adds up as visits are sent."""

from datetime import date

from storage import people, totals
from storage.database import Connection, Database

MONDAY = date(2026, 11, 23)


async def test_visits_of_a_day_add_up_and_other_days_and_people_do_not(database: Database) -> None:
    def store(connection: Connection) -> list[int]:
        ids = [people.add(connection, telegram_id=n, name=f"Rep {n}", time_zone="Asia/Shanghai") for n in (1, 2)]
        one, other = ids
        totals.add_visit(connection, one, MONDAY, effective=True, seconds=600, flagged=False, late=False)
        totals.add_visit(connection, one, MONDAY, effective=False, seconds=300, flagged=True, late=True)
        totals.add_visit(connection, one, date(2026, 11, 24), effective=True, seconds=60, flagged=False, late=False)
        totals.add_visit(connection, other, MONDAY, effective=True, seconds=60, flagged=False, late=False)
        return ids

    one, other = await database.write(store)
    (day,) = await database.read(lambda c: totals.sum_by_day(c, [one], MONDAY, MONDAY))
    assert (day.on_date, day.visits, day.effective, day.seconds, day.flagged, day.late) == (MONDAY, 2, 1, 900, 1, 1)
    days = await database.read(lambda c: totals.sum_by_day(c, [one, other], MONDAY, date(2026, 11, 30)))
    assert [(row.on_date.day, row.visits) for row in days] == [(23, 3), (24, 1)]
