"""The addresses of the web face."""

from __future__ import annotations

from starlette.routing import Route

from cuprum.entities import BY_PLURAL, ENTITIES
from cuprum.records.merge import MERGEABLE
from cuprum.web.arrangement import MAIN
from cuprum.web.desk import does, shows
from cuprum.web.news import news
from cuprum.web.pages.access import view as sight
from cuprum.web.pages.agenda import view as agenda
from cuprum.web.pages.automations.routes import automation_routes
from cuprum.web.pages.board.view import board
from cuprum.web.pages.bulk.view import bulk, progress
from cuprum.web.pages.changes import view as changes
from cuprum.web.pages.connections.routes import connection_routes
from cuprum.web.pages.convert import view as conversion
from cuprum.web.pages.duplicates import view as duplicates
from cuprum.web.pages.find.view import find_page
from cuprum.web.pages.history import view as histories
from cuprum.web.pages.home.view import home
from cuprum.web.pages.imports.routes import imports_routes
from cuprum.web.pages.list_columns.view import columns_page
from cuprum.web.pages.list_export.view import export, export_page
from cuprum.web.pages.list_filter.view import filter_page
from cuprum.web.pages.list_views import view as list_views
from cuprum.web.pages.merge import view as merging
from cuprum.web.pages.move import view as moving
from cuprum.web.pages.new import view as forms
from cuprum.web.pages.notifications import view as inbox
from cuprum.web.pages.record import activity, beside, fact, gone, related
from cuprum.web.pages.record import view as record
from cuprum.web.pages.records_list.view import records_list
from cuprum.web.pages.reports import view as reports
from cuprum.web.pages.samples import view as sample_data
from cuprum.web.pages.settings.routes import settings_routes
from cuprum.web.pages.trash.view import trash_page
from cuprum.web.pages.undo.view import undo
from cuprum.web.pages.webhooks.routes import webhook_routes
from cuprum.web.parts import does_in_parts
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
        Route("/leads/{id:int}/convert", shows(conversion.ask), methods=["GET"]),
        Route("/leads/{id:int}/convert", does(conversion.do, conversion.ask), methods=["POST"]),
        Route(inbox.PATH, shows(inbox.notifications), methods=["GET"]),
        Route(f"{inbox.PATH}/bell", shows(inbox.bell), methods=["GET"]),
        Route(f"{inbox.PATH}/read", does(inbox.read), methods=["POST"]),
        *(route for entity in MAIN for route in _of_records(ENTITIES[entity].plural)),
        Route("/activities/{id:int}/edit", shows(activity.edit), methods=["GET"]),
        Route("/activities/{id:int}/edit", does(activity.save, activity.edit), methods=["POST"]),
        Route("/activities/{id:int}/shown", shows(activity.show), methods=["GET"]),
        Route("/activities/{id:int}/delete", does(activity.remove), methods=["POST"]),
        Route("/trash", shows(trash_page), methods=["GET"]),
        Route("/news", shows(news), methods=["GET"]),
        Route("/find", shows(find_page), methods=["GET"]),
        Route("/suggest/{entity}", shows(suggest), methods=["GET"]),
        Route("/reports", shows(reports.first_report), methods=["GET"]),
        Route("/reports/{report}.csv", shows(reports.as_csv), methods=["GET"]),
        Route("/reports/{report}", shows(reports.report_page), methods=["GET"]),
        Route("/bulk/{group}", shows(progress), methods=["GET"]),
        Route("/changes", shows(changes.recent), methods=["GET"]),
        Route("/changes/{group}", shows(changes.group), methods=["GET"]),
        Route("/undo/{group}", undo, methods=["POST"]),
        *imports_routes(),
        Route("/samples", shows(sample_data.samples), methods=["GET"]),
        Route("/samples/load", sample_data.load, methods=["POST"]),
        Route("/samples/remove", sample_data.remove, methods=["POST"]),
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
        *_of_list(f"/{plural}"),
        Route(f"/{plural}/new", shows(forms.new_record), methods=["GET"]),
        Route(f"/{plural}/new", does(forms.create, forms.new_record), methods=["POST"]),
        *(_of_duplicates(plural) if BY_PLURAL[plural].entity in MERGEABLE else ()),
        Route(one, shows(record.show), methods=["GET"]),
        Route(f"{one}/history", shows(histories.record_history), methods=["GET"]),
        Route(f"{one}/history/restore", does(histories.restore, histories.record_history), methods=["POST"]),
        Route(f"{one}/restore", does(gone.take_out), methods=["POST"]),
        Route(f"{one}/edit", shows(forms.edit_record), methods=["GET"]),
        Route(f"{one}/edit", does(forms.save, forms.edit_record), methods=["POST"]),
        Route(f"{one}/fields/{{fact}}", shows(fact.edit_fact), methods=["GET"]),
        Route(f"{one}/fields/{{fact}}", does(fact.save_fact, fact.edit_fact), methods=["POST"]),
        Route(f"{one}/fields/{{fact}}/shown", shows(fact.show_fact), methods=["GET"]),
        Route(f"{one}/access", shows(sight.access), methods=["GET"]),
        Route(f"{one}/access", does(sight.share, sight.access), methods=["POST"]),
        Route(f"{one}/follow", does(sight.follow), methods=["POST"]),
        Route(f"{one}/related/{{related}}", shows(related.all_related), methods=["GET"]),
        Route(f"{one}/related/{{related}}", does(beside.add, beside.again), methods=["POST"]),
        Route(f"{one}/related/{{related}}/{{other:int}}/remove", does(beside.remove, beside.again), methods=["POST"]),
        Route(f"{one}/tasks/{{task:int}}/complete", does(beside.complete), methods=["POST"]),
        Route(f"{one}/activities", does(record.log_activity, record.log_again), methods=["POST"]),
        Route(f"{one}/delete", does_in_parts(record.remove, record.not_removed), methods=["POST"]),
    ]


def _of_duplicates(plural: str) -> list[Route]:
    return [
        Route(f"/{plural}/duplicates", shows(duplicates.found), methods=["GET"]),
        Route(f"/{plural}/duplicates/told-apart", does(duplicates.told_apart), methods=["POST"]),
        Route(f"/{plural}/alike", shows(duplicates.alike), methods=["GET"]),
        Route(f"/{plural}/merge", shows(merging.compare), methods=["GET"]),
        Route(f"/{plural}/merge", does_in_parts(merging.join, merging.compare), methods=["POST"]),
    ]


def _of_list(plural: str) -> list[Route]:
    """What stands beside a list: its filter, columns, views and file, and what is done with its rows."""
    return [
        Route(f"{plural}/filter", shows(filter_page), methods=["GET"]),
        Route(f"{plural}/columns", shows(columns_page), methods=["GET"]),
        Route(f"{plural}/views", shows(list_views.views_page), methods=["GET"]),
        Route(f"{plural}/views", does(list_views.save_view, list_views.views_page), methods=["POST"]),
        Route(f"{plural}/views/{{id:int}}", shows(list_views.open_view), methods=["GET"]),
        Route(f"{plural}/views/{{id:int}}", does(list_views.change_view, list_views.views_page), methods=["POST"]),
        Route(f"{plural}/export", shows(export_page), methods=["GET"]),
        Route(f"{plural}/export.csv", export, methods=["GET"]),
        Route(f"{plural}/bulk/{{what}}", bulk, methods=["POST"]),
    ]
