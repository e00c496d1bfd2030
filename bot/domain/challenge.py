"""A challenge: something that nobody knew before the visit, to be said, written or shown on the spot."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

# Short, easy to say and to write by hand; alike to no customer's trade
WORDS: tuple[tuple[str, str], ...] = (
    ("moon", "月亮"),
    ("river", "大河"),
    ("cloud", "云朵"),
    ("train", "火车"),
    ("melon", "甜瓜"),
    ("stone", "石头"),
    ("bamboo", "竹子"),
    ("winter", "冬天"),
    ("sister", "姐姐"),
    ("sunrise", "日出"),
    ("mountain", "大山"),
    ("farmer", "农民"),
    ("rain", "雨水"),
    ("yellow", "黄色"),
    ("window", "窗户"),
    ("garden", "花园"),
)
# As templates/messages/gestures.html has them
GESTURES = ("three_fingers", "two_fingers", "open_hand", "thumb", "badge", "pen", "crossed")
BY_VOICE, BY_ROUND, BY_PHOTO = "voice", "round", "photo"


def challenge_of(secret: bytes, visit_id: int) -> dict[str, Any]:
    """A word in both languages, or a gesture by its name: `{"word": {…}}` or `{"gesture": "badge"}`, ready for JSON.

    Nobody can foresee it who does not know our secret, and for one visit it is always the same.
    """
    digest = hmac.digest(secret, b"challenge of visit %d" % visit_id, hashlib.sha256)
    number = int.from_bytes(digest[1:5])
    if digest[0] % 2:
        return {"gesture": GESTURES[number % len(GESTURES)]}
    english, chinese = WORDS[number % len(WORDS)]
    return {"word": {"en": english, "zh_Hans": chinese}}


def can_be_met(task: Mapping[str, Any], how: str) -> bool:
    """A gesture cannot be heard."""
    return how != BY_VOICE or "word" in task
