"""The addresses of automations: the list, runs, and the editor."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.web.desk import Endpoint, asks, does, shows
from cuprum.web.later import Later
from cuprum.web.pages.automations.guard import only_admins

# A whole file stands in the form, and each of its fields once more.
LARGE = {"largest": 2_000_000, "most_fields": 20_000}

listing = Later("cuprum.web.pages.automations.listing")
files = Later("cuprum.web.pages.automations.files")
runs = Later("cuprum.web.pages.automations.runs")
editor = Later("cuprum.web.pages.automations.editor")
versions = Later("cuprum.web.pages.automations.versions")
picking = Later("cuprum.web.pages.automations.picking")
draft = Later("cuprum.web.pages.automations.drafting")


def automation_routes() -> list[Route]:
    return [
        Route("/automations", shows(listing.automations), methods=["GET"]),
        Route("/automations/new", shows(listing.new), methods=["GET"]),
        Route("/automations/runs", shows(runs.runs), methods=["GET"]),
        Route("/automations/runs/retry", asks(runs.retry_all, runs.runs, first=only_admins), methods=["POST"]),
        # Ids of runs that triggers started have slashes.
        Route("/automations/runs/{id:path}/retry", asks(runs.retry, runs.run, first=only_admins), methods=["POST"]),
        Route("/automations/runs/{id:path}/discard", does(runs.discard, runs.run), methods=["POST"]),
        Route("/automations/runs/{id:path}", shows(runs.run), methods=["GET"]),
        Route("/automations/file", shows(files.paste), methods=["GET"]),
        Route("/automations/file", changes(does(files.take, files.paste, **LARGE)), methods=["POST"]),
        Route("/automations/edit", asks(editor.begin, first=only_admins), methods=["GET"]),
        Route("/automations/{id:int}", asks(editor.begin, first=only_admins), methods=["GET"]),
        Route("/automations/draft", asks(draft.change, draft.again, first=only_admins, **LARGE), methods=["POST"]),
        Route("/automations/draft/check", asks(draft.check, draft.again, first=only_admins, **LARGE), methods=["POST"]),
        Route("/automations/draft/options", asks(picking.options, None, first=only_admins, **LARGE), methods=["POST"]),
        Route("/automations/draft/try", asks(draft.try_out, draft.again, first=only_admins, **LARGE), methods=["POST"]),
        Route("/automations/draft/save", changes(does(draft.save, draft.again, **LARGE)), methods=["POST"]),
        Route("/automations/{id:int}/switch", changes(does(listing.switch, listing.automations)), methods=["POST"]),
        Route("/automations/{id:int}/start", asks(listing.start, listing.automations, first=only_admins), methods=["POST"]),
        Route("/automations/{id:int}/remove", shows(listing.ask_to_remove), methods=["GET"]),
        Route("/automations/{id:int}/remove", changes(does(listing.remove)), methods=["POST"]),
        Route("/automations/{id:int}/file", shows(files.text), methods=["GET"]),
        Route("/automations/{id:int}/file", changes(does(files.save, files.text, **LARGE)), methods=["POST"]),
        Route("/automations/{id:int}/versions", shows(versions.versions), methods=["GET"]),
        Route("/automations/{id:int}/versions/{number:int}", shows(versions.version), methods=["GET"]),
        Route(
            "/automations/{id:int}/versions/{number:int}/restore",
            changes(does(versions.restore, versions.versions)),
            methods=["POST"],
        ),
        Route("/automations/{id:int}/download.{kind}", download, methods=["GET"]),
    ]


def changes(endpoint: Endpoint) -> Endpoint:
    """A write after which the clock and the triggers are to look at the workflows again, at once."""

    async def then(request: Request) -> Response:
        answer = await endpoint(request)
        request.app.state.cuprum.workflows_changed()
        return answer

    return then


async def download(request: Request) -> Response:
    answer: Response = await files.download(request)
    return answer
