"""Attaching a file: ask for a signed form, post it to the store, claim the key for the record (part2 §8)."""

import uuid
from collections.abc import Mapping
from typing import TypeVar

from cuprum.connector.errors import BadAnswer, FilesNotKept, NoSuchRoute
from cuprum.connector.exchange import Call, Effect, Flow, Session, exchange
from cuprum.connector.resources.base import Record, an_object, ask

T = TypeVar("T")


def where_kept(path: str, asked: Flow[T]) -> Flow[T]:
    """The answer; raises FilesNotKept where the server knows no such path."""
    try:
        return (yield from asked)
    except NoSuchRoute as refusal:
        said = f"This server keeps no files: it has no {path}. Copper's cloud keeps them; Cuprum does not yet."
        raise FilesNotKept(said, status=refusal.status, body=refusal.body) from refusal


def attach(session: Session, path: str, file_name: str, content: bytes) -> Flow[Record]:
    signed = an_object((yield from where_kept(path, ask(session, "GET", f"{path}/s3_signed_url"))))
    fields, url = signed.get("body"), signed.get("url")
    if not isinstance(fields, dict) or not isinstance(url, str):
        raise BadAnswer("The signed form lacks its url or fields.", body=signed)
    form, kind = form_of(fields, file_name, content)
    # Storing the same key twice leaves one object.
    yield from exchange(session, Call("POST", url, content=form, headers={"Content-Type": kind}, effect=Effect.SAME))
    claim = {"file_name": file_name, "key": fields["key"]}
    return an_object((yield from ask(session, "POST", path, claim, effect=Effect.NEW)))


def form_of(fields: Mapping[str, str], file_name: str, content: bytes) -> tuple[bytes, str]:
    """The multipart body and its content type: every field under S3's names, the file last."""
    boundary = uuid.uuid4().hex
    parts = []
    for name, value in fields.items():
        # The JSON spells this key its own way; S3 wants its own.
        form_name = "AWSAccessKeyId" if name == "aws_access_key_id" else name
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{form_name}"\r\n\r\n{value}\r\n'.encode())
    safe = file_name.replace('"', "%22").replace("\r", "").replace("\n", "")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{safe}"\r\n'
    parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
