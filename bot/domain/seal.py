"""The seal of a photo: a short text that says which photo it is, and a keyed digest that only we can have made.

It stands on the marked copy as a QR code that holds a link to the bot, so that any telephone's camera leads to who
can tell what it is worth. Its start parameter is `v_` and a decimal number: digits take less than half of the room
of other letters in a QR code, and Telegram allows them. The number's bytes, in front of the digest, are the format,
the key's id, and (each in as many bytes as it needs, seven bits a byte) the visit, the photo and the second at which
it was received. The digest is HMAC-SHA-256 over those bytes and the SHA-256 of the original, cut to 80 bits: nothing
but asking the bot tells whether a guess is right, and that is counted.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime

DIGEST = 10  # bytes
KEY = 32  # bytes of a key, as many as the hash has
_FORMAT = 1
MOST_KEYS = 255  # the id of one is a byte
_LARGEST_ID = 2**63 - 1  # that a store can look for
_PARAMETER = re.compile(r"v_([1-9][0-9]{36,61})")  # Telegram takes 64 letters
_LINK = re.compile(rf"(?:.*[?&]start=)?{_PARAMETER.pattern}")


@dataclass(frozen=True)
class Seal:
    """Which photo, and who vouches for it; `received_at` to the second."""

    key_id: int
    visit_id: int
    photo_id: int
    received_at: datetime

    def signed(self, secret: bytes, sha256: str) -> "Sealed":
        """The seal with our digest; `sha256` of the original in hexadecimal digits."""
        return Sealed(self, self._digest(secret, sha256))

    def head(self) -> bytes:
        """What the digest is over, in front of the original's hash."""
        if not 0 < self.key_id <= MOST_KEYS:
            raise ValueError(f"a key's id is 1 to {MOST_KEYS}")
        numbers = self.visit_id, self.photo_id, int(self.received_at.timestamp())
        return bytes((_FORMAT, self.key_id)) + b"".join(map(_packed, numbers))

    def _digest(self, secret: bytes, sha256: str) -> bytes:
        return hmac.digest(secret, self.head() + bytes.fromhex(sha256), hashlib.sha256)[:DIGEST]


@dataclass(frozen=True)
class Sealed:
    """A seal as it stands on a picture, whoever put it there."""

    seal: Seal
    digest: bytes

    def is_ours(self, secret: bytes, sha256: str) -> bool:
        """Whether this key made it for the photo with this hash."""
        return hmac.compare_digest(self.seal.signed(secret, sha256).digest, self.digest)

    @property
    def parameter(self) -> str:
        """The start parameter of the link."""
        return f"v_{int.from_bytes(self.seal.head() + self.digest)}"

    def link(self, bot_name: str) -> str:
        """What the QR code says."""
        return f"https://t.me/{bot_name}?start={self.parameter}"


def read(text: str) -> Sealed | None:
    """The seal in a code, a link or a start parameter, to a bot of any name; None for anything else."""
    found = _LINK.fullmatch(text.strip())
    if found is None:
        return None
    number = int(found[1])
    data = number.to_bytes((number.bit_length() + 7) // 8)
    head, digest = data[:-DIGEST], data[-DIGEST:]
    try:
        visit_id, photo_id, second = _unpacked(head[2:])
        seal = Seal(head[1], visit_id, photo_id, datetime.fromtimestamp(second, UTC))
        is_so_written = seal.head() == head  # one seal has one form
    except (ValueError, IndexError, OverflowError, OSError):
        return None
    return Sealed(seal, digest) if is_so_written and max(visit_id, photo_id) <= _LARGEST_ID else None


def _packed(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    packed = bytearray()
    while number > 0x7F:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*packed, number))


def _unpacked(data: bytes) -> list[int]:
    numbers, number, shift = [], 0, 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(number)
            number, shift = 0, 0
    if shift:
        raise ValueError("breaks off")
    return numbers
