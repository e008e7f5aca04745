"""The forms of the nodes that are not Copper's: what each asks, in the terms of the catalogue's own properties."""

from __future__ import annotations

from dataclasses import dataclass, field

from cuprum.automation import node_types as kinds
from cuprum.connector.properties import Property, an_array, an_object, options, string


@dataclass(frozen=True)
class NodeForm:
    """`lists` are the parameters that hold steps, each with its heading."""

    title: str
    description: str
    properties: tuple[Property, ...] = ()
    lists: dict[str, str] = field(default_factory=dict)
    output: tuple[Property, ...] = ()


def _whole(name: str, label: str, description: str = "", **more: object) -> Property:
    return Property(name, label, "INTEGER", description, **more)  # type: ignore[arg-type]


def _flag(name: str, label: str, description: str = "") -> Property:
    return Property(name, label, "BOOLEAN", description)


_UNIT = string(
    "unit",
    "Unit",
    options=options(("Seconds", "SECONDS"), ("Minutes", "MINUTES"), ("Hours", "HOURS"), ("Days", "DAYS")),
    required=True,
)
_ITEMS = Property("items", "Items", "ANY", "A list: what an earlier step found, such as ${copper_1.records}.", required=True)
_ROUND = (Property("item", "Item", "ANY"), Property("index", "Number of the round", "INTEGER"))
_BODY = Property("body", "Body", "ANY", "JSON, or an expression.")
_HEADERS = an_object("headers", label="Headers", description="Names and values.")
_ANSWER = (_BODY, _HEADERS)

TASK_FORMS: dict[str, NodeForm] = {
    # The comparisons of a condition, and the cases of a branch, have forms of their own.
    kinds.CONDITION: NodeForm(
        "Condition", "Goes one way or another.", (), {"caseTrue": "If it holds", "caseFalse": "Otherwise"}
    ),
    kinds.BRANCH: NodeForm(
        "Branch", "Goes the way of the first case that equals the value.",
        (string("expression", "Value", "What is compared with each case.", required=True),), {"default": "In every other case"},
    ),
    kinds.LOOP: NodeForm(
        "Loop", "Does its steps for each item, one after the other.",
        (_ITEMS, _flag("loopForever", "Loop forever", "Until a step “Leave the loop”.")), {"iteratee": "For each item"}, _ROUND,
    ),
    kinds.EACH: NodeForm(
        "Each", "Does its steps for all items at the same time.", (_ITEMS,), {"iteratee": "For each item"}, _ROUND
    ),
    kinds.ON_ERROR: NodeForm(
        "On error", "Does other steps when one fails.", (), {"main-branch": "Try", "on-error-branch": "If a step fails"},
        (an_object("error", string("message", "Message"), label="Error"),),
    ),
    kinds.LOOP_BREAK: NodeForm("Leave the loop", "Ends the loop that it stands in."),
    kinds.VAR: NodeForm("Set a value", "Keeps a value for later steps.", (Property("value", "Value", "ANY", required=True),)),
    **{
        kind: NodeForm(f"Log ({kind.rpartition('/')[2]})", "Writes into the log.", (string("text", "Text", required=True),))
        for kind in kinds.LOGGER
    },
    **{
        kind: NodeForm(
            f"HTTP {kind.rpartition('/')[2].upper()}", "Sends a request to any public address.",
            (
                string("uri", "Address", "Such as https://example.org/orders.", required=True),
                _HEADERS,
                an_object("queryParameters", label="Query", description="Names and values."),
                *(() if kinds.HTTP.index(kind) in (0, 5) else (_BODY,)),
                _flag("fullResponse", "Put out status and headers too"),
                _whole("timeout", "Timeout", "In milliseconds; 30 seconds when left out."),
            ),
        )
        for kind in kinds.HTTP
    },
    kinds.AFTER_INTERVAL: NodeForm(
        "Wait for a while", "Goes on after some time.", (_whole("amount", "How long", required=True), _UNIT)
    ),
    kinds.AT_TIME: NodeForm(
        "Wait until a moment", "Goes on at that moment.",
        (Property("dateTime", "Moment", "DATE_TIME", "In the account's time zone.", required=True),),
    ),
    kinds.SLEEP: NodeForm("Delay", "Goes on after some milliseconds.", (_whole("millis", "Milliseconds", required=True),)),
    kinds.ON_CALL: NodeForm(
        "Wait for a call", "Goes on when somebody calls the address that the step shows.",
        (string("serviceUrl", "Tell this address"), _whole("amount", "For how long"), _UNIT), {}, _ANSWER,
    ),
    kinds.ANSWER: NodeForm(
        "Answer the caller", "Says what the caller of a webhook that waits is answered.",
        (
            string(
                "responseType", "Kind", default="JSON",
                options=options(("JSON", "JSON"), ("Text", "RAW"), ("Redirect", "REDIRECT"), ("Nothing", "NO_DATA")),
            ),
            _BODY, _HEADERS, _whole("statusCode", "Status", default=200),
        ),
    ),
}  # fmt: skip

