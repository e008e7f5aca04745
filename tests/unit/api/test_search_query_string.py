"""Searches that come in the query string, as the query-string libraries of public clients write them."""

from __future__ import annotations

import pytest

from searching import found, named


@pytest.fixture
def ids(ada):
    return named(ada, "people", Ada={"tags": ["vip"], "address": {"city": "Porto, Norte"}}, Bo={"tags": ["vip", "x"]}, Cy={})


def test_lists_come_in_every_way_that_libraries_write_them(ada, ids):
    first, third = ids["Ada"], ids["Cy"]
    for query in (
        f"ids={first}&ids={third}",
        f"ids[]={first}&ids[]={third}",
        f"ids%5B0%5D={first}&ids%5B1%5D={third}",
        f"ids[1]={third}&ids[0]={first}",
        f"ids[7]={third}&ids[2]={first}",
        f"ids={first},{third}",
        f"ids={first}%2C{third}",
    ):
        records, total = _asked(ada, query)
        assert ([one["name"] for one in records], total) == (["Ada", "Cy"], 2), query
    assert [one["name"] for one in _asked(ada, f"ids={first}")[0]] == ["Ada"]


def _asked(person, query: str):
    answer = person.call("POST", f"/people/search?{query}")
    assert answer.status_code == 200, f"{query}: {answer.text}"
    return answer.json(), int(answer.headers["X-PW-TOTAL"])


def test_objects_come_with_brackets(ada, ids):
    for query, names in (
        ("tags[option]=ALL&tags[value][]=vip&tags[value][]=x", ["Bo"]),
        ("tags[option]=NONE&tags[value][0]=x", ["Ada", "Cy"]),
        ("city[allow_empty]=true", ["Bo", "Cy"]),
        ("city[value]=Porto%2C+Norte", ["Ada"]),
        ("city=Porto%2C%20Norte", ["Ada"]),
        ("phone_number[value]=5550123&phone_number[match]=partial", []),
    ):
        assert [one["name"] for one in _asked(ada, query)[0]] == names, query


def test_an_activity_search_names_its_parent_in_the_query(ada, ids):
    parent = {"id": ids["Ada"], "type": "person"}
    ada.post("/activities", {"parent": parent, "type": {"id": 0, "category": "user"}, "details": "x"})
    for query, count in ((f"parent[id]={ids['Ada']}&parent[type]=person", 1), (f"parent[id]={ids['Bo']}&parent[type]=person", 0),
                         ("activity_types[0][id]=0&activity_types[0][category]=user", 1)):  # fmt: skip
        assert ada.call("POST", f"/activities/search?{query}").headers["X-PW-TOTAL"] == str(count)


def test_custom_fields_come_in_the_query_too(ada):
    definition = ada.post("/custom_field_definitions", {"name": "Score", "data_type": "Float", "available_on": ["person"]})["id"]
    named(ada, "people", High={"custom_fields": [{"custom_field_definition_id": definition, "value": 9}]}, Low={})
    query = f"custom_fields[0][custom_field_definition_id]={definition}&custom_fields[0][minimum_value]=5"
    assert [one["name"] for one in _asked(ada, query)[0]] == ["High"]


def test_a_search_needs_neither_body_nor_content_type(ada, ids):
    for headers in (ada.headers, {**ada.headers, "Content-Type": "text/plain"}, {**ada.headers, "Content-Type": ""}):
        assert found(ada, "people", headers=headers, params={"page_size": "200", "name": "ada"}) == ["Ada"]
    for content in (b"", b"   ", b"{}", b"null", b"\n{}\n"):
        assert len(found(ada, "people", content=content)) == 3


def test_a_body_that_is_no_object_is_refused(ada):
    for content in (b"[]", b'"x"', b"5", b"{", b"{'a':1}", b"\xff\xfe", b'{"name": "\\ud800"}', b'{"name": "a\\u0000b"}'):
        answer = ada.call("POST", "/people/search", content=content)
        assert answer.status_code in (400, 422), content
        assert answer.json()["status"] == answer.status_code


def test_odd_query_strings_break_nothing(ada, ids):
    odd = ("{}", "%7B%7D", "&&&", "=", "a[=1", "]=1", "[]=1", "[0]=1", "ids[a]=1", "ids[][]=1", "ids[0][1][2][3][4][5][6]=1",
           "name[]=", "%ff=%fe", "name=%00", "page_size[]=5", "custom_field_computed_values[]=true", "sort_by[]=name",
           "fields[]=name",
           "ids[99999999999999999999]=1", "name=%ED%A0%80", "tags[value]=vip&tags=x", "tags=x&tags[value]=vip")  # fmt: skip
    for query in odd:
        answer = ada.call("POST", f"/people/search?{query}")
        assert answer.status_code in (200, 400, 422), (query, answer.status_code)
    assert ada.call("POST", "/people/search?" + "&".join(f"ids[{n}]={n}" for n in range(3000))).status_code == 400


def test_a_trailing_slash_and_patch_are_taken(ada, ids):
    assert ada.call("POST", "/people/search/", {}).headers["X-PW-TOTAL"] == "3"
    person = f"/people/{ids['Ada']}"
    assert ada.get(f"{person}/")["name"] == "Ada"
    assert ada._ok("PATCH", person, {"title": "Owner"})["title"] == "Owner"
    assert ada._ok("PUT", f"{person}/", {"title": "Boss"})["title"] == "Boss"
    assert ada._ok("POST", "/people/", {"name": "Di"})["name"] == "Di"


def test_get_may_carry_a_body(ada, ids):
    for body in ({}, {"shoe": 1}):
        assert ada._ok("GET", f"/people/{ids['Ada']}", body)["name"] == "Ada"
        assert ada._ok("GET", "/account", body)["name"] == "Harbour & Pine"
