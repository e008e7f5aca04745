"""Ada at her browser, and an app that may ask her."""

from __future__ import annotations

import pytest

from installation import Installation
from oauth import Browser, TestApp, new_app, signed_in


@pytest.fixture
def app(cuprum: Installation) -> TestApp:
    return new_app(cuprum)


@pytest.fixture
def browser(cuprum: Installation) -> Browser:
    """Signed in as Ada."""
    return signed_in(cuprum, "ada")