_ZONE = string("timezone", "Time zone", "The account's when left out, else such as Europe/Lisbon.")
_CLOCK = (_whole("hour", "Hour", "From 0 to 23.", required=True), _whole("minute", "Minute", "From 0 to 59.", required=True))
_DAYS = options(
    ("Monday", "1"), ("Tuesday", "2"), ("Wednesday", "3"), ("Thursday", "4"), ("Friday", "5"), ("Saturday", "6"), ("Sunday", "7")
)
_WEEKDAYS = an_array("dayOfWeek", Property("", "", "INTEGER", options=_DAYS), label="Days", options=_DAYS)
_DUE = (string("datetime", "When it was due"),)
_CALL = (
    Property("body", "Body", "ANY"), an_object("headers", label="Headers"), an_object("parameters", label="Query"),
    string("method", "Method"),
)  # fmt: skip
_TOKEN = string("csrfToken", "Token", "The caller sends it in the header X-Csrf-Token.", required=True)

TRIGGER_FORMS: dict[str, NodeForm] = {
    **{kind: NodeForm("When it is started by hand", "By a person, or over the API.") for kind in kinds.MANUAL},
    "schedule/v1/everyDay": NodeForm("Every day", "At a time of day.", (*_CLOCK, _WEEKDAYS, _ZONE), {}, _DUE),
    "schedule/v1/everyWeek": NodeForm("Every week", "On some days of the week.", (*_CLOCK, _WEEKDAYS, _ZONE), {}, _DUE),
    "schedule/v1/everyMonth": NodeForm(
        "Every month", "On a day of the month.",
        (_whole("dayOfMonth", "Day", "From 1 to 31.", required=True), *_CLOCK, _ZONE), {}, _DUE,
    ),
    "schedule/v1/interval": NodeForm(
        "Again and again", "Every so many minutes, hours, days or months.",
        (
            _whole("interval", "Every", required=True),
            Property(
                "timeUnit", "Unit", "INTEGER", required=True,
                options=options(("Minutes", "1"), ("Hours", "2"), ("Days", "3"), ("Months", "4")),
            ),
            _ZONE,
        ), {}, _DUE,
    ),
    "schedule/v1/cron": NodeForm(
        "By a cron expression", "For whom the others are too simple.",
        (string("expression", "Expression", "Minute, hour, day of month, month, day of week.", required=True), _ZONE), {}, _DUE,
    ),
    kinds.AT_ONCE: NodeForm("When its address is called", "Whoever calls is answered at once.", (), {}, _CALL),
    kinds.VALIDATED: NodeForm("When its address is called with a token", "Only with the token.", (_TOKEN,), {}, _CALL),
    kinds.AWAITED: NodeForm(
        "When its address is called, and the caller waits", "The caller is answered by a step.",
        (_TOKEN, _whole("timeout", "Waits at most", "In milliseconds.")), {}, _CALL,
    ),
}  # fmt: skip
