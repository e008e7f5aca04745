"""The page that says of every endpoint of Copper's API whether it is served, and whether a golden pair proves it.

An endpoint is verified when a golden pair holds a successful answer of it, whole: `make test` plays all of them against the
server, on both databases.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cuprum.api.openapi.document import endpoints
from cuprum.api.routes import BASE, developer_api

_ROOT = Path(__file__).parents[1]
_CONTRACT = Path(__file__).with_name("copper_endpoints.txt")
_GOLDEN = _ROOT / "tests" / "golden"

_HEAD = """\
# Coverage

Of the {all} endpoints of Copper's Developer API v1, {verified} are verified, {unverified} are served but not verified,
{missing} are not served yet.

- **verified**: a pair of `tests/golden/`, written from the contract, holds a successful answer, compared key by key on both
  databases.
- **unverified**: served and described in [api.md](api.md), without such a pair.
- **not served**: answers 404.

Wherever PUT is served, PATCH is too. What Cuprum offers beyond Copper's API stands in [api.md](api.md) under `/automation/v1`.
"""


@dataclass(frozen=True)
class Line:
    """One endpoint of the contract and the golden stories that hold an answer of it."""

    method: str
    path: str
    section: str
    is_served: bool
    stories: tuple[str, ...]

    @property
    def state(self) -> str:
        if not self.is_served:
            return "not served"
        return "verified" if self.stories else "unverified"


def page() -> str:
    lines = list(_lines())
    states = [line.state for line in lines]
    counts = {name: states.count(name) for name in ("verified", "unverified", "not served")}
    head = _HEAD.format(
        all=len(lines), verified=counts["verified"], unverified=counts["unverified"], missing=counts["not served"]
    )
    rows = [f"| {one.method} | `{one.path}` | {one.section} | {one.state} | {_shown(one)} |" for one in lines]
    return (
        "\n".join([head, "| Method | Path | Contract | State | Golden pairs |", "| --- | --- | --- | --- | --- |", *rows]) + "\n"
    )


def _shown(line: Line) -> str:
    links = [f"[{story.removesuffix('.json')}](../../tests/golden/{story})" for story in line.stories[:3]]
    further = len(line.stories) - len(links)
    return ", ".join(links) + (f" and {further} more" if further else "")


def _lines() -> Iterator[Line]:
    served = {(one.method, _shape(one.path)) for one in endpoints([developer_api()])}
    contract = [_read(line) for line in _CONTRACT.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    stories: dict[tuple[str, str], list[str]] = {}
    for method, asked, story in _answers():
        fitting = [path for one, path, _ in contract if one == method and _fits(path, asked)]
        if fitting:
            # `/users/me` fits `/users/{id}` too: it proves the path that says more.
            stories.setdefault((method, min(fitting, key=lambda path: path.count("{"))), []).append(story)
    for method, path, section in contract:
        own = path.split("/")[1]
        # The stories of the resource itself tell the most.
        proof = tuple(sorted(set(stories.get((method, path), ())), key=lambda story: (not story.startswith(f"{own}/"), story)))
        yield Line(method, path, section, _is_served(method, path, served), proof)


def _read(line: str) -> tuple[str, str, str]:
    method, path, section = line.split(" ", 2)
    return method, path, section


def _answers() -> Iterator[tuple[str, str, str]]:
    """Method, path and file of every golden step whose successful answer is compared."""
    for file in sorted(one for one in _GOLDEN.rglob("*.json") if one.parent.name != "shapes"):
        for step in json.loads(file.read_text(encoding="utf-8"))["steps"]:
            if step["response"]["status"] == 200 and "body" in step["response"]:
                yield step["request"]["method"], step["request"]["path"], str(file.relative_to(_GOLDEN))


def _fits(path: str, asked: str) -> bool:
    parts, given = path.strip("/").split("/"), asked.strip("/").split("/")
    return len(parts) == len(given) and all(one.startswith("{") or one == other for one, other in zip(parts, given, strict=True))


def _is_served(method: str, path: str, served: set[tuple[str, str]]) -> bool:
    shape = _shape(BASE + path)
    return (method, shape) in served or any(one == method and _fits(other, shape) for one, other in served)


def _shape(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
