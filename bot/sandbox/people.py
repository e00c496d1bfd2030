"""The people of the sandbox, each with one phone."""

from dataclasses import dataclass, field

from bot.sandbox.wire import JSON, SimError

FIRST_PERSON_ID = 700_000_001


@dataclass(slots=True)
class Person:
    """Somebody with a phone; `language_code` is the phone's language (IETF tag), `phone` in international form."""

    id: int
    first_name: str
    last_name: str
    username: str
    language_code: str
    phone: str
    blocked: set[int] = field(default_factory=set)
    """Ids of the bots that this person has blocked."""
    user: JSON = field(init=False)
    """The User object that updates carry."""
    chat: JSON = field(init=False)
    """The Chat object of this person's private chats."""

    def __post_init__(self) -> None:
        self.user = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        self.chat = {"id": self.id, "type": "private", "first_name": self.first_name}
        for name, value in (("last_name", self.last_name), ("username", self.username)):
            if value:
                self.user[name] = self.chat[name] = value
        if self.language_code:
            self.user["language_code"] = self.language_code

    def contact(self) -> JSON:
        """The Contact object of this person's own number."""
        contact = {"phone_number": self.phone, "first_name": self.first_name, "user_id": self.id}
        if self.last_name:
            contact["last_name"] = self.last_name
        return contact

    def described(self) -> JSON:
        """What /sim tells about a person."""
        return {
            "id": self.id,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
            "phone": self.phone,
        }


class People:
    """Everybody, by id."""

    def __init__(self) -> None:
        self._by_id: dict[int, Person] = {}
        self._next_id = FIRST_PERSON_ID

    def add(self, wanted: JSON) -> Person:
        """A new person from {first_name, id?, last_name?, username?, language_code?, phone?}."""
        first_name = wanted.get("first_name")
        if not isinstance(first_name, str) or not first_name:
            raise SimError(400, "a person needs a first_name")
        person_id = wanted.get("id", self._next_id)
        if not isinstance(person_id, int) or person_id <= 0:
            raise SimError(400, "id must be a positive integer")
        if person_id in self._by_id:
            raise SimError(409, f"person {person_id} exists already")
        self._next_id = max(self._next_id, person_id + 1)
        person = Person(
            id=person_id,
            first_name=first_name,
            last_name=str(wanted.get("last_name", "")),
            username=str(wanted.get("username", "")),
            language_code=str(wanted.get("language_code", "en")),
            phone=str(wanted.get("phone", f"+86139{person_id % 10**8:08d}")),
        )
        self._by_id[person_id] = person
        return person

    def get(self, person_id: int) -> Person:
        """The person; SimError 404 if there is none."""
        person = self._by_id.get(person_id)
        if person is None:
            raise SimError(404, f"there is no person {person_id}")
        return person

    def find(self, person_id: int) -> Person | None:
        """The person, if there is one."""
        return self._by_id.get(person_id)

    def everybody(self) -> list[Person]:
        """All people, oldest first."""
        return list(self._by_id.values())
