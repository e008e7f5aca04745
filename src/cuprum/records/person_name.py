"""A full name and its parts: each is made of the other."""

from __future__ import annotations

from cuprum.records.draft import Draft

PARTS = ("prefix", "first_name", "middle_name", "last_name", "suffix")
_PREFIXES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "rev"}
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"}


def name_parts(draft: Draft) -> None:
    """Split a name into the parts that do not come with it; join parts that come without it."""
    given = {part for part in PARTS if draft.values.get(part) is not None}
    if draft.changes("name") and draft.values["name"]:
        # First and last name together say it all: what else the name holds is theirs (`Ada Maria` `Quill`).
        found = dict.fromkeys(PARTS) if given >= {"first_name", "last_name"} else split(draft.values["name"])
        draft.values |= {part: found[part] for part in PARTS if part not in given}
    elif any(draft.changes(part) for part in PARTS) and (joined := _joined(draft)):
        draft.values["name"] = joined
        draft.problems = [problem for problem in draft.problems if (problem.attribute, problem.code) != ("name", "blank")]


def _joined(draft: Draft) -> str:
    parts = ((draft.get(part) or "").strip() for part in PARTS)
    return " ".join(part for part in parts if part)


def split(name: str) -> dict[str, str | None]:
    """`Dr Ada Maria Quill Jr` in its parts; a single word is the first name."""
    words = name.split()
    prefix = words.pop(0) if len(words) > 1 and words[0].rstrip(".").lower() in _PREFIXES else None
    suffix = words.pop() if len(words) > 2 and words[-1].rstrip(".").lower() in _SUFFIXES else None
    return {
        "prefix": prefix,
        "first_name": words[0] if words else None,
        "middle_name": " ".join(words[1:-1]) or None,
        "last_name": words[-1] if len(words) > 1 else None,
        "suffix": suffix,
    }
