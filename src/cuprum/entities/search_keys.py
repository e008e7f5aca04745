"""How a search may ask for a field: facts that stand beside the field they concern."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contains:
    """`name: "ada"` finds the text anywhere in the field, whatever its case and marks."""

    key: str


@dataclass(frozen=True)
class Equals:
    """`key: value` finds exactly that value; text is compared without case and marks."""

    key: str


@dataclass(frozen=True)
class OneOf:
    """`key: [17, 18]` finds any of the ids; -2 stands for none."""

    key: str


@dataclass(frozen=True)
class Words:
    """`key: ["Open"]` finds any of a choice's words."""

    key: str


@dataclass(frozen=True)
class Codes:
    """`key: [0, 1]` finds any of a choice's words by their place."""

    key: str


@dataclass(frozen=True)
class Range:
    """`minimum_<key>` and `maximum_<key>`, both inclusive."""

    key: str


@dataclass(frozen=True)
class AnyTag:
    key: str = "tags"


@dataclass(frozen=True)
class AnyEmail:
    """One address, or a list of them, whatever their case."""

    key: str = "emails"


@dataclass(frozen=True)
class AnyUrl:
    key: str = "socials"


@dataclass(frozen=True)
class Phone:
    """Digits at the end of a number (`copper-api/part1.md §5`)."""

    key: str = "phone_number"


@dataclass(frozen=True)
class AddressParts:
    """`city`, `state`, `postal_code`, `country`."""


@dataclass(frozen=True)
class RefersTo:
    """`key: [17]` finds records whose reference names one of these ids of that type; -2 stands for none."""

    key: str
    entity: str


@dataclass(frozen=True)
class RefersToOne:
    """`key: {"id", "type"}` finds records whose reference is exactly that."""

    key: str


@dataclass(frozen=True)
class TypeIn:
    """`key: [{"id", "category"}]` finds activities of any of the types."""

    key: str = "activity_types"


@dataclass(frozen=True)
class Sort:
    """The names by which a search may order by this field."""

    keys: tuple[str, ...]

    def __init__(self, *keys: str) -> None:
        object.__setattr__(self, "keys", keys)


# The keys below concern the whole record, not one field.


@dataclass(frozen=True)
class LinkedFrom:
    """`key: [17]` finds records that one of these records of `entity` points at or is related to."""

    key: str
    entity: str


@dataclass(frozen=True)
class IncludeConverted:
    key: str = "include_converted_leads"


@dataclass(frozen=True)
class Entered:
    """`key: [17, 1767225600, 1775001600]` finds records that entered the stage 17 from the first second until before the second,
    or of those the ones that went on from it."""

    key: str
    went_on: bool = False
