"""What a column may be filled into: the targets of an entity, read from its definition and the account's custom fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cuprum.entities import ENTITIES, Field, fields, kinds
from cuprum.entities.reading import ADDRESS_KEYS
from cuprum.records.vocabulary import Definition, Vocabulary

IMPORTED = ("person", "company", "lead", "opportunity")

ID = "id"


@dataclass(frozen=True)
class Target:
    """`name` is what a mapping says, `part` a category or a part of an address, `names` what headers call it."""

    name: str
    label: str
    field: Field
    names: tuple[str, ...]
    part: str = ""
    definition: Definition | None = None

    @property
    def takes_many(self) -> bool:
        """Several columns may go here."""
        return isinstance(self.field.kind, kinds.Contacts | kinds.Tags) or self.field.name == "details"


def targets(entity: str, vocabulary: Vocabulary) -> dict[str, Target]:
    """By name, in the order of the definition; custom fields last."""
    return {one.name: one for field in fields(ENTITIES[entity]) for one in _of_field(entity, field, vocabulary)}


def _of_field(entity: str, field: Field, vocabulary: Vocabulary) -> Iterator[Target]:
    names = _SYNONYMS.get(field.name, ())
    match field.kind:
        case kinds.Key():
            yield Target(ID, "Id", field, (f"{entity} id", "cuprum id", "record id"))
        case kind if kind.read_only or kind.hidden:
            return
        case kinds.Joined() | kinds.Reference() | kinds.Json() | kinds.ActivityType():
            return
        case kinds.LinkTo(entity=linked):
            name = "owner" if linked == "user" else field.name.removesuffix("_id")
            yield Target(name, _title(name), field, (*names, field.name))
        case kinds.Address():
            for part in ADDRESS_KEYS:
                yield Target(f"address.{part}", f"Address: {_title(part)}", field, _ADDRESS[part], part)
        case kinds.Contacts(label=label, item=item, categories=categories):
            yield Target(field.name, label, field, (*names, item))
            for category in categories:
                yield Target(
                    f"{field.name}.{category}", f"{label}: {category}", field, _of_category(field.name, category), category
                )
        case kinds.CustomFields():
            for one in vocabulary.definitions_on(entity):
                if one.data_type != "Connect":
                    yield Target(f"custom_fields.{one.id}", one.name, field, (), definition=one)
        case kinds.Kind(label=label):
            yield Target(field.name, label, field, names)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _of_category(field: str, category: str) -> tuple[str, ...]:
    if field == "phone_numbers":
        names = (f"{category} phone", f"{category} number", f"phone {category}", f"{category} phone number")
        return (*names, "mobile", "cell", "cell phone", "handy") if category == "mobile" else names
    if field == "emails":
        return (f"{category} email", f"{category} e mail", f"email {category}", f"{category} email address")
    if field == "socials":
        return () if category == "other" else (category, f"{category} url", f"{category} profile")
    return (f"{category} website", f"website {category}")


# What spreadsheets and other CRMs call things; the wire name and the label need no mention.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": (
        "full name", "display name", "contact name", "contact", "person", "organization name", "organisation name",
        "account name", "deal name", "opportunity name", "deal", "opportunity", "lead name", "nom", "nombre",
    ),
    "prefix": ("salutation", "name prefix"),
    "suffix": ("name suffix",),
    "first_name": ("given name", "forename", "vorname", "prenom"),
    "middle_name": ("additional name",),
    "last_name": ("surname", "family name", "nachname", "apellido", "apellidos"),
    "title": ("job title", "position", "role", "job"),
    "assignee_id": ("assigned to", "assignee", "owned by", "account owner", "contact owner", "lead owner", "deal owner"),
    "company_id": ("company name", "organization", "organisation", "account", "employer", "firma", "entreprise"),
    "company_name": ("company", "organization", "organisation", "account", "account name"),
    "details": ("notes", "note", "description", "comments", "comment", "about", "background", "remarks"),
    "emails": ("email", "e mail", "email address", "e mail address", "mail", "courriel", "correo"),
    "email": ("e mail", "email address", "e mail address", "mail", "emails", "work email"),
    "email_domain": ("domain", "domain name", "company domain", "company domain name"),
    "phone_numbers": ("phone", "phone number", "telephone", "tel", "telefon"),
    "websites": ("website", "web", "web site", "homepage", "website url", "company website"),
    "socials": ("social", "social media"),
    "tags": ("tag", "labels", "label", "keywords", "groups"),
    "contact_type_id": ("type", "contact type name"),
    "status_id": ("lead status",),
    "customer_source_id": ("source", "lead source"),
    "loss_reason_id": ("lost reason", "reason lost", "closed lost reason"),
    "monetary_value": ("value", "amount", "deal value", "deal amount", "opportunity value"),
    "monetary_unit": ("currency", "deal currency"),
    "close_date": ("expected close date", "closing date", "expected close", "closed on"),
    "pipeline_stage_id": ("stage", "deal stage", "stage name"),
    "pipeline_id": ("pipeline name",),
    "primary_contact_id": ("contact", "contact email", "contact name", "main contact", "person"),
    "win_probability": ("probability", "win", "chance"),
}  # fmt: skip
_ADDRESS: dict[str, tuple[str, ...]] = {
    "street": ("street", "address", "street address", "address line 1", "address 1", "strasse", "mailing street"),
    "city": ("city", "town", "ort", "ville", "ciudad", "mailing city"),
    "state": ("state", "region", "province", "county", "state region", "mailing state"),
    "postal_code": ("postal code", "zip", "zip code", "postcode", "plz", "mailing zip"),
    "country": ("country", "land", "pays", "country region", "mailing country"),
}
