"""The six record types and activities: create, get, update, delete, search, relate, files, bulk."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic

from cuprum.connector.drive import M, call, each
from cuprum.connector.errors import BadAnswer, NotFound, NothingFound
from cuprum.connector.exchange import Effect, Flow
from cuprum.connector.resources.base import (
    Page,
    Record,
    Resource,
    a_list,
    an_object,
    ask,
    every_page,
    search_page,
)
from cuprum.connector.resources.files import attach, where_kept
from cuprum.entities import ENTITIES

PLURALS = {name: one.plural for name, one in ENTITIES.items()}


class Records(Resource[M], Generic[M]):
    """What all record types share. Fields are the wire's (`copper-api/`); an answer is the record as it came."""

    entity: ClassVar[str]

    @property
    def path(self) -> str:
        return "/" + PLURALS[self.entity]

    @call
    def create(self, fields: Mapping[str, Any] | None = None, /, **more: Any) -> Flow[Record]:
        """POST: a new record; `name` is required. Raises Invalid, OutcomeUnknown."""
        body = {**(fields or {}), **more}
        return an_object((yield from ask(self._session, "POST", self.path, body, effect=Effect.NEW)))

    @call
    def get(self, record_id: int, *, computed: bool = False) -> Flow[Record]:
        """GET: one record. Raises NotFound."""
        query = computed_query(computed)
        return an_object((yield from ask(self._session, "GET", f"{self.path}/{record_id}", query=query)))

    @call
    def update(self, record_id: int, fields: Mapping[str, Any] | None = None, /, **more: Any) -> Flow[Record]:
        """PUT: only the keys given change; None clears. Raises NotFound, Invalid."""
        body = {**(fields or {}), **more}
        return an_object((yield from ask(self._session, "PUT", f"{self.path}/{record_id}", body, effect=Effect.SAME)))

    @call
    def delete(self, record_id: int) -> Flow[Record]:
        """DELETE: `{"id", "is_deleted": true}`. Raises NotFound."""
        answer = yield from ask(self._session, "DELETE", f"{self.path}/{record_id}", effect=Effect.SAME)
        return answer or {"id": record_id, "is_deleted": True}

    @call
    def search(self, criteria: Mapping[str, Any] | None = None, /, *, computed: bool = False, **more: Any) -> Flow[Page]:
        """POST …/search: one page of what fits, with the total."""
        wanted = {**(criteria or {}), **more}
        return (yield from search_page(self._session, f"{self.path}/search", wanted, computed_query(computed)))

    @each
    def each(self, criteria: Mapping[str, Any] | None = None, /, *, computed: bool = False, **more: Any) -> Flow[None]:
        """Everything that fits, page after page. Raises BeyondReach past 100,000 rows."""
        wanted = {**(criteria or {}), **more}
        return (yield from every_page(self._session, f"{self.path}/search", wanted, computed_query(computed)))


def computed_query(computed: bool) -> dict[str, Any]:
    return {"custom_field_computed_values": True} if computed else {}


class Related(Records[M], Generic[M]):
    """Record types that can be tied to others."""

    @call
    def related(self, record_id: int, entity: str | None = None) -> Flow[list[Record]]:
        """GET …/related: `[{"id", "type"}]`, all types or one (its singular name)."""
        tail = f"/{PLURALS[entity]}" if entity else ""
        return a_list((yield from ask(self._session, "GET", f"{self.path}/{record_id}/related{tail}")))

    @call
    def relate(self, record_id: int, entity: str, other_id: int) -> Flow[Record]:
        """POST …/related: ties the two; doing it again changes nothing."""
        body = {"resource": {"id": other_id, "type": entity}}
        path = f"{self.path}/{record_id}/related"
        return an_object((yield from ask(self._session, "POST", path, body, effect=Effect.SAME)))

    @call
    def unrelate(self, record_id: int, entity: str, other_id: int) -> Flow[Record]:
        """DELETE …/related, with a body. Raises Refused when the two are not related."""
        body = {"resource": {"id": other_id, "type": entity}}
        path = f"{self.path}/{record_id}/related"
        answer = yield from ask(self._session, "DELETE", path, body, effect=Effect.SAME)
        return answer or {"removed": True, **body}


