"""Filters by any field: each condition finds what a plain reading of it finds, and nothing that the asker may not see."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta

import pytest

from automation import share
from cuprum.entities import ENTITIES
from cuprum.kit.errors import Invalid
from cuprum.records.conditions import clause_of
from cuprum.records.filterable import DAYS, MANY, NONE, TWO, attributes, takes
from cuprum.records.listing import Listing
from cuprum.records.where import Condition, Where, read_where
from custom_fields import DATA_TYPES, define, entries, option_ids
from filter_oracle import ZONE, fits
from installation import Installation

WORDS = ["Oak", "oakum", "Élan", "ÉLENA Łan", "a", "漢字", "50%_off", "x'\"y", "(a;b),c.~", ""]
CITIES = [{"street": "Rua Ä 1", "city": "Pôrto", "country": "PT"}, {"city": "Berlin", "postal_code": "10115"}, None]


def seed(cuprum: Installation, entity: str, count: int = 16) -> None:
    """Records whose fields are chosen by chance, always the same."""
    ada, dice = cuprum.ada, random.Random(f"{entity} of Harbour & Pine")
    plural, record = ENTITIES[entity].plural, ENTITIES[entity]
    kinds = {kind: define(ada, kind) for kind in DATA_TYPES}
    companies = [
        ada.post("/companies", {"name": name, "assignee_id": ada.id})["id"] for name in ("Oak Mill", "Costa", "Hidden Oak")
    ]
    share(ada, "companies", companies[2], "only_me")
    stages = [stage for pipeline in ada.get("/pipelines")[:1] for stage in pipeline["stages"]]
    contact = ada.post("/people", {"name": "Oak Contact"})["id"]
    for number in range(count):
        body = {
            "name": dice.choice([word for word in WORDS if word]) + (f" {number}" if number % 3 else ""),
            "details": dice.choice(WORDS), "tags": dice.sample(["oak", "Ash", "élm"], dice.randrange(3)),
            "assignee_id": dice.choice([None, ada.id, cuprum.grace.id]),
            "title": dice.choice(WORDS), "prefix": dice.choice(WORDS), "address": dice.choice(CITIES),
            "company_id": dice.choice([None, *companies]), "monetary_value": dice.choice([None, 0, 10.5, 100, -3]),
            "close_date": dice.choice([None, str(int(time.time()) + 86_400 * dice.randrange(-40, 40))]),
            "due_date": dice.choice([None, int(time.time()) + 86_400 * dice.randrange(-40, 40)]),
            "phone_numbers": [{"number": f"+351 9{number:02} 55", "category": "work"}] if number % 2 else [],
            "emails": [{"email": f"Oak{number}@Costa.example", "category": "work"}] if number % 3 else [],
            "websites": [{"url": f"https://oak{number}.example", "category": "work"}] if number % 2 else [],
            "priority": dice.choice(["None", "Low", "High"]), "status": dice.choice(["Open", "Completed"]),
            "pipeline_stage_id": dice.choice(stages)["id"], "pipeline_id": ada.get("/pipelines")[0]["id"],
            "win_probability": dice.choice([0, 50, 100]), "email": dice.choice([None, {"email": f"oak{number}@lead.example", "category": "work"}]),
            "email_domain": dice.choice([None, f"mill{number}.example"]),
            "related_resource": dice.choice([None, {"type": "company", "id": dice.choice(companies)}]),
        }  # fmt: skip
        if entity != "task":
            del body["status"]
        if entity == "opportunity":
            body["primary_contact_id"] = contact
        custom = {
            "String": dice.choice(WORDS), "Text": dice.choice(WORDS) * 99, "URL": dice.choice(WORDS),
            "Dropdown": dice.choice([None, *option_ids(kinds["Dropdown"])]),
            "MultiSelect": dice.sample(option_ids(kinds["MultiSelect"]), dice.randrange(3)),
            "Date": dice.choice([None, int(time.time()) // 86_400 * 86_400 + 86_400 * dice.randrange(-40, 40)]),
            "Checkbox": dice.choice([True, False]), "Float": dice.choice([None, 0, 2.5, -7]),
            "Percentage": dice.choice([None, 10, 90]), "Currency": dice.choice([None, 99.5]),
        }  # fmt: skip
        known = {name: value for name, value in body.items() if name in record.model_fields}
        ada.post(f"/{plural}", {**known, "custom_fields": entries({kinds[kind]["id"]: custom[kind] for kind in custom})})


def some_condition(dice: random.Random, attribute, record_ids: dict[str, list[str]]) -> Condition:
    operator = dice.choice(attribute.operators)
    today = datetime.now(ZONE).date()
    match attribute.sort:
        case "number":
            pool = ["0", "10.5", "-3", "50", "2.5", "1.5"]
        case "date":
            pool = [(today + timedelta(days=days)).isoformat() for days in range(-30, 31, 6)]
        case "phone":
            pool = ["55", "351 9", "035"]
        case _ if takes(operator) == MANY:
            pool = record_ids[attribute.name]
        case _:
            pool = [word for word in WORDS if word] + ["oak", "costa", "port", "0", "https://oak1", "example"]
    match takes(operator):
        case kind if kind == NONE:
            values = []
        case kind if kind == TWO:
            values = sorted(dice.sample(pool, 2), key=lambda text: (0, text) if "-" in text[1:] else (float(text), ""))
        case kind if kind == DAYS:
            values = [str(dice.randrange(40))]
        case kind if kind == MANY:
            values = dice.sample(pool, min(len(pool), dice.randrange(1, 3)))
        case _:
            values = [dice.choice(pool)]
    return Condition(attribute.name, operator, tuple(values))


def choices(cuprum: Installation, entity: str, known, records) -> dict[str, list[str]]:
    """What conditions that take several values choose from."""
    found: dict[str, list[str]] = {}
    for name, one in known.items():
        if one.definition:
            found[name] = [str(option) for option in one.definition.living]
        elif one.sort == "tags":
            found[name] = ["OAK", "ash", "elm", "none"]
        elif one.sort == "reference":
            found[name] = list(one.field.kind.types)
        elif hasattr(one.field.kind, "options"):
            found[name] = list(one.field.kind.options)
        else:
            found[name] = sorted({str(record[name]) for record in records if record.get(name)} | {"999"})
        if name == "assignee_id":
            found[name].append("me")
    return found


@pytest.mark.parametrize("entity", ["person", "opportunity", "task", "company"])
def test_a_filter_finds_what_a_plain_reading_of_it_finds(cuprum: Installation, entity):
    seed(cuprum, entity)
    dice = random.Random(7)

    def compare(work):
        known = attributes(entity, work.vocabulary)
        hidden = {one.name for one in known.values() if one.field.kind.hidden}
        records = [dict(one) for one in as_plain(work, entity)]
        names = {(kind, one["id"]): one["name"] for kind in ("company", "person") for one in as_plain(work, kind)}
        pools = choices(cuprum, entity, known, records)
        today = datetime.fromtimestamp(work.now, ZONE).date()
        for _ in range(40):
            items = [
                some_condition(dice, known[dice.choice([name for name in known if name not in hidden])], pools)
                for _ in range(dice.randrange(1, 4))
            ]
            where = Where((items[0], tuple(items[1:])) if len(items) > 2 else tuple(items), dice.choice([True, False]))
            where = read_where(str(where), "any" if where.is_any else "all")
            wanted = {one["id"] for one in records if fits(where, known, one, names, today, work.actor.user_id)}
            listing = Listing(work, entity, {}, where)
            assert {one["id"] for one in listing.window(500).records} == wanted, str(where)
            assert listing.total == len(wanted), str(where)

    for who in ("ada", "mallory"):
        cuprum.as_person(who, compare)


def as_plain(work, entity):
    from cuprum.kit import jsonio

    return jsonio.decode(jsonio.encode(Listing(work, entity, {}).window(500).records))


NONSENSE = (
    "name.has.", "name", "name.is.a,b.c", "(name.has.x", "name.has.x)", "((a))", "nothing.has.x", "name.least.5", "assignee_id.any.zero",
    "monetary_value.least.x", "close_date.on.31", "close_date.between.2026-12-31,2026-01-01", "close_date.next.-1",
    "close_date.next.99999999999999999999", "monetary_value.least.1e400", "name.has.\x00", "\ud800", "name.has." + "x" * 2000,
    ";".join(["name.has.x"] * 51), "id.any.99999999999999999999999", ".", "custom_1.is.x",
)  # fmt: skip


def test_what_means_nothing_is_refused_by_the_name_of_its_field(cuprum: Installation):
    def read(work):
        for text in NONSENSE:
            with pytest.raises(Invalid) as refusal:
                clause_of(work, "opportunity", read_where(text))
            assert refusal.value.problems[0].attribute in (text.partition(".")[0], "where")

    cuprum.as_person("ada", read)


def test_the_edges_of_the_calendar_are_days_too(cuprum: Installation):
    def read(work):
        for day in ("0001-01-01", "9999-12-31"):
            for operator in ("on", "before", "after", "from", "until"):
                for field in ("close_date", "date_created"):
                    assert Listing(work, "opportunity", {}, read_where(f"{field}.{operator}.{day}")).total == 0

    cuprum.as_person("ada", read)


def test_text_is_written_into_an_address_and_read_back():
    where = Where((Condition("name", "has", ("a;b", "(c),~d.e")), (Condition("x", "empty"), Condition("y", "is", ("漢",)))), True)
    assert read_where(str(where), "any") == where


def test_a_hidden_company_is_found_by_nobody_who_may_not_see_it(cuprum: Installation):
    company = cuprum.ada.post("/companies", {"name": "Hidden Oak", "assignee_id": cuprum.ada.id})
    share(cuprum.ada, "companies", company["id"], "only_me")
    cuprum.ada.post("/people", {"name": "Iris", "company_id": company["id"]})
    cuprum.ada.post("/tasks", {"name": "Ring", "related_resource": {"type": "company", "id": company["id"]}})
    for entity, text in (
        ("person", "company_id.has.hidden"),
        ("person", "company_id.has.hi"),
        ("task", "related_resource.has.oak"),
    ):
        found = {
            who: cuprum.as_person(who, lambda work, e=entity, t=text: Listing(work, e, {}, read_where(t)).total)
            for who in ("ada", "mallory")
        }
        assert found == {"ada": 1, "mallory": 0}, text
