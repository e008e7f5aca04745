"""Search records of one entity: one page, or all of them."""

from typing import TYPE_CHECKING

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.actions.uniform import plural
from cuprum.connector.custom_fields import criteria_on_wire
from cuprum.connector.drive import Stepwise
from cuprum.connector.exchange import Flow
from cuprum.connector.facts import outputs
from cuprum.connector.properties import Property, an_array, an_object
from cuprum.connector.searching import criteria

if TYPE_CHECKING:
    from cuprum.connector.client import Api


def search(entity: str) -> Action:
    def run(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
        every = values.pop("all_pages", False)
        if "custom_fields" in values:
            values["custom_fields"] = yield from criteria_on_wire(api._session, entity, values["custom_fields"])
        part = api.records_of(entity)
        if every:
            rows = yield from part.each(values)
            return Outcome(rows, {"items": rows, "total": len(rows), "more": False})
        page = yield from part.search(values)
        read = ((page.number - 1) * int(values.get("page_size", 20))) + len(page.rows)
        more = page.total > read if page.total is not None else bool(page.rows)
        return Outcome(page.rows, {"items": page.rows, "total": page.total, "more": more and bool(page.rows)})

    return Action(
        name=f"search{plural(entity).capitalize()}",
        title=f"Search {plural(entity).capitalize()}",
        description=f"Finds {plural(entity)} that fit every criterion given.",
        method="GET",
        call=f"POST /{plural(entity)}/search",
        properties=criteria(entity),
        output=(
            an_array("items", an_object("", *outputs(entity)), label=plural(entity).capitalize()),
            Property("total", "Total", "INTEGER"),
            Property("more", "More", "BOOLEAN"),
        ),
        run=run,
        entity=entity,
    )
