"""Webhook subscriptions over Copper's address, and their modes and deliveries over ours."""

from __future__ import annotations

import re
from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads, writes
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import BOOLEAN, TEXT, closed, listed
from cuprum.api.openapi.shared import WRITTEN
from cuprum.api.openapi.webhooks import (
    DELIVERIES_QUERY,
    DELIVERY,
    NEW_SUBSCRIPTION,
    NEW_WITH_MODE,
    REDELIVERY,
    SUBSCRIPTION,
    SUBSCRIPTION_CHANGE,
    UNSUBSCRIBED,
    WITH_MODE,
    WITH_MODE_CHANGE,
)
from cuprum.events.delivery import STATES
from cuprum.kit import jsonio
from cuprum.kit.errors import BatchTooLarge, Refused
from cuprum.records import webhooks
from cuprum.records.work import Work

MOST_SHOWN = 200
_DELIVERY_ID = re.compile(r"[0-9a-f-]{36}")


@declares(id="listWebhooks", summary="List the subscriptions", tag="Webhooks", answer=listed(SUBSCRIPTION))
def list_subscriptions(work: Work, call: Call) -> Any:
    return [_subscription(row) for row in webhooks.all_of(work)]


@declares(id="getWebhook", summary="Read a subscription", tag="Webhooks", answer=SUBSCRIPTION)
def get_subscription(work: Work, call: Call) -> Any:
    return _subscription(webhooks.one(work, call.id()))


@declares(
    id="createWebhook",
    summary="Subscribe",
    tag="Webhooks",
    answer=SUBSCRIPTION,
    body=NEW_SUBSCRIPTION,
    body_required=True,
    answer_headers=WRITTEN,
)
def create_subscription(work: Work, call: Call) -> Any:
    webhook_id, _ = webhooks.subscribe(work, call.json())
    return _subscription(webhooks.one(work, webhook_id))


@declares(
    id="updateWebhook",
    summary="Change a subscription",
    tag="Webhooks",
    answer=SUBSCRIPTION,
    body=SUBSCRIPTION_CHANGE,
    answer_headers=WRITTEN,
)
def update_subscription(work: Work, call: Call) -> Any:
    webhooks.change(work, call.id(), call.json())
    return _subscription(webhooks.one(work, call.id()))


@declares(id="deleteWebhook", summary="Unsubscribe", tag="Webhooks", answer=UNSUBSCRIBED, answer_headers=WRITTEN)
def delete_subscription(work: Work, call: Call) -> Any:
    webhooks.unsubscribe(work, call.id())
    # Unlike every other deletion, without `is_deleted` (`copper-api/part2.md §9`).
    return {"id": call.id()}


@declares(
    id="listWebhooksWithMode", summary="List the subscriptions and their modes", tag="Reliable webhooks", answer=listed(WITH_MODE)
)
def list_with_modes(work: Work, call: Call) -> Any:
    return [_with_mode(row) for row in webhooks.all_of(work)]


@declares(id="getWebhookWithMode", summary="Read a subscription and its mode", tag="Reliable webhooks", answer=WITH_MODE)
def get_with_mode(work: Work, call: Call) -> Any:
    return _with_mode(webhooks.one(work, call.id()))


@declares(
    id="createWebhookWithMode",
    summary="Subscribe, in either mode",
    tag="Reliable webhooks",
    answer=WITH_MODE,
    body=NEW_WITH_MODE,
    body_required=True,
    answer_headers=WRITTEN,
)
def create_with_mode(work: Work, call: Call) -> Any:
    webhook_id, signing_secret = webhooks.subscribe(work, call.json(), modes=True)
    return _with_mode(webhooks.one(work, webhook_id), signing_secret)


@declares(
    id="updateWebhookWithMode",
    summary="Change a subscription or its mode",
    tag="Reliable webhooks",
    answer=WITH_MODE,
    body=WITH_MODE_CHANGE,
    answer_headers=WRITTEN,
)
def update_with_mode(work: Work, call: Call) -> Any:
    signing_secret = webhooks.change(work, call.id(), call.json(), modes=True)
    return _with_mode(webhooks.one(work, call.id()), signing_secret)


@declares(id="deleteWebhookWithMode", summary="Unsubscribe", tag="Reliable webhooks", answer=UNSUBSCRIBED, answer_headers=WRITTEN)
def delete_with_mode(work: Work, call: Call) -> Any:
    return delete_subscription(work, call)


