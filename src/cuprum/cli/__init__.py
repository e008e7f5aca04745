"""The command line: one file a command, and each loads what it needs only when it runs."""

from __future__ import annotations

import sys

import typer

from cuprum.cli import (
    act,
    apps,
    backup,
    connection,
    doctor,
    export,
    import_file,
    key,
    migrate,
    restore,
    run,
    serve,
    undo,
    user,
    watch,
    workflow,
)
from cuprum.kit.errors import CuprumError

app = typer.Typer(
    name="cuprum",
    help="An open, self-hosted CRM that speaks Copper.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve.serve)
app.add_typer(user.app, name="user")
app.add_typer(key.app, name="key")
app.add_typer(apps.app, name="app")
app.command()(migrate.migrate)
app.command()(doctor.doctor)
app.command("import")(import_file.import_file)
app.command()(export.export)
app.command()(undo.undo)
app.command()(backup.backup)
app.command()(restore.restore)
app.command()(act.catalogue)
app.add_typer(connection.app, name="connection")
app.command()(act.act)
app.command()(act.options)
app.command()(act.samples)
app.command()(watch.watch)
app.command()(run.run)
app.add_typer(workflow.app, name="workflow")


def main() -> None:
    """Run a command; what goes wrong is one sentence on standard error. Exit 1: refused, 2: wrong usage."""
    try:
        app()
    except CuprumError as refusal:
        _end(str(refusal))
    except OSError as trouble:
        _end(f"{trouble.strerror or trouble}{f': {trouble.filename}' if trouble.filename else ''}")


def _end(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    sys.exit(1)
