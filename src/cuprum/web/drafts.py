"""What was typed when the session had ended: it goes along through signing in, and is sent again when its author says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from cuprum.auth.sessions import form_token
from cuprum.kit.forms import Pairs
from cuprum.web.browser import local_path
from cuprum.web.page import page
from cuprum.web.visit import Visit

# A draft is encoded once more inside of the form that carries it.
LARGEST = 250_000


@dataclass(frozen=True)
class Draft:
    """The fields of a form, where it goes, and the page to go on to without it."""

    path: str
    fields: Pairs
    go_on: str

    @classmethod
    def of(cls, visit: Visit) -> Draft:
        # What is secret is typed again.
        kept = [(name, value) for name, value in visit.form if "password" not in name]
        return cls(visit.here, kept, visit.next("/home"))

    @classmethod
    def given(cls, form: Mapping[str, str]) -> Draft | None:
        """As a sign-in page carried it along."""
        if not form.get("draft"):
            return None
        fields = parse_qsl(form["draft"], keep_blank_values=True, errors="replace")
        return cls(local_path(form.get("draft_path", "/")), fields, local_path(form.get("next", "/home")))

    @property
    def text(self) -> str:
        return urlencode(self.fields)


async def ask_to_sign_in(request: Request, draft: Draft) -> Response:
    return await page(
        request, "sign_in.html", 401, who=None, go_on=draft.go_on, email="", trouble=None, draft=draft
    )  # fmt: skip


async def offered(request: Request, draft: Draft, secret: str, name: str) -> Response:
    """After signing in: what was typed, to be sent by whoever is signed in now."""
    return await page(request, "draft.html", draft=draft, name=name, new_token=form_token(secret))
