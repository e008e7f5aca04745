"""Records that may be one and the same: groups with their reasons, to be compared and merged, or told apart."""

from __future__ import annotations

from typing import Any

from cuprum.entities import ENTITIES, Record, field
from cuprum.kit import jsonio
from cuprum.kit.text import digits
from cuprum.records.duplicates import duplicates, tell_apart
from cuprum.records.look_alikes import LookAlike, of_typed
from cuprum.records.merge import MERGEABLE
from cuprum.records.work import Work
from cuprum.web.arrangement import COLUMNS
from cuprum.web.facts import fact_from, named
from cuprum.web.pages.record.view import record_of
from cuprum.web.visit import GoTo, Page, Visit

_TEMPLATE = "duplicates/duplicates.html"
_GROUPS = 20
REASONS = {
    "same_email": "the same e-mail", "same_phone": "the same phone number", "same_website": "the same website",
    "same_name": "the same name", "same_name_and_company": "the same name and company", "near_name": "nearly the same name",
    "same_domain": "the same e-mail domain",
}  # fmt: skip


def found(work: Work, visit: Visit) -> Page:
    record, number = record_of(visit), _number(visit.query.get("page", ""))
    read = duplicates(work, record.entity, _GROUPS, (number - 1) * _GROUPS)
    groups: list[dict[str, Any]] = jsonio.decode(jsonio.encode(read["groups"]))
    for group in groups:
        group["reasons"] = [_as_written(one, group["records"]) for one in group["reasons"]]
    words = {
        "record": record, "groups": [{**one, "rows": _rows(work, record, one["records"])} for one in groups], "number": number,
        "total": read["total"], "most": _GROUPS, "reasons": REASONS, "kinds": [ENTITIES[entity] for entity in MERGEABLE],
        "base": f"/{record.plural}/duplicates",
    }  # fmt: skip
    return Page(_TEMPLATE, words, part="groups")


def _as_written(reason: dict[str, Any], records: list[dict[str, Any]]) -> dict[str, Any]:
    """A phone number with its blanks, as the first who has it wrote it."""
    if reason["reason"] != "same_phone":
        return reason
    numbers = (phone["number"] for record in records for phone in record.get("phone_numbers") or ())
    return {**reason, "value": next((one for one in numbers if digits(one) == reason["value"]), reason["value"])}


def _rows(work: Work, record: type[Record], records: list[dict[str, Any]]) -> list[tuple[dict[str, Any], list[Any]]]:
    columns = [field(record, name) for name in COLUMNS[record.entity] if name not in ("name", "status_id", "tags")]
    facts = named(work, ([fact_from(work, one, row) for one in columns] for row in records))
    # What none of them has tells nothing.
    filled = [at for at in range(len(columns)) if any(not row[at].is_blank for row in facts)]
    return [(one, [row[at] for at in filled]) for one, row in zip(records, facts, strict=True)]


def _number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def told_apart(work: Work, visit: Visit) -> Page | GoTo:
    """Remember that a group is no duplicate; the list goes on without it."""
    record = record_of(visit)
    ids = [int(one) for one in visit.fields.get("ids", "").split(",") if one.isascii() and one.isdecimal() and len(one) < 19]
    work.group.label = f"{len(ids)} {record.plural} told apart"
    tell_apart(work, record.entity, ids)
    back = visit.next(f"/{record.plural}/duplicates")
    return found(work, visit.at(back)) if visit.is_part else GoTo(back)


def alike(work: Work, visit: Visit) -> Page:
    """Those that are there already, while a new one is typed."""
    record = record_of(visit)
    return Page("duplicates/alike.html", {"record": record, "alike": typed_alike(work, record, visit.pairs)}, part="alike")


def typed_alike(work: Work, record: type[Record], pairs: Any) -> list[tuple[LookAlike, str]]:
    """Look-alikes of what stands in a form, each with the reason in words."""
    if record.entity not in MERGEABLE:
        return []

    def typed(name: str) -> list[str]:
        return [value.strip() for key, value in pairs if key == name and value.strip()][:20]

    like = of_typed(
        work, record.entity, name=next(iter(typed("name")), ""), emails=typed("emails.email") + typed("email.email"),
        phones=typed("phone_numbers.number"), domain=next(iter(typed("email_domain")), ""),
    )  # fmt: skip
    return [(one, REASONS[one.reason]) for one in like[:5]]
