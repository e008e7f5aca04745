"""Reports: figures of a period, an owner and a pipeline that stand in the address; each figure opens the list of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from cuprum.kit.errors import Invalid, NotFound
from cuprum.records.reports.asked import CUSTOM, NONE, PERIODS, Asked, read_asked
from cuprum.records.reports.catalogue import REPORTS, Report
from cuprum.records.work import Work
from cuprum.web.pages.reports.charts import chart_of, outcome
from cuprum.web.shown import Shown
from cuprum.web.visit import Download, GoTo, Page, Visit

Groups = list[tuple[str, list[tuple[Any, str]]]]

_TITLES = {
    "sales_by_owner": "Sales by owner", "forecast": "Forecast", "stage_funnel": "Stage conversion", "won_and_lost": "Won and lost"
}  # fmt: skip
_ASKED = ("period", "from", "to", "owner_id", "pipeline_id")
_AHEAD = "next_"


def first_report(work: Work, visit: Visit) -> GoTo:
    return GoTo(_address(next(iter(REPORTS)), _state(visit)), done="")


def report_page(work: Work, visit: Visit) -> Page | GoTo:
    name, report = _report(visit)
    state = _state(visit)
    if not visit.is_part and state != {one: visit.query[one] for one in _ASKED if one in visit.query}:
        # What a form without script sends beside: the address that is passed on says what is shown, and no more.
        return GoTo(_address(name, state), done="")
    asked, problems = _asked(work, visit, report)
    words = {
        "name": name, "title": _TITLES[name], "problems": dict.fromkeys(_ASKED, "") | problems,
        "path": f"/reports/{name}", "is_asked": bool(state),
        "tabs": [(_address(one, state), _TITLES[one], one == name) for one in REPORTS],
        "csv": _address(f"{name}.csv", state), "is_narrowed": "owner_id" in state or "pipeline_id" in state,
        "period": visit.query.get("period") or (CUSTOM if {"from", "to"} & state.keys() else report.period),
        "periods": _periods(), "typed": dict.fromkeys(_ASKED, "") | state, "owners": _owners(work), "pipelines": _pipelines(work),
        "asked": asked, "currency": work.vocabulary.account["currency"], "rows_of": _rows_of, "outcome": outcome,
    }  # fmt: skip
    if asked:
        words |= _figures(work, visit, name, report, asked)
    return Page("reports/reports.html", words, part="report", status=422 if problems else 200)


def as_csv(work: Work, visit: Visit) -> Download:
    name, report = _report(visit)
    asked = read_asked(work, visit.query, report.period)
    return Download(f"{name}-{asked.first}-{asked.last}.csv", "text/csv", report.as_csv(work, asked))


def _report(visit: Visit) -> tuple[str, Report]:
    name = visit.parameters["report"]
    if name not in REPORTS:
        raise NotFound("There is no such report")
    return name, REPORTS[name]


def _state(visit: Visit) -> dict[str, str]:
    """What was asked, without what is blank, and without days beside a period that has a name."""
    given = {name: visit.query[name] for name in _ASKED if visit.query.get(name)}
    if given.get("period", CUSTOM) != CUSTOM:
        given = {name: value for name, value in given.items() if name not in ("from", "to")}
    return given


def _asked(work: Work, visit: Visit, report: Report) -> tuple[Asked | None, dict[str, str]]:
    try:
        return read_asked(work, _state(visit), report.period), {}
    except Invalid as trouble:
        return None, {one.attribute: one.reason for one in trouble.problems}


def _figures(work: Work, visit: Visit, name: str, report: Report, asked: Asked) -> dict[str, Any]:
    made = report.made(work, asked)
    pipelines, users = work.vocabulary.words["pipeline"], work.vocabulary.words["user"]
    owner = None if asked.owner_id is None else "Nobody's" if asked.owner_id == NONE else users[asked.owner_id]["name"]
    shown = Shown.of(work, visit.languages)
    return {
        "made": made, "outside": asked.search_outside(statuses=["Open"]), "owner": owner,
        "undated": {**asked.search_of_whom(), "statuses": ["Open"], "where": "close_date.empty"},
        "pipeline": pipelines[asked.pipeline_id]["name"] if asked.pipeline_id else None,
        "groups": [(title, rows, chart_of(name, rows, shown)) for title, rows in _parts(work, name, made["rows"])],
        "is_blank": not any(row.get("count") or row.get("entered") for row in made["rows"]),
    }  # fmt: skip


def _parts(work: Work, name: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str | None, list[dict[str, Any]]]]:
    """The rows that stand in one table: a funnel for each pipeline, else all of them."""
    if name != "stage_funnel":
        yield None, rows
        return
    for pipeline in work.vocabulary.words["pipeline"].values():
        own = [row for row in rows if row["pipeline_id"] == pipeline["id"]]
        if any(row["entered"] for row in own):
            yield pipeline["name"], own


def _rows_of(search: Mapping[str, Any]) -> str:
    """The list that such a search of the wire fills."""
    listed = {name: ",".join(map(str, value)) if isinstance(value, list) else value for name, value in search.items()}
    return "/opportunities?" + urlencode(listed, safe=",;")


def _address(name: str, state: Mapping[str, str]) -> str:
    return f"/reports/{name}" + ("?" + urlencode(state) if state else "")


def _periods() -> Groups:
    named = [(one, one.replace("_", " ").capitalize()) for one in PERIODS]
    ahead = [pair for pair in named if pair[0].startswith(_AHEAD)]
    return [
        ("Now and before", [pair for pair in named if pair not in ahead]),
        ("To come", ahead),
        ("Other", [(CUSTOM, "Custom range")]),
    ]


def _owners(work: Work) -> list[tuple[Any, str]]:
    return [*((one["id"], one["name"]) for one in work.vocabulary.living("user")), (NONE, "Nobody")]


def _pipelines(work: Work) -> list[tuple[Any, str]]:
    return [(one["id"], one["name"]) for one in work.vocabulary.living("pipeline") if one["type"] == "opportunity"]
