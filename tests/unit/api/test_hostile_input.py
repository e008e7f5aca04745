"""Nonsense over HTTP is refused clearly, never with a 5xx, and leaves nothing half written."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from cuprum.entities import BY_PLURAL, fields
from cuprum.records.criteria import criteria
from installation import Person, Template
from live_server import live_server
from patience import PATIENCE_SECONDS

HUGE = int("9" * 4000)

BROKEN_BODIES = {
    "no JSON": b"{name: Ada}",
    "cut off": b'{"name": "Ada"',
    "two values": b'{"name": "Ada"} {"name": "Bea"}',
    "a trailing comma": b'{"name": "Ada",}',
    "NaN": b'{"monetary_value": NaN}',
    "a leading zero": b'{"assignee_id": 017}',
    "invalid UTF-8 in a value": b'{"name": "\xff\xfe"}',
    "invalid UTF-8 in a key": b'{"\xc3\x28": "Ada"}',
    "UTF-16": '{"name": "Ada"}'.encode("utf-16"),
    "a raw control character": b'{"name": "A\x00da"}',
    "deep lists": b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"address":' * 5_000 + b"1" + b"}" * 5_000,
    "an unclosed depth": b"[" * 200_000,
    "a lone surrogate half": b'{"name": "\\ud800"}',
    "a list": b"[1, 2]",
    "a word": b'"Ada"',
    "a number": b"17",
    "true": b"true",
    "form data": b"name=Ada&email=ada%40quill.example",
    "a huge exponent": b'{"name": "Ada", "monetary_value": 1e999999999}',
}


@pytest.fixture(scope="module")
def ada(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """One installation for all of this: whatever one request does, the next ones must still be answered."""
    with template.copy(tmp_path_factory.mktemp("hostile") / "home") as installation:
        yield installation.ada


def totals(ada: Person) -> list[str]:
    return [ada.call("POST", f"/{plural}/search", {}).headers["x-pw-total"] for plural in BY_PLURAL]


def refused_with_reason(answer) -> bool:
    body = answer.json()
    return 400 <= answer.status_code < 500 and bool(body.get("message") or body.get("error"))


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_broken_body_is_refused_everywhere(ada, body):
    before = totals(ada)
    for plural in BY_PLURAL:
        for path in (f"/{plural}", f"/{plural}/search"):
            answer = ada.client.post(f"/developer_api/v1{path}", content=body, headers=ada.headers)
            assert refused_with_reason(answer), f"{path}: {answer.status_code} {answer.text[:200]}"
    assert totals(ada) == before


def sent_raw(ada, body: bytes) -> str:
    return ada.client.post("/developer_api/v1/people", content=body, headers=ada.headers).json()["message"]


@pytest.mark.parametrize("half", ["\\ud83d", "\\uDE00", "a\\ud83dx", "\\ude00\\ud83d"])
def test_half_a_character_is_called_so(ada, half):
    assert sent_raw(ada, f'{{"name": "{half}"}}'.encode()).endswith("is half a character")


def test_a_body_cut_off_behind_a_whole_character_is_called_cut_off(ada):
    assert "truncated" in sent_raw(ada, b'{"name": "\\ud83d\\ude00')


def test_the_mark_that_windows_tools_begin_with_is_passed_over(ada):
    body = b'\xef\xbb\xbf{"name": "Ada \\ud83d\\ude00"}'
    answer = ada.client.post("/developer_api/v1/people", content=body, headers=ada.headers)
    assert (answer.status_code, answer.json()["name"]) == (200, "Ada 😀")


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/people", {"name": ["Ada"]}, "Name: must be text"),
        ("/people", {"name": "a\x00b"}, "Name: contains characters that are not text"),
        ("/people", {"name": "x" * 2000}, "Name: is too long (maximum is 1024 characters)"),
        (
            "/activities",
            {"parent": {"id": 1, "type": "user"}, "type": 0, "details": ["x"]},
            "Parent: type must be one of lead, person, company, opportunity, project, task\n"
            'Type: must be an object with "id" and "category"\nDetails: must be text',
        ),
    ],
)
def test_what_was_given_wrongly_is_not_called_blank(ada, path, body, message):
    assert ada.refused("POST", path, body) == f"Invalid input: Validation errors: {message}"


ODD_VALUES = {
    "an object": {"a": {"b": 1}},
    "a list": [1, "a", None, {}, []],
    "a list of lists": [[[]]],
    "a boolean": True,
    "text": "nonsense",
    "NUL": "a\x00b",
    "a lone surrogate": "\ud800",
    "a huge integer": HUGE,
    "a huge negative": -HUGE,
    "over 64 bits": 2**63,
    "over 64 bits as text": str(2**63),
    "many digits as text": "9" * 4000,
    "a huge float": 1e308,
    "a tiny float": 5e-324,
    "half a number": 1.5,
    "minus one": -1,
    "other digits": "١٧",
    "superscript": "²",
    "year 0": "01/01/0000",
    "year 10000": "01/01/10000",
    "a day that is not": "02/30/2026",
    "month 13": "13/13/2026",
    "after the year 9999": 253_402_300_800,
    "before 1970": -62_135_596_801,
    "braces": "{reason} %s %(a)s {0}",
    "long text": "x" * 1_000_001,
    "a long list": ["x"] * 20_000,
    "an empty object": {},
    "an odd key": {"\x00": 1, "": 2, "\ud800": 3},
}


def raw(value) -> bytes:
    return json.dumps(value).encode()


def one_field_of_each_kind() -> list[tuple[str, str]]:
    """The plural and the name of a field for every kind, whether written or read-only."""
    found = {
        (type(one.kind), one.kind.read_only): (record.plural, one.name) for record in BY_PLURAL.values() for one in fields(record)
    }
    return list(found.values())


def one_parameter_of_each_sort() -> list[tuple[str, str]]:
    """The plural and the name of a search parameter for every way in which one is read, on every kind of column."""
    found = {}
    for record in BY_PLURAL.values():
        for name, criterion in criteria(record).items():
            found[criterion.schema, criterion.options, kind_of_column(record, name)] = (record.plural, name)
    paging = ("page_number", "page_size", "sort_by", "sort_direction", "fields")
    return [*found.values(), *(("people", name) for name in paging)]


def kind_of_column(record, parameter: str) -> type | None:
    for one in fields(record):
        for fact in one.facts:
            if getattr(fact, "key", None) in (parameter, parameter.partition("_")[2]):
                return type(one.kind)
    return None


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES.keys())
def test_an_odd_value_in_any_field_is_stored_or_refused(ada, value):
    for plural, field in one_field_of_each_kind():
        body = raw({"name": "Ada", field: value} if "name" in BY_PLURAL[plural].model_fields else {field: value})
        answer = ada.client.post(f"/developer_api/v1/{plural}", content=body, headers=ada.headers)
        assert answer.status_code < 500, f"{plural}.{field}: {answer.text[:200]}"
        assert answer.status_code == 200 or refused_with_reason(answer)


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES.keys())
def test_an_odd_value_in_any_search_is_read_or_refused(ada, value):
    for plural, parameter in one_parameter_of_each_sort():
        answer = ada.client.post(f"/developer_api/v1/{plural}/search", content=raw({parameter: value}), headers=ada.headers)
        assert answer.status_code < 500, f"{plural}.{parameter}: {answer.text[:200]}"
        assert answer.status_code == 200 or refused_with_reason(answer)


@pytest.mark.parametrize("value", ODD_VALUES.values(), ids=ODD_VALUES.keys())
def test_an_odd_value_in_any_custom_field_is_stored_or_refused(ada, value):
    bodies = (
        {"name": "Ada", "custom_fields": value},
        {"name": "Ada", "custom_fields": [value]},
        {"name": "Ada", "custom_fields": [{"custom_field_definition_id": value, "value": 1}]},
        {"name": "Ada", "custom_fields": [{"custom_field_definition_id": 1, "value": value}]},
    )
    for body in bodies:
        answer = ada.client.post("/developer_api/v1/people", content=raw(body), headers=ada.headers)
        assert answer.status_code < 500, answer.text[:200]


def test_a_refused_update_changes_nothing(ada):
    person = ada.post("/people", {"name": "Ada Quill", "title": "Owner"})
    ada.refused("PUT", f"/people/{person['id']}", {"title": "Chief", "company_id": "nobody"})
    assert ada.get(f"/people/{person['id']}") == person


def test_a_body_over_the_limit_is_refused_by_its_announced_size(ada):
    answer = ada.client.post("/developer_api/v1/people", content=b" " * 5_000_001, headers=ada.headers)
    assert answer.status_code == 413
    assert "CUPRUM_MAX_BODY_BYTES" in answer.json()["message"]


def test_a_body_over_the_limit_in_chunks_is_refused_while_it_arrives(ada):
    answer = ada.client.post("/developer_api/v1/people", content=iter([b" " * 1_000_000] * 6), headers=ada.headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "id", ["0", "-1", "9" * 5000, "1.5", "١", "²", "%00", "%ff", "17%2f18", "null", " 1", "1;drop", str(2**63)]
)
def test_an_odd_id_is_not_found(ada, id):
    for method in ("GET", "PUT", "DELETE"):
        answer = ada.call(method, f"/people/{id}", {} if method == "PUT" else None)
        assert answer.status_code == 404, f"{method} {answer.status_code} {answer.text[:200]}"


ODD_QUERIES = [
    "page_size=many", "page_size[]=1&page_size[]=2", "page_size=%00", "page_size=-1", "page_size=" + "9" * 5000, "%", "%zz=1",
    "=", "&&&", "a=b=c", "tags[]=%00", "tags=%ff%fe", "assignee_ids=1,2,x", "custom_fields=1", "custom_fields={", "ids[]=",
    "[]=1", "parent=[]", "&".join(f"k{n}=1" for n in range(300)), "a" * 20_000, "custom_field_computed_values[]=true",
    "custom_field_computed_values=maybe", "name=%ed%a0%80", "sort_by=%0d%0aX-Evil:1", "sort_by[]=name", "fields[]=%00",
]  # fmt: skip


@pytest.mark.parametrize("query", ODD_QUERIES)
def test_an_odd_query_is_read_or_refused(ada, query):
    for method, path in (("POST", "/people/search"), ("GET", "/account"), ("GET", "/people/fetch_by_email"), ("POST", "/people")):
        answer = ada.call(method, f"{path}?{query}", {} if method == "POST" else None)
        assert answer.status_code < 500, f"{method} {path}: {answer.text[:200]}"
        assert answer.status_code == 200 or refused_with_reason(answer)


@pytest.mark.parametrize("header", ["X-PW-AccessToken", "X-PW-UserEmail"])
@pytest.mark.parametrize("value", [b"", b"\xff\xfe", b"a" * 10_000, b"' OR 1=1 --", b"\xed\xa0\x80", b"%00"])
def test_an_odd_credential_is_nobody(ada, header, value):
    answer = ada.client.get("/developer_api/v1/account", headers={**ada.headers, header: value})
    assert answer.status_code == 401


def test_odd_headers_beside_the_key_are_passed_over(ada):
    odd = {
        "Content-Type": b"application/nonsense; charset=\xff",
        "Accept": "no/thing",
        "Content-Encoding": "gzip",
        "Expect": "no",
    }
    answer = ada.client.post("/developer_api/v1/people/search", content=b"{}", headers={**ada.headers, **odd})
    assert answer.status_code == 200


def test_chunked_and_broken_requests_on_a_socket(template, tmp_path):
    with live_server(template, tmp_path / "home") as server:
        server.start()
        _chunked_and_broken(server.url, "".join(f"{name}: {value}\r\n" for name, value in server.headers.items()))


def _chunked_and_broken(url: str, key: str) -> None:
    head = f"POST /developer_api/v1/people/search HTTP/1.1\r\nHost: cuprum\r\nConnection: close\r\n{key}"
    chunked = "Transfer-Encoding: chunked\r\n\r\n"
    assert said(url, f"{head}{chunked}2\r\n{{}}\r\n0\r\n\r\n") == 200
    assert said(url, f'{head}{chunked}5\r\n{{"a":\r\n4\r\n[[[[\r\n0\r\n\r\n') == 400
    assert said(url, f"{head}{chunked}zz\r\n{{}}\r\n0\r\n\r\n") == 400
    assert said(url, f"{head}Content-Length: two\r\n\r\n{{}}") == 400
    assert said(url, f"{head}Content-Length: 2\r\nContent-Length: 7\r\n\r\n{{}}") == 400
    assert said(url, f"{head}Content-Length: 99999999999\r\n\r\n") == 413
    assert said(url, f"{head}X Y: 1\r\n\r\n") == 400
    assert said(url, "NONSENSE\r\n\r\n") == 400
    assert said(url, "GET /developer_api/v1/account HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") == 401
    # A client that promises a body and leaves is nobody's trouble.
    assert said(url, f"{head}Content-Length: 50\r\n\r\n{{", leave=True) is None
    assert said(url, f"{head}Content-Length: 2\r\n\r\n{{}}") == 200


def said(url: str, request: str, *, leave: bool = False) -> int | None:
    """The status that the server answers to these bytes."""
    at = urlsplit(url)
    with socket.create_connection((at.hostname, at.port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(request.encode("latin-1"))
        if leave:
            return None
        answer = connection.recv(65536)
    return int(answer.split()[1]) if answer else None


def test_a_day_long_ago_can_be_sent_back_as_it_was_shown(ada):
    deal = ada.post("/opportunities", {"name": "Founding", "close_date": "08/01/0524"})
    assert deal["close_date"] == "8/1/0524"
    assert ada.put(f"/opportunities/{deal['id']}", {"close_date": deal["close_date"]})["close_date"] == deal["close_date"]


@pytest.mark.parametrize(
    "path", ["/automation/v1/runs", "/automation/v1/groups", "/automation/v1/imports", "/automation/v1/changes"]
)
def test_a_cursor_with_a_nul_in_it_is_refused(ada, path):
    answer = ada.client.get(f"{path}?before=a%00b&after=a%00b", headers=ada.headers)
    assert answer.status_code == 422
    assert "Before: contains characters that are not text" in answer.json()["message"]
