"""What is planned ahead for one person, planned anew: his team, and with it his rules, or his leave have changed."""

from bot.domain.people import Person
from bot.services import dailies, due_dates, planned
from bot.services.turn import Turn
from storage import customers, dues, handovers, people


def replan(turn: Turn, person: Person) -> None:
    """When he hears from us next, what his routes bring, and by when his customers should be seen."""
    dailies.plan(turn, person)
    planned.remake(turn, person)
    his = [row.id for row in handovers.list_customers(turn.connection, person.id)]
    if len(his) <= due_dates.AT_ONCE:
        due_dates.count_anew(turn, customers.list_rows(turn.connection, his))
    else:
        turn.work(due_dates.JOB, 0)


def replan_team(turn: Turn, team_id: int) -> None:
    """The same for everybody in a team and below it; their customers follow by a job."""
    for person in people.list_in(turn.connection, people.find_team_path(turn.connection, team_id)):
        dailies.plan(turn, person)
    dues.hasten_routes(turn.connection, turn.now)
    turn.work(due_dates.JOB, 0)
