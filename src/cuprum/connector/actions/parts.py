"""Properties that several actions of the first document share word for word."""

from cuprum.connector.properties import Form, Property, an_array, an_object, options, record_id, string

PHONE_CATEGORIES = options(("Work", "work"), ("Mobile", "mobile"), ("Home", "home"), ("Other", "other"))
EMAIL_CATEGORIES = options(("Work", "work"), ("Personal", "personal"), ("Other", "other"))
WEBSITE_CATEGORIES = options("work", "personal", "other")
SOCIAL_CATEGORIES = options(
    ("LinkedIn", "linkedin"), ("Twitter", "twitter"), ("Facebook", "facebook"), ("Youtube", "youtube"),
    ("Quora", "quora"), ("Instagram", "instagram"), ("Pinterest", "pinterest"), ("Other", "other"),
)  # fmt: skip

EMAIL_ITEM = an_object(
    "Email",
    string("email", "Email", "An email address."),
    string("category", "Category", "The category of the email address.", options=EMAIL_CATEGORIES),
)
PHONE_ITEM = an_object(
    "",
    string("number", "Number", "A phone number."),
    string("category", "Category", "The category of the phone number.", options=PHONE_CATEGORIES),
)
SOCIAL_ITEM = an_object(
    "",
    string("url", "URL", "The URL of a social profile."),
    string("category", "Category", "The category of the social profile.", options=SOCIAL_CATEGORIES),
)
WEBSITE_ITEM = an_object(
    "",
    string("url", "URL", "The URL of a website."),
    string("category", "Category", "The category of the website.", options=WEBSITE_CATEGORIES),
)
TAG_ITEM = string("")
ADDRESS_PARTS = (
    string("street", "Street"),
    string("city", "City"),
    string("state", "State"),
    string("postal_code", "Postal code"),
    string("country", "Country"),
)

EMAILS_OUT = an_array("emails", an_object("", string("email"), string("category")))
PHONES_OUT = an_array("phone_numbers", an_object("", string("number"), string("category")))
SOCIALS_OUT = an_array("socials", an_object("", string("url"), string("category")))
WEBSITES_OUT = an_array("websites", an_object("", string("url"), string("category")))
TAGS_OUT = an_array("tags", string(""))
ADDRESS_OUT = an_object("address", *(string(part.name) for part in ADDRESS_PARTS))
ID_OUT = record_id("id")


def phones(of: str) -> Property:
    return an_array("phone_numbers", PHONE_ITEM, label="Phone Numbers", description=f"Phone numbers belonging to the {of}.")


def socials(of: str) -> Property:
    return an_array("socials", SOCIAL_ITEM, label="Socials", description=f"Social profiles belonging to the {of}.")


def websites(of: str) -> Property:
    return an_array("websites", WEBSITE_ITEM, label="Websites", description=f"Websites belonging to the {of}.")


def address(of: str) -> Property:
    said = f"{of.capitalize()}'s street, city, state, postal code, and country."
    return an_object("address", *ADDRESS_PARTS, label="Address", description=said)


CUSTOM_FIELDS = an_object(
    "custom_fields",
    label="Custom Fields",
    description="Values by the field's name (or id), each in its type: options by name, days as YYYY-MM-DD.",
    form=Form.CUSTOM_FIELDS,
    source="custom_fields",
)
