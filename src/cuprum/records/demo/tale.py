"""Tells the story of Harbour & Pine through `records/`, dated back from today, as one change group that can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from cuprum.auth.actor import Actor
from cuprum.config import Settings
from cuprum.events.log import Group
from cuprum.kit.errors import Invalid
from cuprum.records import write
from cuprum.records.demo.companies import COMPANIES
from cuprum.records.demo.days import LEADS, PROJECTS, RELATED, SAID, TASKS
from cuprum.records.demo.deals import DEALS
from cuprum.records.demo.house import SALES, field_named, furnish, pipeline_with
from cuprum.records.demo.people import PEOPLE
from cuprum.records.related import relate
from cuprum.records.vocabulary import VocabularyCache
from cuprum.records.word_kinds import NOTE
from cuprum.records.words import word_named
from cuprum.records.work import Work

LABEL = "Sample data"


def tell(connection: Connection, settings: Settings, now: int) -> None:
    """Write the whole story into the demo account, where everybody of it works."""
    vocabulary = VocabularyCache().at(connection)
    actors = {
        user["name"].split()[0]: Actor(user["id"], user["role"], user["name"], user["email"], face="cli")
        for user in vocabulary.words["user"].values()
    }
    ana = actors["Ana"]

    def work(label: str) -> Work:
        return Work(connection, ana, vocabulary, settings, Group(connection, ana.user_id, "cli", None, label), now)

    # The fields stay when the sample data goes.
    house = work("Custom fields")
    furnish(house)
    for _ in Tale(replace(work(LABEL), vocabulary=house.vocabulary), actors).told():
        pass


class Tale:
    """Knows everybody and everything by name, and can do things as somebody some days ago.

    In an account where the people of the story do not work, whoever tells it does everything; of its words those are used
    that the account has. `work` may be another one after each step.
    """

    def __init__(self, work: Work, actors: Mapping[str, Actor] | None = None) -> None:
        self.work, self.actors = work, actors or {}
        self.zone = ZoneInfo(work.vocabulary.account["primary_timezone"])
        self.today = datetime.fromtimestamp(work.now, self.zone)
        self.ids: dict[tuple[str, str], int] = {}

    def told(self) -> Iterator[None]:
        """Tells it step by step; a step is a record or two."""
        yield from self.companies()
        yield from self.people()
        if self.work.vocabulary.account["leads_enabled"]:
            yield from self.leads()
        yield from self.deals()
        yield from self.projects()
        yield from self.relations()
        yield from self.tasks()
        yield from self.activities()

    def companies(self) -> Iterator[None]:
        for told in COMPANIES:
            body = {key: value for key, value in told.items() if not key.startswith("@")}
            owner, days, custom = told["@owner"], told["@days"], told.get("@custom", {})
            body["contact_type_id"] = self.word("contact_type", told["@type"])
            self.create("company", owner, days, body, custom)
            yield

    def people(self) -> Iterator[None]:
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
            yield

    def leads(self) -> Iterator[None]:
        for name, company, title, email, owner, status, days, source, value, details in LEADS:
            body = {
                "name": name, "company_name": company, "title": title, "email": {"email": email, "category": "work"},
                "customer_source_id": self.word("customer_source", source), "monetary_value": value, "details": details,
            }  # fmt: skip
            self.create("lead", owner, days, body)
            if status != "New" and (status_id := self.word("lead_status", status)):
                write.change(self.at(owner, days - 1), "lead", self.ids["lead", name], {"status_id": status_id})
            yield

    def deals(self) -> Iterator[None]:
        sales, stages = self.sales()
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
            yield

    def projects(self) -> Iterator[None]:
        for name, related, owner, status, days, details, custom in PROJECTS:
            body = {"name": name, "related_resource": self.reference(related), "details": details}
            self.create("project", owner, days, body, custom)
            if status != "Open":
                write.change(self.at(owner, days - 9), "project", self.ids["project", name], {"status": status})
            yield

    def relations(self) -> Iterator[None]:
        for one, other in RELATED:
            relate(self.work, (one[0], self.ids[one]), (other[0], self.ids[other]))
            yield

    def tasks(self) -> Iterator[None]:
        for name, related, owner, (due, hour), priority, days, done in TASKS:
            if related not in self.ids:
                continue
            body = {"name": name, "related_resource": self.reference(related), "due_date": self.due(due, hour)}
            body["priority"] = priority
            self.create("task", owner, days, body)
            if done is not None:
                write.change(self.at(owner, done), "task", self.ids["task", name], {"status": "Completed"})
            yield

    def activities(self) -> Iterator[None]:
        types = {one["name"]: one["id"] for one in self.work.vocabulary.words["activity_type"].values()}
        # In the order of the days, so that the newest has the highest id.
        for kind, parent, owner, days, details in sorted(SAID, key=lambda said: -said[3]):
            if parent not in self.ids:
                continue
            work = self.at(owner, days)
            body = {
                "parent": self.reference(parent), "type": {"category": "user", "id": types.get(kind, NOTE)}, "details": details,
                "activity_date": work.now,
            }  # fmt: skip
            write.create(work, "activity", body)
            yield

    def create(self, entity: str, owner: str, days: int, body: dict[str, Any], custom: Mapping[str, Any] | None = None) -> None:
        work = self.at(owner, days)
        body["assignee_id"] = work.actor.user_id
        if custom:
            told = (self.custom(entity, name, value) for name, value in custom.items())
            body["custom_fields"] = [one for one in told if one]
        try:
            record_id = write.create(work, entity, body)
        except Invalid as refusal:
            # Somebody kept a part of an earlier telling: this one goes without the addresses that are taken.
            taken = {problem.attribute for problem in refusal.problems if problem.code == "taken"}
            if len(taken) < len(refusal.problems):
                raise
            record_id = write.create(work, entity, {name: value for name, value in body.items() if name not in taken})
        self.ids[entity, body["name"]] = record_id

    def change(self, entity: str, told: Mapping[str, Any], days: int, body: dict[str, Any]) -> None:
        write.change(self.at(told["owner"], days), entity, self.ids[entity, told["name"]], body)

    def at(self, who: str, days: int) -> Work:
        """The work of somebody, that many days ago during office hours."""
        return replace(
            self.work, actor=self.actors.get(who, self.work.actor), now=min(self.instant(-days, 9 + days % 8), self.work.now)
        )

    def instant(self, days: int, hour: int) -> int:
        """That hour of the day that is so many days from today, in the account's zone."""
        moved = (self.today + timedelta(days=days)).replace(hour=hour, minute=days % 4 * 15, second=0, microsecond=0)
        return int(moved.timestamp())

    def due(self, days: int, hour: int) -> int:
        """As `instant`; what is due today is still ahead, however late in the day the tale is told."""
        instant = self.instant(days, hour)
        if days == 0 and instant <= self.work.now:
            instant = int(self.today.replace(hour=23, minute=59, second=0, microsecond=0).timestamp())
        return instant

    def day(self, days: int) -> str:
        return f"{self.today + timedelta(days=days):%m/%d/%Y}"

    def reference(self, named: tuple[str, str]) -> dict[str, Any]:
        entity, name = named
        return {"type": entity, "id": self.ids[entity, name]}

    def word(self, table: str, name: str) -> int | None:
        """The word of that name, else the first of its list."""
        living = self.work.vocabulary.living(table)
        return word_named(self.work.vocabulary, table, name) or next((one["id"] for one in living), None)

    def sales(self) -> tuple[int, dict[str, int]]:
        """The pipeline that has the stages of the story."""
        found = pipeline_with(self.work.vocabulary, "opportunity", [stage for stage, _ in SALES])
        assert found is not None
        return found, {stage["name"]: stage["id"] for stage in self.work.vocabulary.stages_of(found)}

    def custom(self, entity: str, name: str, value: Any) -> dict[str, Any] | None:
        """None where the account has such a field for something else."""
        definition = field_named(self.work.vocabulary, entity, name)
        if definition is None:
            return None
        options = {option: option_id for option_id, option in definition.living.items()}
        match definition.data_type:
            case "Dropdown":
                value = options.get(value)
            case "MultiSelect":
                value = [options[one] for one in value if one in options]
            case "Date":
                value = self.day(value)
        return {"custom_field_definition_id": definition.id, "value": value}
