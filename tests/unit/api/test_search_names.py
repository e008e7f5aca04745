"""Search by name: contains, whatever case and marks, in every script, with every sign."""

from __future__ import annotations

import pytest

from searching import found, named

NAMES = {
    "Ada Quill": {}, "Élodie O'Brien": {}, 'The "Best" Bakery': {}, "50% Off_Ltd": {}, "Back\\slash GmbH": {}, "Łukasz Ñandú": {},
    "Straße AG": {}, "王小明": {}, "田中 さくら": {}, "김민준": {}, "Дмитрий Иванов": {}, "สมชาย ใจดี": {}, "नितिन कुमार": {},
    "A&B Corp": {},
    "J. Smith": {}, "محمد علي": {}, "Ωmega": {}, "x*y": {}, "AND OR NOT": {},
}  # fmt: skip

LOOKED_FOR = [
    ("ada", ["Ada Quill"]), ("A QUI", ["Ada Quill"]), ("elodie", ["Élodie O'Brien"]), ("ÉLODIE", ["Élodie O'Brien"]),
    ("o'b", ["Élodie O'Brien"]), ("O'Brien", ["Élodie O'Brien"]), ('"best"', ['The "Best" Bakery']), ('"', ['The "Best" Bakery']),
    ("50%", ["50% Off_Ltd"]), ("%", ["50% Off_Ltd"]), ("_", ["50% Off_Ltd"]), ("off_l", ["50% Off_Ltd"]), ("%off", []),
    ("\\", ["Back\\slash GmbH"]), ("k\\s", ["Back\\slash GmbH"]), ("lukasz", ["Łukasz Ñandú"]), ("nandu", ["Łukasz Ñandú"]),
    ("strasse", ["Straße AG"]), ("STRASSE", ["Straße AG"]), ("小", ["王小明"]), ("小明", ["王小明"]), ("王小明", ["王小明"]),
    ("明", ["王小明"]),
    ("さく", ["田中 さくら"]), ("くら", ["田中 さくら"]), ("中", ["田中 さくら"]), ("민", ["김민준"]), ("민준", ["김민준"]),
    ("김민준", ["김민준"]),
    ("дмит", ["Дмитрий Иванов"]), ("ИВ", ["Дмитрий Иванов"]), ("ชา", ["สมชาย ใจดี"]), ("ชาย", ["สมชาย ใจดี"]),
    ("नि", ["नितिन कुमार"]),
    ("कुमार", ["नितिन कुमार"]), ("a&", ["A&B Corp"]), ("&b", ["A&B Corp"]), ("j.", ["J. Smith"]), ("محمد", ["محمد علي"]),
    ("ωmega", ["Ωmega"]), ("x*y", ["x*y"]), ("*", ["x*y"]), ("and or", ["AND OR NOT"]), ("NOT", ["AND OR NOT"]),
    ("  ada   quill  ", ["Ada Quill"]),
    ("qu", ["Ada Quill"]), ("q", ["Ada Quill"]), ("nobody", []), ("ada%quill", []), ("ada_quill", []),
]  # fmt: skip


@pytest.fixture
def people(ada):
    named(ada, "people", **NAMES)
    return ada


def test_a_name_is_found_by_any_part_of_it_in_any_script(people):
    seen = {looked_for: found(people, "people", {"name": looked_for}) for looked_for, _ in LOOKED_FOR}
    assert seen == dict(LOOKED_FOR)


def test_a_name_that_is_all_blank_filters_nothing(people):
    assert len(found(people, "people", {"name": "   "})) == len(NAMES)


@pytest.mark.parametrize("plural", ["leads", "companies", "opportunities", "projects", "tasks"])
def test_names_of_every_entity_are_found_the_same_way(ada, plural):
    named(ada, plural, **{"Grüne 50%_Straße": {}, "Other": {}})
    for part in ("grune 5", "GR", "%", "0%_s", "straße", "STRASSE"):
        assert found(ada, plural, {"name": part}) == ["Grüne 50%_Straße"], part


def test_a_renamed_record_is_found_by_its_new_name_alone(ada):
    ids = named(ada, "people", **{"Ada Quill": {}})
    ada.put(f"/people/{ids['Ada Quill']}", {"name": "Bo Okafor"})
    for part in ("ada quill", "qu", "q"):
        assert found(ada, "people", {"name": part}) == []
    for part in ("okafor", "ok", "o"):
        assert found(ada, "people", {"name": part}) == ["Bo Okafor"]
    ada.delete(f"/people/{ids['Ada Quill']}")
    assert found(ada, "people", {"name": "okafor"}) == found(ada, "people", {"name": "ok"}) == []


def test_other_texts_are_found_by_any_part_too(ada):
    named(ada, "leads", Ada={"company_name": "100% Quill_Works", "title": "Chief \\ Owner", "first_name": "Ada"}, Bo={})
    for body in (
        {"company_name": "0% q"},
        {"company_name": "l_w"},
        {"title": "f \\ o"},
        {"first_name": "DA"},
        {"title": "OWNER"},
    ):
        assert found(ada, "leads", body) == ["Ada"], body
    assert found(ada, "leads", {"company_name": "_q"}) == []


def test_opportunities_are_found_by_the_name_of_their_company(ada):
    company = ada.post("/companies", {"name": "Quill & Söhne"})["id"]
    named(ada, "opportunities", Roof={"company_id": company}, Other={})
    assert found(ada, "opportunities", {"company_name": "sohne"}) == ["Roof"]
    assert found(ada, "opportunities", {"company_name": "& "}) == ["Roof"]


@pytest.mark.parametrize("value", [["a"], {"a": 1}, True])
def test_a_name_must_be_text(ada, value):
    assert "Name: must be text" in ada.refused("POST", "/people/search", {"name": value})


def test_a_name_of_many_letters_or_odd_ones_finds_nothing(ada):
    ada.post("/people", {"name": "Ada"})
    for odd in ("x" * 1000, "😀", "👩‍👩‍👧", "\u200b\u200b\u200b", "a\u0301\u0301\u0301\u0301b", "﷽"):
        assert found(ada, "people", {"name": odd}) == []
