"""A full name and its parts."""

from __future__ import annotations

import pytest

from cuprum.records.person_name import PARTS, split


def _parts(record):
    return tuple(record[part] for part in PARTS)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Quill", (None, "Ada", None, "Quill", None)),
        ("Ada", (None, "Ada", None, None, None)),
        ("Dr. Ada Maria Quill Jr.", ("Dr.", "Ada", "Maria", "Quill", "Jr.")),
        ("Ana de la Cruz", (None, "Ana", "de la", "Cruz", None)),
        ("Dr", (None, "Dr", None, None, None)),
    ],
)
def test_a_name_is_split(name, parts):
    assert _parts(split(name)) == parts


@pytest.mark.parametrize("plural", ["leads", "people"])
class TestOver:
    def test_a_name_that_comes_alone_is_split(self, ada, plural):
        assert _parts(ada.post(f"/{plural}", {"name": "Ada Quill"})) == (None, "Ada", None, "Quill", None)

    def test_parts_that_come_alone_are_joined(self, ada, plural):
        made = ada.post(f"/{plural}", {"prefix": "Dr", "first_name": "Ada", "last_name": "Quill"})
        assert (made["name"], made["prefix"]) == ("Dr Ada Quill", "Dr")

    def test_parts_that_come_with_the_name_are_taken_as_they_are(self, ada, plural):
        made = ada.post(f"/{plural}", {"name": "Ada Maria Quill", "first_name": "Ada Maria", "last_name": "Quill"})
        assert _parts(made) == (None, "Ada Maria", None, "Quill", None)

    def test_a_new_name_leaves_no_old_part(self, ada, plural):
        made = ada.post(f"/{plural}", {"name": "Dr Ada Maria Quill"})
        assert _parts(ada.put(f"/{plural}/{made['id']}", {"name": "Bob Stone"})) == (None, "Bob", None, "Stone", None)
        changed = ada.put(f"/{plural}/{made['id']}", {"name": "Cy Brook", "first_name": "Cy"})
        assert _parts(changed) == (None, "Cy", None, "Brook", None)

    def test_a_new_part_changes_the_name(self, ada, plural):
        made = ada.post(f"/{plural}", {"name": "Ada Quill"})
        assert ada.put(f"/{plural}/{made['id']}", {"last_name": "Stone"})["name"] == "Ada Stone"
        assert ada.put(f"/{plural}/{made['id']}", {"last_name": None})["name"] == "Ada"

    def test_a_whole_record_sent_back_changes_nothing(self, ada, plural):
        made = ada.post(f"/{plural}", {"prefix": "Dr", "first_name": "Ada Maria", "last_name": "Quill", "suffix": "PhD"})
        assert _parts(ada.put(f"/{plural}/{made['id']}", made)) == ("Dr", "Ada Maria", None, "Quill", "PhD")

    def test_neither_name_nor_parts_are_refused(self, ada, plural):
        assert ada.refused("POST", f"/{plural}", {"first_name": " "}).endswith("Name: can't be blank")