class WithFiles(Related[M], Generic[M]):
    """Record types that files can be attached to."""

    @call
    def files(self, record_id: int) -> Flow[list[Record]]:
        """GET …/files: what is attached (metadata only)."""
        return a_list((yield from self._asked_for_files(f"{self.path}/{record_id}/files")))

    @call
    def file(self, record_id: int, file_id: int) -> Flow[Record]:
        """GET …/files/{id}: one file's metadata."""
        return an_object((yield from self._asked_for_files(f"{self.path}/{record_id}/files/{file_id}")))

    def _asked_for_files(self, path: str) -> Flow[Any]:
        return (yield from where_kept(path, ask(self._session, "GET", path)))

    @call
    def attach(self, record_id: int, file_name: str, content: bytes) -> Flow[Record]:
        """The three steps of an upload: signed URL, store, claim (part2 §8)."""
        return (yield from attach(self._session, f"{self.path}/{record_id}/files", file_name, content))


class WithActivities(WithFiles[M], Generic[M]):
    """Record types whose activities have a list of their own."""

    @call
    def activities(self, record_id: int, criteria: Mapping[str, Any] | None = None, /, **more: Any) -> Flow[list[Record]]:
        """POST /{plural}/{id}/activities: one page, newest first; a company's has its people's too."""
        body = {**(criteria or {}), **more}
        return a_list((yield from ask(self._session, "POST", f"{self.path}/{record_id}/activities", body)))


class BulkCreates(WithActivities[M], Generic[M]):
    @call
    def bulk_create(self, items: Sequence[Mapping[str, Any]]) -> Flow[list[Record]]:
        """POST …/bulk_create: at most ten; the answer is positional, a failed item has `success: false`."""
        body = {PLURALS[self.entity]: list(items)}
        return a_list((yield from ask(self._session, "POST", f"{self.path}/bulk_create", body, effect=Effect.NEW)))


class BulkUpdates(BulkCreates[M], Generic[M]):
    @call
    def bulk_update(self, items: Sequence[Mapping[str, Any]]) -> Flow[list[Record]]:
        """POST …/bulk_update: at most ten, each with its `id`."""
        body = {PLURALS[self.entity]: list(items)}
        return a_list((yield from ask(self._session, "POST", f"{self.path}/bulk_update", body, effect=Effect.SAME)))


class Leads(BulkUpdates[M], Generic[M]):
    entity = "lead"

    @call
    def upsert(self, properties: Mapping[str, Any], field_name: str, field_value: Any) -> Flow[Record]:
        """PUT /leads/upsert: `field_name` is name, email or custom (part1 §10.4). Raises Invalid when several match."""
        body = {"properties": dict(properties), "match": {"field_name": field_name, "field_value": field_value}}
        # Repeating is not harmless: the value matched by need not be in the lead that the first try made.
        return an_object((yield from ask(self._session, "PUT", "/leads/upsert", body, effect=Effect.NEW)))

    @call
    def convert(self, lead_id: int, details: Mapping[str, Any] | None = None) -> Flow[Record]:
        """POST /leads/{id}/convert: `{person, company?, opportunity?}` (part1 §10.5)."""
        body = {"details": dict(details)} if details else {}
        answer = an_object((yield from ask(self._session, "POST", f"/leads/{lead_id}/convert", body, effect=Effect.NEW)))
        if "person" not in answer:
            raise BadAnswer("Several companies resemble the name: say which by id, or exact_match.", body=answer)
        return answer


class People(BulkUpdates[M], Generic[M]):
    entity = "person"

    @call
    def fetch_by_email(self, email: str) -> Flow[Record]:
        """POST /people/fetch_by_email: the person who has the address. Raises NothingFound."""
        try:
            return an_object((yield from ask(self._session, "POST", "/people/fetch_by_email", {"email": email})))
        except NotFound as error:
            raise NothingFound(f"Nobody has the address {email}.", status=404) from error


class Companies(BulkUpdates[M], Generic[M]):
    entity = "company"


class Opportunities(BulkCreates[M], Generic[M]):
    entity = "opportunity"


class Projects(WithFiles[M], Generic[M]):
    entity = "project"


class Tasks(Related[M], Generic[M]):
    entity = "task"


class Activities(Records[M], Generic[M]):
    """Only user activities can be written; a deleted one is still answered, as a stub with `is_deleted`."""

    entity = "activity"

    @call
    def bulk_create(self, items: Sequence[Mapping[str, Any]]) -> Flow[list[Record]]:
        """POST /activities/bulk_create: at most ten."""
        body = {"activities": list(items)}
        return a_list((yield from ask(self._session, "POST", "/activities/bulk_create", body, effect=Effect.NEW)))
