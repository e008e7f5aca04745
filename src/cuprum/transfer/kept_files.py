"""Uploaded files, kept in the database until their import is through: whichever server goes on with it finds them."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select

from cuprum.kit.errors import Gone
from cuprum.kit.uuid7 import uuid7
from cuprum.storage.database import Database
from cuprum.storage.import_tables import import_file as parts

# A write transaction ends within 200 ms, on slow disks too.
_PART_BYTES = 1_000_000


def keep_file(database: Database, content: bytes) -> str:
    """Keep a file and return its uid; one that breaks off in the middle belongs to no import, and is tidied up."""
    uid = uuid7()
    for place, start in enumerate(range(0, len(content), _PART_BYTES)):
        database.write_now(_keep, uid, place, content[start : start + _PART_BYTES])
    return uid


def _keep(connection: Connection, uid: str, place: int, content: bytes) -> None:
    connection.execute(insert(parts).values(uid=uid, place=place, content=content))


def kept_file(connection: Connection, uid: str) -> bytes:
    """Raises Gone when it is there no more."""
    content = b"".join(connection.execute(select(parts.c.content).where(parts.c.uid == uid).order_by(parts.c.place)).scalars())
    if not content:
        raise Gone("The file of this import is not kept any more. Upload it again.")
    return content


def drop_file(database: Database, uid: str) -> None:
    """In as many transactions as it was kept in, the last part first: what is left of it is still found."""
    while database.write_now(drop_part, uid):
        pass


def drop_part(connection: Connection, uid: str) -> bool:
    """Drop the last part; whether there was one."""
    last = select(func.max(parts.c.place)).where(parts.c.uid == uid).scalar_subquery()
    return connection.execute(delete(parts).where(parts.c.uid == uid, parts.c.place == last)).rowcount > 0


def plain_name(given: str) -> str:
    """The name of an uploaded file without folders, which some browsers send along."""
    readable = given.replace("\0", "").encode("utf-8", "replace").decode()
    return readable.replace("\\", "/").rpartition("/")[2].strip()[:255] or "import.csv"
