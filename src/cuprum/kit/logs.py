"""The log: for people on a terminal, JSON elsewhere, one stream for every library, and never a secret in it."""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TextIO

from cuprum.kit import jsonio
from cuprum.kit.plain_structlog import structlog

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

MASK = "•••"
DEEPEST = 8
# They tell every call with its whole URL, and a webhook's URL is often its secret.
TALKATIVE = ("httpx2", "httpcore2", "alembic.runtime.plugins")
# Libraries that bring handlers of their own, which would print each line twice and unmasked.
OWN_HANDLERS = ("uvicorn", "uvicorn.error", "uvicorn.access")


def set_up(level: str = "info", stream: TextIO | None = None, as_json: bool | None = None) -> None:
    """Send all that is logged to one stream (default standard error).

    `as_json` defaults to whether the stream is no terminal. Start uvicorn with `log_config=None`.
    """
    stream = stream or sys.stderr
    as_json = not stream.isatty() if as_json is None else as_json
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines(_as_json if as_json else structlog.dev.ConsoleRenderer()))
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level.upper())
    logging.captureWarnings(True)
    # Which thread, process and place in the code it was is in no line of ours, and costs a third of each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    for name in OWN_HANDLERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(logging.NOTSET)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def for_request(name: str) -> Iterator[None]:
    """Every line logged inside carries this request id."""
    token = request_id.set(name)
    try:
        yield
    finally:
        request_id.reset(token)


def mask(value: Any, depth: int = 0) -> Any:
    """The value without its secrets: by the name they stand under, and by their shape within text."""
    if isinstance(value, str):
        return _mask_text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, bytes | bytearray):
        return _mask_text(bytes(value).decode("utf-8", "replace"))
    if depth >= DEEPEST:
        return MASK
    if isinstance(value, Mapping):
        return {key: MASK if _is_secret_name(str(key)) and inner else mask(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask(inner, depth + 1) for inner in value]
    # Whatever else is logged is written as its text, so that is what must be clean.
    return _mask_text(str(value))


# Names are compared without case, dashes and underscores: X-PW-AccessToken, access_token, accessToken.
_SECRET_NAMES = re.compile(
    r"authorization|cookie|password|passwd|passphrase|secret|apikey|privatekey|accesskey|credential|signature"
    r"|(?:access|refresh|csrf|session|id|bearer|auth|api|accept|reset|invite)token|^token$|^code(?:verifier)$"
)
_NOT_LETTERS = re.compile(r"[^a-z0-9]")

_IN_TEXT = (
    # Authorization: Bearer abc, 'X-PW-AccessToken': 'abc', password=abc, "client_secret": "abc"
    re.compile(
        r"""(?ix)
        ( (?:[\w-]*authorization|(?:set-)?cookie|[\w-]*password|passphrase|[\w-]*secret(?:[_-]?key)?|[\w-]*api[_-]?key
          |[\w-]*access[_-]?token|[\w-]*refresh[_-]?token|[\w-]*csrf[_-]?token|(?<![\w-])token)
          ["']?\s*[:=]\s*(?:b?["'])? )
        (?:(?:bearer|basic|digest)\s+)? [^\s"',;&)}\]]+
        """
    ),
    re.compile(r"(?i)(\b(?:bearer|basic)\s+)[a-z0-9._~+/=-]{8,}"),
    re.compile(r"(\bwhsec_)[A-Za-z0-9+/=_-]+"),
    # postgresql://user:password@host
    re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+(?=@)"),
)


@lru_cache(maxsize=1_000)
def _is_secret_name(name: str) -> bool:
    return bool(_SECRET_NAMES.search(_NOT_LETTERS.sub("", name.lower())))


# Every match of the patterns above holds one of these, in whatever case; most texts hold none, and to look for one word
# after the other takes a tenth of the time.
_HINTS = ("auth", "cookie", "pass", "secret", "key", "token", "bearer", "basic", "whsec_", "://")


def _mask_text(text: str) -> str:
    small = text.lower()
    if not any(hint in small for hint in _HINTS):
        return text
    for pattern in _IN_TEXT:
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return text


# What every record has; whatever else stands in one was given as `extra`.
_OF_EVERY_RECORD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class _Lines(logging.Formatter):
    """A record as one masked event, which `render` writes."""

    def __init__(self, render: Callable[[Any, str, dict[str, Any]], str]) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        said = {"event": record.getMessage()}
        said |= {name: value for name, value in record.__dict__.items() if name not in _OF_EVERY_RECORD}
        if (request := request_id.get()) is not None:
            said.setdefault("request_id", request)
        if record.exc_info:
            # Without local variables, among which secrets may be.
            said["exception"] = self.formatException(record.exc_info)
        event = {name: MASK if _is_secret_name(name) and value else mask(value, 1) for name, value in said.items()}
        at = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        event |= {"level": record.levelname.lower(), "logger": record.name, "timestamp": at}
        return self._render(None, "", event)


def _as_json(_: Any, __: str, event: dict[str, Any]) -> str:
    try:
        return jsonio.text(event)
    except (ValueError, OverflowError):
        # Half a character, or a number of more than 64 bits: the slower encoder has a way to write them.
        return json.dumps(event)
