"""`cuprum import`: a CSV file of people, companies, leads or opportunities."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cuprum.cli.house import opened

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cuprum.records.work import Work
    from cuprum.storage.database import Database
    from cuprum.transfer.imports import Job
    from cuprum.transfer.plan import Plan
    from cuprum.transfer.sheet import Sheet


class Entity(StrEnum):
    person, people = "person", "people"
    company, companies = "company", "companies"
    lead, leads = "lead", "leads"
    opportunity, opportunities = "opportunity", "opportunities"


class Matches(StrEnum):
    skip, fill, overwrite = "skip", "fill", "overwrite"


def import_file(
    file: Annotated[Path, typer.Argument(help="The CSV file; its first line names the columns.", exists=True, dir_okay=False)],
    entity: Annotated[Entity, typer.Option(help="What each row is.")],
    given: Annotated[list[str] | None, typer.Option("--map", help="HEADER=FIELD, or HEADER= to leave a column out.")] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what would become of each row, and write nothing.")] = False,
    matches: Annotated[Matches, typer.Option(help="What becomes of records that are there already.")] = Matches.skip,
    key: Annotated[list[str] | None, typer.Option(help="What tells that one is there: id, email, email_domain, name.")] = None,
    further: Annotated[
        list[str] | None,
        typer.Option("--set", help="NAME=VALUE: dates, decimal, delimiter, encoding, unknown_owner or unknown_options."),
    ] = None,
    user: Annotated[str, typer.Option("--as", help="E-mail of the user who imports; by default the account's owner.")] = "",
    left_out: Annotated[Path | None, typer.Option(help="Write the rows that did not come in to this CSV file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Import a CSV file. Exit 0: done (refused rows are counted), 1: refused as a whole, failed or cancelled."""
    from cuprum.entities import BY_PLURAL
    from cuprum.transfer import imports
    from cuprum.transfer.kept_files import keep_file

    name = BY_PLURAL[entity.value].entity if entity.value in BY_PLURAL else entity.value
    choices = _choices(given, further, matches, key)
    with opened() as database:
        content = file.read_bytes()
        sheet, plan = database.read_now(_planned, content, name, choices, user, database)
        if dry:
            _show_trial(database.read_now(_tried, sheet, plan, user, database), sheet, plan, as_json)
            return
        uid = keep_file(database, content)
        job = database.write_now(_queued, uid, file.name, sheet, plan, user, database)
        _run(database, job, as_json)
        job = database.read_now(imports.one, None, job.id)
        if left_out is not None:
            from cuprum.transfer.left_out import left_out_file

            left_out.write_text(database.read_now(left_out_file, job), encoding="utf-8", newline="")
        _show_job(job, database.read_now(imports.group_of, job), as_json)
    raise typer.Exit(0 if job.state == imports.DONE else 1)


def _choices(given: list[str] | None, further: list[str] | None, matches: Matches, key: list[str] | None) -> dict[str, Any]:
    choices: dict[str, Any] = dict(_pair(one, "--set") for one in further or ())
    if choices.get("delimiter") in ("tab", "\\t"):
        choices["delimiter"] = "\t"
    choices |= {"matches": matches.value} | ({"keys": key} if key else {})
    if given:
        # A header may hold an equals sign, a field does not.
        pairs = (one.rpartition("=") for one in given)
        choices["columns"] = {header: field or None for header, _, field in pairs}
    return choices


def _pair(one: str, option: str) -> tuple[str, str]:
    name, sign, value = one.partition("=")
    if not sign:
        raise typer.BadParameter(f"{option} takes NAME=VALUE")
    return name, value


def _planned(
    connection: Connection, content: bytes, entity: str, choices: dict[str, Any], user: str, database: Database
) -> tuple[Sheet, Plan]:
    from cuprum.transfer.planning import planned

    return planned(work_of_user(connection, user, database), content, entity, choices)


def _tried(connection: Connection, sheet: Sheet, plan: Plan, user: str, database: Database) -> Any:
    from cuprum.transfer.trial import try_out

    return try_out(work_of_user(connection, user, database), plan, sheet)


def _queued(connection: Connection, uid: str, name: str, sheet: Sheet, plan: Plan, user: str, database: Database) -> Job:
    from cuprum.transfer import imports

    actor = work_of_user(connection, user, database).actor
    job = imports.add(connection, actor, uid, name, sheet, plan)
    return imports.queue(connection, actor, job.id)


def work_of_user(connection: Connection, email: str, database: Database) -> Work:
    """The work of the user with this address, or of the account's first owner."""
    from sqlalchemy import select

    from cuprum.auth.actor import Actor
    from cuprum.auth.api_keys import teams_of
    from cuprum.events.log import Group
    from cuprum.kit.errors import NotFound
    from cuprum.kit.text import fold
    from cuprum.records.vocabulary import VocabularyCache
    from cuprum.records.work import Work
    from cuprum.storage.account_tables import user as users

    statement = select(users).where(users.c.disabled_at.is_(None)).order_by(users.c.id).limit(1)
    wanted = users.c.email_key == fold(email) if email else users.c.role == "owner"
    row = connection.execute(statement.where(wanted)).one_or_none()
    if row is None:
        told = f"There is no user {email}." if email else "There is no account yet."
        raise NotFound(f"{told} Add one: cuprum user add EMAIL --name NAME --role owner")
    actor = Actor(row.id, row.role, row.name, row.email, teams_of(connection, row.id), face="cli")
    group = Group(connection, actor.user_id, actor.face, None, "")
    return Work(connection, actor, VocabularyCache().at(connection), database.settings, group, group.at)


def _run(database: Database, job: Job, as_json: bool) -> None:
    from cuprum.events.handoff import note_for_webhooks
    from cuprum.transfer.importing import run_here

    def watch(now: Job) -> None:
        if sys.stderr.isatty() and not as_json:
            print(f"\r{now.through} of {now.total}", end="\r", file=sys.stderr, flush=True)

    run_here(database, job, (note_for_webhooks,), watch)


_WORDS = {
    "new": "new", "changed": "changed", "same": "there already", "repeated": "repeated in the file", "refused": "refused",
}  # fmt: skip


def _show_trial(trial: Any, sheet: Sheet, plan: Plan, as_json: bool) -> None:
    if as_json:
        columns = dict(zip(sheet.headers, plan.columns, strict=True))
        print(json.dumps({**trial.as_json(), "columns": columns, "plan": plan.as_json()}, ensure_ascii=False))
        return
    print(f"{sheet.encoding}, delimiter {plan.delimiter!r}, dates {plan.dates}, decimal sign {plan.decimal}")
    for header, target in zip(sheet.headers, plan.columns, strict=True):
        print(f"  {header} -> {target or '(left out)'}")
    print(f"{trial.total} rows: {_told(trial.counts)}. Nothing was written.")
    for kind in ("refused", "repeated"):
        for row, outcome in trial.rows[kind][:20]:
            print(f"  line {row.line}: {outcome.reason}")


def _show_job(job: Job, group: str | None, as_json: bool) -> None:
    if as_json:
        print(json.dumps(job.as_json(group), ensure_ascii=False))
        return
    print(f"Import {job.id} is {job.state}: {job.total} rows, {_told(job.counts)}.")
    if job.error:
        print(job.error, file=sys.stderr)
    if group:
        print(f"Take it back: cuprum undo {group}")


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {_WORDS[kind]}" for kind, count in counts.items() if count) or "none"
