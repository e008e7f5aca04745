"""Tells the demo account's story through `records/`, as one change group: removing the sample data is undoing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from cuprum.auth.actor import Actor
from cuprum.config import Settings
from cuprum.events.log import Group
from cuprum.records import write
from cuprum.records.demo.companies import COMPANIES
from cuprum.records.demo.days import LEADS, PROJECTS, RELATED, SAID, TASKS
from cuprum.records.demo.deals import DEALS
from cuprum.records.demo.house import furnish
from cuprum.records.demo.people import PEOPLE
from cuprum.records.related import relate
from cuprum.records.vocabulary import VocabularyCache
from cuprum.records.words import word_named
from cuprum.records.work import Work

LABEL = "Sample data"


def tell(connection: Connection, settings: Settings, now: int) -> None:
    """Write every record of the story, dated back from `now`."""
    told = Tale(connection, settings, now)
    told.furnish()
    told.companies()
    told.people()
    told.leads()
    told.deals()
    told.projects()
    told.relations()
    told.tasks()
    told.activities()


class Tale:
    """Knows everybody and everything by name, and can do things as somebody some days ago."""

    def __init__(self, connection: Connection, settings: Settings, now: int) -> None:
        vocabulary = VocabularyCache().at(connection)
        self.zone = ZoneInfo(vocabulary.account["primary_timezone"])
        self.today = datetime.fromtimestamp(now, self.zone)
        self.actors = {
            user["name"].split()[0]: Actor(user["id"], user["role"], user["name"], user["email"], face="cli")
            for user in vocabulary.words["user"].values()
        }
        self.work = Work(connection, self.actors["Ana"], vocabulary, settings, self.group(LABEL, connection), now)
        self.ids: dict[tuple[str, str], int] = {}

    def group(self, label: str, connection: Connection) -> Group:
        return Group(connection, self.actors["Ana"].user_id, "cli", None, label)

    def furnish(self) -> None:
        # The fields stay when the sample data goes.
        work = replace(self.work, group=self.group("Custom fields", self.work.connection))
        furnish(work)
        self.work.vocabulary = work.vocabulary

    def companies(self) -> None:
        for told in COMPANIES:
            body = {key: value for key, value in told.items() if not key.startswith("@")}
            owner, days, custom = told["@owner"], told["@days"], told.get("@custom", {})
            body["contact_type_id"] = self.word("contact_type", told["@type"])
            self.create("company", owner, days, body, custom)

    def people(self) -> None:
        met: set[str] = set()
        domains = {one["name"]: one["email_domain"] for one in COMPANIES}
        days = {one["name"]: one["@days"] for one in COMPANIES}
        for place, (name, company, title, address, owner, language) in enumerate(PEOPLE):
            email = address if "@" in address else f"{address}@{domains[company]}"
            body: dict[str, Any] = {"name": name, "title": title, "emails": [{"email": email, "category": "work"}]}
            body["phone_numbers"] = [{"number": f"+351 21 555 0{200 + place}", "category": "mobile"}] if place % 3 == 0 else []
            if company:
                body |= {"company_id": self.ids["company", company]}
            else:
                body |= {"contact_type_id": self.word("contact_type", "Other"), "tags": ["friend of the house"]}
            since = days.get(company, 90) - place % 5
            self.create("person", owner, since, body, {"Speaks": language})
            if company and company not in met:
                met.add(company)
                contact = {"primary_contact_id": self.ids["person", name]}
                write.change(self.at(owner, since), "company", self.ids["company", company], contact)

    def leads(self) -> None:
        for name, company, title, email, owner, status, days, source, value, details in LEADS:
            body = {
                "name": name, "company_name": company, "title": title, "email": {"email": email, "category": "work"},
                "customer_source_id": self.word("customer_source", source), "monetary_value": value, "details": details,
            }  # fmt: skip
            self.create("lead", owner, days, body)
            if status != "New":
                write.change(self.at(owner, days - 1), "lead", self.ids["lead", name], {"status": status})

    def deals(self) -> None:
        sales = self.word("pipeline", "Sales")
        stages = {stage["name"]: stage["id"] for stage in self.work.vocabulary.stages_of(sales)}
        for told in DEALS:
            body = {
                "name": told["name"], "company_id": self.ids["company", told["company"]], "pipeline_id": sales,
                "primary_contact_id": self.ids["person", told["contact"]], "monetary_value": told["value"],
                "close_date": self.day(told["closes"]), "tags": told.get("tags", []), "details": told.get("details"),
                "priority": told.get("priority", "None"),
            }  # fmt: skip
            (began, first), *further = told["way"]
            self.create("opportunity", told["owner"], began, body | {"pipeline_stage_id": stages[first]}, told.get("custom", {}))
            for days, stage in further:
                self.change("opportunity", told, days, {"pipeline_stage_id": stages[stage]})
            if "ends" in told:
                days, status, reason = told["ends"]
                why = {"loss_reason_id": self.word("loss_reason", reason)} if reason else {}
                self.change("opportunity", told, days, {"status": status, **why})

    def projects(self) -> None:
        for name, related, owner, status, days, details, custom in PROJECTS:
            body = {"name": name, "related_resource": self.reference(related), "details": details}
            self.create("project", owner, days, body, custom)
            if status != "Open":
                write.change(self.at(owner, days - 9), "project", self.ids["project", name], {"status": status})

    def relations(self) -> None:
        for one, other in RELATED:
            relate(self.work, (one[0], self.ids[one]), (other[0], self.ids[other]))

    def tasks(self) -> None:
        for name, related, owner, (due, hour), priority, days, done in TASKS:
            body = {"name": name, "related_resource": self.reference(related), "due_date": self.instant(due, hour)}
            body["priority"] = priority
            self.create("task", owner, days, body)
            if done is not None:
                write.change(self.at(owner, done), "task", self.ids["task", name], {"status": "Completed"})

    def activities(self) -> None:
        types = {one["name"]: one["id"] for one in self.work.vocabulary.words["activity_type"].values()}
        # In the order of the days, so that the newest has the highest id.
        for kind, parent, owner, days, details in sorted(SAID, key=lambda said: -said[3]):
            work = self.at(owner, days)
            body = {
                "parent": self.reference(parent), "type": {"category": "user", "id": types[kind]}, "details": details,
                "activity_date": work.now,
            }  # fmt: skip
            write.create(work, "activity", body)

    def create(self, entity: str, owner: str, days: int, body: dict[str, Any], custom: Mapping[str, Any] | None = None) -> None:
        work = self.at(owner, days)
        body["assignee_id"] = work.actor.user_id
        if custom:
            body["custom_fields"] = [self.custom(name, value) for name, value in custom.items()]
        self.ids[entity, body["name"]] = write.create(work, entity, body)

    def change(self, entity: str, told: Mapping[str, Any], days: int, body: dict[str, Any]) -> None:
        write.change(self.at(told["owner"], days), entity, self.ids[entity, told["name"]], body)

    def at(self, who: str, days: int) -> Work:
        """The work of somebody, that many days ago during office hours."""
        return replace(self.work, actor=self.actors[who], now=min(self.instant(-days, 9 + days % 8), self.work.now))

    def instant(self, days: int, hour: int) -> int:
        """That hour of the day that is so many days from today, in the account's zone."""
        moved = (self.today + timedelta(days=days)).replace(hour=hour, minute=days % 4 * 15, second=0, microsecond=0)
        return int(moved.timestamp())

    def day(self, days: int) -> str:
        return f"{self.today + timedelta(days=days):%m/%d/%Y}"

    def reference(self, named: tuple[str, str]) -> dict[str, Any]:
        entity, name = named
        return {"type": entity, "id": self.ids[entity, name]}

    def word(self, table: str, name: str) -> int:
        found = word_named(self.work.vocabulary, table, name)
        assert found is not None, f"no {table} {name}"
        return found

    def custom(self, name: str, value: Any) -> dict[str, Any]:
        definition = next(one for one in self.work.vocabulary.definitions.values() if one.name == name)
        options = {option.name: option.id for option in definition.options}
        match definition.data_type:
            case "Dropdown":
                value = options[value]
            case "MultiSelect":
                value = [options[one] for one in value]
            case "Date":
                value = self.day(value)
        return {"custom_field_definition_id": definition.id, "value": value}
