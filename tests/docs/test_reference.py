"""The reference pages say what the code says."""

from __future__ import annotations

import pytest

from cuprum.config import Settings
from tools.docs import FOLDER, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_current(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), f"{name} is out of date: make docs"


def test_every_setting_is_described():
    for name, field in Settings.model_fields.items():
        assert field.description, f"{name} has no description"
        assert f"## CUPRUM_{name.upper()}\n" in PAGES["settings.md"]()


def test_the_contract_lists_no_endpoint_twice():
    lines = PAGES["coverage.md"]().splitlines()
    rows = [tuple(line.split(" | ")[:2]) for line in lines if line.startswith("| ") and "`/" in line]
    assert len(rows) == len(set(rows)) > 100
