"""What thousands of installations in one process would each make anew, made once: addresses, and statements as SQL.

A statement is compiled when an engine first sees it, which takes longer than to run it; each installation has engines of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import httpcore2
import starlette.routing
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

import cuprum.app
from cuprum.storage import dialect
from cuprum.web import crm
from kept_connections import keeping


class Compiled:
    """Statements as SQL for one kind of database, whichever engine asks; every engine of a kind is made alike."""

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(4000)

    # A key begins with the dialect, of which each engine has its own.
    def get(self, key: tuple[Any, ...]) -> Any:
        return self._kept.get(key[1:])

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._kept[key[1:]] = compiled


def sharing(make: Callable[..., Engine]) -> Callable[..., Engine]:
    """The same engines, with what they compile in common."""
    compiled = Compiled()

    @wraps(make)
    def made(*values: Any, **further: Any) -> Engine:
        engine = make(*values, **further)
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    return made


def make_once() -> None:
    trust_once()
    dialect.sqlite_engine = sharing(dialect.sqlite_engine)
    dialect.postgresql_engine = keeping(sharing(dialect.postgresql_engine))
    starlette.routing.compile_path = cache(starlette.routing.compile_path)
    crm.routes = cache(crm.routes)
    for face in ("developer_api", "automation_api"):
        setattr(cuprum.app, face, cache(getattr(cuprum.app, face)))


def trust_once() -> None:
    """Each HTTP client reads every certificate authority there is, to call `http://127.0.0.1`."""
    httpcore2.default_ssl_context = cache(httpcore2.default_ssl_context)
