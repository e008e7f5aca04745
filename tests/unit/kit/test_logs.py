"""One log for everything: JSON or human, with the request's id, without secrets."""

import io
import json
import logging
import warnings

import pytest

from cuprum.kit.logs import MASK, for_request, mask, set_up


@pytest.fixture(autouse=True)
def _restored():
    root, level = list(logging.root.handlers), logging.root.level
    yield
    logging.root.handlers[:], logging.root.level = root, level
    logging.captureWarnings(False)


@pytest.fixture
def stream():
    return io.StringIO()


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_where_no_terminal_reads(stream):
    set_up("info", stream)
    logging.getLogger("cuprum.test").info("delivered", extra={"status": 200, "ünï": "ö"})
    (line,) = lines(stream)
    assert (line["event"], line["status"], line["level"], line["logger"]) == ("delivered", 200, "info", "cuprum.test")
    assert line["timestamp"].endswith("Z")
    assert "ünï" in stream.getvalue()


@pytest.mark.parametrize("odd", ["half a character: \ud83d", 2**70, float("inf")])
def test_what_json_has_no_ready_form_for_is_logged_all_the_same(stream, odd):
    set_up("info", stream)
    logging.getLogger("cuprum.test").info("odd", extra={"odd": odd})
    (line,) = lines(stream)
    assert line["odd"] in (odd, None)


def test_a_terminal_gets_words(stream):
    stream.isatty = lambda: True
    set_up("info", stream)
    logging.getLogger("cuprum.test").info("delivered", extra={"password": "hunter2"})
    assert "delivered" in stream.getvalue()
    assert "hunter2" not in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_the_standard_library_logs_to_the_same_stream(stream):
    set_up("info", stream)
    logging.getLogger("some.library").warning("took %d s", 3, extra={"host": "a"})
    (line,) = lines(stream)
    assert (line["event"], line["logger"], line["level"], line["host"]) == ("took 3 s", "some.library", "warning", "a")


def test_a_servers_own_handlers_do_not_print_twice(stream):
    logging.getLogger("uvicorn.access").addHandler(logging.StreamHandler(stream))
    logging.getLogger("uvicorn.access").propagate = False
    set_up("info", stream)
    logging.getLogger("uvicorn.access").info('%s - "%s"', "127.0.0.1:5", "GET / HTTP/1.1")
    assert [line["event"] for line in lines(stream)] == ['127.0.0.1:5 - "GET / HTTP/1.1"']


def test_warnings_are_logged(stream):
    set_up("info", stream)
    warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert "DeprecationWarning: old" in lines(stream)[0]["event"]


def test_the_level_holds(stream):
    set_up("warning", stream)
    logging.getLogger("x").info("no")
    logging.getLogger("x").warning("yes")
    assert [line["event"] for line in lines(stream)] == ["yes"]


def test_the_urls_that_are_called_are_not_logged(stream):
    set_up("info", stream)
    logging.getLogger("httpx2").info("HTTP Request: POST https://hooks.example/T0/SECRETPATH")
    assert stream.getvalue() == ""


def test_every_line_of_a_request_carries_its_id(stream):
    set_up("info", stream)
    with for_request("r-1"):
        logging.getLogger("library").info("inside")
    logging.getLogger("library").info("outside")
    assert [line.get("request_id") for line in lines(stream)] == ["r-1", None]


def test_a_traceback_is_logged_without_local_variables_or_secrets(stream):
    set_up("info", stream)
    try:
        own = "local-value"
        raise ValueError(f"password=hunter2 {len(own)}")
    except ValueError:
        logging.getLogger("library").exception("failed")
    (line,) = lines(stream)
    assert "ValueError: password=" + MASK in line["exception"]
    assert "hunter2" not in json.dumps(line)
    assert "local-value" not in line["exception"]


SECRET_PAIRS = {
    "Authorization": "Bearer s3cr3t",
    "X-PW-AccessToken": "s3cr3t",
    "password": "s3cr3t",
    "client_secret": "s3cr3t",
    "CUPRUM_SECRET_KEY": "s3cr3t",
    "api_key": "s3cr3t",
    "apiKey": "s3cr3t",
    "refresh_token": "s3cr3t",
    "token": "s3cr3t",
    "Set-Cookie": "s3cr3t",
    "webhook-signature": "s3cr3t",
    "code_verifier": "s3cr3t",
}


@pytest.mark.parametrize("name", SECRET_PAIRS)
def test_a_secret_is_masked_wherever_its_name_stands(stream, name):
    set_up("info", stream)
    log = logging.getLogger("library")
    log.info("a", extra={name: SECRET_PAIRS[name]})
    log.info("b", extra={"headers": {name: SECRET_PAIRS[name]}, "nested": [{"deep": ({name: "s3cr3t"},)}]})
    assert "s3cr3t" not in stream.getvalue()
    assert len(lines(stream)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer s3cr3ts3cr3t",
        "authorization=Basic s3cr3ts3cr3t==",
        "{'X-PW-AccessToken': 's3cr3t', 'a': 'kept'}",
        '{"client_secret":"s3cr3t","a":"kept"}',
        "password=s3cr3t&a=kept",
        "PGPASSWORD=s3cr3t kept",
        "api-key: s3cr3t",
        "sent Bearer s3cr3ts3cr3t to kept",
        "signed with whsec_s3cr3ts3cr3t",
        "postgresql://ada:s3cr3t@db.example/cuprum",
        "GET /x?access_token=s3cr3t&a=kept",
    ],
)
def test_a_secret_within_text_is_masked(text):
    masked = mask(text)
    assert "s3cr3t" not in masked
    assert MASK in masked
    assert ("kept" in masked) == ("kept" in text)


def test_a_secret_among_a_librarys_arguments_is_masked(stream):
    set_up("info", stream)
    logging.getLogger("library").warning("sending %s", {"X-PW-AccessToken": "s3cr3t"})
    logging.getLogger("library").warning("sending %s", b"Authorization: Bearer s3cr3ts3cr3t")
    assert "s3cr3t" not in stream.getvalue()


def test_plain_words_and_numbers_stay_as_they_are():
    plain = {"event": "token bucket is empty", "author": "Ada", "count": 3, "ok": True, "nothing": None, "password": ""}
    assert mask(plain) == plain
    assert mask("the secretary passed the word: authorised") == "the secretary passed the word: authorised"
    assert mask("https://example.com:8080/a@b") == "https://example.com:8080/a@b"


def test_something_that_contains_itself_can_be_logged(stream):
    set_up("info", stream)
    loop: dict = {}
    loop["self"] = loop
    logging.getLogger("library").info("round", extra={"loop": loop})
    assert lines(stream)[0]["event"] == "round"
