"""A prepared statement does what SQLAlchemy does with it, on both databases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from cuprum.storage.account_tables import team, team_member, user
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.prepared import Prepared
from cuprum.storage.tables import TABLES
from installation import Installation
from plans import sent

opportunities = TABLES["opportunity"]
add_team = Prepared(insert(team))


def written(cuprum: Installation, work: Any) -> Any:
    return cuprum.database.write_now(work)


def test_values_are_written_and_read_as_their_columns_have_them(cuprum: Installation):
    def work(connection: Connection) -> Any:
        value = {"name": "Øresund 橋", "monetary_value": Decimal("1234.5678"), "tags": ["oak", "ひのき"], "pipeline_id": None}
        record_id = Prepared(insert(opportunities)).inserted_id(connection, value)
        look = Prepared(select(opportunities).where(opportunities.c.id == bindparam("record_id")))
        found = look.first(connection, {"record_id": record_id})
        assert found is not None
        assert list(found) == list(connection.execute(look.statement, {"record_id": record_id}).one())
        return dict(zip(look.columns, found, strict=True))

    row = written(cuprum, work)
    assert (row["name"], row["monetary_value"], row["tags"]) == ("Øresund 橋", Decimal("1234.5678"), '["oak","ひのき"]')


def test_what_is_found_by_a_value_that_stands_in_the_statement(cuprum: Installation):
    everybody = Prepared(select(user.c.name).where(user.c.role == "owner", user.c.id > bindparam("least")).order_by(user.c.id))
    assert written(cuprum, lambda connection: everybody.first(connection, {"least": 0})) == ("Ada",)
    assert written(cuprum, lambda connection: everybody.first(connection, {"least": 10_000})) is None


def test_only_the_columns_that_are_given_change(cuprum: Installation):
    by_id = Prepared(update(user).where(user.c.id == bindparam("user_id")))

    def work(connection: Connection) -> Any:
        by_id.run(connection, {"user_id": 1, "name": "Ada of Porto"})
        by_id.run(connection, {"user_id": 1, "disabled_at": 17})
        by_id.run(connection, {"user_id": 1, "disabled_at": None})
        return connection.execute(select(user.c.name, user.c.disabled_at, user.c.role).where(user.c.id == 1)).one()

    assert written(cuprum, work) == ("Ada of Porto", None, "owner")


def test_many_rows_are_one_run(cuprum: Installation):
    def work(connection: Connection) -> Any:
        add_team.run_each(connection, [{"name": "Porto"}, {"name": "Lisboa"}])
        Prepared(delete(team_member).where(team_member.c.user_id == bindparam("whose"))).run_each(
            connection, [{"whose": 1}, {"whose": 2}]
        )
        return connection.execute(select(team.c.name).order_by(team.c.id)).scalars().all()

    assert written(cuprum, work) == ["Sales", "Porto", "Lisboa"]


def test_a_default_that_the_database_computes_is_part_of_it(cuprum: Installation):
    def work(connection: Connection) -> Any:
        group = {"id": "g", "at": 1, "actor": None, "face": "test", "via": None, "label": "test"}
        Prepared(insert(change_group)).run(connection, group)
        values = {"uid": "u", "group_id": "g", "entity": "person", "record_id": 1, "kind": "new", "before": {}, "after": {}}
        seq = Prepared(insert(change)).inserted_id(connection, values)
        return connection.execute(select(change.c.transaction).where(change.c.seq == seq)).scalar_one()

    transaction = written(cuprum, work)
    assert (transaction == 0) == cuprum.settings.is_sqlite


def test_a_clash_is_told_as_sqlalchemy_tells_it(cuprum: Installation):
    add_member = Prepared(insert(team_member))
    rows = [{"team_id": 1, "user_id": 3}, {"team_id": 1, "user_id": 3}]
    with pytest.raises(IntegrityError, match="team_member"):
        written(cuprum, lambda connection: add_member.run_each(connection, rows))
    with pytest.raises(IntegrityError, match="team_member"):
        written(cuprum, lambda connection: [add_member.run(connection, row) for row in rows])
    assert written(cuprum, lambda connection: connection.execute(select(team_member)).all()) == [(1, 1), (1, 2)]


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_sqlite_s_own_trouble_is_told_as_sqlalchemy_tells_it(cuprum: Installation):
    with pytest.raises(OperationalError, match="readonly"), cuprum.database.reading.connect() as connection:
        add_team.run(connection, {"name": "Porto"})


def test_whoever_listens_to_statements_hears_of_it(cuprum: Installation):
    with sent() as statements:
        written(cuprum, lambda connection: add_team.run(connection, {"name": "Porto"}))
    assert [text for text, _ in statements if "INTO team" in text]


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_what_is_written_anew_at_each_run_cannot_be_prepared(cuprum: Installation):
    among = Prepared(select(user.c.id).where(user.c.id.in_(bindparam("ids", expanding=True))))
    with pytest.raises(AssertionError, match="cannot be prepared"):
        written(cuprum, lambda connection: among.first(connection, {"ids": [1, 2]}))
