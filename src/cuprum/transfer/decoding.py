"""From the bytes of a file to its text: which encoding it is in, told from the bytes alone."""

from __future__ import annotations

import codecs

from cuprum.kit.errors import Refused

# The longer marks first: UTF-32's begins like UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LOOKED_AT = 4_096


def decoded(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text and the name of its encoding; raises Refused when it is in none that we know, or not in the one given."""
    chosen = encoding or found_encoding(content)
    try:
        return content.decode(chosen), chosen
    except LookupError:
        raise Refused(f"There is no encoding {chosen}. Examples: utf-8, utf-16, windows-1252, windows-1250.") from None
    except (UnicodeDecodeError, UnicodeError) as trouble:
        at = getattr(trouble, "start", 0)
        line = content[:at].count(b"\n") + 1
        raise Refused(f"The file is not in {chosen}: line {line} cannot be read. Name its encoding.") from None


def found_encoding(content: bytes) -> str:
    """By its mark, else UTF-8 where every byte fits, else UTF-16 by its zeros, else what Windows writes in the West."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    if zeros := _zeros(content[:_LOOKED_AT]):
        return zeros
    try:
        content.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        content.decode("windows-1252")
        return "windows-1252"
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; Latin-1 takes every byte.
        return "latin-1"


def _zeros(sample: bytes) -> str | None:
    """UTF-16 without its mark: in Western text every other byte is zero, and of other scripts the header's delimiters are."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    # A few zeros are no text at all, which the reader of the table says.
    if max(even, odd) * 20 < len(sample):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"
