"""Expressions: what each says, where each goes wrong, and that none of them gets out, hangs or grows without bound."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pytest

from cuprum.automation.expressions import ExpressionError, Scope, evaluate, same

NAMES = {"a": {"b": [{"k k": "v"}], "n": None, "id": "17"}, "x": 1, "日本": "東京", "when": "2026-03-28"}
# 1 March 2026, 10:00:00.5 UTC: 23:00 of that day in Auckland.
NOW = 1772359200.5


def said(value: Any, *, strict: bool = True, zone: str = "UTC") -> Any:
    return evaluate(value, Scope(NAMES, now=NOW, zone=zone, seed="run/place"), strict=strict, path="field")


VALUES: dict[str, Any] = {
    # Text with accessors keeps the kind of a single value and joins the rest.
    "${x}": 1, "${a.b[0]['k k']}": "v", "Hi ${日本}, ${x}!": "Hi 東京, 1!", "${a.n}": None, "no ${a.n}": "no ", "${a.b}": [{"k k": "v"}],
    "$x": "$x", "": "", " plain ": " plain ", "=": "=", " = ": " = ", "a = b": "a = b",
    # Whole numbers divide without a rest, decimals do not.
    "=5 / 2": 2, "=-5 / 2": -2, "=5.0 / 2": 2.5, "=-5 % 3": -2, "=10 div 3": 3, "=10 mod 3": 1, "=2 ^ 10": 1024, "=0x1F": 31,
    "=1e3": 1000.0, "=1 + 2 * 3": 7, "=(1 + 2) * 3": 9, "=-x": -1, "='a' + 1": "a1", "=1 + 'a'": "1a", "=9007199254740993": 9007199254740993,
    # Comparisons; ids are equal as text and as numbers.
    "='17' == 17": True, "=a.id == 17": True, "=${a.id} == '17'": True, "=1 eq 1 and not false": True, "=1 != 2 || x.y": True,
    "=false && x.y": False, "=2 >= 2.0": True, "='b' > 'a'": True, "='abc' matches '[a-c]+'": True, "=a.n == null": True,
    # Choices, lists, objects.
    "=x == 1 ? 'one' : 'other'": "one", "=null ?: 'x'": "x", "=a.n ?: x": 1, "=a?.nothing": None, "={1,2,3}[1]": 2, "={a: {1,2}}['a'][0]": 1,
    "={:}": {}, "={1, 'b', {c: x}}": [1, "b", {"c": 1}], "='it''s'": "it's", "='T(x) new X() .y()'": "T(x) new X() .y()",
    # Functions.
    "=size(null)": -1, "=size({1,2})": 2, "=size(a)": 3, "=add({1}, 2)": [1, 2], "=addAll({1}, {2,3})": [1, 2, 3], "=concat('a', 'b')": "ab",
    "=contains({1,2}, '2')": True, "=contains('abc', 'b')": True, "=equalsIgnoreCase('A', 'a')": True, "=flatten({{1},{2,{3}}})": [1, 2, [3]],
    "=format('%s-%d', 'a', 3)": "a-3", "=indexOf('abc', 'c')": 2, "=lastIndexOf('abcabc', 'c')": 5, "=join(',', {1,2})": "1,2",
    "=length('東京')": 2, "=range(1, 4)": [1, 2, 3, 4], "=remove({1,2,3}, 2)": [1, 3], "=set({1,2}, 0, 9)": [9, 2], "=sort({3,1,2})": [1, 2, 3],
    "=split('a,b,,', ',')": ["a", "b"], "=substring('abcdef', 1, 3)": "bc", "=put({a:1}, 'b', 2)": {"a": 1, "b": 2}, "=putAll({a:1}, {b:2})": {"a": 1, "b": 2},
    "=int('17')": 17, "=double('1.5')": 1.5, "=boolean('true')": True, "=long('9999999999')": 9999999999, "=float(1)": 1.0,
    "=parseDate(when)": "2026-03-28", "=plusDays(parseDate(when), 1)": "2026-03-29", "=plusMonths(parseDate('2026-01-31'), 1)": "2026-02-28",
    "=timestamp()": 1772359200500, "=format(now(), 'yyyy-MM-dd HH:mm')": "2026-03-01 10:00", "=minusHours(parseDateTime('2026-03-01T01:00:00'), 2)": "2026-02-28T23:00:00",
}  # fmt: skip


@pytest.mark.parametrize("expression", VALUES)
def test_what_an_expression_says(expression: str):
    found = said(expression)
    assert found == VALUES[expression]
    assert type(found) is type(VALUES[expression])


REFUSED = {
    "${nobody}": (2, "there is no nobody here"),
    "${a.b[7]}": (5, "there is no item 7, only 1"),
    "${a.c}": (3, "there is no c here, only b, n, id"),
    "${x + 1}": (3, "anything more is a formula"),
    "Dear ${x": (5, "is never closed"),
    "=nobody + 1": (1, "there is no nobody"),
    "=1 / 0": (3, "division by zero"),
    "=(1 + 2": (7, "ends too early"),
    "=x = 5": (3, "= is not expected"),
    "=byte(300)": (1, "too large for byte"),
    "=9223372036854775807 + 1": (21, "too large"),
    "=2 ^ 100000": (3, "too large"),
    "=range(1, 100000000)": (1, "longer than 100,000"),
    "=length(null)": (1, "takes text, not null"),
    "=config('secret')": (1, "there is no function config"),
    "=T(java.lang.Runtime)": (1, "there is no function T"),
    "=new String('a')": (5, "is not expected"),
    "=x.getClass()": (11, "methods cannot be called"),
    "=@bean": (1, "@ is not expected"),
    "=#root": (1, "# is not expected"),
    "=a.b.?[true]": (5, "is not expected"),
}


@pytest.mark.parametrize("expression", REFUSED)
def test_what_goes_wrong_is_told_with_its_place(expression: str):
    with pytest.raises(ExpressionError) as trouble:
        said({"deep": ["fine", expression]})
    position, words = REFUSED[expression]
    assert words in trouble.value.reason
    assert (trouble.value.path, trouble.value.source) == ("field.deep[1]", expression)
    assert trouble.value.position == position
    # Lenient, it stays as it is written.
    assert said({"deep": ["fine", expression]}, strict=False) == {"deep": ["fine", expression]}


def test_lenient_text_keeps_only_what_has_no_value():
    assert said("${x} and ${nobody}", strict=False) == "1 and ${nobody}"


def test_expressions_inside_of_lists_and_objects_are_replaced_and_the_rest_stays():
    assert said({"a": ["${x}", {"b": "=x + 1"}], "n": 5, "t": True, "z": None}) == {
        "a": [1, {"b": 2}],
        "n": 5,
        "t": True,
        "z": None,
    }


def test_the_zone_of_the_account_tells_the_time():
    assert said("=format(now(), 'yyyy-MM-dd HH:mm')", zone="Pacific/Auckland") == "2026-03-01 23:00"


def test_a_replayed_expression_says_the_same():
    scopes = [Scope({}, now=NOW, seed="run/place") for _ in range(2)]
    first, second = ([evaluate("=uuid()", scope), evaluate("=uuid()", scope), evaluate("=now()", scope)] for scope in scopes)
    assert first == second
    assert first[0] != first[1]


@pytest.mark.parametrize(
    "expression",
    [
        "='" + "a" * 40 + "!' matches '(a+)+$'",
        "=split('" + "a" * 40 + "!', '(a+)+$')",
        "=" + "(" * 5_000 + "1" + ")" * 5_000,
        "=" + "!" * 15_000 + "true",
        "=" + "1+" * 9_000 + "1",
        "='" + "a" * 30_000 + "'",
        "=" + "concat(" * 50 + "'a'" + ", 'a')" * 50,
        "=size(flatten({range(1,99999), range(1,99999)}))",
        "=join('" + "x" * 10_000 + "', range(1, 99999))",
        "${" + "a." * 9_000 + "b}",
    ],
    ids=range(10),
)
def test_no_expression_hangs_or_grows_without_bound(expression: str):
    began = time.thread_time()
    with suppress(ExpressionError):
        said(expression)
    # Of work, whatever else the machine does.
    assert time.thread_time() - began < 10


def test_ids_are_the_same_as_text_and_as_numbers():
    assert same("17", 17)
    assert same(17, 17.0)
    assert not same("017", 17)
    assert not same(True, 1)
    assert not same(None, 0)
    assert not same("", 0)
