"""The windows of a list: each part of an order is walked along an index, from where the window before it ended."""

from __future__ import annotations

from sqlalchemy import true

from cuprum.records.listing import Listing
from cuprum.storage.tables import TABLES
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


def test_a_column_of_a_board_is_read_off_an_index(cuprum: Installation):
    cuprum.ada.post("/opportunities", {"name": "Oak", "close_date": "1/2/2027"})
    asked = {"statuses": ["Open"], "pipeline_stage_ids": [1], "sort_by": "close_date"}

    def column(work) -> None:
        with sent() as statements:
            Listing(work, "opportunity", asked, within=true()).after(None, 50)
        [filled, empty] = [plan_of(work.connection, one) for one in statements]
        for plan in (filled, empty):
            assert "TEMP B-TREE" not in plan, plan
            assert "Sort" not in plan, plan
        assert "ix_opportunity_pipeline_stage_id_status_close_date" in filled

    for name in ("ada", "mallory"):
        cuprum.as_person(name, column)


def test_a_listing_within_a_condition_has_only_what_fits_it(cuprum: Installation):
    [oak, elm] = [cuprum.ada.post("/people", {"name": name})["id"] for name in ("Oak", "Elm")]
    people = TABLES["person"]

    def listed(work) -> None:
        some = Listing(work, "person", {}, within=people.c.id == oak)
        assert [one["id"] for one in some.window(5).records] == [oak]
        assert some.total == 1
        assert [one["id"] for one in some.after(None, 5)[0]] == [oak]
        assert Listing(work, "person", {}, within=people.c.id == elm, ids=[oak]).total == 0

    cuprum.as_person("ada", listed)
