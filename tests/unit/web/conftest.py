"""Browsers of the cast, signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from installation import Installation
from oauth import Browser, signed_in


@pytest.fixture
def browser_of(cuprum: Installation) -> Callable[[str], Browser]:
    return lambda name: signed_in(cuprum, name)


@pytest.fixture
def browser(browser_of) -> Browser:
    """Ada's."""
    return browser_of("ada")
