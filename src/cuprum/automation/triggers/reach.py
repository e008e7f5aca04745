"""How triggers of a connection come to hear of what happens, in words: by its feed, by hooks, or by polling."""

from __future__ import annotations

from typing import Any

from cuprum.config import Settings

FEED, HOOKS, POLLING = "feed", "hooks", "polling"


def reach(settings: Settings, feed_path: str | None, subscriptions: list[Any]) -> dict[str, str]:
    """`{"by", "because"}`; `feed_path` as the server announces it, `subscriptions` as they are stored."""
    if feed_path:
        return {"by": FEED, "because": "The server announces a change feed: every change within two seconds."}
    polled = (
        f"Looks for changes every {settings.poll_seconds:g} seconds and counts for deletions every {settings.census_seconds:g}."
    )
    if not settings.public_url:
        return {"by": POLLING, "because": f"{polled} With CUPRUM_PUBLIC_URL set, the server would be asked to call."}
    if refusal := next((row.refusal for row in subscriptions if row.refusal), None):
        return {"by": POLLING, "because": f"{polled} The server does not call {settings.public_url}: {refusal}"}
    return {"by": HOOKS, "because": f"The server is asked to call {settings.public_url} while a workflow is enabled. {polled}"}
