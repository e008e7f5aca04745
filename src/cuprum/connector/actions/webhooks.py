"""Subscribe to webhooks, list and end subscriptions."""

from typing import TYPE_CHECKING, Any

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import NoSuchRoute, NotFound
from cuprum.connector.exchange import Flow
from cuprum.connector.properties import Form, Property, an_array, an_object, options, record_id, string

if TYPE_CHECKING:
    from cuprum.connector.client import Api

TYPES = options("lead", "person", "company", "opportunity", "project", "task", "activity_log")
EVENTS = options("new", "update", "delete")
SUBSCRIPTION = (
    record_id("id"),
    string("target"),
    string("type"),
    string("event"),
    string("created_at", form=Form.INSTANT),
)


def run_subscribe(api: "Api[Stepwise]", values: Values) -> Flow[Any]:
    more = {name: values[name] for name in ("secret", "headers") if name in values}
    return (yield from api.webhooks.create(values["target"], values["type"], values["event"], **more))


def run_list(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
    rows = yield from api.webhooks.all()
    return Outcome(rows, {"items": rows})


def run_unsubscribe(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
    try:
        answer = yield from api.webhooks.delete(values["id"])
    except NoSuchRoute:
        raise
    except NotFound as gone:
        return Outcome(gone.body, {"id": values["id"], "already_deleted": True})
    return Outcome(answer, {"id": values["id"], "already_deleted": False})


SUBSCRIBE = Action(
    name="subscribeWebhook",
    title="Subscribe Webhook",
    description="Subscribes an address to one event of one type of record.",
    method="POST",
    call="POST /webhooks",
    properties=(
        string("target", "Target", "The https address that is told.", required=True),
        string("type", "Type", "Type of record.", required=True, options=TYPES),
        string("event", "Event", "What happened.", required=True, options=EVENTS),
        an_object("secret", label="Secret", description="Names and values that each notification carries."),
        an_object("headers", label="Headers", description="HTTP headers of each notification."),
    ),
    output=SUBSCRIPTION,
    run=run_subscribe,
)
LIST = Action(
    name="listWebhooks",
    title="List Webhooks",
    description="Lists the subscriptions of the account.",
    method="GET",
    call="GET /webhooks",
    properties=(),
    output=(an_array("items", an_object("", *SUBSCRIPTION)),),
    run=run_list,
)
UNSUBSCRIBE = Action(
    name="unsubscribeWebhook",
    title="Unsubscribe Webhook",
    description="Ends a subscription; what is gone is as wanted.",
    method="DELETE",
    call="DELETE /webhooks/{id}",
    properties=(record_id("id", "Subscription ID", "ID of the subscription.", required=True, source="webhooks"),),
    output=(record_id("id"), Property("already_deleted", type="BOOLEAN")),
    run=run_unsubscribe,
)
