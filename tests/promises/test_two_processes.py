"""Eight writers in two processes on one database: everybody gets their turn, and nobody is told that it is locked."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from sqlalchemy import func, select

import forked
from cuprum.storage.database import Database
from cuprum.storage.event_tables import change
from cuprum.storage.tables import TABLES
from installation import Template

WRITES_EACH = 40

PROGRAM = """
import json, sys, threading, time
from cuprum.auth.actor import Actor
from cuprum.config import Settings
from cuprum.events.log import Group
from cuprum.records.vocabulary import VocabularyCache
from cuprum.records.work import Work
from cuprum.records.write import create
from cuprum.storage.database import Database

settings, name, writes = Settings(), sys.argv[1], int(sys.argv[2])
database, cache = Database(settings), VocabularyCache()
ada = Actor(int(sys.argv[3]), "owner", "Ada", "ada@harbour.example")
troubles, waits = [], []

def write(connection, number):
    work = Work(connection, ada, cache.at(connection), settings, Group(connection, 1, "cli", None, "test"), int(time.time()))
    return create(work, "person", {"name": number, "emails": [{"email": f"{number}@two.example", "category": "work"}]})

def run(thread):
    for count in range(writes):
        began = time.monotonic()
        try:
            database.write_now(write, f"{name}-{thread}-{count}")
        except Exception as trouble:
            troubles.append(repr(trouble))
        waits.append(time.monotonic() - began)

threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
database.close()
print(json.dumps({"troubles": troubles, "longest_wait_seconds": max(waits)}))
"""


def test_eight_writers_in_two_processes_all_get_their_turn(template: Template, tmp_path: Path):
    with template.stored_copy(tmp_path / "home") as settings:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "CUPRUM_HOME": str(settings.home),
            "CUPRUM_DATABASE_URL": settings.database_url,
        }
        arguments = [str(WRITES_EACH), str(template.keys["ada"][0])]
        processes = [
            forked.Python("-c", PROGRAM, name, *arguments, env=environment, stdout=forked.PIPE) for name in ("left", "right")
        ]
        answers = [json.loads(process.communicate(timeout=120)[0]) for process in processes]
        assert [answer["troubles"] for answer in answers] == [[], []]
        print(f"{template.kind}: longest wait {max(answer['longest_wait_seconds'] for answer in answers):.2f} s")
        database = Database(settings)
        people, changes = database.read_now(
            lambda connection: (
                connection.execute(select(func.count()).select_from(TABLES["person"])).scalar_one(),
                connection.execute(select(func.count()).select_from(change).where(change.c.entity == "person")).scalar_one(),
            )
        )
        database.close()
        assert (people, changes) == (8 * WRITES_EACH, 8 * WRITES_EACH)
