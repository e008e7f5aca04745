"""Attach a file to a record, and list what is attached."""

import base64
import binascii
from typing import TYPE_CHECKING, Any

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import InvalidInput, Problem
from cuprum.connector.exchange import Flow
from cuprum.connector.properties import Form, Property, an_array, an_object, options, record_id, string

if TYPE_CHECKING:
    from cuprum.connector.client import Api

# Tasks hold no files (part2 §8).
TYPES = options(*((name.capitalize(), name) for name in ("lead", "person", "company", "opportunity", "project")))
FILE = (
    record_id("id"),
    string("file_name"),
    Property("file_size", type="INTEGER"),
    string("content_type"),
    record_id("creator_id"),
    string("date_created", form=Form.INSTANT),
)
RECORD = (
    string("type", "Type", "Type of the record.", required=True, options=TYPES),
    record_id("id", "ID", "ID of the record.", required=True, source="records", depends_on=("type",)),
)


def run_attach(api: "Api[Stepwise]", values: Values) -> Flow[Any]:
    try:
        content = base64.b64decode(values["content"], validate=True)
    except binascii.Error:
        raise InvalidInput([Problem("content", "must be base64", "Content")]) from None
    part: Any = api.records_of(values["type"])
    return (yield from part.attach(values["id"], values["file_name"], content))


def run_list(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
    part: Any = api.records_of(values["type"])
    rows = yield from part.files(values["id"])
    return Outcome(rows, {"items": rows})


ATTACH = Action(
    name="attachFile",
    title="Attach File",
    description="Attaches a file to a record.",
    method="POST",
    call="GET /{plural}/{id}/files/s3_signed_url, then POST /{plural}/{id}/files",
    properties=(
        *RECORD,
        string("file_name", "File Name", "Name of the file.", required=True),
        string("content", "Content", "The file's bytes, base64.", required=True),
    ),
    output=FILE,
    run=run_attach,
)
LIST = Action(
    name="listFiles",
    title="List Files",
    description="Lists the files attached to a record.",
    method="GET",
    call="GET /{plural}/{id}/files",
    properties=RECORD,
    output=(an_array("items", an_object("", *FILE)),),
    run=run_list,
)
