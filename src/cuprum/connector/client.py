"""`Copper` and `AsyncCopper`: every operation of the API, typed, against any Copper-shaped server."""

import asyncio
import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Generic

import httpx2

from cuprum.connector.catalogue import action
from cuprum.connector.connections import COPPER_CLOUD, Tested, tested
from cuprum.connector.credentials import ApiKey, Bearer, Credentials
from cuprum.connector.drive import Awaiting, Awaits, Blocking, Blocks, Bound, M, Steps, Stepwise, Way, Wire, call
from cuprum.connector.exchange import Call, Effect, Flow, Session, can_repeat, exchange
from cuprum.connector.options import options_for
from cuprum.connector.recovery import Recovery, recovered
from cuprum.connector.resources import changes, lookups, records, webhooks
from cuprum.connector.triggers.samples import samples_for

DEFAULT_TIMEOUT = httpx2.Timeout(30.0, connect=10.0)


class Api(Bound[M], Generic[M]):
    """All parts of the API, bound to one way of running them."""

    def __init__(self, session: Session, way: Way) -> None:
        super().__init__(session, way)
        self.account: lookups.Account[M] = lookups.Account(session, way)
        self.users: lookups.Users[M] = lookups.Users(session, way)
        self.leads: records.Leads[M] = records.Leads(session, way)
        self.people: records.People[M] = records.People(session, way)
        self.companies: records.Companies[M] = records.Companies(session, way)
        self.opportunities: records.Opportunities[M] = records.Opportunities(session, way)
        self.projects: records.Projects[M] = records.Projects(session, way)
        self.tasks: records.Tasks[M] = records.Tasks(session, way)
        self.activities: records.Activities[M] = records.Activities(session, way)
        self.activity_types: lookups.ActivityTypes[M] = lookups.ActivityTypes(session, way)
        self.custom_activity_types: lookups.CustomActivityTypes[M] = lookups.CustomActivityTypes(session, way)
        self.contact_types: lookups.ContactTypes[M] = lookups.ContactTypes(session, way)
        self.lead_statuses: lookups.LeadStatuses[M] = lookups.LeadStatuses(session, way)
        self.customer_sources: lookups.CustomerSources[M] = lookups.CustomerSources(session, way)
        self.loss_reasons: lookups.LossReasons[M] = lookups.LossReasons(session, way)
        self.pipelines: lookups.Pipelines[M] = lookups.Pipelines(session, way)
        self.pipeline_stages: lookups.PipelineStages[M] = lookups.PipelineStages(session, way)
        self.tags: lookups.Tags[M] = lookups.Tags(session, way)
        self.custom_field_definitions: lookups.CustomFieldDefinitions[M] = lookups.CustomFieldDefinitions(session, way)
        self.field_layouts: lookups.FieldLayouts[M] = lookups.FieldLayouts(session, way)
        self.webhooks: webhooks.Webhooks[M] = webhooks.Webhooks(session, way)
        self.related_links: webhooks.RelatedLinks[M] = webhooks.RelatedLinks(session, way)
        self.changes: changes.Changes[M] = changes.Changes(session, way)

    def records_of(self, entity: str) -> records.Records[M]:
        """The part that serves an entity (`lead`, `person` …), for code that does not care which."""
        part: records.Records[M] = getattr(self, records.PLURALS[entity])
        return part

    @property
    def written_group(self) -> str | None:
        """The group of changes that the last write became; None where it changed nothing, or the server knows no groups."""
        return self._session.group

    @property
    def written_custom_fields(self) -> frozenset[int]:
        """The definition ids of the custom fields that the actions of this client were given to write."""
        return frozenset(self._session.custom_fields)

    @property
    def steps(self) -> "Api[Stepwise]":
        """The same operations as flows, for code that is written once for both ways."""
        return Api(self._session, Steps())

    @call
    def act(self, operation: str, parameters: Mapping[str, Any]) -> Flow[dict[str, Any]]:
        """Run an action of the catalogue: `act("createPerson", {"name": "Ada Quill"})`.

        Returns the declared output and the untouched answer under `raw`. Raises InvalidInput before any request.
        """
        return (yield from action(operation).perform(self.steps, parameters))

    @call
    def options(
        self,
        operation: str,
        property_path: str,
        given: Mapping[str, Any] | None = None,
        *,
        search: str = "",
        page: int = 1,
    ) -> Flow[dict[str, Any]]:
        """What a property's picker offers: `{"options": [{"label", "value"}], "more": bool}`."""
        return (yield from options_for(self.steps, operation, property_path, given, search, page))

    @call
    def samples(self, trigger: str, given: Mapping[str, Any] | None = None) -> Flow[dict[str, Any]]:
        """What a trigger would emit: `{"samples": for up to three of the latest records, "generated": for a made-up one}`."""
        return (yield from samples_for(self.steps, trigger, given or {}))

    @call
    def recovered(self, operation: str, parameters: Mapping[str, Any], since: int) -> Flow[Recovery]:
        """After OutcomeUnknown: did the action that was sent at the Unix second `since` happen?"""
        return (yield from recovered(self.steps, operation, parameters, since))

    @call
    def repeats_safely(self) -> Flow[bool]:
        """Does the server remember the keys of writes, so that a repeated one counts once?"""
        return (yield from can_repeat(self._session))

    @call
    def test(self) -> Flow[Tested]:
        """Does the connection work? Says which step failed and why; raises nothing of the API."""
        return (yield from tested(self.steps))

    @call
    def request(self, method: str, path: str, body: Any = None, *, query: Mapping[str, str] | None = None) -> Flow[Any]:
        """Any request below the base URL; a POST counts as making something new and is not repeated blindly."""
        effect = {"GET": Effect.NONE, "PUT": Effect.SAME, "DELETE": Effect.SAME}.get(method.upper(), Effect.NEW)
        answer = yield from exchange(self._session, Call(method.upper(), path, body, dict(query or {}), effect))
        return answer.json()


