"""What the nodes that hold tasks do, and what expressions see of it; walked in memory, where nothing has to survive."""

from __future__ import annotations

from typing import Any

import pytest

from cuprum.automation import history
from cuprum.automation.checking import check_workflow
from cuprum.automation.interpreter import MOST_ROUNDS
from cuprum.automation.workflow_file import BadWorkflow
from unit.automation.walked import Walked, var


def condition(expression: Any, **further: Any) -> dict[str, Any]:
    parameters = {"caseTrue": [var("yes", 1)], "caseFalse": [var("no", 0)], **further}
    if expression is not None:
        parameters |= {"rawExpression": True, "expression": expression}
    return {"name": "c", "type": "condition/v1", "parameters": parameters}


@pytest.mark.parametrize(
    ("expression", "branch"),
    [
        ("=1 == 1", "yes"),
        ("=${a} == null", "no"),
        ("=a == '17'", "yes"),
        ("=${a} > 3 && !false", "yes"),
        (False, "no"),
        ("=a == 17.0", "yes"),
    ],
)
def test_a_condition_goes_one_way(expression: Any, branch: str):
    assert list(Walked([condition(expression)], a=17).outputs()) == [f"c/case{'True' if branch == 'yes' else 'False'}/{branch}"]


def one(kind: str, left: Any, operation: str, right: Any = None) -> dict[str, Any]:
    return {"type": kind, "value1": left, "operation": operation, "value2": right}


@pytest.mark.parametrize(
    ("comparison", "holds"),
    [
        (one("string", "${a}", "EQUALS", 17), True),
        (one("string", "Ana", "EQUALS_IGNORE_CASE", "ANA"), True),
        (one("string", "Ana", "CONTAINS", "n"), True),
        (one("string", "Ana", "NOT_CONTAINS", "n"), False),
        (one("string", "Ana", "STARTS_WITH", "A"), True),
        (one("string", "Ana", "ENDS_WITH", "A"), False),
        (one("string", "", "EMPTY"), True),
        (one("string", "x", "NOT_EQUALS", "x"), False),
        (one("string", "say Hello", "REGEX", "/hello/i"), True),
        (one("string", "say Hello", "REGEX", "hello"), False),
        (one("number", "17", "LESS", 18), True),
        (one("number", 17, "LESS_EQUALS", "17.0"), True),
        (one("number", 17, "GREATER", 17), False),
        (one("number", 17, "GREATER_EQUALS", 17), True),
        (one("boolean", "true", "EQUALS", True), True),
        (one("dateTime", "2026-03-01T10:00:00+01:00", "BEFORE", "2026-03-01T09:30:00Z"), True),
        (one("dateTime", "2026-03-01", "AFTER", "2026-02-28"), True),
    ],
)
def test_every_comparison(comparison: dict[str, Any], holds: bool):
    walked = Walked([condition(None, conditions=[[comparison]])], a="17")
    assert walked.state == history.DONE, walked.error
    assert list(walked.outputs().values()) == [1 if holds else 0]


def test_one_list_of_conditions_must_hold_altogether():
    yes, no = one("number", 1, "EQUALS", 1), one("number", 1, "EQUALS", 2)
    assert list(Walked([condition(None, conditions=[[yes, no], [yes]])]).outputs().values()) == [1]
    assert list(Walked([condition(None, conditions=[[yes, no], [no]])]).outputs().values()) == [0]


def test_a_comparison_that_cannot_be_made_is_an_error_of_that_node():
    walked = Walked([condition(None, conditions=[[one("number", "many", "LESS", 1)]])])
    assert (walked.state, walked.error["place"]) == (history.FAILED, "c")
    assert "no number" in walked.error["message"]


def test_a_branch_takes_the_case_of_its_key_else_the_default():
    cases = [{"key": 1, "tasks": [var("one", 1)]}, {"key": "${b}", "tasks": [var("two", 2)]}]
    branch = {
        "name": "b1",
        "type": "branch/v1",
        "parameters": {"expression": "${a}", "cases": cases, "default": [var("other", 0)]},
    }
    assert list(Walked([branch], a="1", b="x").outputs().values()) == [1]
    assert list(Walked([branch], a="x", b="x").outputs().values()) == [2]
    assert list(Walked([branch], a=3, b="x").outputs().values()) == [0]


