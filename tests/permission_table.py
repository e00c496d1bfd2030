"""Who may do what: every command and every button, for everybody who may try, on his own things and on others'.

A new command or button needs its line here, or `test_permission_matrix` fails. `{customer}` and the like stand for the
id of a thing of the rep's (`tests/permissions.py`); in a pattern * stands for a value, as in the templates.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from permissions import DONE, Who

CHANGED = "conversation/changed"  # "this button is out of date": also the answer to whoever never saw it
NOT_ALLOWED = "people/not_allowed"


@dataclass(frozen=True)
class Allowed:
    """A rule: everybody in `who` may; the others hear NOT_ALLOWED, or what `told` says."""

    words: str
    who: frozenset[Who]
    told: Mapping[Who, str] = field(default_factory=dict)

    def outcome(self, who: Who, then: str, *, button: bool) -> str:
        """What comes of a try; `then` is what whoever may do it gets."""
        if who in self.who:
            return then
        if who in self.told:
            return self.told[who]
        match who:
            case Who.NOBODY:
                return CHANGED if button else "join/not_yet"
            case Who.JOINING:
                return "join/unfinished"
            case Who.LOCKED:
                return "people/closed"
        return NOT_ALLOWED


MEMBERS = frozenset((Who.REP, Who.OTHER_REP, Who.MANAGER, Who.OTHER_MANAGER, Who.ADMIN))
REPS = frozenset((Who.REP, Who.OTHER_REP))
LEADERS = frozenset((Who.MANAGER, Who.OTHER_MANAGER, Who.ADMIN))
OVER_THE_REP = frozenset((Who.MANAGER, Who.ADMIN))

EVERYBODY = Allowed("every member", MEMBERS)
A_REP = Allowed("every rep", REPS)
A_LEADER = Allowed("managers and admins", LEADERS)
AN_ADMIN = Allowed("admins", frozenset((Who.ADMIN,)))
WHO_SEES_HIM = Allowed("his manager and admins", OVER_THE_REP, {Who.OTHER_MANAGER: "people/not_yours"})
WHO_SEES_THE_VISIT = Allowed(
    "its rep, his manager and admins",
    OVER_THE_REP | {Who.REP},
    {Who.OTHER_REP: "digest/not_your_team", Who.OTHER_MANAGER: "digest/not_your_team"},
)
WHO_JUDGES_THE_VISIT = Allowed(
    "the rep's manager and admins", OVER_THE_REP, {Who.OTHER_MANAGER: "digest/not_your_team"}
)
WHO_SEES_THE_CUSTOMER = Allowed(
    "the customer's rep, his manager and admins",
    OVER_THE_REP | {Who.REP},
    {Who.OTHER_REP: "checkin/not_yours", Who.OTHER_MANAGER: "checkin/not_yours"},
)
WHOSE_CUSTOMER = Allowed("the customer's rep", frozenset((Who.REP,)), {Who.OTHER_REP: "checkin/not_yours"})
WHO_VISITS_HIM = Allowed(
    "the customer's rep",
    frozenset((Who.REP,)),
    {Who.OTHER_REP: "checkin/not_yours", Who.OTHER_MANAGER: "checkin/not_yours"},
)
HIMSELF_OR_LED = Allowed(
    "the rep, his manager and admins",
    OVER_THE_REP | {Who.REP},
    {Who.OTHER_REP: "people/not_yours", Who.OTHER_MANAGER: "people/not_yours"},
)
WHOSE_VISIT = Allowed("the visit's rep", frozenset((Who.REP,)), {Who.OTHER_REP: CHANGED})
WHO_IS_NAMED = Allowed(
    "who was named as companion", frozenset((Who.OTHER_REP,)), dict.fromkeys(MEMBERS - {Who.OTHER_REP}, CHANGED)
)
WHO_SETS_HIS = Allowed(
    "his manager and admins",
    OVER_THE_REP,
    dict.fromkeys((Who.REP, Who.OTHER_REP, Who.OTHER_MANAGER), "target/not_yours"),
)
WHOSE_TARGET = Allowed(
    "the rep, his manager and admins",
    OVER_THE_REP | {Who.REP},
    dict.fromkeys((Who.OTHER_REP, Who.OTHER_MANAGER), "target/not_yours"),
)
WHOSE_STOP = Allowed("the route's rep", frozenset((Who.REP,)), {Who.OTHER_REP: CHANGED})
WHOSE_PROMISE = Allowed("whose follow-up it is", frozenset((Who.REP,)), {Who.OTHER_REP: "followup/not_yours"})
NEWCOMERS = Allowed(
    "whoever is joining",
    frozenset((Who.JOINING,)),
    dict.fromkeys(MEMBERS, CHANGED),
)
ANYBODY = Allowed("everybody but who is locked out", MEMBERS | {Who.NOBODY, Who.JOINING})
NOTHING_OPEN = "conversation/nothing_to_cancel"
WHO_IS_AT_SOMETHING = Allowed(
    "whoever is at something",
    frozenset((Who.REP,)),
    {**dict.fromkeys((*(MEMBERS - {Who.REP}), Who.NOBODY), NOTHING_OPEN), Who.JOINING: "join/cannot_cancel"},
)


@dataclass(frozen=True)
class Row:
    """One thing to try: a command with words behind it, or a button (`flow`) about a thing.

    `then` is what those hear who may do it: DONE, or what the scene lacks ("nothing is open"), which only they hear.
    """

    what: str
    allowed: Allowed
    given: str = ""
    flow: str | None = None
    thing: str = ""
    placed: bool = False
    then: str = DONE

    def expected(self, who: Who) -> str:
        """What comes of it."""
        return self.allowed.outcome(who, self.then, button=self.flow is not None)


COMMANDS: tuple[Row, ...] = (
    Row("start", ANYBODY),
    Row("menu", EVERYBODY),
    Row("help", EVERYBODY),
    Row("help", AN_ADMIN, "settings"),
    Row("language", EVERYBODY),
    Row("cancel", WHO_IS_AT_SOMETHING),
    Row("visit", A_REP),
    Row("customers", EVERYBODY),
    Row("near", EVERYBODY),
    Row("followups", A_REP),
    Row("today", A_REP),
    Row("routes", EVERYBODY),
    Row("targets", EVERYBODY),
    Row("targets", A_LEADER, "visits 120"),
    Row("day", A_REP),
    Row("leave", EVERYBODY),
    Row("digest", A_LEADER),
    Row("answers", A_LEADER),
    Row("people", A_LEADER),
    Row("teams", AN_ADMIN),
    Row("invite", AN_ADMIN),
    Row("invite", AN_ADMIN, "admin"),
    Row("import", AN_ADMIN),
    Row("export", A_LEADER),
    Row("export", A_LEADER, "visits 2026-11 csv"),
    Row("export", AN_ADMIN, "people xlsx"),
    Row("sop", AN_ADMIN),
    Row("calendar", AN_ADMIN),
    Row("calendar", AN_ADMIN, "2027-02-08 off Spring Festival"),
    Row("settings", AN_ADMIN),
    Row("settings", AN_ADMIN, "fence.radius"),
    Row("set", AN_ADMIN, "fence.radius 150"),
    Row("undo", AN_ADMIN, then="policy/nothing_to_undo"),
    Row("verify", EVERYBODY),
    Row("audit", AN_ADMIN),
    Row("audit", AN_ADMIN, "verify"),
    Row("backup", AN_ADMIN),
    Row("health", AN_ADMIN),
)


def _rows(
    flow: str, allowed: Allowed, *choices: str, thing: str = "", placed: bool = False, then: str = DONE
) -> Iterator[Row]:
    """Buttons alike: `pattern`, or `pattern = example` where it has a value."""
    for choice in choices:
        pattern, _, example = choice.partition(" = ")
        yield Row(pattern, allowed, example or pattern.replace("*", "1"), flow, thing, placed, then)


BUTTONS: tuple[Row, ...] = (
    *_rows("language", EVERYBODY, "* = zh_Hans"),
    *_rows("help", EVERYBODY, "all", "* = cancel"),
    *_rows("help", AN_ADMIN, "* = settings"),
    *_rows("join", NEWCOMERS, "* = en", placed=True),
    # --- in the field
    *_rows("checkin", A_REP, "purpose-first", "purpose-relationship", "purpose-proposal", placed=True),
    *_rows("checkin", A_REP, "purpose-problem", "papers", "types", "elsewhere", placed=True),
    *_rows("checkin", A_REP, "reason-weak_signal", "reason-met_elsewhere", placed=True),
    *_rows("checkin", A_REP, "reason-customer_moved", "reason-large_site", "reason-pin_wrong", placed=True),
    *_rows("checkin", A_REP, "type-*", placed=True, then=CHANGED),
    *_rows("checkin", WHOSE_CUSTOMER, "customer-* = customer-{customer}", placed=True),
    *_rows("customers", WHO_SEES_THE_CUSTOMER, "open", "pin", thing="customer"),
    *_rows("customers", WHO_VISITS_HIM, "visit", thing="customer"),
    *_rows("verify", EVERYBODY, "cancel", placed=True),
    *_rows("visit", WHOSE_VISIT, "item-*", "page-*", "cancel-no", "cancel-yes", placed=True),
    *_rows("visit", WHOSE_VISIT, "answer-*", "answer-yes", "answer-no", placed=True, then="checklist/wants_one_of"),
    *_rows("visit", WHOSE_VISIT, "skip", placed=True, then="checklist/required"),
    *_rows("visit", WHOSE_VISIT, "tick-*", "ticked", "sure", "code-*", placed=True, then=CHANGED),
    *_rows("visit", WHOSE_VISIT, "here-*", "here-none", "nothing", placed=True, then=CHANGED),
    *_rows("visit", WHOSE_VISIT, "result-reached", "result-partly", "result-not_reached", placed=True, then=CHANGED),
    *_rows("visit", WHOSE_VISIT, "next-none", "next-yes", "next-again", "next-month.", placed=True, then=CHANGED),
    *_rows("visit", WHOSE_VISIT, "next-month.* = next-month.2026-12-01", placed=True, then=CHANGED),
    *_rows("visit", WHOSE_VISIT, "next-day.* = next-day.2026-12-01", "next-pick.*", placed=True, then=CHANGED),
    *_rows("visit", WHOSE_VISIT, "next-because.* = next-because.closed", placed=True, then=CHANGED),
    *_rows("visit", WHOSE_VISIT, "change-result", "change-words", "change-next", placed=True, then=CHANGED),
    *_rows("visit", WHOSE_VISIT, "send", placed=True, then=CHANGED),
    *_rows("visit", WHOSE_VISIT, "out", placed=True, then=CHANGED),
    *_rows("visit", WHOSE_VISIT, "with", placed=True),
    *_rows("challenge", WHOSE_VISIT, "later", placed=True),
    *_rows("challenge", WHOSE_VISIT, "answer", thing="challenge", then=CHANGED),
    *_rows("challenge", WHO_SEES_THE_VISIT, "show", thing="challenge", then="challenge/not_there_yet"),
    *_rows("companion", WHOSE_VISIT, "name-* = name-{colleague}", "back", placed=True),
    *_rows("witness", WHO_IS_NAMED, "yes", "place", "no", thing="witness"),
    *_rows("live", A_REP, "agree", "decline"),
    *_rows("live", A_REP, "visit", "day", "nothing", placed=True),
    *_rows("live", WHOSE_VISIT, "left-*", thing="visit", then="visit/items_missing"),
    *_rows("live", A_REP, "still", thing="visit"),
    *_rows("day", A_REP, "begin", "end", "withdraw"),
    *_rows("reminder", WHOSE_VISIT, "go_on"),
    *_rows("followup", WHOSE_PROMISE, "open", "done", "move", "drop", thing="followup"),
    *_rows("followup", WHOSE_PROMISE, "note", thing="followup", then=CHANGED),
    *_rows("followup", WHOSE_PROMISE, "day-* = day-2026-12-08", "again", placed=True),
    *_rows("followup", WHOSE_PROMISE, "because-* = because-no_time", placed=True, then=CHANGED),
    *_rows("followup", WHOSE_PROMISE, "pick-*", "words", placed=True, then=CHANGED),
    *_rows("target", WHOSE_TARGET, "open-* = open-person", "open-person", thing="person"),
    *_rows("target", WHO_SETS_HIS, "open-team", thing="team"),
    *_rows("target", WHO_SETS_HIS, "set-*-* = set-person-visits", thing="person"),
    *_rows("target", WHO_SETS_HIS, "below-* = below-team", "below-*-* = below-team-1", thing="team"),
    *_rows("target", WHO_SETS_HIS, "period-week", "period-month", "from-this", "from-next", placed=True),
    *_rows("target", WHO_SETS_HIS, "value-*", "none", placed=True),
    *_rows("plan", A_REP, "stops", "stops-*"),
    *_rows("plan", WHOSE_STOP, "leave", thing="stop"),
    *_rows("plan", WHOSE_STOP, "take", thing="stop", then=CHANGED),
    *_rows("plan", WHOSE_STOP, "because-* = because-no_time", placed=True),
    *_rows("route", EVERYBODY, "list", "list-*"),
    *_rows("route", HIMSELF_OR_LED, "open", thing="route"),
    *_rows("route", A_LEADER, "new"),
    *_rows("route", WHO_SEES_HIM, "days", "add", "order", "order-*", "rename", "give", "pause", thing="route"),
    *_rows("route", WHO_SEES_HIM, "go", "delete", "deleted", thing="route"),
    *_rows("route", WHO_SEES_HIM, "day-*", "every-1", "every-2", "week-this", "week-next", thing="route"),
    *_rows("route", WHO_SEES_HIM, "stop-* = stop-{customer}", "up-* = up-{customer}", thing="route"),
    *_rows("route", WHO_SEES_HIM, "down-* = down-{customer}", "first-* = first-{customer}", thing="route"),
    *_rows("route", WHO_SEES_HIM, "out-* = out-{customer}", thing="route"),
    *_rows("route", WHO_SEES_HIM, "page-*", "done", "near", placed=True),
    *_rows("route", WHO_SEES_HIM, "tick-*", "rep-*", placed=True, then=CHANGED),
    # --- the team
    *_rows("digest", A_LEADER, "day.* = day.2026-11-22"),
    *_rows("digest", WHO_SEES_THE_VISIT, "visit", "pictures", thing="visit"),
    *_rows("grade", WHO_JUDGES_THE_VISIT, "give.* = give.B", "give.-", thing="visit", then=CHANGED),
    *_rows("review", WHO_JUDGES_THE_VISIT, "accept", "ask", "reject", thing="visit"),
    *_rows("review", WHOSE_VISIT, "answer", "appeal", thing="visit", then=CHANGED),
    *_rows("review", WHOSE_VISIT, "add", thing="visit"),
    *_rows("review", WHO_JUDGES_THE_VISIT, "because-* = because-where", placed=True),
    *_rows("review", WHO_SEES_THE_VISIT, "back", placed=True),
    *_rows("review", EVERYBODY, "nothing", placed=True, then=CHANGED),
    *_rows("seen", WHO_SEES_THE_VISIT, "pair", thing="photo"),
    *_rows("seen", WHOSE_VISIT, "back", "why", thing="photo"),
    *_rows("pins", A_LEADER, "all"),
    *_rows("pins", WHO_SEES_HIM, "show", "later", "right", "wrong", thing="pin"),
    *_rows("answers", A_LEADER, "types.* = types.week"),
    *_rows("answers", A_LEADER, "type.*.* = type.week.0", "type.*.0 = type.week.0", thing="checklist"),
    *_rows("answers", A_LEADER, "item.*.* = item.week.0", "excel.*.* = excel.week.0", thing="checklist"),
    *_rows("answers", A_LEADER, "list.*.*.* = list.week.0.0", "list.*.*.0 = list.week.0.0", thing="checklist"),
    *_rows("people", A_LEADER, "list", "list.*", "left", "left.*", "search"),
    *_rows("people", A_LEADER, "found.* = found.e"),
    *_rows("people", A_LEADER, "list", placed=True),
    *_rows("people", WHO_SEES_HIM, "open", thing="person"),
    *_rows("people", AN_ADMIN, "roles", "team", "team.*", "lock", "locked", thing="person"),
    *_rows("people", AN_ADMIN, "give.* = give.manager", thing="person"),
    *_rows("people", AN_ADMIN, "take.* = take.rep", thing="person", then="people/last_role"),
    *_rows("people", AN_ADMIN, "into.* = into.{east}", "into.0", thing="person"),
    *_rows("people", AN_ADMIN, "let_in", thing="locked"),
    *_rows("leave", HIMSELF_OR_LED, "of", "new", thing="person"),
    *_rows("leave", HIMSELF_OR_LED, "cancel", thing="leave"),
    *_rows("handover", AN_ADMIN, "leaves", "some", thing="person"),
    *_rows("handover", AN_ADMIN, "to.* = to.{colleague}", "other", "page.*", "cancel", placed=True),
    *_rows("handover", AN_ADMIN, "tick.*", "ticked", placed=True, then=CHANGED),
    *_rows("handover", AN_ADMIN, "go.*", placed=True, then="handover/changed_meanwhile"),
    *_rows("team", AN_ADMIN, "tree", "tree.*"),
    *_rows("team", AN_ADMIN, "open", "add", "rename", "where", "where.*", "who", "who.*", thing="team"),
    *_rows("team", AN_ADMIN, "to.* = to.{east}", "to.top", "leader.* = leader.{colleague}", thing="team"),
    *_rows("team", AN_ADMIN, "delete", thing="team", then="team/not_empty"),
    *_rows("team", AN_ADMIN, "open", placed=True),
    # --- setting up
    *_rows("invite", AN_ADMIN, "role:rep", "role:manager", "role:admin", "cancel", placed=True),
    *_rows("invite", AN_ADMIN, "team:* = team:{team}", "none", "new", "top", placed=True, then=CHANGED),
    *_rows("invites", AN_ADMIN, "list", "list.*"),
    *_rows("invites", AN_ADMIN, "open", "revoke", "again", thing="invite"),
    *_rows("invites", AN_ADMIN, "person", thing="person", then=CHANGED),
    *_rows("import", AN_ADMIN, "drop", placed=True),
    *_rows("import", AN_ADMIN, "read", "import", "checklist", "wgs84", "gcj02", "bd09", placed=True, then=CHANGED),
    *_rows("export", A_LEADER, "start", "what-* = what-visits", "days-* = days-photos"),
    *_rows("export", A_LEADER, "form-*-* = form-visits-20261101.20261130", "form-*-all = form-followups-all"),
    *_rows("export", A_LEADER, "get-*-*-* = get-visits-csv-20261101.20261130"),
    *_rows("export", AN_ADMIN, "what-* = what-people", "get-*-*-* = get-people-xlsx-all"),
    *_rows("sop", AN_ADMIN, "new", "types", "type-* = type-customer_visit"),
    *_rows("sop", AN_ADMIN, "page", "page-*", "item-*", "how", "close", "history", placed=True),
    *_rows("sop", AN_ADMIN, "add", placed=True, then=CHANGED),
    *_rows("sop", AN_ADMIN, "ordered", "try", "again", "stop", "stop-end", "stop-finish", placed=True),
    *_rows("sop", AN_ADMIN, "version-*", "version-*-*", "takeup-*", "takeup-*-yes", placed=True),
    *_rows("sop", AN_ADMIN, "ask-sop_title", placed=True),
    *_rows("sop", AN_ADMIN, "ask-title", "ask-kind", "ask-hint", "ask-when", "ask-amounts", "ask-check", placed=True),
    *_rows("sop", AN_ADMIN, "ask-choices", "ask-entries", "ask-group", "ask-minimum", "ask-move", placed=True),
    *_rows("sop", AN_ADMIN, "kind-*", "required", "group-*", "group-open", "group-required", placed=True, then=CHANGED),
    *_rows("sop", AN_ADMIN, "no-when", "no-hint", "no-group", "no-amounts", "no-check-*", placed=True, then=CHANGED),
    *_rows("sop", AN_ADMIN, "move-up", "move-down", "delete", "putback", "soft-*", "back", placed=True, then=CHANGED),
    *_rows("sop", AN_ADMIN, "publishnow", "end", placed=True, then=CHANGED),
    *_rows("sop", AN_ADMIN, "publish", "drop", "drop-yes", placed=True, then="sop/nothing_drafted"),
    *_rows("sop_file", AN_ADMIN, "xlsx-* = xlsx-customer_visit", "yaml-* = yaml-customer_visit"),
    *_rows("sop_file", AN_ADMIN, "read", "drop", placed=True),
    *_rows("sop_file", AN_ADMIN, "publish", "draft", placed=True, then=CHANGED),
    *_rows("soptry", AN_ADMIN, "end", then=CHANGED),
    *_rows("policy", AN_ADMIN, "areas", "area:* = area:place", "open:* = open:fence.radius"),
    *_rows("policy", AN_ADMIN, "set:*:* = set:fence.radius:150", "type:* = type:fence.radius"),
    *_rows("policy", AN_ADMIN, "scopes:* = scopes:fence.radius", "scope:*:* = scope:fence.radius:team"),
    *_rows("policy", AN_ADMIN, "set:*:- = set:fence.radius:-", then="policy/same"),
    *_rows("policy", AN_ADMIN, "undo", "undo:card", then=CHANGED),
    *_rows("calendar", AN_ADMIN, "month:*:* = month:CN:2027-02-01", "day:*:* = day:CN:2027-02-08"),
    *_rows("calendar", AN_ADMIN, "work:*:* = work:CN:2027-02-06", "off:*:* = off:CN:2027-02-08"),
    *_rows("calendar", AN_ADMIN, "official:*:* = official:CN:2027-02-08", "called:*:* = called:CN:2027-02-08"),
    *_rows("calendar", AN_ADMIN, "confirmed:*:* = confirmed:CN:2027-02-01", "open:*:* = open:CN:2027-02-01"),
    # --- keeping watch
    *_rows("audit", AN_ADMIN, "page:*:*:* = page:people:1:9", "page:*:*:0 = page:people:1:0"),
    *_rows("audit", AN_ADMIN, "page:*:0:0 = page:sop:0:0", "page:-:*:0 = page:-:1:0", "verify"),
    *_rows("backup", AN_ADMIN, "now"),
    *_rows("health", AN_ADMIN, "again"),
)