def credentials_from(email: str | None, key: str | None, access_token: str | None) -> Credentials:
    if access_token:
        return Bearer(access_token)
    if email and key:
        return ApiKey(email, key)
    raise TypeError("Give email and key, or access_token, or credentials.")


class Copper(Api[Blocking]):
    """A blocking client.

    >>> with Copper(email="ada@example.org", key="…") as copper:          # doctest: +SKIP
    ...     for person in copper.people.each(tags=["vip"]):
    ...         copper.tasks.create(name=f"Call {person['name']}")

    `base_url` points it at any Copper-shaped server; `transport` is any httpx2 transport, `client` any httpx2
    client (a guarded one, say), which stays the caller's to close. `renew` is called with a token that the server no
    longer accepts, and gives another one or None.
    """

    def __init__(
        self,
        *,
        email: str | None = None,
        key: str | None = None,
        access_token: str | None = None,
        credentials: Credentials | None = None,
        base_url: str = COPPER_CLOUD,
        timeout: httpx2.Timeout | float = DEFAULT_TIMEOUT,
        attempts: int = 4,
        longest_wait_seconds: float = 60.0,
        transport: httpx2.BaseTransport | None = None,
        client: httpx2.Client | None = None,
        headers: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        renew: Callable[[str], Bearer | None] | None = None,
    ) -> None:
        wire = Wire(base_url, credentials or credentials_from(email, key, access_token), headers or {})
        http = client or httpx2.Client(timeout=timeout, transport=transport)
        self._own = None if client else http
        session = Session(attempts=attempts, longest_wait_seconds=longest_wait_seconds)
        super().__init__(session, Blocks(http, wire, sleep, renew))

    def keyed(self, prefix: str) -> "Copper":
        """The same client, its writes keyed `prefix/1`, `prefix/2` …: run again, they count once on a server that
        remembers keys."""
        other = object.__new__(Copper)
        other._own = None
        Api.__init__(other, keyed_session(self._session, prefix), self._way)
        return other

    def close(self) -> None:
        if self._own:
            self._own.close()

    def __enter__(self) -> "Copper":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class AsyncCopper(Api[Awaiting]):
    """The same client for the event loop: `await copper.people.get(1)`, `async for person in copper.people.each()`."""

    def __init__(
        self,
        *,
        email: str | None = None,
        key: str | None = None,
        access_token: str | None = None,
        credentials: Credentials | None = None,
        base_url: str = COPPER_CLOUD,
        timeout: httpx2.Timeout | float = DEFAULT_TIMEOUT,
        attempts: int = 4,
        longest_wait_seconds: float = 60.0,
        transport: httpx2.AsyncBaseTransport | None = None,
        client: httpx2.AsyncClient | None = None,
        headers: Mapping[str, str] | None = None,
        sleep: Callable[[float], Any] = asyncio.sleep,
    ) -> None:
        wire = Wire(base_url, credentials or credentials_from(email, key, access_token), headers or {})
        http = client or httpx2.AsyncClient(timeout=timeout, transport=transport)
        self._own = None if client else http
        session = Session(attempts=attempts, longest_wait_seconds=longest_wait_seconds)
        super().__init__(session, Awaits(http, wire, sleep))

    def keyed(self, prefix: str) -> "AsyncCopper":
        """See `Copper.keyed`."""
        other = object.__new__(AsyncCopper)
        other._own = None
        Api.__init__(other, keyed_session(self._session, prefix), self._way)
        return other

    async def aclose(self) -> None:
        if self._own:
            await self._own.aclose()

    async def __aenter__(self) -> "AsyncCopper":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.aclose()


def keyed_session(session: Session, prefix: str) -> Session:
    count = itertools.count(1)
    return replace(session, new_key=lambda: f"{prefix}/{next(count)}", group=None, custom_fields=set())
