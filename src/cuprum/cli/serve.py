"""`cuprum serve`: the server, in the foreground."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    demo: Annotated[bool, typer.Option("--demo", help="Open a demo account first, where there is none yet.")] = False,
) -> None:
    """Serve the CRM until Ctrl-C. What is being done then is finished first."""
    from cuprum.cli.server import run

    raise typer.Exit(run(host, port, demo=demo))
