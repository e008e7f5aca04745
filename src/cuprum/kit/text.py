"""Text as people search and sort it: without marks, without case, in words."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """`Élena ŁAŃ` becomes `elena lan`: compatibility forms, marks and case removed, spaces single."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(unicodedata.normalize("NFC", bare).casefold().split())


# Letters with a stroke have no decomposition, yet people type them without one.
_STROKES = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def starts(folded: str) -> set[str]:
    """The one and two letters each word starts with; for scripts without spaces every letter and pair."""
    found: set[str] = set()
    for word in _WORD.findall(folded):
        places = range(len(word)) if is_written_without_spaces(word) else (0,)
        for place in places:
            found |= {word[place : place + 1], word[place : place + 2]}
    return found


def is_written_without_spaces(word: str) -> bool:
    """Whether it has letters of a script whose words stand close together."""
    return any(first <= letter <= last for letter in word for first, last in _UNSPACED)


# Thai and Lao, Burmese, Khmer, kana and Chinese, Hangul, rarer Chinese.
_UNSPACED = (
    ("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u3040", "\u9fff"), ("\uac00", "\ud7ff"),
    ("\U00020000", "\U0003ffff"),
)  # fmt: skip


def digits(text: str) -> str:
    """Only the decimal digits, as ASCII: a phone number as it is compared."""
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdecimal())
