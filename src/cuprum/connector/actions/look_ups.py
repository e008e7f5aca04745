"""Lists that forms are filled from, as actions: users, pipelines, stages, statuses, sources, types, tags, definitions."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.drive import Stepwise
from cuprum.connector.exchange import Flow
from cuprum.connector.properties import Property, an_array, an_object, record_id, string

if TYPE_CHECKING:
    from cuprum.connector.client import Api

Read = Callable[["Api[Stepwise]", Values], Flow[Any]]
ID_AND_NAME = (record_id("id"), string("name"))


def listing(name: str, title: str, call: str, read: Read, item: tuple[Property, ...], asked: tuple[Property, ...] = ()) -> Action:
    def run(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
        rows = yield from read(api, values)
        return Outcome(rows, {"items": rows})

    return Action(
        name=name,
        title=title,
        description=f"{title.replace('List', 'Lists', 1)}.",
        method="GET",
        call=call,
        properties=asked,
        output=(an_array("items", an_object("", *item)),),
        run=run,
    )


def stages(api: "Api[Stepwise]", values: Values) -> Flow[Any]:
    if "pipeline_id" in values:
        return (yield from api.pipeline_stages.of_pipeline(values["pipeline_id"]))
    return (yield from api.pipeline_stages.all())


def activity_types(api: "Api[Stepwise]", values: Values) -> Flow[Any]:
    groups = yield from api.activity_types.all()
    return [one for group in ("user", "system") for one in groups.get(group, [])]


def get_user(api: "Api[Stepwise]", values: Values) -> Flow[Any]:
    if "id" in values:
        return (yield from api.users.get(values["id"]))
    return (yield from api.users.me())


USER = (*ID_AND_NAME, string("email"))
STAGE = (*ID_AND_NAME, record_id("pipeline_id"), Property("win_probability", type="INTEGER"))
STAGES_IN = an_array("stages", an_object("", *ID_AND_NAME, Property("win_probability", type="INTEGER")))
OPTIONS_OUT = an_array("options", an_object("", *ID_AND_NAME))

ACTIONS = (
    listing("listUsers", "List Users", "POST /users/search", lambda api, _: api.users.each(), USER),
    Action(
        name="getUser",
        title="Get User",
        description="Fetches a user; the caller when no ID is given.",
        method="GET",
        call="GET /users/{id}",
        properties=(record_id("id", "User ID", "The caller when left out.", source="users"),),
        output=USER,
        run=get_user,
    ),
    Action(
        name="getAccount",
        title="Get Account",
        description="Fetches the account behind the connection.",
        method="GET",
        call="GET /account",
        properties=(),
        output=(*ID_AND_NAME, string("primary_timezone")),
        run=lambda api, _: api.account.get(),
    ),
    listing("listPipelines", "List Pipelines", "GET /pipelines", lambda api, _: api.pipelines.all(), (*ID_AND_NAME, STAGES_IN)),
    listing(
        "listPipelineStages",
        "List Pipeline Stages",
        "GET /pipeline_stages",
        stages,
        STAGE,
        (record_id("pipeline_id", "Pipeline ID", "Of one pipeline; all when left out.", source="pipelines"),),
    ),
    listing(
        "listLeadStatuses",
        "List Lead Statuses",
        "GET /lead_statuses",
        lambda api, _: api.lead_statuses.all(),
        (*ID_AND_NAME, Property("is_default", type="BOOLEAN")),
    ),
    listing(
        "listCustomerSources",
        "List Customer Sources",
        "GET /customer_sources",
        lambda api, _: api.customer_sources.all(),
        ID_AND_NAME,
    ),
    listing("listLossReasons", "List Loss Reasons", "GET /loss_reasons", lambda api, _: api.loss_reasons.all(), ID_AND_NAME),
    listing("listContactTypes", "List Contact Types", "GET /contact_types", lambda api, _: api.contact_types.all(), ID_AND_NAME),
    listing(
        "listActivityTypes",
        "List Activity Types",
        "GET /activity_types",
        activity_types,
        (*ID_AND_NAME, string("category"), Property("is_disabled", type="BOOLEAN")),
    ),
    listing(
        "listTags",
        "List Tags",
        "GET /tags",
        lambda api, _: api.tags.all(),
        (string("name"), Property("count", type="INTEGER")),
    ),
    listing(
        "listCustomFieldDefinitions",
        "List Custom Field Definitions",
        "GET /custom_field_definitions",
        lambda api, _: api.custom_field_definitions.all(),
        (*ID_AND_NAME, string("data_type"), an_array("available_on", string("")), OPTIONS_OUT),
    ),
)
