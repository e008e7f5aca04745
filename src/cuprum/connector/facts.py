"""The forms and outputs of the uniform actions, read from the definitions of the entities."""

from dataclasses import replace
from functools import cache

from cuprum.connector.actions import parts
from cuprum.connector.properties import Form, Property, an_array, an_object, options, record_id, string
from cuprum.entities import ENTITIES, kinds
from cuprum.entities.record import Field, fields

# A task is due on a day; the wire says the second at which it starts.
DAYS = {"due_date", "reminder_date"}
SOURCES = {
    "user": "users",
    "company": "companies",
    "person": "people",
    "contact_type": "contact_types",
    "customer_source": "customer_sources",
    "lead_status": "lead_statuses",
    "loss_reason": "loss_reasons",
    "pipeline": "pipelines",
    "pipeline_stage": "pipeline_stages",
    "opportunity": "opportunities",
    "activity_type": "custom_activity_types",
}
LIST_MODES = options(("Replace what is there", "replace"), ("Add to it", "add"), ("Remove from it", "remove"))
ARTICLE = {"opportunity": "an opportunity", "activity": "an activity"}


def a(entity: str) -> str:
    return ARTICLE.get(entity, f"a {entity}")


@cache
def inputs(entity: str) -> tuple[Property, ...]:
    """What a new record may say, the required first as the definition has them."""
    return tuple(form_field(entity, one) for one in fields(ENTITIES[entity]) if not one.kind.read_only)


@cache
def changes(entity: str) -> tuple[Property, ...]:
    """What an update may say: nothing is required, and each list says how it is meant."""
    asked: list[Property] = []
    for one in inputs(entity):
        asked.append(optional(one))
        if one.type == "ARRAY":
            said = f"How {one.label} is meant; it replaces the list when left out."
            asked.append(string(f"{one.name}_mode", f"{one.label} Mode", said, options=LIST_MODES, default="replace"))
    return tuple(asked)


def optional(one: Property) -> Property:
    return replace(one, required=False, default=None)


def form_field(entity: str, one: Field) -> Property:
    name, label = one.name, label_of(one)
    said, required = f"{label} of the {entity}.", one.kind.required
    match one.kind:
        case kinds.LinkTo(entity=target):
            depends = ("pipeline_id",) if target == "pipeline_stage" else ()
            source = SOURCES.get(target, "")
            return record_id(name, label, said, required=required, source=source, depends_on=depends)
        case kinds.Choice(options=words):
            return string(name, label, said, required=required, options=options(*words))
        case kinds.Count():
            return Property(name, label, "INTEGER", said, required=required)
        case kinds.Amount():
            return Property(name, label, "NUMBER", said, required=required)
        case kinds.Flag():
            return Property(name, label, "BOOLEAN", said, required=required)
        case kinds.Day():
            return Property(name, label, "DATE", said, required=required, form=Form.MONTH_DAY_YEAR)
        case kinds.Instant() if name in DAYS:
            return Property(name, label, "DATE", said, required=required, form=Form.DAY)
        case kinds.Instant():
            return Property(name, label, "DATE_TIME", said, required=required, form=Form.INSTANT)
        case kinds.OneEmail():
            return an_object(name, *parts.EMAIL_ITEM.properties, label=label, description=said)
        case kinds.Contacts(item=item, categories=categories):
            choices = options(*((word.capitalize(), word) for word in categories))
            entry = an_object("", string(item, item.capitalize()), string("category", "Category", options=choices))
            return an_array(name, entry, label=label, description=said)
        case kinds.Address():
            return an_object(name, *parts.ADDRESS_PARTS, label=label, description=said)
        case kinds.Tags():
            return an_array(name, parts.TAG_ITEM, label=label, description=said, source="tags")
        case kinds.Reference(types=types):
            return reference(name, label, said, types, required)
        case kinds.ActivityType():
            return activity_type(name, label, said, required)
        case kinds.CustomFields():
            return parts.CUSTOM_FIELDS
    return string(name, label, said, required=required)


def label_of(one: Field) -> str:
    return one.kind.label.removesuffix(" Id") + " ID" if one.kind.label.endswith(" Id") else one.kind.label


def reference(name: str, label: str, said: str, types: tuple[str, ...], required: bool) -> Property:
    kinds_of = options(*((one.capitalize(), one) for one in types))
    return an_object(
        name,
        record_id("id", "ID", required=True, source="records", depends_on=(f"{name}.type",)),
        string("type", "Type", required=True, options=kinds_of),
        label=label,
        description=said,
        required=required,
    )


def activity_type(name: str, label: str, said: str, required: bool) -> Property:
    return an_object(
        name,
        record_id("id", "ID", required=True, source="activity_types"),
        # Only the user category can be written.
        string("category", "Category", options=options("user"), default="user"),
        label=label,
        description=said,
        required=required,
    )


@cache
def outputs(entity: str) -> tuple[Property, ...]:
    """What an action that returns a record returns: every field of the entity, typed."""
    return tuple(said for one in fields(ENTITIES[entity]) if (said := output_field(one)))


def output_field(one: Field) -> Property | None:
    name, label = one.name, label_of(one)
    match one.kind:
        case kinds.Key() | kinds.LinkTo():
            return record_id(name, label)
        case kinds.Count():
            return Property(name, label, "INTEGER")
        case kinds.Amount():
            return Property(name, label, "NUMBER")
        case kinds.Flag():
            return Property(name, label, "BOOLEAN")
        case kinds.Joined(column="is_revenue"):
            return Property(name, label, "BOOLEAN")
        case kinds.Instant():
            return string(name, label, form=Form.DAY if name in DAYS else Form.INSTANT)
        case kinds.Day():
            return string(name, label, form=Form.MONTH_DAY_YEAR)
        case kinds.OneEmail():
            return an_object(name, string("email"), string("category"), label=label)
        case kinds.Contacts(item=item):
            return an_array(name, an_object("", string(item), string("category")), label=label)
        case kinds.Address():
            return an_object(name, *parts.ADDRESS_OUT.properties, label=label)
        case kinds.Tags():
            return an_array(name, string(""), label=label)
        case kinds.Reference():
            return an_object(name, record_id("id"), string("type"), label=label)
        case kinds.ActivityType():
            return an_object(name, record_id("id"), string("category"), label=label)
        case kinds.CustomFields():
            return an_array(name, label=label)
        case kinds.Json(empty="[]"):
            return an_array(name, string(""), label=label)
        case kinds.Json():
            # Old and new values have no one type; they stand under raw.
            return None
    return string(name, label)
