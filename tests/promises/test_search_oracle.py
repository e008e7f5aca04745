"""Both databases find, count, order and page random searches alike, and as a plain look at every record says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

import require
from cuprum.entities import BY_PLURAL
from cuprum.storage import dialect
from cuprum.storage.tables import TABLES
from custom_fields import define
from installation import Installation, Template
from promises.searches import CITIES, COUNTRIES, FILTERS, PLAIN, SORTS, TAGS, TITLES, Row, custom, expected
from searching import search

SEED = 20_270_331
RECORDS = {"companies": 25, "people": 60, "leads": 40, "opportunities": 50, "projects": 20, "tasks": 40}
SEARCHES = 70
SEARCHED_TYPES = ("Dropdown", "MultiSelect", "Checkbox", "Float", "Percentage", "Currency", "Date")
ONLY_ITS_OWNER = 3


class World:
    """The same random records in both databases."""

    def __init__(self, installations: list[Installation]) -> None:
        self.installations = installations
        self.definitions: dict[str, Row] = {}
        self.rows: dict[str, list[Row]] = {}
        self.hidden: dict[str, set[int]] = {}
        for installation in installations:
            self._fill(installation, Random(SEED))

    def _fill(self, installation: Installation, random: Random) -> None:
        ada = installation.ada
        self.definitions = {kind: define(ada, kind) for kind in SEARCHED_TYPES}
        stages = ada.get("/pipelines")[0]["stages"]
        made: dict[str, list[int]] = {}
        for plural, count in RECORDS.items():
            made[plural] = [
                ada.post(f"/{plural}", self._body(random, plural, number, made, stages, ada.id))["id"] for number in range(count)
            ]
        for plural, ids in made.items():
            self._age_and_hide(installation, random, plural, ids)
        for plural in made:
            rows = []
            for page in (1, 2, 3):
                rows += ada.post(f"/{plural}/search", {"page_size": 30, "page_number": page, "sort_by": "date_created"})
            assert len(rows) == RECORDS[plural]
            assert self.rows.setdefault(plural, rows) == rows, "the two databases show different records"

    def _body(self, random: Random, plural: str, number: int, made: dict[str, list[int]], stages: list[Row], ada: int) -> Row:
        def some(value: Any, chance: float = 0.6) -> Any:
            return value if random.random() < chance else None

        def link(to: str) -> int | None:
            return some(random.choice(made[to]))

        body: dict[str, Any] = {
            "name": random.choice(list(PLAIN)), "assignee_id": some(random.choice([ada, ada + 1, ada + 2])),
            "tags": random.sample(TAGS, random.randint(0, 3)), "custom_fields": self._custom(random),
        }  # fmt: skip
        if plural in ("leads", "people", "companies"):
            city, country = some(random.choice(CITIES), 0.8), some(random.choice(COUNTRIES), 0.8)
            body["address"] = some({"city": city, "country": country, "street": "1 Main"}, 0.8)
            body["phone_numbers"] = [{"number": f"+351 (22) {random.randrange(1000):03}-0{random.randrange(100):02}0"}
                                     for _ in range(random.randint(0, 2))]  # fmt: skip
        match plural:
            case "leads":
                body |= {"email": some({"email": f"l{number % 15}@quill.example"}), "title": some(random.choice(list(TITLES))),
                         "status_id": random.randint(1, 4), "customer_source_id": some(random.randint(1, 3)),
                         "monetary_value": some(random.randrange(0, 5000) / 4)}  # fmt: skip
            case "people":
                body |= {"emails": [{"email": f"p{number}{mark}@quill.example"} for mark in "xy"[: random.randint(0, 2)]],
                         "title": some(random.choice(list(TITLES))), "company_id": link("companies"),
                         "contact_type_id": random.randint(1, 4)}  # fmt: skip
            case "companies":
                body |= {"email_domain": some(f"c{number}.example"), "contact_type_id": some(random.randint(1, 4))}
            case "opportunities":
                body |= {"company_id": link("companies"), "primary_contact_id": link("people"),
                         "customer_source_id": some(random.randint(1, 3)), "pipeline_stage_id": random.choice(stages)["id"],
                         "status": random.choice(["Open", "Won", "Lost", "Abandoned"]),
                         "priority": random.choice(["None", "Low", "Medium", "High"]),
                         "monetary_value": some(random.randrange(0, 5000) / 4),
                         "close_date": some(f"{random.randint(1, 12)}/{random.randint(1, 28)}/2027")}  # fmt: skip
            case "projects":
                body |= {"status": random.choice(["Open", "Completed"])}
            case "tasks":
                kind, to = random.choice([("project", "projects"), ("opportunity", "opportunities")])
                body |= {"status": random.choice(["Open", "Completed"]), "priority": random.choice(["None", "High"]),
                         "due_date": some(1_790_000_000 + random.randrange(20)), "reminder_date": some(1_790_000_000),
                         "related_resource": some({"id": random.choice(made[to]), "type": kind})}  # fmt: skip
        return body

    def _custom(self, random: Random) -> list[Row]:
        values: dict[str, Any] = {}
        for kind, definition in self.definitions.items():
            options = [one["id"] for one in definition.get("options", [])]
            match kind:
                case "Dropdown":
                    values[kind] = random.choice(options)
                case "MultiSelect":
                    values[kind] = random.sample(options, random.randint(1, len(options)))
                case "Checkbox":
                    values[kind] = random.random() < 0.5
                case "Percentage":
                    values[kind] = random.randrange(101)
                case "Date":
                    values[kind] = f"{random.randint(1, 12)}/{random.randint(1, 28)}/2027"
                case _:
                    values[kind] = random.randrange(4000) / 4
        return [{"custom_field_definition_id": self.definitions[kind]["id"], "value": value} for kind, value in values.items()
                if random.random() < 0.6]  # fmt: skip

    def _age_and_hide(self, installation: Installation, random: Random, plural: str, ids: list[int]) -> None:
        table = TABLES[BY_PLURAL[plural].entity]

        def store(connection: Any) -> None:
            for record_id in ids:
                values: dict[str, Any] = {
                    "date_created": 1_780_000_000 + random.randrange(30), "date_modified": 1_785_000_000 + random.randrange(30),
                    "visibility": random.choice([0, 0, ONLY_ITS_OWNER]),
                }  # fmt: skip
                if "completed_date" in table.c:
                    values["completed_date"] = None
                if "date_stage_changed" in table.c:
                    values["date_stage_changed"] = None
                if "interaction_count" in table.c:
                    values |= {"interaction_count": random.randrange(6),
                               "date_last_contacted": random.choice([None, 1_780_500_000 + random.randrange(9)])}  # fmt: skip
                connection.execute(update(table).where(table.c.id == record_id).values(values))
                if values["visibility"] == ONLY_ITS_OWNER:
                    self.hidden.setdefault(plural, set()).add(record_id)

        installation.database.write_now(store)

    def seen_by_mallory(self, plural: str) -> list[Row]:
        """What she sees, without the names of companies that she does not."""
        companies = {row["id"] for row in self._seen("companies")}
        rows = self._seen(plural)
        return [{**row, "company_name": None} if row.get("company_id") not in (None, *companies) else row for row in rows]

    def _seen(self, plural: str) -> list[Row]:
        mallory = self.installations[0].mallory.id
        return [row for row in self.rows[plural] if row["id"] not in self.hidden[plural] or row["assignee_id"] == mallory]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("oracle")
    templates = [Template("sqlite", folder / "sqlite", None), Template("postgresql", folder / "postgresql", require.postgres())]
    with templates[0].copy(folder / "first") as first, templates[1].copy(folder / "second") as second:
        yield World([first, second])
    for template in templates:
        template.remove()


@pytest.mark.parametrize("plural", RECORDS)
def test_random_searches_find_what_a_look_at_every_record_finds(world: World, plural: str, monkeypatch: pytest.MonkeyPatch):
    # So that some tags are on many records.
    monkeypatch.setattr(dialect, "CROWD", RECORDS[plural] // 3)
    random = Random(f"{SEED} {plural}")
    filters = [*FILTERS[plural], custom(world.definitions)]
    sizes = []
    for number in range(SEARCHES):
        chosen = [make(random, world.rows[plural]) for make in random.sample(filters, random.choice([0, 1, 1, 1, 2, 2, 3]))]
        sort_by, descending = random.choice(sorted(SORTS[plural])), random.random() < 0.5
        asked: dict[str, Any] = {"sort_by": sort_by, "sort_direction": "desc" if descending else "asc"}
        for parameters, _ in chosen:
            asked |= parameters
        page, size = random.choice([1, 1, 2, 3]), random.choice([1, 7, 20, 200])

        def fits(row: Row, chosen: Any = chosen) -> bool:
            return all(fit(row) for _, fit in chosen)

        for who, rows in (("ada", world.rows[plural]), ("mallory", world.seen_by_mallory(plural))):
            ids = expected(rows, fits, SORTS[plural][sort_by], descending=descending)
            sizes.append(len(ids))
            for installation in world.installations:
                records, total = search(installation.people[who], plural, {**asked, "page_number": page, "page_size": size})
                seen = ([one["id"] for one in records], total)
                where = f"search {number} as {who} on {'SQLite' if installation.settings.is_sqlite else 'PostgreSQL'}: {asked}"
                assert seen == (ids[(page - 1) * size :][:size], len(ids)), f"{where}, page {page} of {size}"
                assert all(record == next(row for row in rows if row["id"] == record["id"]) for record in records), where
    # Searches that find nothing would agree on anything.
    assert sum(1 for size in sizes if size) > len(sizes) / 3
