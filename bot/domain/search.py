"""Two spellings of one name made equal: the normal form in which names are compared and searched."""

import unicodedata


def normal(text: str) -> str:
    """Lower case, full-width as half-width, no accents on Latin letters, nothing but letters and digits.

    `Ｔｅｓｃｏ 乐购（愚园店）` and `tesco乐购(愚园店)` are both `tesco乐购愚园店`. Chinese stays as it is;
    pinyin is the search index's business.
    """
    kept: list[str] = []
    after_letter = False
    for character in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()):
        # A mark on a Latin letter is a matter of taste (café); in Thai, Hindi or Japanese it is half of the letter.
        # One that stands alone, as the hands of ¯\_(ツ)_/¯ do, is a sign.
        is_mark = unicodedata.category(character) in {"Mn", "Mc"}
        after_letter = character.isalnum() or (is_mark and after_letter and kept[-1] > "\u024f")
        if after_letter:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def name_key(name: str) -> str:
    """What two names share when they are the same; a name of nothing but signs (`!!!`) is its own key."""
    return normal(name) or name


def words(text: str) -> tuple[str, ...]:
    """The parts of what a person typed to find something, each in the normal form."""
    return tuple(word for part in text.split() if (word := normal(part)))
