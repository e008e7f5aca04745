"""The whole schema in one name: importing it has loaded every table."""

from cuprum.storage import (
    account_tables,
    automation_tables,
    connection_tables,
    event_tables,
    import_tables,
    inbox_tables,
    lookup_tables,
    oauth_tables,
    tables,
    trigger_tables,
    view_tables,
)

metadata = tables.metadata

__all__ = [
    "account_tables",
    "automation_tables",
    "connection_tables",
    "event_tables",
    "import_tables",
    "inbox_tables",
    "lookup_tables",
    "metadata",
    "oauth_tables",
    "tables",
    "trigger_tables",
    "view_tables",
]
