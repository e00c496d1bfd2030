"""Which types of visit a rep may begin: the everyday ones on one screen, the papers of a sale behind a button."""

from bot.domain.conversation import Refusal
from bot.domain.people import Person
from bot.domain.shipped import FORMS, REMOTE_CONTACT
from bot.domain.sop import Wording
from bot.services.turn import Turn
from storage import sops, visits
from storage.conversations import Place

PAPERS = frozenset(sop.type for sop in FORMS)


def usual(turn: Turn, rep: Person, *, on_site: bool = False) -> str:
    """What he will most likely want: the type of his last visit; whoever filled in a paper goes on visiting.

    Who is `on_site` wants no remote contact.
    """
    besides = PAPERS | {REMOTE_CONTACT.type} if on_site else PAPERS
    last = visits.last_type(turn.connection, rep.id, besides=besides)
    offered = titles(turn)
    return last if last in offered else next(iter(offered))


def titles(turn: Turn) -> dict[str, Wording]:
    """The titles of all types that may begin, the everyday ones first; refuses when the company has none."""
    offered = dict(sops.list_types(turn.connection))
    if not offered:
        raise Refusal("checkin/no_types")
    return {name: offered[name] for name in sorted(offered, key=PAPERS.__contains__)}


def offer(turn: Turn, place: Place, chosen: str, *, papers: bool, withdrawn: bool = False) -> None:
    """Ask for the type: of everyday visits, or of papers; what is `chosen` is ticked, if it was not `withdrawn`."""
    offered = titles(turn)
    papers = papers and not PAPERS.isdisjoint(offered)
    shown = [name for name in offered if (name in PAPERS) is papers]
    types = [{"type": name, "title": offered[name], "chosen": name == chosen} for name in shown]
    more = len(offered) - len(shown)
    turn.ask(place, "checkin/types", types=types, papers=papers, more=more, withdrawn=withdrawn)
