"""What a form's pickers are filled from: account, users, statuses, sources, types, pipelines, tags, layouts."""

from collections.abc import Mapping
from typing import Any, Generic

from cuprum.connector.drive import M, call, each
from cuprum.connector.exchange import Answer, Call, Effect, Flow, exchange, learn
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


class Account(Resource[M], Generic[M]):
    @call
    def get(self) -> Flow[Record]:
        """GET /account: the account behind the key; also tells whether writes may be repeated under one key."""
        answer: Answer = yield from exchange(self._session, Call("GET", "/account"))
        learn(self._session, answer)
        return an_object(answer.json())


class Users(Resource[M], Generic[M]):
    @call
    def get(self, user_id: int) -> Flow[Record]:
        """GET /users/{id}. Raises NotFound."""
        return an_object((yield from ask(self._session, "GET", f"/users/{user_id}")))

    @call
    def me(self) -> Flow[Record]:
        """GET /users/me: who the key or token acts as."""
        return an_object((yield from ask(self._session, "GET", "/users/me")))

    @call
    def search(self, *, page_number: int = 1, page_size: int = 20) -> Flow[Page]:
        """POST /users/search: one page."""
        wanted = {"page_number": page_number, "page_size": page_size}
        return (yield from search_page(self._session, "/users/search", wanted, {}))

    @each
    def each(self) -> Flow[None]:
        """Every user."""
        return (yield from every_page(self._session, "/users/search", {}, {}))


class PlainList(Resource[M], Generic[M]):
    """A short list that is read whole."""

    path: str

    @call
    def all(self) -> Flow[list[Record]]:
        """The whole list, in the order of the app."""
        return a_list((yield from ask(self._session, "GET", self.path)))


class LeadStatuses(PlainList[M], Generic[M]):
    path = "/lead_statuses"


class CustomerSources(PlainList[M], Generic[M]):
    path = "/customer_sources"


class ContactTypes(PlainList[M], Generic[M]):
    path = "/contact_types"


class LossReasons(PlainList[M], Generic[M]):
    path = "/loss_reasons"


class Pipelines(PlainList[M], Generic[M]):
    path = "/pipelines"


class PipelineStages(PlainList[M], Generic[M]):
    path = "/pipeline_stages"

    @call
    def of_pipeline(self, pipeline_id: int) -> Flow[list[Record]]:
        """GET /pipeline_stages/pipeline/{id}: the stages of one pipeline."""
        return a_list((yield from ask(self._session, "GET", f"/pipeline_stages/pipeline/{pipeline_id}")))


class ActivityTypes(Resource[M], Generic[M]):
    @call
    def all(self) -> Flow[dict[str, list[Record]]]:
        """GET /activity_types: `{"user": […], "system": […]}`; Note is id 0 of the user group."""
        return an_object((yield from ask(self._session, "GET", "/activity_types")))


class CustomActivityTypes(PlainList[M], Generic[M]):
    path = "/custom_activity_types"

    @call
    def get(self, type_id: int) -> Flow[Record]:
        """GET /custom_activity_types/{id}."""
        return an_object((yield from ask(self._session, "GET", f"{self.path}/{type_id}")))

    @call
    def create(self, name: str, icon_type: str, **more: Any) -> Flow[Record]:
        """POST: `name` and `icon_type` are required."""
        body = {"name": name, "icon_type": icon_type, **more}
        return an_object((yield from ask(self._session, "POST", self.path, body, effect=Effect.NEW)))

    @call
    def update(self, type_id: int, **fields: Any) -> Flow[Record]:
        """PUT: also `is_disabled`, for there is no delete."""
        return an_object((yield from ask(self._session, "PUT", f"{self.path}/{type_id}", fields, effect=Effect.SAME)))


class Tags(Resource[M], Generic[M]):
    @call
    def all(self, *, sort_by: str | None = None) -> Flow[list[Record]]:
        """GET /tags: each with its counts."""
        return a_list((yield from ask(self._session, "GET", "/tags", query={"sort_by": sort_by})))

    @call
    def names(self, *, after: str | None = None) -> Flow[list[str]]:
        """GET /tags?tag_names_only=true: the names after `after`, in order."""
        query = {"tag_names_only": True, "last_tag_value": after}
        answer: list[Any] = a_list((yield from ask(self._session, "GET", "/tags", query=query)))
        # A server from before December 2024 ignores the flag.
        return [one["name"] if isinstance(one, dict) else one for one in answer]


class FieldLayouts(Resource[M], Generic[M]):
    @call
    def of_entity(self, plural: str, *, pipeline_id: int | None = None) -> Flow[list[Record]]:
        """GET /field_layouts/by_entity/{plural}; `pipeline_id` for opportunities, and only for them."""
        query = {"pipeline_id": pipeline_id}
        return a_list((yield from ask(self._session, "GET", f"/field_layouts/by_entity/{plural}", query=query)))


class CustomFieldDefinitions(PlainList[M], Generic[M]):
    path = "/custom_field_definitions"

    @call
    def get(self, definition_id: int) -> Flow[Record]:
        """GET /custom_field_definitions/{id}."""
        return an_object((yield from ask(self._session, "GET", f"{self.path}/{definition_id}")))

    @call
    def create(self, fields: Mapping[str, Any] | None = None, /, **more: Any) -> Flow[Record]:
        """POST: `name` and `data_type` are required; `options` as `[{"name": …}]`."""
        body = {**(fields or {}), **more}
        return an_object((yield from ask(self._session, "POST", self.path, body, effect=Effect.NEW)))

    @call
    def update(self, definition_id: int, fields: Mapping[str, Any] | None = None, /, **more: Any) -> Flow[Record]:
        """PUT: `options` replaces the whole list."""
        body = {**(fields or {}), **more}
        path = f"{self.path}/{definition_id}"
        return an_object((yield from ask(self._session, "PUT", path, body, effect=Effect.SAME)))

    @call
    def delete(self, definition_id: int) -> Flow[Record]:
        """DELETE: the definition and its values."""
        answer = yield from ask(self._session, "DELETE", f"{self.path}/{definition_id}", effect=Effect.SAME)
        return answer or {"id": definition_id, "is_deleted": True}
