"""The addresses of the web face."""

from __future__ import annotations

from starlette.routing import Route

from cuprum.entities import ENTITIES
from cuprum.web.arrangement import MAIN
from cuprum.web.desk import does, shows
from cuprum.web.pages.agenda import view as agenda
from cuprum.web.pages.automations.routes import automation_routes
from cuprum.web.pages.board.view import board
from cuprum.web.pages.changes import view as changes
from cuprum.web.pages.connections.routes import connection_routes
from cuprum.web.pages.find.view import find_page
from cuprum.web.pages.home.view import home
from cuprum.web.pages.move import view as moving
from cuprum.web.pages.new import view as forms
from cuprum.web.pages.record import view as record
from cuprum.web.pages.records_list.view import records_list
from cuprum.web.pages.settings.routes import settings_routes
from cuprum.web.pages.undo.view import undo
from cuprum.web.pages.webhooks.routes import webhook_routes
from cuprum.web.preferences import prefer
from cuprum.web.suggestions import suggest
from cuprum.web.ways import AGENDA, BOARD


def routes() -> list[Route]:
    return [
        Route("/home", shows(home), methods=["GET"]),
        Route(BOARD, shows(board), methods=["GET"]),
        Route(AGENDA, shows(agenda.agenda), methods=["GET"]),
        Route("/tasks/{id:int}/complete", does(agenda.complete), methods=["POST"]),
        Route("/tasks/put-off", does(agenda.put_off), methods=["POST"]),
        Route("/opportunities/{id:int}/move", shows(moving.ask), methods=["GET"]),
        Route("/opportunities/{id:int}/move", does(moving.move, moving.ask), methods=["POST"]),
        *(route for entity in MAIN for route in _of_records(ENTITIES[entity].plural)),
        Route("/find", shows(find_page), methods=["GET"]),
        Route("/suggest/{entity}", shows(suggest), methods=["GET"]),
        Route("/changes", shows(changes.recent), methods=["GET"]),
        Route("/changes/{group}", shows(changes.group), methods=["GET"]),
        Route("/undo/{group}", undo, methods=["POST"]),
        *settings_routes(),
        *automation_routes(),
        *connection_routes(),
        *webhook_routes(),
        Route("/preferences", prefer, methods=["POST"]),
    ]


def _of_records(plural: str) -> list[Route]:
    one = f"/{plural}/{{id:int}}"
    return [
        Route(f"/{plural}", shows(records_list), methods=["GET"]),
        Route(f"/{plural}/new", shows(forms.new_record), methods=["GET"]),
        Route(f"/{plural}/new", does(forms.create, forms.new_record), methods=["POST"]),
        Route(one, shows(record.record_page), methods=["GET"]),
        Route(f"{one}/edit", shows(forms.edit_record), methods=["GET"]),
        Route(f"{one}/edit", does(forms.save, forms.edit_record), methods=["POST"]),
        Route(f"{one}/fields/{{fact}}", shows(record.edit_fact), methods=["GET"]),
        Route(f"{one}/fields/{{fact}}", does(record.save_fact, record.edit_fact), methods=["POST"]),
        Route(f"{one}/fields/{{fact}}/shown", shows(record.show_fact), methods=["GET"]),
        Route(f"{one}/activities", does(record.log_activity, record.log_again), methods=["POST"]),
        Route(f"{one}/delete", does(record.remove), methods=["POST"]),
    ]
