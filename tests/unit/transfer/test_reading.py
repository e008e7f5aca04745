"""A file is read whatever it was written with: encodings, delimiters, quoted line breaks; what is no table is refused."""

from __future__ import annotations

import pytest

from cuprum.kit.errors import Refused
from cuprum.transfer.sheet import read_sheet

TEXT = "Name;City\nŁucja;Kraków\n漢字;東京\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_told_by_its_mark_or_its_bytes(encoding: str) -> None:
    sheet = read_sheet(TEXT.encode(encoding))
    assert [row.cells for row in sheet.rows] == [["Łucja", "Kraków"], ["漢字", "東京"]]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_told_by_its_zeros(encoding: str) -> None:
    sheet = read_sheet("Name,City\nJosé,Évora\n".encode(encoding))
    assert (sheet.encoding, sheet.rows[0].cells) == (encoding, ["José", "Évora"])


def test_what_windows_writes_in_the_west_is_read() -> None:
    sheet = read_sheet("Name;Price\nJosé;5 €\n".encode("windows-1252"))
    assert (sheet.encoding, sheet.rows[0].cells) == ("windows-1252", ["José", "5 €"])


def test_another_encoding_can_be_named() -> None:
    sheet = read_sheet(TEXT.replace("漢字", "x").replace("東京", "y").encode("windows-1250"), encoding="windows-1250")
    assert sheet.rows[0].cells == ["Łucja", "Kraków"]
    with pytest.raises(Refused, match="line 2 cannot be read"):
        read_sheet("Name\nJosé\n".encode("windows-1252"), encoding="utf-8")
    with pytest.raises(Refused, match="no encoding klingon"):
        read_sheet(b"Name\n", encoding="klingon")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    lines = [["Name", "Notes", "Value"], ["Ada", "a, b; c", "1"], ["Grace", "one | two", "2"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    sheet = read_sheet(text.encode())
    assert (sheet.delimiter, sheet.rows[0].cells) == (delimiter, ["Ada", "a, b; c", "1"])


def test_a_single_column_needs_no_delimiter() -> None:
    assert [row.cells for row in read_sheet(b"Name\nAda\nGrace\n").rows] == [["Ada"], ["Grace"]]


def test_rows_know_the_line_where_they_begin() -> None:
    sheet = read_sheet(b'Name,Notes\r\nAda,"one\r\ntwo"\r\n\r\nGrace,\r\n')
    assert [(row.line, row.cells) for row in sheet.rows] == [(2, ["Ada", "one\r\ntwo"]), (5, ["Grace", ""])]


def test_short_rows_are_filled_up_and_long_ones_are_marked() -> None:
    short, blank, long = read_sheet(b"A,B\n1\n1,2,,\n1,2,3\n").rows
    assert short.cells == ["1", ""]
    assert not blank.is_too_long
    assert long.is_too_long
    assert long.cells == ["1", "2", "3"]


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Refused, match="file is empty"):
        read_sheet(b"\n\n")


def test_a_missing_quotation_mark_is_named_with_its_line() -> None:
    with pytest.raises(Refused, match="quotation mark may be missing"):
        read_sheet(b'Name,Notes\nAda,"never closed\n' + b"Grace,x\n" * 20_000)
