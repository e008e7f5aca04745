"""Views that are loaded for the first who looks: what they stand on would double the time that a start takes."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """`Later("cuprum.web.pages.automations.list").show` is that function, imported when it is called."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return lambda *given: getattr(import_module(self._module), name)(*given)
