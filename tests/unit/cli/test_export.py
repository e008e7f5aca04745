"""`cuprum export` writes what a filter finds, for the user whose rights count, and refuses in one sentence."""

from __future__ import annotations

import csv

from cuprum.records.demo import demo_account
from cuprum.storage.database import Database
from homes import Home


def demo(home: Home) -> None:
    home.ok("migrate")
    database = Database(home.settings)
    demo_account(database)
    database.close()


def test_records_come_out_filtered_sorted_and_in_the_columns_asked_for(home: Home, tmp_path) -> None:
    demo(home)
    file = tmp_path / "deals.csv"
    home.ok("export", "opportunities", "--where", "monetary_value.least.20000", "--sort", "-value",
            "--columns", "name,monetary_value,close_date", "--bom", "--output", str(file))  # fmt: skip
    assert file.read_bytes().startswith(b"\xef\xbb\xbfName,Value,Close date\r\n")
    found = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    values = [float(one["Value"]) for one in found]
    assert values == sorted(values, reverse=True)
    assert min(values) >= 20000
    assert home.ok("export", "people").startswith("Id,Name,")


def test_what_cannot_be_is_refused_by_its_name(home: Home) -> None:
    demo(home)
    for arguments, reason in (
        (("boats",), "must be people, companies"),
        (("people", "--columns", "shoe_size"), "has no column shoe_size"),
        (("people", "--where", "shoe_size.is.44"), "there is no field shoe_size"),
        (("people", "--sort", "shoe_size"), "must be one of"),
        (("people", "--as", "nobody@x.example"), "There is no user nobody@x.example"),
    ):
        assert reason in home.refused("export", *arguments)
