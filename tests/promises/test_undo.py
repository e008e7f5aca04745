"""Every write can be undone: groups of all kinds, undone backwards one by one, each time give the state before."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, insert, select

from automation import automation, undo
from cuprum.auth.actor import Actor
from cuprum.events.log import Group
from cuprum.kit.errors import CuprumError
from cuprum.records import trash, write
from cuprum.records.vocabulary import VocabularyCache
from cuprum.records.work import Work
from cuprum.storage.account_tables import follow, record_share, relation
from cuprum.storage.lookup_tables import RECORD_LOOKUPS
from cuprum.storage.tables import TABLES

GROUPS = 200
SEED = 1
# Times of writing, and how often a row was written, are no state.
_NO_STATE = {"date_modified", "version", "deleted_at"}
_BESIDE = (relation, record_share, follow)


def test_two_hundred_groups_undone_backwards_give_the_state_before(cuprum):
    story = Story(cuprum, random.Random(SEED))
    told: list[tuple[str, str, Any]] = []
    while len(told) < GROUPS:
        before = state(cuprum)
        what, group = story.goes_on()
        if group is not None:
            told.append((what, group, before))
    kinds = {what for what, _, _ in told}
    assert kinds == set(Story.TURNS), kinds
    for what, group, before in reversed(told):
        undone = undo(cuprum.ada, group)
        assert undone["conflicts"] == [], what
        differences = [name for name, rows in state(cuprum).items() if rows != before[name]]
        assert not differences, (what, group, differences, _difference(before, state(cuprum), differences[0]))


def _difference(before: Any, after: Any, name: str) -> Any:
    return [row for row in before[name] if row not in after[name]], [row for row in after[name] if row not in before[name]]


def state(cuprum: Any) -> dict[str, list[Any]]:
    """The living records with all their columns, what stands beside them, and everything that finds them."""
    return cuprum.database.read_now(_state)


def _state(connection: Connection) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    living = set()
    for entity, records in TABLES.items():
        columns = [column for column in records.c if column.name not in _NO_STATE]
        rows = connection.execute(select(*columns).where(records.c.deleted_at.is_(None)).order_by(records.c.id)).all()
        living |= {(entity, row.id) for row in rows}
        found[entity] = [tuple(row) for row in rows]
    for table in (*RECORD_LOOKUPS, *_BESIDE):
        rows = [tuple(row) for row in connection.execute(select(table)) if (row.entity, row.record_id) in living]
        found[table.name] = sorted(rows, key=repr)
    return found


class Story:
    """Ada and Grace at work: each turn is one request, or one group of several things, chosen at random."""

    TURNS = ("create", "update", "delete", "bulk", "convert", "relate", "share", "follow", "log")

    def __init__(self, cuprum: Any, chance: random.Random) -> None:
        self.cuprum, self.chance = cuprum, chance
        self.count = 0
        self.definition = cuprum.ada.post(
            "/custom_field_definitions",
            {"name": "Grain", "data_type": "String", "available_on": ["person", "lead", "company", "opportunity", "task"]},
        )["id"]

    def goes_on(self) -> tuple[str, str | None]:
        """What was done, and its group if anything changed."""
        weights = (8, 10, 3, 3, 2, 3, 2, 1, 4)
        what = self.chance.choices(self.TURNS, weights)[0]
        return what, getattr(self, what)()

    def create(self) -> str | None:
        entity = self.chance.choice(["lead", "person", "person", "company", "opportunity", "project", "task"])
        return self._call("POST", f"/{_PLURALS[entity]}", self._values(entity, new=True))

    def update(self) -> str | None:
        entity = self.chance.choice(list(_PLURALS))
        at = self._one(entity)
        return at and self._call("PUT", f"/{_PLURALS[entity]}/{at}", self._values(entity, new=False))

    def delete(self) -> str | None:
        entity = self.chance.choice([*_PLURALS, "activity"])
        at = self._one(entity)
        plural = _PLURALS.get(entity, "activities")
        return at and self._call("DELETE", f"/{plural}/{at}")

    def convert(self) -> str | None:
        at = self._one("lead", TABLES["lead"].c.converted_at.is_(None))
        details = {"opportunity": {"name": self._word()}} if self.chance.random() < 0.5 else {}
        return at and self._call("POST", f"/leads/{at}/convert", {"details": details})

    def share(self) -> str | None:
        entity = self.chance.choice(list(_PLURALS))
        at = self._one(entity, TABLES[entity].c.assignee_id.is_not(None))
        wish = self.chance.choice(
            [
                {"visibility": "everyone"},
                {"visibility": "only_me"},
                {"visibility": "teams", "team_ids": [1]},
                {"visibility": "individuals", "user_ids": [self.cuprum.grace.id, self.cuprum.mallory.id]},
            ]
        )
        return at and self._beyond(f"/{_PLURALS[entity]}/{at}/visibility", wish)

    def follow(self) -> str | None:
        entity = self.chance.choice(list(_PLURALS))
        at = self._one(entity)
        return at and self._beyond(f"/{_PLURALS[entity]}/{at}/follow", None)

    def log(self) -> str | None:
        entity = self.chance.choice([*_PLURALS])
        at = self._one(entity)
        kind = {"id": self.chance.choice([0, 1, 2]), "category": "user"}
        note = {"parent": {"id": at, "type": entity}, "type": kind, "details": self._word()}
        return at and self._call("POST", "/activities", note)

    def relate(self) -> str | None:
        ends = sorted((entity, self._one(entity)) for entity in ("company", "opportunity"))
        if not all(at for _, at in ends):
            return None

        def add(work: Work) -> None:
            (entity, record_id), (other_entity, other_id) = ends
            row = {"entity": entity, "record_id": record_id, "other_entity": other_entity, "other_id": other_id}
            known = work.execute(select(relation).filter_by(**row)).first()
            if known is None:
                row |= {"date_created": work.now}
                work.execute(insert(relation).values(**row))
                work.group.record("relation", record_id, "new", {}, row)

        return self._as_one_group(add)

    def bulk(self) -> str | None:
        """Five to fifteen things at once: created, changed and deleted in one group."""

        def several(work: Work) -> None:
            for _ in range(self.chance.randint(5, 15)):
                entity = self.chance.choice(list(_PLURALS))
                at = self._one(entity, connection=work.connection)
                do = self.chance.choice(["create", "update", "update", "delete"])
                try:
                    with work.group.attempt():
                        if do == "create" or at is None:
                            write.create(work, entity, self._values(entity, new=True, connection=work.connection))
                        elif do == "update":
                            write.change(work, entity, at, self._values(entity, new=False, connection=work.connection))
                        else:
                            trash.delete(work, entity, at)
                except CuprumError:
                    continue

        return self._as_one_group(several)

    def _as_one_group(self, do: Callable[[Work], None]) -> str | None:
        ada = Actor(self.cuprum.ada.id, "owner", "Ada", "ada@harbour.example")

        def done(connection: Connection) -> Group:
            group = Group(connection, ada.user_id, "api", None, "bulk")
            do(Work(connection, ada, VocabularyCache().at(connection), self.cuprum.settings, group, int(time.time())))
            return group

        group = self.cuprum.database.write_now(done)
        return group.id if group.changes else None

    def _call(self, method: str, path: str, body: Any = None) -> str | None:
        answer = self.chance.choice([self.cuprum.ada, self.cuprum.ada, self.cuprum.grace]).call(method, path, body)
        assert answer.status_code in (200, 403, 404, 422), answer.text
        return answer.headers.get("X-Cuprum-Group")

    def _beyond(self, path: str, body: Any) -> str | None:
        ada = self.cuprum.ada
        answer = ada.client.request("PUT", f"/automation/v1{path}", json=body, headers=ada.headers)
        # A lead that was converted is found no more.
        assert answer.status_code in (200, 404), answer.text
        return answer.headers.get("X-Cuprum-Group")

    def _one(self, entity: str, *where: Any, connection: Connection | None = None) -> int | None:
        """A living record, if there is one."""
        records = TABLES[entity]
        living = select(records.c.id).where(records.c.deleted_at.is_(None), *where).order_by(records.c.id)

        def ids(connection: Connection) -> list[int]:
            return list(connection.execute(living).scalars())

        found = ids(connection) if connection is not None else self.cuprum.database.read_now(ids)
        return self.chance.choice(found) if found else None

    def _word(self) -> str:
        self.count += 1
        return f"{self.chance.choice(['Iris', 'Ivo', 'Ňan', 'Ōta', 'Mill'])} {self.count}"

    def _values(self, entity: str, *, new: bool, connection: Connection | None = None) -> dict[str, Any]:
        chance, word = self.chance, self._word()

        def linked(to: str) -> int | None:
            return self._one(to, connection=connection) if chance.random() < 0.8 else None

        values: dict[str, Any] = {
            "name": word,
            "assignee_id": chance.choice([None, self.cuprum.ada.id, self.cuprum.grace.id]),
            "tags": chance.sample(["oak", "ash", "Elm", "yew"], chance.randint(0, 3)),
            "details": chance.choice([None, "", word]),
        }
        if entity not in ("project", "task"):
            values["custom_fields"] = [{"custom_field_definition_id": self.definition, "value": chance.choice([None, word])}]
        email = {"email": f"i{chance.randint(1, 40)}@mill.example", "category": "work"}
        match entity:
            case "lead":
                values |= {"email": chance.choice([None, email]), "monetary_value": chance.choice([None, 12.5, 7])}
                values |= {"company_name": chance.choice([None, "Mill", "Oak Ltd"])}
            case "person":
                values |= {"emails": [email] if chance.random() < 0.6 else [], "company_id": linked("company")}
                values |= {"phone_numbers": [{"number": f"0123 {self.count}", "category": "work"}]}
            case "company":
                values |= {"email_domain": chance.choice([None, f"d{chance.randint(1, 9)}.example"])}
                values |= {"primary_contact_id": linked("person"), "address": {"city": word}}
            case "opportunity":
                values |= {"primary_contact_id": linked("person"), "company_id": linked("company")}
                values |= {"status": chance.choice(["Open", "Won", "Lost"]), "pipeline_stage_id": chance.randint(1, 5)}
                values |= {"monetary_value": chance.choice([None, 99.99, 1000]), "close_date": "1/23/2027"}
            case "project" | "task":
                at = linked("person")
                values |= {"related_resource": {"id": at, "type": "person"} if at else None}
                values |= {"status": chance.choice(["Open", "Completed"])}
        if not new:
            values = {key: values[key] for key in chance.sample(sorted(values), chance.randint(1, 4))}
        return values


_PLURALS = {"lead": "leads", "person": "people", "company": "companies", "opportunity": "opportunities",
            "project": "projects", "task": "tasks"}  # fmt: skip


def test_undoing_all_undos_does_everything_again(cuprum):
    """Redo: forty groups, undone backwards, and those undos undone backwards, give the state after all of them."""
    story = Story(cuprum, random.Random(SEED + 1))
    groups: list[str] = []
    while len(groups) < 40:
        group = story.goes_on()[1]
        if group is not None:
            groups.append(group)
    after = state(cuprum)
    undos = [undo(cuprum.ada, group)["group"] for group in reversed(groups)]
    for group in reversed(undos):
        assert undo(cuprum.ada, group)["conflicts"] == []
    differences = [name for name, rows in state(cuprum).items() if rows != after[name]]
    assert not differences, _difference(after, state(cuprum), differences[0])
    assert all(automation(cuprum.ada, "GET", f"/changes/{group}")["undone_by"] is None for group in groups)
