"""Find or create, and upsert, by any match: the record whose given fields are equal, else a new one."""

from typing import TYPE_CHECKING

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.actions.get_by_email import WHEN_SEVERAL, the_one
from cuprum.connector.actions.uniform import plural
from cuprum.connector.custom_fields import with_custom_fields
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import InvalidInput, Problem
from cuprum.connector.exchange import Flow
from cuprum.connector.facts import a, inputs, outputs
from cuprum.connector.properties import Property, an_array, example_value, options, string
from cuprum.connector.resources.base import Record
from cuprum.connector.searching import filter_for, is_same

if TYPE_CHECKING:
    from cuprum.connector.client import Api

MATCH_FIRST = {"lead": "email", "person": "emails"}


def find_or_create(entity: str) -> Action:
    return matching(entity, updates=False)


def upsert(entity: str) -> Action:
    return matching(entity, updates=True)


def matching(entity: str, *, updates: bool) -> Action:
    default = [MATCH_FIRST.get(entity, "name")]
    fields = tuple(one for one in inputs(entity) if filter_for(entity, one.name, example_value(one)) is not None)
    choices = options(*((one.label, one.name) for one in fields))

    def run(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
        names = values.pop("match_by", default)
        when_several = values.pop("when_several", "fail")
        found = yield from matches(api, entity, names, values)
        body = yield from with_custom_fields(api, entity, values)
        part = api.records_of(entity)
        if not found:
            made = yield from part.create(body)
            return Outcome(made, {"created": True, **made})
        one = the_one(entity, found, f"the same {' and '.join(names)}", when_several)
        if updates:
            one = yield from part.update(int(one["id"]), body)
        return Outcome(one, {"created": False, **one})

    title = entity.capitalize()
    said = f"Updates the {entity} that matches" if updates else f"Finds the {entity} that matches"
    return Action(
        name=f"upsert{title}" if updates else f"findOrCreate{title}",
        title=f"Upsert {title}" if updates else f"Find or Create {title}",
        description=f"{said}, else creates {a(entity)}.",
        method="PUT" if updates else "POST",
        call=f"POST /{plural(entity)}/search, then "
        + (f"PUT /{plural(entity)}/{{id}} or " if updates else "")
        + f"POST /{plural(entity)}",
        properties=(
            an_array(
                "match_by",
                string("", options=choices),
                label="Match By",
                description=f"Fields that make it the same {entity}: any of {', '.join(one.name for one in fields)}.",
                default=default,
            ),
            string("when_several", "When Several Match", "Fail or choose.", options=WHEN_SEVERAL, default="fail"),
            *inputs(entity),
        ),
        output=(Property("created", "Created", "BOOLEAN"), *outputs(entity)),
        run=run,
        entity=entity,
    )


def matches(api: "Api[Stepwise]", entity: str, names: list[str], values: Values) -> Flow[list[Record]]:
    """All records whose named fields equal the given ones; the search narrows, we compare."""
    problems: list[Problem] = []
    wanted: Values = {}
    for name in names:
        if name not in values:
            problems.append(Problem(name, "can't be blank: it is matched by", name))
        elif (narrowed := filter_for(entity, name, values[name])) is None:
            problems.append(Problem("match_by", f"{name} cannot be searched by", "Match By"))
        else:
            wanted |= narrowed
    if problems:
        raise InvalidInput(problems)
    rows = yield from api.records_of(entity).each(wanted)
    return [row for row in rows if all(is_same(row.get(name), values[name]) for name in names)]
