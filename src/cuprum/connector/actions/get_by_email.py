"""Get Lead by Email and Get Person by Email: upper and lower case are one; none and several are said, not guessed."""

from typing import TYPE_CHECKING, Any

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import NothingFound, SeveralFound
from cuprum.connector.exchange import Flow
from cuprum.connector.facts import outputs
from cuprum.connector.properties import Property, options, string
from cuprum.connector.resources.base import Record, as_number

if TYPE_CHECKING:
    from cuprum.connector.client import Api

WHEN_NONE = options(("Answer found: false", "answer"), ("Fail", "fail"))
WHEN_SEVERAL = options(("Fail and name the ids", "fail"), ("Take the newest", "newest"))


def get_by_email(entity: str, call: str, summary: str) -> Action:
    def run(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
        email = values["email"].strip()
        find = people_with if entity == "person" else leads_with
        found = yield from find(api, email)
        if not found:
            if values.get("when_none") == "fail":
                raise NothingFound(f"No {entity} has the address {email}.")
            return Outcome(None, {"found": False})
        one = the_one(entity, found, f"the address {email}", values.get("when_several", "fail"))
        return Outcome(one, {"found": True, **one})

    title = entity.capitalize()
    return Action(
        name=f"get{title}ByEmail",
        title=f"Get {title} by Email",
        description=f"Fetches the details of the {entity} who has an e-mail address, whatever its case.",
        summary=summary,
        method="GET",
        call=call,
        properties=(
            string("email", "Email", f"E-mail address of the {entity}.", required=True),
            string("when_none", "When None Is Found", "Answer or fail.", options=WHEN_NONE, default="answer"),
            string("when_several", "When Several Are Found", "Fail or choose.", options=WHEN_SEVERAL, default="fail"),
        ),
        output=(Property("found", "Found", "BOOLEAN"), *outputs(entity)),
        run=run,
        entity=entity,
    )


def people_with(api: "Api[Stepwise]", email: str) -> Flow[list[Record]]:
    """`fetch_by_email` first; some accounts answer 404 to an address they hold, so the search has the last word."""
    try:
        return [(yield from api.people.fetch_by_email(email))]
    except NothingFound:
        pass
    rows = yield from api.people.search({"emails": sorted({email, email.lower()}), "page_size": 200})
    return [one for one in rows if has_address(one, email)]


def leads_with(api: "Api[Stepwise]", email: str) -> Flow[list[Record]]:
    """The lead search takes one address, and may compare case."""
    for spelling in dict.fromkeys((email, email.lower())):
        rows = yield from api.leads.search({"emails": spelling, "page_size": 200})
        found = [one for one in rows if has_address(one, email)]
        if found:
            return found
    return []


def has_address(record: Record, email: str) -> bool:
    held: list[Any] = record["emails"] if "emails" in record else [record.get("email")]
    return any(one and str(one.get("email", "")).casefold() == email.casefold() for one in held)


def the_one(entity: str, found: list[Record], what: str, when_several: str) -> Record:
    """The only one, or the newest when that is wanted. Raises SeveralFound with the ids."""
    if len(found) > 1 and when_several != "newest":
        ids = [as_number(one["id"]) or 0 for one in found]
        raise SeveralFound(f"{len(found)} {entity} records have {what}: {', '.join(map(str, ids))}.", ids)
    return max(found, key=lambda one: (as_number(one.get("date_created")) or 0, as_number(one["id"]) or 0))
