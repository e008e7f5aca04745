"""The kinds of connection: what each asks, a client for one, and the test that says which step failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cuprum.connector.credentials import ApiKey, Bearer, Credentials
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import CopperError
from cuprum.connector.exchange import Flow
from cuprum.connector.given import read_given
from cuprum.connector.properties import Property, string

if TYPE_CHECKING:
    from cuprum.connector.client import Api

COPPER_CLOUD = "https://api.copper.com/developer_api/v1"
BASE_URL = string("base_url", "Base URL", "Where the API is; Copper's cloud when left out.", default=COPPER_CLOUD)


@dataclass(frozen=True)
class Kind:
    """One way to be authorised: the document's properties, and ours as extras."""

    name: str
    label: str
    type: str
    properties: tuple[Property, ...]
    extras: tuple[Property, ...] = (BASE_URL,)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "title": self.label,
            "type": self.type,
            "version": 1,
            "properties": [one.as_json() for one in self.properties],
            "extraProperties": [one.as_json() for one in self.extras],
        }


API_KEY = Kind(
    "api_key",
    "API Key",
    "API_KEY",
    (string("username", "Email address", required=True), string("key", "Key", required=True)),
)
OAUTH2 = Kind(
    "oauth2",
    "OAuth 2.0",
    "OAUTH2_AUTHORIZATION_CODE",
    (string("client_id", "Client ID", required=True), string("client_secret", "Client Secret", required=True)),
)
KINDS = {one.name: one for one in (API_KEY, OAUTH2)}


def as_json() -> list[dict[str, Any]]:
    return [one.as_json() for one in KINDS.values()]


def credentials_of(given: Mapping[str, Any]) -> Credentials:
    """The credentials of an API key connection's properties, or of an OAuth connection's token.

    Raises InvalidInput naming what is blank.
    """
    if given.get("access_token"):
        return Bearer(str(given["access_token"]))
    fields = (*API_KEY.properties, *API_KEY.extras)
    read = read_given(fields, given, operation="the connection")
    return ApiKey(read["username"], read["key"])


@dataclass(frozen=True)
class Tested:
    """How the test of a connection went, step by step."""

    ok: bool
    steps: list[dict[str, Any]] = field(default_factory=list)
    account: dict[str, Any] | None = None
    user: dict[str, Any] | None = None


def tested(api: "Api[Stepwise]") -> Flow[Tested]:
    """GET /account, then GET /users/me; the first step that fails says why."""
    steps: list[dict[str, Any]] = []
    found: dict[str, Any] = {}
    for name, call, ask in (
        ("account", "GET /account", api.account.get),
        ("user", "GET /users/me", api.users.me),
    ):
        try:
            found[name] = yield from ask()
        except CopperError as error:
            steps.append({"step": name, "call": call, "ok": False, **error.as_json()})
            return Tested(False, steps, found.get("account"))
        steps.append({"step": name, "call": call, "ok": True})
    return Tested(True, steps, found["account"], found["user"])
