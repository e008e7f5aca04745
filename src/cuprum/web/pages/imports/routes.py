"""The addresses of the imports."""

from __future__ import annotations

from starlette.routing import Route

from cuprum.web.desk import does, shows
from cuprum.web.pages.imports import listed, one, plan, start, trial, upload


def imports_routes() -> list[Route]:
    here = "/imports/{id:int}"
    return [
        Route("/imports", shows(listed.imports_page), methods=["GET"]),
        Route("/imports/new", shows(upload.new_import), methods=["GET"]),
        Route("/imports/new", upload.upload, methods=["POST"]),
        Route(here, shows(one.import_page), methods=["GET"]),
        Route(f"{here}/plan", shows(plan.plan_page), methods=["GET"]),
        Route(f"{here}/plan", plan.save_plan, methods=["POST"]),
        Route(f"{here}/trial", shows(trial.trial_page), methods=["GET"]),
        Route(f"{here}/start", start.start, methods=["POST"]),
        Route(f"{here}/cancel", does(one.cancel), methods=["POST"]),
        Route(f"{here}/forget", start.forget, methods=["POST"]),
        Route(f"{here}/left-out.csv", one.left_out, methods=["GET"]),
    ]
