"""What a page is told of the request, and what it answers: a page, a part of one, or the way to another."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

from cuprum.kit.errors import NotFound
from cuprum.kit.forms import Pairs
from cuprum.web.browser import address_here, is_safe, local_path, or_new, secret_of, told_of
from cuprum.web.packing import may_pack

THEMES, DENSITIES = ("light", "dark"), ("comfortable", "compact")


@dataclass(frozen=True)
class Visit:
    """A request of a browser. `is_part` when a script asks for a part of the page it already shows, `may_pack` when the answer
    may be compressed."""

    path: str
    parameters: dict[str, str]
    query: dict[str, str]
    form: Pairs
    is_part: bool
    secret: str
    is_safe: bool
    theme: str | None
    density: str
    languages: str
    # Where the browser is.
    network_address: str = ""
    hides_starter: bool = False
    # A single letter acts where somebody meant to dictate, or hit it in passing.
    keys_are_off: bool = False
    may_pack: bool = False
    # Where others find this server.
    address: str = ""
    # The query with keys that come several times.
    repeated: tuple[tuple[str, str], ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        """The fields of the form that come once."""
        return dict(self.form)

    @property
    def pairs(self) -> Pairs:
        """What was typed, be it in a form or in the address."""
        return self.form or list(self.repeated)

    @property
    def id(self) -> int:
        return self.number("id")

    def number(self, parameter: str) -> int:
        """A number in the path; raises NotFound for one that no database holds."""
        number = int(self.parameters[parameter])
        if number >= 2**63:
            raise NotFound
        return number

    @property
    def here(self) -> str:
        """This page with its state, without what is said once: what was just done, and what a script has seen already."""
        left = {name: value for name, value in self.query.items() if name not in ("done", "seen")}
        return self.path + ("?" + urlencode(left) if left else "")

    def at(self, address: str) -> Visit:
        """The same visit as it would be at another address."""
        path, _, query = address.partition("?")
        return replace(self, path=path, query=dict(parse_qsl(query)))

    def next(self, otherwise: str) -> str:
        """Where the form wants to go on to, if that is here."""
        return local_path(self.fields.get("next") or otherwise)


def visit_of(request: Request, form: Pairs) -> Visit:
    theme = request.cookies.get("theme")
    query = request.scope["query_string"].decode("ascii", "replace")
    return Visit(
        path=request.url.path,
        parameters=dict(request.path_params),
        query=dict(parse_qsl(query, errors="replace", max_num_fields=None)),
        form=form,
        is_part=request.headers.get("hx-request") == "true" and "hx-history-restore-request" not in request.headers,
        secret=or_new(secret_of(request)),
        is_safe=is_safe(request),
        theme=theme if theme in THEMES else None,
        density=DENSITIES[request.cookies.get("density") == DENSITIES[1]],
        languages=request.headers.get("accept-language", ""),
        network_address=told_of(request)[1],
        hides_starter=request.cookies.get("starter") == "hidden",
        keys_are_off=request.cookies.get("keys") == "off",
        may_pack=may_pack(request),
        address=address_here(request),
        repeated=tuple(parse_qsl(query, errors="replace", max_num_fields=None)),
    )


@dataclass(frozen=True)
class Page:
    """A template filled with words; a script that asked for a part gets only the block `part`."""

    template: str
    words: dict[str, Any] = field(default_factory=dict)
    part: str | None = None
    status: int = 200


@dataclass(frozen=True)
class GoTo:
    """On to another page; `done` is the group of changes that it tells of, with its undo: what was just done when None, and
    nothing when empty, where there is no way back."""

    path: str
    done: str | None = None

    @property
    def address(self) -> str:
        if not self.done:
            return self.path
        whole, sign, place = self.path.partition("#")
        path, _, query = whole.partition("?")
        left = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "done"]
        return path + "?" + urlencode([*left, ("done", self.done)]) + sign + place


@dataclass(frozen=True)
class Unchanged:
    """For a script that asks again: what it shows is still so."""


@dataclass(frozen=True)
class News:
    """For a script that asks again: whether what it shows is old, and the place in the change log that it knows now."""

    seen: str
    is_any: bool


@dataclass(frozen=True)
class Download:
    """A file for the user to keep."""

    name: str
    media_type: str
    content: str


Answer = Page | GoTo | Unchanged | News | Download