@declares(
    id="listDeliveries",
    summary="List deliveries, newest first",
    tag="Reliable webhooks",
    answer=listed(DELIVERY),
    query=DELIVERIES_QUERY,
)
def list_deliveries(work: Work, call: Call) -> Any:
    state, before = call.query.get("state"), call.query.get("before")
    if state and state not in STATES:
        raise Refused(f"Invalid input: state must be one of {', '.join(STATES)}")
    if before and not _DELIVERY_ID.fullmatch(before):
        raise Refused("Invalid input: before must be the id of a delivery")
    rows = webhooks.deliveries(work, call.id(), state=state, before=before, limit=_limit(call))
    return [_delivery(row) for row in rows]


@declares(
    id="redeliver",
    summary="Send deliveries again",
    tag="Reliable webhooks",
    answer=closed({"deliveries": listed(TEXT), "more": BOOLEAN}),
    body=REDELIVERY,
    answer_headers=WRITTEN,
)
def redeliver(work: Work, call: Call) -> Any:
    ids = call.object().get("ids")
    if ids is not None and not (
        isinstance(ids, list) and all(isinstance(one, str) and _DELIVERY_ID.fullmatch(one) for one in ids)
    ):
        raise Refused("Invalid input: ids must be a list of delivery ids; without it all that failed are sent again")
    if ids is not None and len(ids) > webhooks.MOST_SENT_AGAIN:
        raise BatchTooLarge(webhooks.MOST_SENT_AGAIN)
    sent = webhooks.redeliver(work, call.id(), ids)
    return {"deliveries": sent, "more": ids is None and len(sent) == webhooks.MOST_SENT_AGAIN}


@declares(
    id="testWebhook",
    summary="Send a test",
    description="A message about the latest record, as if it had just happened; its delivery tells how it was answered.",
    tag="Reliable webhooks",
    answer=closed({"delivery": TEXT}),
    answer_headers=WRITTEN,
)
def send_test(work: Work, call: Call) -> Any:
    return {"delivery": webhooks.send_test(work, call.id())}


def _limit(call: Call) -> int:
    given = call.query.get("limit") or "50"
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:9]) <= MOST_SHOWN):
        raise Refused(f"Invalid input: limit must be between 1 and {MOST_SHOWN}")
    return int(given)


def _delivery(row: Any) -> dict[str, Any]:
    shown = {name: value for name, value in row._mapping.items() if name not in ("webhook_id", "run_number")}
    return {**shown, "body": jsonio.Raw(row.body.encode())}


def _subscription(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "target": row.target,
        "type": row.type,
        "event": row.event,
        "secret": jsonio.decode(row.secret) if row.secret else None,
        "headers": jsonio.decode(row.headers) if row.headers else None,
        "custom_field_computed_values": row.custom_field_computed_values,
        "created_at": row.created_at,
    }


def _with_mode(row: Any, signing_secret: str | None = None) -> dict[str, Any]:
    shown = {"signing_secret": signing_secret} if signing_secret else {}
    return {**_subscription(row), "mode": row.mode, "user_id": row.user_id, **shown}


def routes() -> list[Route]:
    return [
        Route("/webhooks", reads(list_subscriptions), methods=["GET"]),
        Route("/webhooks", writes(create_subscription), methods=["POST"]),
        Route("/webhooks/{id}", reads(get_subscription), methods=["GET"]),
        Route("/webhooks/{id}", writes(update_subscription), methods=["PUT", "PATCH"]),
        Route("/webhooks/{id}", writes(delete_subscription), methods=["DELETE"]),
    ]


def automation_routes() -> list[Route]:
    return [
        Route("/webhooks", reads(list_with_modes), methods=["GET"]),
        Route("/webhooks", writes(create_with_mode), methods=["POST"]),
        Route("/webhooks/{id}", reads(get_with_mode), methods=["GET"]),
        Route("/webhooks/{id}", writes(update_with_mode), methods=["PUT", "PATCH"]),
        Route("/webhooks/{id}", writes(delete_with_mode), methods=["DELETE"]),
        Route("/webhooks/{id}/deliveries", reads(list_deliveries), methods=["GET"]),
        Route("/webhooks/{id}/test", writes(send_test), methods=["POST"]),
        Route("/webhooks/{id}/redeliver", writes(redeliver), methods=["POST"]),
    ]
