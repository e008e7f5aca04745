"""An import in a browser: a messy file is mapped, tried out, brought in while the page follows, and taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from walk import SHAPES, Walk

pytestmark = pytest.mark.browser

MESSY = (
    "Full Name;E-mail;Organisation;Owner;Labels;Speaks;Shoe size;Notes\r\n"
    'Łucja Ñandú;lucja@sosna.example;Sosna & Co;Ben Okafor;Fair, vip;Portuguese;38;"first line\nsecond; quoted"\r\n'
    "漢 字;kanji@kanji.example;;;;Japanese;;\r\n"
    "Joaquim;JOAQUIM@estaleirotejo.example;;;known;;;\r\n"
    "Bad;bad at mail;;;;;;\r\n"
    "Nobody;nobody@x.example;;Nobody Known;;;;\r\n"
    "Łucja again;LUCJA@sosna.example;;;;;;\r\n"
)


def in_every_shape(walk: Walk) -> None:
    """The page that stands there, wide and narrow, light and dark."""
    for width, colours in SHAPES[::-1]:
        walk.page.set_viewport_size({"width": width, "height": 844})
        walk.page.emulate_media(color_scheme=colours)
        walk.page.reload()
        expect(walk.page.locator("main h1")).to_be_visible()
        walk.audit()
        walk.does_not_scroll_sideways()


def test_a_messy_file_comes_in_and_goes_again(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/imports")
    in_every_shape(wide_walk)
    page.click("text=Import a file")
    in_every_shape(wide_walk)
    page.set_input_files("#file", {"name": "Messe Łódź.csv", "mimeType": "text/csv", "buffer": ("\ufeff" + MESSY).encode()})
    page.click("button:has-text('Go on')")
    expect(page.locator("h1")).to_have_text("Messe Łódź.csv")
    expect(page.get_by_label("Between the cells")).to_have_value(";")
    expect(page.locator("main")).to_contain_text("Not imported: Shoe size")
    expect(page.get_by_label("Organisation goes to")).to_have_value("company")
    in_every_shape(wide_walk)
    page.get_by_label("Overwrite").check()
    page.click("button:has-text('Try it out')")
    counts = page.locator(".counts")
    for outcome, count in {"new": 2, "changed": 1, "same": 0, "repeated": 1, "refused": 2}.items():
        expect(counts.locator(f".is-{outcome} dd")).to_have_text(str(count))
    expect(page.locator("main")).to_contain_text("there is no user Nobody Known")
    expect(page.locator("main")).to_contain_text("Sosna & Co (new)")
    in_every_shape(wide_walk)
    page.click("button:has-text('Import 3 people')")
    # The page follows by itself.
    expect(page.locator("main")).to_contain_text("Done")
    in_every_shape(wide_walk)
    with page.expect_download() as started:
        page.click("text=Rows left out, with reasons")
    assert "Nobody Known" in started.value.path().read_text("utf-8-sig")
    page.click("text=See the people")
    expect(page.locator("#rows")).to_contain_text("Łucja Ñandú")
    page.go_back()
    page.click("button:has-text('Undo this import')")
    expect(page.locator("main")).to_contain_text("This import was undone.")
    page.goto("/people?name=Łucja")
    expect(page.locator("#rows")).to_contain_text("Nothing fits")
    page.goto("/imports")
    expect(page.locator("#main tbody tr").first).to_contain_text("undone")
    in_every_shape(wide_walk)


def test_a_cancelled_import_says_so_and_the_keyboard_is_enough(wide_walk: Walk) -> None:
    page = wide_walk.page
    page.goto("/imports/new?entity=company")
    expect(page.locator("input[name=entity]:checked")).to_have_value("company")
    rows = "".join(f"House {number}\n" for number in range(6_000))
    page.set_input_files("#file", {"name": "many.csv", "mimeType": "text/csv", "buffer": ("Name\n" + rows).encode()})
    page.locator("#file").press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/plan$"))
    page.get_by_text("Try it out").press("Enter")
    expect(page.locator(".counts .is-new dd")).to_have_text("6,000")
    page.get_by_text("Import 6,000 companies").press("Enter")
    # What is cancelled sooner leaves nothing to undo.
    expect(page.get_by_role("progressbar")).not_to_have_attribute("value", "0")
    page.locator("button:has-text('Cancel')").press("Enter")
    expect(page.locator("main")).to_contain_text("Cancelled after")
    page.locator("button:has-text('Undo this import')").click()
    expect(page.locator("main")).to_contain_text("This import was undone.")
