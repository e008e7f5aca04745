"""A connection's test says how triggers hear of changes, and why."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from cuprum.automation.triggers.reach import reach
from cuprum.config import Settings


def said(feed: str | None = None, public_url: str = "", refusal: str | None = None) -> dict[str, str]:
    settings = Settings(home=Path("/nowhere"), public_url=public_url, poll_seconds=20)
    return reach(settings, feed, [SimpleNamespace(refusal=refusal)])


def test_a_server_with_a_feed_needs_nothing_else():
    assert said("/automation/v1/changes", "https://crm.example")["by"] == "feed"


def test_without_an_address_of_ours_it_is_polled_and_the_setting_is_named():
    told = said()
    assert told["by"] == "polling"
    assert "CUPRUM_PUBLIC_URL" in told["because"]
    assert "20 seconds" in told["because"]


def test_with_an_address_the_server_is_asked_to_call_unless_it_refuses():
    assert said(public_url="https://crm.example")["by"] == "hooks"
    told = said(public_url="https://crm.example", refusal="Invalid URI")
    assert told["by"] == "polling"
    assert "Invalid URI" in told["because"]
