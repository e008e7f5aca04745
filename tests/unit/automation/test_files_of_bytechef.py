"""Files in every shape that ByteChef's own examples of control flow have: those of today load and run as they are, what comes
later or came before is refused by its name."""

from __future__ import annotations

from typing import Any

import pytest

from cuprum.automation.checking import check_workflow
from cuprum.automation.workflow_file import BadWorkflow, read_workflow
from unit.automation.walked import Walked

NEVER = "{name: lost, type: httpClient/v1/get, parameters: {allowUnauthorizedCerts: false, responseType: JSON, responseContentType: application/octet-stream, fullResponse: false, followAllRedirects: false, followRedirect: false, ignoreResponseCode: false, timeout: 1000, uri: 'https://localhost:8080'}}"  # fmt: skip


def ran(text: str, **inputs: Any) -> Walked:
    workflow = read_workflow(text, name="file.yaml")
    check_workflow(workflow)
    return Walked(workflow["tasks"], **inputs)


def way(kind: str, operation: str, value1: Any, value2: Any) -> Any:
    """Which way a condition of that comparison goes, its values given by inputs of the older, lower-case types."""
    text = f"""
---
label: "Compared"
inputs:
- {{name: "value1", type: "string", required: true}}
- {{name: "value2", type: "string", required: true}}
tasks:
- name: "condition_1"
  type: "condition/v1"
  parameters:
    conditions:
    - - type: "{kind}"
        value1: "${{value1}}"
        operation: "{operation}"
        value2: "${{value2}}"
    caseTrue:
    - {{name: "result", type: "var/v1/set", parameters: {{value: "true branch"}}}}
    caseFalse:
    - {{name: "result", type: "var/v1/set", parameters: {{value: "false branch"}}}}
"""
    (said,) = ran(text, value1=value1, value2=value2).outputs("result").values()
    return said == "true branch"


@pytest.mark.parametrize(
    ("kind", "operation", "value1", "value2", "holds"),
    [
        ("boolean", "EQUALS", "true", "true", True), ("boolean", "EQUALS", "true", "false", False),
        ("boolean", "NOT_EQUALS", "true", "false", True), ("boolean", "EQUALS", True, "true", True),
        ("dateTime", "AFTER", "2026-03-02T10:00:00", "2026-03-01T10:00:00", True),
        ("dateTime", "AFTER", "2026-03-01T10:00:00", "2026-03-02T10:00:00", False),
        ("dateTime", "BEFORE", "2026-03-01", "2026-03-02T00:00:00Z", True),
        ("number", "EQUALS", "8", 8, True), ("number", "NOT_EQUALS", "8", "8.0", False), ("number", "GREATER", "10", "9", True),
        ("number", "LESS", "10", "9", False), ("number", "GREATER_EQUALS", 3, 3, True), ("number", "LESS_EQUALS", 4, 3, False),
        ("string", "EQUALS", "a", "a", True), ("string", "NOT_EQUALS", "a", "a", False), ("string", "CONTAINS", "harbour", "arb", True),
        ("string", "NOT_CONTAINS", "harbour", "arb", False), ("string", "STARTS_WITH", "harbour", "har", True),
        ("string", "ENDS_WITH", "harbour", "our", True), ("string", "EMPTY", "", "any", True), ("string", "EMPTY", "x", "any", False),
        ("string", "REGEX", "harbour", "/HARB/i", True), ("string", "REGEX", "harbour", "[a-h]+", False),
        ("string", "EQUALS_IGNORE_CASE", "Łódź", "łÓDŹ", True),
    ],
)  # fmt: skip
def test_every_comparison_goes_its_way(kind: str, operation: str, value1: Any, value2: Any, holds: bool):
    assert way(kind, operation, value1, value2) is holds


def test_one_of_several_lists_is_enough_and_all_of_a_list_must_hold():
    text = """
label: "Several"
tasks:
- name: "condition_1"
  type: "condition/v1"
  parameters:
    conditions:
    - - {type: "string", value1: "x", operation: "EQUALS", value2: "x"}
      - {type: "string", value1: "x", operation: "EQUALS", value2: "y"}
    - - {type: "string", value1: "z", operation: "EQUALS", value2: "%s"}
    combineOperation: "ANY"
    caseTrue:
    - {name: "result", type: "var/v1/set", parameters: {value: "yes"}}
    caseFalse:
    - {name: "result", type: "var/v1/set", parameters: {value: "no"}}
"""
    assert [list(ran(text % last).outputs().values()) for last in "zw"] == [["yes"], ["no"]]


def test_comparisons_in_their_older_form_are_read_too():
    text = """
tasks:
- name: "condition_1"
  type: "condition/v1"
  parameters:
    conditions:
    - - dateTime: {value1: "${first}", operation: "BEFORE", value2: "${second}"}
    - number: {value1: 1, operation: "GREATER", value2: 2}
    caseTrue:
    - {name: "result", type: "var/v1/set", parameters: {value: "yes"}}
"""
    assert ran(
        text.replace("tasks:", "inputs: [{name: first}, {name: second}]\ntasks:"), first="2026-01-01", second="2026-01-02"
    ).outputs() == {"condition_1/caseTrue/result": "yes"}


