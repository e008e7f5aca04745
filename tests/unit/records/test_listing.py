"""The windows of a list: each part of an order is walked along an index, from where the window before it ended."""

from __future__ import annotations

from cuprum.records.listing import Listing
from installation import Installation
from plans import plan_of, sent

ORDERS = (
    ("person", "first_name"), ("person", "last_name"), ("person", "last_interaction"), ("person", "date_created"),
    ("company", "name"), ("company", "date_modified"), ("lead", "name"), ("opportunity", "name"), ("opportunity", "close_date"),
    ("opportunity", "value"), ("project", "name"), ("task", "name"), ("task", "due_date"),
)  # fmt: skip


def test_a_window_in_the_middle_is_read_off_an_index_in_both_directions(cuprum: Installation):
    plurals = {"company": "companies", "opportunity": "opportunities", "person": "people"}
    ids = {entity: cuprum.ada.post(f"/{plurals.get(entity, entity + 's')}", {"name": "Ada Adams"})["id"] for entity, _ in ORDERS}

    def windows(work) -> None:
        for entity, sort_by in ORDERS:
            for way in ("asc", "desc"):
                for side in ("after", "before"):
                    with sent() as statements:
                        Listing(work, entity, {"sort_by": sort_by, "sort_direction": way}).window(5, **{side: ids[entity]})
                    for page in (one for one in statements if "ORDER BY" in one[0] and "LIMIT" in one[0]):
                        plan = plan_of(work.connection, page)
                        assert "TEMP B-TREE" not in plan, (entity, sort_by, way, side, page[0], plan)
                        assert "Sort" not in plan, (entity, sort_by, way, side, page[0], plan)

    cuprum.as_person("ada", windows)
