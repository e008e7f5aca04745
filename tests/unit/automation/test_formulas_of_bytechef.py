"""What ByteChef's evaluator promises, kind by kind: the same values here, in strict runs and in lenient ones."""

from __future__ import annotations

from typing import Any

import pytest

from cuprum.automation.expressions import ExpressionError, Scope, evaluate

NAMES: dict[str, Any] = {
    "given": "Zoë", "family": "Quill", "four": 4, "six": 6, "half": 2.5, "quarter": 10.0, "left": "Berth", "right": "bErTh",
    "moment": "2026-03-29T01:30:15", "instant": "2026-03-29T01:30:00.000Z", "pair": ["a", "b"], "nothing": None,
    # Names that look like reserved words.
    "newLead": "Ana", "newDeal": {"value": 42}, "newRows": ["first"], "Tide": "high", "T_sum": 7, "T1": {"ok": "yes"},
    "_low": 1, "ship": {"home port": "Porto", "порт": "Киль", "berth": {"row": "B"}}, "rows": [{"n": n} for n in range(12)],
    "dashed": {"bar-baz": "yes"},
}  # fmt: skip
SECONDS = 1_772_359_200.5
X, SSSX = "\"yyyy-MM-dd'T'HH:mm:ssX\"", "\"yyyy-MM-dd'T'HH:mm:ss.SSSX\""


def said(value: Any, *, strict: bool = True) -> Any:
    return evaluate(value, Scope(NAMES, now=SECONDS, seed="run/place"), strict=strict, path="field")


VALUES: dict[str, Any] = {
    # Text with accessors.
    "${given}": "Zoë", "${given} ${family}": "Zoë Quill", "${left}-${right}": "Berth-bErTh", "${four}": 4, "${pair}": ["a", "b"],
    "${newLead}": "Ana", "${newDeal.value}": 42, "${newRows[0]}": "first", "${Tide}": "high", "${T_sum}": 7, "${T1.ok}": "yes",
    "${_low}": 1, "${ship.berth.row}": "B", "${rows[0]}": {"n": 0}, "${rows[10].n}": 10, "${ship['home port']}": "Porto",
    "${ship['порт']}": "Киль", "${pair.[0]}": "a", "${dashed.['bar-baz']}": "yes",
    # Numbers.
    "=four*six": 24, "=six * 3": 18, "=half/quarter": 0.25, "=six/four": 1,
    # Conversions.
    "=boolean('1')": True, "=byte('127')": 127, "=char('c')": "c", "=short('32767')": 32767, "=int('1')": 1, "=long('1')": 1,
    "=float('1.25')": 1.25, "=double('1.337')": 1.337,
    # Lists.
    "=range(2,4)": [2, 3, 4], "=join(',',range(2,4))": "2,3,4", "=join(',',range(5,5))": "5", "=join(' and ',{'x','y','z'})": "x and y and z",
    "=concat({'x'}, {'y','z'})": ["x", "y", "z"], "=concat({'x'}, range(1,2))": ["x", 1, 2], "=flatten({{'x','y'},{'z'}})": ["x", "y", "z"],
    "=flatten({{'x'},range(1,2)})": ["x", 1, 2], "=sort({9,7,8})": [7, 8, 9], "=sort({'Z','X','Y'})": ["X", "Y", "Z"],
    "=size(${pair})": 2, "=size(${nothing})": -1,
    # Text.
    "=equalsIgnoreCase(${left}, ${right})": True, "=equalsIgnoreCase(${left}, ${given})": False,
    "=equalsIgnoreCase(${nothing}, ${given})": False,
    # Dates: text between the nodes, values inside of a formula.
    "=format(now(),'yyyyMMdd')": "20260301", "=minusDays(moment, 1)": "2026-03-28T01:30:15", "=minusDays(${moment}, 1)": "2026-03-28T01:30:15",
    "=parseDateTime(${moment}).hour": 1, f"=parseDate(${{instant}}, {SSSX})": "2026-03-29T01:30:00Z",
    f"=parseDate(parseDate(${{instant}}, {SSSX}), {SSSX})": "2026-03-29T01:30:00Z", "=parseDateTime(${instant})": "2026-03-29T01:30:00",
    f"=parseDateTime(parseDate(${{instant}}, {SSSX}))": "2026-03-29T01:30:00",
    f"=parseDate(${{instant}}, {SSSX}) > parseDate('2026-03-28T22:00:00Z', {X})": True,
    # Words of the language are text inside of quotes.
    "=concat({'a new '}, {' boat'})": ["a new ", " boat"], "=join(',', {'new one', 'old one'})": "new one,old one", "='new year'": "new year",
}  # fmt: skip


@pytest.mark.parametrize("expression", VALUES)
def test_a_formula_has_the_value_that_it_has_there(expression: str):
    found = said(expression)
    assert found == VALUES[expression]
    assert type(found) is type(VALUES[expression])


REFUSED = [
    # Not there, not finished.
    "${nobody}", "Dear ${nobody}", "=nobody*3", "=222+", "=four+", "=10*3-",
    # Accessors that are none.
    "${ }", "${a..b}", "${.ship}", "${ship.}", "${ship[berth]}", "${ship['berth]}", "${rows[1a]}", "${ship['berth']x}", "${1st}", "${ship.1st}",
    # Out of the language, with and without blanks and tabs between.
    "=T(java.lang.Integer).valueOf(four)", "=T (java.lang.Runtime).getRuntime ().exec ('id')", "=T\t(java.lang.System).out", "${T(java.lang.System)}",
    "=${moment}.getHour()", "=${moment} .getHour ()", "=${moment.getHour()}", "${moment.getHour()}", "=new ProcessBuilder('id')",
    "=new ProcessBuilder({'sh','-c','id'}) .start ()", "=new\tjava.net.Socket('x', 1)", "=(new ProcessBuilder('id'))",
    "=new java.lang.String('x') + new java.lang.String('y')", "={1,2}.![T (java.lang.System)]", "={1,2}.?[#this > T (java.lang.Integer).parseInt ('1')]",
    "=@anyBean",
    # Kinds that do not fit.
    "=equalsIgnoreCase(${six}, ${given})", "=parseDate(${four})", f"=${{instant}} > parseDate('2026-03-28T22:00:00Z', {X})",
]  # fmt: skip


@pytest.mark.parametrize("expression", REFUSED)
def test_what_has_no_value_there_fails_here_and_stays_as_written_where_a_run_is_lenient(expression: str):
    with pytest.raises(ExpressionError):
        said(expression)
    assert said(expression, strict=False) == expression


def test_lenient_text_gives_what_it_can():
    assert said("${given} ${nobody}", strict=False) == "Zoë ${nobody}"


def test_what_an_expression_says_is_never_an_expression_again():
    scope = Scope({"code": "=1 + 1", "path": "${secret}", "secret": "x"})
    assert evaluate({"a": "=code", "b": "${code}", "c": "${path}", "d": "see ${path}"}, scope) == {
        "a": "=1 + 1", "b": "=1 + 1", "c": "${secret}", "d": "see ${secret}",
    }  # fmt: skip
