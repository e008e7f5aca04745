"""Custom Call: any request of the API that no other action makes."""

from typing import TYPE_CHECKING

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import InvalidInput, Problem
from cuprum.connector.exchange import Flow
from cuprum.connector.properties import Property, an_object, options, string

if TYPE_CHECKING:
    from cuprum.connector.client import Api


def run(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
    path = "/" + values["path"].strip().lstrip("/")
    if "://" in path or ".." in path.split("/"):
        # The key goes to the base URL of the connection and nowhere else.
        raise InvalidInput([Problem("path", "must be a path below the base URL", "Path")])
    query = {name: str(value) for name, value in (values.get("query") or {}).items()}
    answer = yield from api.request(values["method"], path, values.get("body"), query=query)
    return Outcome(answer, {"body": answer if isinstance(answer, dict) else None})


ACTION = Action(
    name="customCall",
    title="Custom Call",
    description="Sends any request below the base URL with the connection's credentials; the answer is under raw.",
    method="POST",
    call="{method} {path}",
    properties=(
        string("method", "Method", "HTTP method.", required=True, options=options("GET", "POST", "PUT", "DELETE")),
        string("path", "Path", "Path below the base URL, such as /people/17.", required=True),
        an_object("query", label="Query", description="Query parameters."),
        Property("body", "Body", "OBJECT", "JSON body."),
    ),
    output=(an_object("body"),),
    run=run,
)