def test_what_the_last_task_of_the_way_puts_out_the_condition_or_branch_does():
    def said(task: dict[str, Any], **names: Any) -> Any:
        return Walked([task, var("after", "${" + task["name"] + "}")], **names).outputs("after")["after"]

    assert said(condition("=true", caseTrue=[var("first", 1), var("last", 2)])) == 2
    assert said(condition("=true", caseTrue=[])) is None
    assert said(condition("=true", caseTrue=[var("yes", 1), {**var("off", 2), "disabled": True}])) == 1
    nested = {**condition("=false"), "name": "inner"}
    assert said(condition("=true", caseTrue=[nested])) == 0
    cases = [{"key": "k1", "tasks": [var("one", 1)]}, {"key": "k2", "value": "literal ${b}"}]
    parameters = {"expression": "${a}", "cases": cases, "default": [var("other", 0)]}
    branch = {"name": "b1", "type": "branch/v1", "parameters": parameters}
    assert [said(branch, a=key, b="x") for key in ("k1", "k2", "k3")] == [1, "literal x", 0]


def loop(*tasks: Any, **parameters: Any) -> dict[str, Any]:
    return {"name": "l", "type": "loop/v1", "parameters": {"iteratee": list(tasks), **parameters}}


def test_a_loop_goes_through_its_items_in_order():
    walked = Walked([loop(var("v", "=${l.item} * 10 + l.index"), items="${all}")], all=[1, 2, 3])
    assert walked.outputs() == {"l[0]/v": 10, "l[1]/v": 21, "l[2]/v": 32}


def test_a_loop_over_an_object_sees_keys_and_values():
    walked = Walked([loop(var("v", "${l.item.key}=${l.item.value}"), items={"a": 1, "b": 2})])
    assert list(walked.outputs().values()) == ["a=1", "b=2"]


BREAK = {"name": "stop", "type": "loopBreak/v1"}


def test_a_break_ends_the_innermost_loop_alone():
    inner = {**loop(var("v", "${inner.item}"), condition("=inner.item == 2", caseTrue=[BREAK]), items=[1, 2, 3]), "name": "inner"}
    walked = Walked([loop(inner, var("after", "${l.item}"), items=["a", "b"])])
    assert list(walked.outputs("v").values()) == [1, 2, 1, 2]
    assert list(walked.outputs("after").values()) == ["a", "b"]


def test_a_loop_for_ever_goes_on_until_it_breaks():
    walked = Walked([loop(var("v", "${l.index}"), condition("=l.index == 3", caseTrue=[BREAK], caseFalse=[]), loopForever=True)])
    assert list(walked.outputs("v").values()) == [0, 1, 2, 3]


def test_a_loop_that_never_breaks_is_stopped():
    walked = Walked([loop(loopForever=True)])
    assert f"{MOST_ROUNDS:,} times without a loopBreak" in walked.error["message"]


def test_a_break_outside_of_a_loop_is_a_failure():
    assert "outside of a loop" in Walked([BREAK]).error["message"]


@pytest.mark.parametrize("iteratee", [var("v", "${e.item}"), [var("v", "${e.item}")]])
def test_each_item_gets_its_own_task(iteratee: Any):
    walked = Walked([{"name": "e", "type": "each/v1", "parameters": {"items": list(range(20)), "iteratee": iteratee}}])
    assert walked.outputs() == {f"e[{number}]/v": number for number in range(20)}


def test_one_item_that_fails_fails_the_each_when_all_have_ended():
    walked = Walked([{"name": "e", "type": "each/v1", "parameters": {"items": [1, 0, 2], "iteratee": var("v", "=4 / e.item")}}])
    assert (walked.state, walked.error["place"]) == (history.FAILED, "e[1]/v")
    assert walked.outputs() == {"e[0]/v": 4, "e[2]/v": 2}


def test_items_that_are_no_list_are_refused():
    assert "items must be a list, not 17" in Walked([loop(items="${a}")], a=17).error["message"]


