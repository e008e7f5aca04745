"""Workflow files as text: taken in, edited as they stand, given out."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from cuprum.automation import workflows
from cuprum.automation.workflow_file import BadWorkflow, Trouble, read_workflow
from cuprum.automation.workflows import Kept
from cuprum.kit import jsonio
from cuprum.kit.errors import Conflict, CuprumError, NotFound, Unauthenticated
from cuprum.records.work import Work
from cuprum.web.desk import answered, told, work_of
from cuprum.web.pages.automations.guard import only_admins
from cuprum.web.visit import GoTo, Page, Visit, visit_of

KINDS = {"yaml": "application/yaml", "json": "application/json"}


def edition(kept: Kept) -> str:
    """Another one as soon as somebody has saved something else."""
    return str(kept.version)


def paste(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """A form for a file that somebody has."""
    only_admins(work)
    return _page(visit, None, visit.fields.get("text", ""), trouble)


def take(work: Work, visit: Visit) -> GoTo:
    only_admins(work)
    read = _read(_typed(visit))
    name = visit.fields.get("name", "").strip() or workflows.free_name(work.connection, str(read.get("label") or ""))
    if any(one.name == name for one in workflows.all_of(work.connection)):
        raise Conflict(f"There is an automation called {name} already: give this one another name.")
    kept = workflows.add(work.connection, read, name=name, user_id=work.actor.user_id, text=_typed(visit), group=work.group)
    return GoTo(f"/automations/{kept.id}", done="")


def text(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """The whole file of one automation."""
    only_admins(work)
    kept = workflows.by_id(work.connection, visit.id)
    return _page(visit, kept, visit.fields.get("text", kept.text(name=".yaml")), trouble)


def save(work: Work, visit: Visit) -> GoTo:
    only_admins(work)
    kept = workflows.by_id(work.connection, visit.id)
    if visit.fields.get("was") != edition(kept):
        raise Conflict(
            "Somebody else saved this automation meanwhile. What you typed is below: copy it, load the page again, and put it in."
        )
    read, text = _read(_typed(visit)), _typed(visit)
    workflows.change(work.connection, visit.id, read=read, text=text, user_id=work.actor.user_id, group=work.group)
    return GoTo(f"/automations/{visit.id}", done="")


def _typed(visit: Visit) -> str:
    return visit.fields.get("text", "").replace("\r\n", "\n")


def _read(text: str) -> dict[str, Any]:
    read = read_workflow(text)
    try:
        jsonio.text(read)
    except (TypeError, ValueError, UnicodeEncodeError) as trouble:
        raise BadWorkflow(Trouble("", f"the file cannot be kept: {trouble}")) from None
    return read


def _page(visit: Visit, kept: Any, content: str, trouble: CuprumError | None) -> Page:
    troubles = trouble.troubles if isinstance(trouble, BadWorkflow) else [trouble] if trouble else []
    words = {
        "kept": kept, "content": content, "troubles": troubles, "name": visit.fields.get("name", ""),
        "was": visit.fields.get("was") or (edition(kept) if kept else ""),
    }  # fmt: skip
    return Page("automations/file.html", words, status=trouble.status if trouble else 200)


async def download(request: Request) -> Response:
    """The file with every key that it had, as YAML or as JSON."""
    state, visit = request.app.state.cuprum, visit_of(request, [])
    kind = visit.parameters["kind"]

    def found(connection: Any) -> tuple[str, str]:
        work, _ = work_of(connection, state, visit)
        only_admins(work)
        if kind not in KINDS:
            raise NotFound
        kept = workflows.by_id(connection, visit.id)
        return kept.name, kept.text(name=f".{kind}")

    try:
        name, content = await state.database.read(found)
    except Unauthenticated:
        return await answered(request, visit, told(Unauthenticated()))
    except CuprumError as trouble:
        return await answered(request, visit, told(trouble))
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in " -_") else "_" for letter in name)
    headers = {
        "Content-Disposition": f'attachment; filename="{plain.strip() or "automation"}.{kind}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=KINDS[kind], headers=headers)
