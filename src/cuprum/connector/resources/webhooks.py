"""Webhook subscriptions, and the links of Connect fields."""

from collections.abc import Mapping
from typing import Any, Generic

from cuprum.connector.drive import M, call
from cuprum.connector.exchange import Effect, Flow
from cuprum.connector.resources.base import Record, Resource, a_list, an_object, ask


class Webhooks(Resource[M], Generic[M]):
    @call
    def all(self) -> Flow[list[Record]]:
        """GET /webhooks: every subscription of the account."""
        return a_list((yield from ask(self._session, "GET", "/webhooks")))

    @call
    def get(self, subscription_id: int) -> Flow[Record]:
        """GET /webhooks/{id}. Raises NotFound."""
        return an_object((yield from ask(self._session, "GET", f"/webhooks/{subscription_id}")))

    @call
    def create(self, target: str, entity: str, event: str, **more: Any) -> Flow[Record]:
        """POST /webhooks: `entity` lead … activity_log, `event` new, update or delete; `secret`, `headers` as maps."""
        body = {"target": target, "type": entity, "event": event, **more}
        return an_object((yield from ask(self._session, "POST", "/webhooks", body, effect=Effect.NEW)))

    @call
    def update(self, subscription_id: int, **fields: Any) -> Flow[Record]:
        """PUT /webhooks/{id}: target, secret, headers, custom_field_computed_values."""
        path = f"/webhooks/{subscription_id}"
        return an_object((yield from ask(self._session, "PUT", path, fields, effect=Effect.SAME)))

    @call
    def delete(self, subscription_id: int) -> Flow[Record]:
        """DELETE /webhooks/{id}: answers `{"id"}` alone."""
        answer = yield from ask(self._session, "DELETE", f"/webhooks/{subscription_id}", effect=Effect.SAME)
        return answer or {"id": subscription_id}


class RelatedLinks(Resource[M], Generic[M]):
    """The links of Connect fields; `entity_type` has a vocabulary of its own (part2 §6.6)."""

    @call
    def of(self, source_type: str, source_id: int, definition_id: int | None = None) -> Flow[list[Record]]:
        """GET /related_links: of one record, of one Connect field or of all."""
        query = {"source_id": source_id, "source_type": source_type, "custom_field_definition_id": definition_id}
        return a_list((yield from ask(self._session, "GET", "/related_links", query=query)))

    @call
    def create(self, definition_id: int, source: Mapping[str, Any], target: Mapping[str, Any]) -> Flow[Record]:
        """POST /related_links: `source` and `target` as `{"id", "entity_type"}`."""
        body = {"custom_field_definition_id": definition_id, "source": dict(source), "target": dict(target)}
        return an_object((yield from ask(self._session, "POST", "/related_links", body, effect=Effect.NEW)))

    @call
    def delete(self, link_id: int) -> Flow[Record]:
        """DELETE /related_links/{id}: both mirrored links go."""
        answer = yield from ask(self._session, "DELETE", f"/related_links/{link_id}", effect=Effect.SAME)
        return answer or {"ids": [link_id], "is_deleted": True}