def test_an_error_goes_to_the_branch_for_errors():
    tries = {
        "name": "t",
        "type": "on-error/v1",
        "parameters": {
            "main-branch": [var("first", 1), var("breaks", "=1 / 0"), var("never", 1)],
            "on-error-branch": [var("told", "${t.error.node}: ${t.error.message}")],
        },
    }
    walked = Walked([tries, var("after", 2)])
    assert walked.state == history.DONE
    assert list(walked.outputs()) == ["t/main-branch/first", "t/on-error-branch/told", "after"]
    assert walked.outputs()["t/on-error-branch/told"].startswith("breaks: ")


def test_tasks_before_after_and_always():
    task = {**var("v", "=1 / a"), "pre": [var("before", 1)], "post": [var("after", 2)], "finalize": [var("always", 3)]}
    assert list(Walked([task], a=1).outputs()) == ["v/pre/before", "v", "v/post/after", "v/finalize/always"]
    failed = Walked([task], a=0)
    assert (failed.state, list(failed.outputs())) == (history.FAILED, ["v/pre/before", "v/finalize/always"])


def wait(kind: str, **parameters: Any) -> dict[str, Any]:
    return {"name": "w", "type": kind, "parameters": parameters}


@pytest.mark.parametrize(
    ("task", "seconds"),
    [
        (wait("wait/v1/afterTimeInterval", amount=2, unit="MINUTES"), 120),
        (wait("wait/v1/afterTimeInterval", amount="${a}", unit="DAYS"), 17 * 86_400),
        (wait("delay/v1/sleep", millis="1500"), 1.5),
        (wait("delay/v1/sleep", millis=0), 0),
    ],
)
def test_waits(task: dict[str, Any], seconds: float):
    walked = Walked([task, var("after", "${w.resumedAt}")], a=17)
    assert walked.state == history.DONE, walked.error
    assert sum(walked.slept) == pytest.approx(seconds)


def test_a_wait_for_a_moment_in_the_past_is_none():
    assert Walked([wait("wait/v1/atSpecifiedTime", dateTime="2020-01-01T09:00:00")]).slept == []


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (wait("wait/v1/afterTimeInterval", amount=-1, unit="HOURS"), "amount must be a number from 0"),
        (wait("wait/v1/afterTimeInterval", amount=1, unit="FORTNIGHTS"), "unit must be one of"),
        (wait("wait/v1/afterTimeInterval", amount=2, unit="YEARS"), "unit must be one of"),
        (wait("wait/v1/afterTimeInterval", amount=400, unit="DAYS"), "more than a year"),
        (wait("wait/v1/atSpecifiedTime", dateTime="soon"), "dateTime must be a moment"),
    ],
)
def test_waits_that_mean_nothing_fail(task: dict[str, Any], words: str):
    assert words in Walked([task]).error["message"]


def test_an_expression_without_a_value_fails_and_says_where():
    walked = Walked([var("v", {"deep": ["ok", "Dear ${person.nmae}"]})], person={"name": "Ada"})
    assert walked.error["details"]["field"] == "value.deep[1]"
    assert walked.error["details"]["position"] == len("Dear ${person")
    assert "there is no nmae here, only name" in walked.error["message"]


def test_the_later_of_two_tasks_with_one_name_counts():
    walked = Walked([var("v", 1), var("v", 2), var("seen", "${v}")])
    assert walked.outputs() == {"v": 1, "v#2": 2, "seen": 2}


def test_what_the_checks_find_before_anything_runs():
    def troubles(**workflow: Any) -> str:
        with pytest.raises(BadWorkflow) as bad:
            check_workflow(workflow)
        return str(bad.value)

    assert "tasks: a workflow needs a list of tasks" in troubles()
    assert "tasks[0].name: can't be blank" in troubles(tasks=[{"type": "var/v1/set"}])
    assert "nothing here is called nobody" in troubles(tasks=[var("v", "${nobody.x}")])
    assert "maxRetries: must be a whole number from 0 to 100" in troubles(tasks=[{**var("v", 1), "maxRetries": "many"}])
    assert "outputs[0]" in troubles(tasks=[var("v", 1)], outputs=["v"])
    assert "tasks[0].parameters.value" in troubles(tasks=[var("v", "=T(java.lang.Runtime)")])
    assert "is loop/v1 meant?" in troubles(tasks=[{"name": "l", "type": "loops/v1"}])