RAW = """
label: "Dates"
inputs:
- {name: "rest", type: "string", required: true}
tasks:
- name: "stored"
  type: "var/v1/set"
  parameters:
    value: "2026-08-26T00:00:00.000Z"
- name: "condition_1"
  type: "condition/v1"
  parameters:
    rawExpression: true
    expression: "=LEFT > parseDate(${rest},\\
      \\ \\"yyyy-MM-dd'T'HH:mm:ssX\\")"
    caseTrue:
    - {name: "result", type: "var/v1/set", parameters: {value: "later"}}
    caseFalse:
    - {name: "result", type: "var/v1/set", parameters: {value: "not later"}}
"""


def test_dates_are_compared_by_a_formula_and_text_with_a_date_is_not():
    text = RAW.replace("LEFT", "parseDate(${stored}, \\\"yyyy-MM-dd'T'HH:mm:ss.SSSX\\\")")
    assert ran(text, rest="2026-08-24T22:00:00Z").outputs("result") == {"condition_1/caseTrue/result": "later"}
    walked = ran(RAW.replace("LEFT", "${stored}"), rest="2026-08-24T22:00:00Z")
    assert walked.state == "failed"
    assert "cannot be compared" in walked.error["message"]


def test_a_condition_puts_out_what_its_last_task_does_and_nothing_where_there_is_none():
    text = """
inputs: [{name: code}, {name: secret}]
tasks:
- name: "condition_1"
  type: "condition/v1"
  parameters:
    conditions:
    - - {type: "boolean", value1: "true", operation: "EQUALS", value2: "true"}
    caseTrue: [%s]
    caseFalse: []
- {name: "seen", type: "var/v1/set", parameters: {value: "${condition_1}"}}
"""
    given = {"code": "=secret", "secret": "x"}
    last = "{name: first, type: var/v1/set, parameters: {value: 1}}, {name: last, type: var/v1/set, parameters: {value: '=code'}}"
    # What an input holds is no formula, wherever it is shown.
    assert ran(text % last, **given).outputs("seen") == {"seen": "=secret"}
    assert ran(text % "", **given).outputs("seen") == {"seen": None}


BRANCH = """
label: "Branches"
inputs: [{name: selector, type: integer, required: true}]
tasks:
- name: "branch_1"
  type: "branch/v1"
  parameters:
    expression: "c${selector}"
    cases:
    - key: "c1"
      tasks:
      - {name: "output", type: "var/v1/set", parameters: {value: "one"}}
    - key: "c2"
      value: "literal"
    default:
    - {name: "output", type: "var/v1/set", parameters: {value: "other"}}
- {name: "seen", type: "var/v1/set", parameters: {value: "${branch_1}"}}
"""


@pytest.mark.parametrize(("selector", "seen"), [(1, "one"), (2, "literal"), (3, "other")])
def test_a_branch_puts_out_its_case_its_literal_or_the_rest(selector: int, seen: str):
    assert ran(BRANCH, selector=selector).outputs("seen") == {"seen": seen}


def test_loops_of_every_shape():
    text = """
label: "Loops"
tasks:
- name: "over_range"
  type: "loop/v1"
  parameters:
    items: "=range(1,3)"
    iteratee:
    - {name: "sum1", type: "var/v1/set", parameters: {value: "=1 + over_range.item"}}
    - {name: "sum2", type: "var/v1/set", parameters: {value: "=sum1 + 2"}}
- {name: "over_nothing", type: "loop/v1", parameters: {items: [], iteratee: [{name: noop, type: var/v1/set, parameters: {value: "=null"}}]}}
- name: "switched_off"
  type: "loop/v1"
  parameters:
    loopForever: false
    items: [1, 2]
    iteratee:
    - {name: "skipped", type: "var/v1/set", disabled: true, parameters: {value: "=switched_off.item"}}
- name: "for_ever"
  type: "loop/v1"
  parameters:
    loopForever: true
    iteratee:
    - {name: "turn", type: "var/v1/set", parameters: {value: "=1 + for_ever.index"}}
    - name: "condition_1"
      type: "condition/v1"
      parameters:
        conditions:
        - - {type: "number", value1: "${for_ever.index}", operation: "GREATER", value2: 1}
        caseTrue:
        - {name: "loopBreak_1", type: "loopBreak/v1"}
        caseFalse:
        - {name: "more", type: "var/v1/set", parameters: {value: "=turn + 2"}}
- {name: "after", type: "var/v1/set", parameters: {value: "done"}}
"""
    walked = ran(text)
    assert list(walked.outputs("sum2").values()) == [4, 5, 6]
    assert (list(walked.outputs("noop")), list(walked.outputs("skipped"))) == ([], [])
    assert list(walked.outputs("turn").values()) == [1, 2, 3]
    assert list(walked.outputs("more").values()) == [3, 4]
    assert walked.outputs("after") == {"after": "done"}


