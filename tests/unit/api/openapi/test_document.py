"""The description that the server gives of itself."""

from __future__ import annotations

import pytest
from openapi_spec_validator import validate
from starlette.routing import Route

from cuprum.api.automation import automation_api
from cuprum.api.openapi.document import document, endpoints
from cuprum.api.openapi.entities import new_schema
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import Named, listed
from cuprum.api.openapi.searches import search_schema
from cuprum.api.routes import developer_api
from cuprum.entities import BY_PLURAL, Person
from cuprum.records.criteria import criteria

FACES = [developer_api(), automation_api()]


@pytest.fixture(scope="module")
def described():
    return document(FACES)


def test_it_is_valid_openapi_3_1(described):
    assert described["openapi"].startswith("3.1")
    validate(described)


def test_every_endpoint_is_declared():
    silent = [f"{one.method} {one.path}" for one in endpoints(FACES) if one.operation is None]
    assert silent == [], "a handler needs @declares(...), see api/openapi/operation.py"


def test_every_endpoint_has_an_operation_id_of_its_own(described):
    ids = [operation["operationId"] for methods in described["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))


def test_a_name_stands_for_one_schema_only():
    @declares(id="a", summary="A", tag="A", answer=listed({"anyOf": [Named("Same", {}), Named("Same", {"type": "string"})]}))
    def endpoint() -> None: ...

    with pytest.raises(ValueError, match="Same"):
        document([Route("/a", endpoint)])


def test_a_new_person_needs_a_name_and_has_no_read_only_keys():
    schema = new_schema(Person)
    assert schema["required"] == ["name"]
    assert schema["additionalProperties"] is False
    assert not {"id", "date_created", "interaction_count"} & schema["properties"].keys()


@pytest.mark.parametrize("record", BY_PLURAL.values(), ids=lambda record: record.entity)
def test_every_search_parameter_is_described(record):
    assert criteria(record).keys() <= search_schema(record)["properties"].keys()


def test_every_key_of_an_answer_is_required(described):
    person = described["components"]["schemas"]["Person"]
    assert list(person["properties"]) == person["required"]
    assert person["properties"]["date_last_contacted"]["type"] == ["integer", "null"]
    assert person["properties"]["date_created"]["readOnly"] is True


def test_a_search_answers_its_total_in_a_header(described):
    answer = described["paths"]["/developer_api/v1/people/search"]["post"]["responses"]["200"]
    assert answer["headers"].keys() == {"X-PW-TOTAL"}


def test_both_shapes_of_errors_are_described(described):
    found = described["paths"]["/developer_api/v1/people/{id}"]["get"]["responses"]["404"]["content"]["application/json"]
    assert found["schema"]["anyOf"] == [{"$ref": "#/components/schemas/Error"}, {"$ref": "#/components/schemas/ShortError"}]
