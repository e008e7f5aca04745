"""The schema comes up to date by itself, or everything stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from cuprum.storage import dialect, migrate
from cuprum.storage.schema import metadata
from homes import Home, empty_home
from plans import plan_of

# What the tables do not say: the full-text tables of SQLite and the trigram indexes of PostgreSQL.
BESIDE_THE_TABLES = ("_fts", "_name_trigram", "alembic_version")


@pytest.fixture
def home(bare_home: Home) -> Home:
    return bare_home


@pytest.fixture
def sqlite_home(tmp_path: Path) -> Iterator[Home]:
    with empty_home("sqlite", tmp_path / "home") as made:
        yield made


def engine(home: Home):
    settings = home.settings
    if settings.is_sqlite:
        return dialect.sqlite_engine(settings, read_only=False, size=1)
    return dialect.postgresql_engine(settings, size=1)


def revision(home: Home) -> str | None:
    made = engine(home)
    try:
        return migrate.stored_revision(made)
    finally:
        made.dispose()


def execute(home: Home, statement: str) -> None:
    made = engine(home)
    with made.begin() as connection:
        connection.execute(text(statement))
    made.dispose()


@pytest.fixture
def with_next_revision(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A copy of the migrations to which a test may add the next one."""
    import shutil

    migrate.migrate(home.settings)
    copied = tmp_path / "migrations"
    shutil.copytree(migrate.VERSIONS.parent, copied)
    monkeypatch.setattr(migrate, "VERSIONS", copied / "versions")
    newest = migrate.newest_revision()
    following = f"{int(newest) + 1:04}"

    def add(body: str) -> str:
        file = copied / "versions" / f"{following}_a_test.py"
        file.write_text(
            f'import sqlalchemy as sa\nfrom alembic import op\nrevision = "{following}"\ndown_revision = "{newest}"\n'
            f"def upgrade():\n    {body}\n"
        )
        return following

    return add


# SQLite's expression indexes cannot be read back; PostgreSQL's are compared.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection", "ignore:autogenerate skipping metadata-specified expression")
def test_the_migrated_schema_is_the_one_that_the_tables_say(home: Home) -> None:
    migrate.migrate(home.settings)
    made = engine(home)
    with made.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
    made.dispose()
    assert [one for one in differences if not is_beside(one)] == []


def is_beside(difference) -> bool:
    return isinstance(difference, tuple) and any(part in str(getattr(difference[1], "name", "")) for part in BESIDE_THE_TABLES)


def test_a_database_that_is_up_to_date_is_left_alone(home: Home) -> None:
    migrate.migrate(home.settings)
    assert migrate.migrate(home.settings) is None


def test_a_newer_schema_is_refused_with_the_cure(home: Home) -> None:
    migrate.migrate(home.settings)
    execute(home, "UPDATE alembic_version SET version_num = '9999'")
    refusal = home.refused("user", "list")
    assert "9999" in refusal
    assert "newer Cuprum" in refusal
    assert revision(home) == "9999"


def test_an_upgrade_takes_a_backup_first(home: Home, with_next_revision) -> None:
    following = with_next_revision('op.create_table("later", sa.Column("id", sa.Integer()))')
    former = revision(home)
    backup = migrate.migrate(home.settings)
    assert revision(home) == following
    if home.settings.is_sqlite:
        assert backup
        kept = dialect.sqlite_module().connect(backup)
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == (former,)
        kept.close()


def test_a_failed_upgrade_leaves_the_old_state_and_says_so(home: Home, with_next_revision) -> None:
    with_next_revision('op.create_table("later", sa.Column("id", sa.Integer())); op.execute("INSERT INTO nowhere VALUES (1)")')
    former = revision(home)
    with pytest.raises(migrate.SchemaTrouble, match="nothing was changed"):
        migrate.migrate(home.settings)
    assert revision(home) == former
    made = engine(home)
    assert not inspect(made).has_table("later")
    made.dispose()


def test_an_index_of_an_upgrade_draws_no_search_away_from_its_own_on_a_file_whose_rows_were_counted_before(
    sqlite_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded_to(sqlite_home, "0003", tmp_path, monkeypatch)
    people_and_counts(sqlite_home)
    migrate.migrate(sqlite_home.settings)
    made = engine(sqlite_home)
    with made.connect() as connection:
        planned = plan_of(connection, (BY_NAME, ()))
    made.dispose()
    assert "ix_person_assignee_id_name_key" in planned
    assert "TEMP B-TREE" not in planned


def test_relations_and_follows_of_before_stand_in_the_histories_of_both_ends(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded_to(home, "0013", tmp_path, monkeypatch)
    execute(home, "INSERT INTO change_group (id, at, face, label) VALUES ('g', 1, 'web', 'x')")
    related = '{"entity":"company","record_id":7,"other_entity":"person","other_id":9}'
    logged = (
        ("relation", 7, "new", "{}", related),
        ("relation", 7, "delete", related, "{}"),
        ("follow", 9, "new", "{}", '{"entity":"person","user_id":1,"record_id":9}'),
        ("not_duplicate", 7, "new", "{}", '{"entity":"company","record_id":7,"other_id":8}'),
        ("person", 9, "new", "{}", '{"name":"Iris"}'),
    )
    made = engine(home)
    with made.begin() as connection:
        for number, (entity, record_id, kind, before, after) in enumerate(logged, 1):
            values = {"uid": str(number), "entity": entity, "id": record_id, "kind": kind, "before": before, "after": after}
            connection.execute(
                text(
                    "INSERT INTO change (uid, group_id, entity, record_id, kind, before, after)"
                    " VALUES (:uid, 'g', :entity, :id, :kind, :before, :after)"
                ),
                values,
            )
    migrate.migrate(home.settings)
    with made.connect() as connection:
        found = connection.execute(text("SELECT change_seq, entity, record_id FROM change_about")).all()
    made.dispose()
    assert sorted(map(tuple, found)) == [
        (1, "company", 7), (1, "person", 9), (2, "company", 7), (2, "person", 9), (3, "person", 9), (4, "company", 7),
        (4, "company", 8),
    ]  # fmt: skip


# Somebody's people in the order of their names.
BY_NAME = "SELECT id FROM person WHERE deleted_at IS NULL AND assignee_id = 3 ORDER BY name_key, id LIMIT 20"


def upgraded_to(home: Home, newest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    former = tmp_path / "former"
    shutil.copytree(migrate.VERSIONS.parent, former)
    for file in (former / "versions").glob("[0-9]*.py"):
        if file.name[:4] > newest:
            file.unlink()
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "VERSIONS", former / "versions")
        migrate.migrate(home.settings)
    assert revision(home) == newest


def people_and_counts(home: Home) -> None:
    # Past our own engine: nobody of them has an owner.
    file = dialect.sqlite_module().connect(str(home.settings.sqlite_file))
    with file:
        file.executemany(
            "INSERT INTO person (name, name_key, first_name_key, assignee_id, custom_fields, leads_converted_from) "
            "VALUES (?, ?, ?, ?, '{}', '[]')",
            [(f"P{number}", f"p{number}", f"p{number}", number % 5) for number in range(3_000)],
        )
    file.execute("ANALYZE")
    file.close()