def test_an_each_inside_of_an_each_sees_both_items():
    text = """
label: "Each"
tasks:
- name: "each_1"
  type: "each/v1"
  parameters:
    items: "=range(1,3)"
    iteratee:
      name: "each_2"
      type: "each/v1"
      parameters:
        items: "=range(1,3)"
        iteratee:
          name: "both"
          type: "var/v1/set"
          parameters:
            value: "=each_1.item + '_' + each_2.item"
"""
    said = ran(text).outputs("both").values()
    assert sorted(said) == [f"{one}_{other}" for one in (1, 2, 3) for other in (1, 2, 3)]


ON_ERROR = """
label: "On error"
tasks:
- name: "on_error_1"
  type: "on-error/v1"
  parameters:
    main-branch:
    - {{name: "before", type: "var/v1/set", parameters: {{value: "main before"}}}}
    {main}
    - {{name: "after", type: "var/v1/set", parameters: {{value: "main after"}}}}
    on-error-branch:
    - {{name: "rescue", type: "var/v1/set", parameters: {{value: "rescued"}}}}
    {error}
- {{name: "end", type: "var/v1/set", parameters: {{value: "end"}}}}
"""


@pytest.mark.parametrize(
    ("main", "error", "said", "state"),
    [
        ("", "", ["main before", "main after", "end"], "done"),
        (f"- {NEVER}", "", ["main before", "rescued", "end"], "done"),
        (f"- {NEVER[:-1]}, maxRetries: 2}}", "", ["main before", "rescued", "end"], "done"),
        (f"- {NEVER}", f"- {NEVER}", ["main before", "rescued"], "failed"),
    ],
    ids=["no error", "in the main branch", "after retries", "in the error branch too"],
)
def test_errors_go_the_other_way(main: str, error: str, said: list[str], state: str):
    walked = ran(ON_ERROR.format(main=main, error=error))
    assert (list(walked.outputs().values()), walked.state) == (said, state)


def test_errors_inside_of_a_loop_are_caught_at_each_turn():
    inner = "".join(f"      {line}\n" for line in ON_ERROR.format(main=f"- {NEVER}", error="").splitlines()[3:-1])
    text = f"label: x\ntasks:\n- name: loop_1\n  type: loop/v1\n  parameters:\n    items: [1, 2]\n    iteratee:\n{inner}"
    walked = ran(text)
    assert list(walked.outputs("rescue")) == [f"loop_1[{turn}]/on_error_1/on-error-branch/rescue" for turn in (0, 1)]


LATER = {
    "map/v1": "{items: '=range(1,3)', iteratee: [{name: v, type: var/v1/set, parameters: {value: '=t.item'}}]}",
    "parallel/v1": "{tasks: [{name: v, type: var/v1/set, parameters: {value: 1}}]}",
    "fork-join/v1": "{branches: [[{name: v, type: var/v1/set, parameters: {value: 1}}], []]}",
    "graph/v1": "{nodes: [{name: v, type: var/v1/set, parameters: {value: 1}}], transitions: [{from: v, to: v, condition: '=v > 1'}]}",
    "subflow/v1": "{workflowUuid: 'x', inputs: {a: 1}}",
    "terminate/v1": "{message: 'Enough'}",
    "suspend/v1": "{}", "waitForApproval/v1": "{}", "sequence/v1": "{tasks: []}", "temporal/v1/set": "{value: 1}",
}  # fmt: skip


@pytest.mark.parametrize("kind", LATER)
def test_what_does_not_run_here_is_refused_by_name(kind: str):
    text = f"tasks:\n- {{name: before, type: var/v1/set, parameters: {{value: 1}}}}\n- {{name: t, type: {kind}, parameters: {LATER[kind]}}}\n"
    with pytest.raises(BadWorkflow) as bad:
        check_workflow(read_workflow(text))
    assert [str(one) for one in bad.value.troubles] == [f"tasks[1].type: tasks of the type {kind} are not supported"]


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("var", "var/v1/set"), ("branch", "branch/v1"), ("if", "condition/v1"), ("switch", "branch/v1"), ("loop", "loop/v1"),
        ("time/sleep", None), ("io/print", None), ("random/int", None),
    ],
)  # fmt: skip
def test_types_of_before_they_had_versions_are_refused_with_what_they_became(kind: str, meant: str | None):
    with pytest.raises(BadWorkflow) as bad:
        check_workflow({"tasks": [{"name": "t", "type": kind, "startInclusive": 1}]})
    (trouble,) = bad.value.troubles
    assert f"the type {kind} has no version, as {meant or 'var/v1/set'} has" in str(trouble)
    assert ("meant?" in str(trouble)) is (meant is not None)


def test_a_formula_in_the_braces_of_an_accessor_is_refused_with_the_form_of_today():
    with pytest.raises(BadWorkflow, match="anything more is a formula, which begins with ="):
        check_workflow({"tasks": [{"name": "v", "type": "var/v1/set", "parameters": {"value": "${a == b or a gt b}"}}]})


def test_a_task_without_a_name_is_told_by_its_place():
    with pytest.raises(BadWorkflow, match=r"tasks\[0\].name: can't be blank"):
        check_workflow({"tasks": [{"type": "condition/v1", "parameters": {"caseTrue": []}}]})
