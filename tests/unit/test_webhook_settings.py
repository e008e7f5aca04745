"""The waits of reliable webhooks, as an operator writes them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from cuprum.config import Settings


def test_waits_are_read_from_a_list_with_commas(monkeypatch):
    monkeypatch.setenv("CUPRUM_WEBHOOK_RETRIES_SECONDS", "5, 30,0.5")
    assert Settings().webhook_retries_seconds == (5, 30, 0.5)


def test_an_empty_list_means_one_attempt_and_no_more(monkeypatch):
    monkeypatch.setenv("CUPRUM_WEBHOOK_RETRIES_SECONDS", "")
    assert Settings().webhook_retries_seconds == ()


def test_by_default_a_receiver_may_be_down_for_a_weekend(monkeypatch):
    monkeypatch.delenv("CUPRUM_WEBHOOK_RETRIES_SECONDS", raising=False)
    assert sum(Settings().webhook_retries_seconds) > 2.5 * 86_400


@pytest.mark.parametrize("waits", ["soon", "-1", "1e9", "nan"])
def test_what_is_no_wait_is_refused(monkeypatch, waits):
    monkeypatch.setenv("CUPRUM_WEBHOOK_RETRIES_SECONDS", waits)
    with pytest.raises(ValidationError):
        Settings()
