"""Every setting, read from the environment as `CUPRUM_*`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def platform_home() -> Path:
    """The platform's folder for an application's data."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "cuprum"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "cuprum"


class Settings(BaseSettings):
    """One field a setting; its description is its entry in the reference page."""

    model_config = SettingsConfigDict(env_prefix="CUPRUM_", extra="ignore", frozen=True)

    home: Path = Field(default_factory=platform_home, description="Folder of the database, the keys and the files.")
    database_url: str = Field("", description="PostgreSQL address; empty means SQLite in the home.")
    public_url: str = Field("", description="Address at which others reach this server; empty means host and port served.")
    secret_key: str = Field("", repr=False, description="Key that encrypts stored secrets; empty means a file in the home.")
    date_zone: str = Field("", description="Time zone in which custom dates are read and written; empty means the account's.")
    copper_limits: bool = Field(
        False, description="Apply Copper's limits: 180 requests a minute, bulk 3 a second, webhooks 600 a minute."
    )
    search_window: int = Field(
        0, ge=0, description="How many records of one search can be reached (Copper: 100000); 0 means all."
    )
    max_body_bytes: int = Field(5_000_000, ge=1000, description="Largest request body taken, in bytes.")
    max_import_bytes: int = Field(50_000_000, ge=1000, description="Largest CSV file taken for an import, in bytes.")
    webhook_allow_http: bool = Field(
        False, description="Let webhooks, HTTP steps and connections made on the web go to http:// addresses."
    )
    webhook_allow_private: bool = Field(False, description="Let them go to loopback, private and link-local networks.")
    webhook_timeout_seconds: float = Field(10, gt=0, description="How long a webhook's receiver may take to answer.")
    # A receiver that is down for a weekend still gets everything.
    webhook_retries_seconds: Annotated[tuple[float, ...], NoDecode] = Field(
        (5, 30, 120, 600, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400),
        description="Waits before each new attempt of a reliable webhook, in seconds with commas between.",
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        "FULL",
        description="FULL: an answered write survives a power cut. NORMAL: it survives a crash of the process only.",
    )
    reader_threads: int = Field(4, ge=1, le=64, description="Threads (and connections) that read the database.")
    trash_days: int = Field(30, ge=1, description="Days for which deleted records can be restored.")
    poll_seconds: float = Field(
        20, ge=0.1, description="How often triggers look for changes on a server that has no change feed, in seconds."
    )
    census_seconds: float = Field(
        300, ge=0.1, description="How often they look there for what was deleted, by counting every record, in seconds."
    )
    settle_seconds: int = Field(
        3,
        ge=0,
        le=60,
        description="Seconds, by the server's clock, for which such a look leaves a change alone, since more may happen in them; "
        "a change that the server tells of is read at once.",
    )
    requests_a_minute: int = Field(
        180,
        ge=0,
        description="Most requests a minute through a connection to a server that limits them (Copper: 180); 0 means any.",
    )
    ledger_days: int = Field(
        30, ge=1, description="Days for which events are kept: so long a workflow or `watch` may stand still and lose nothing."
    )
    run_days: int = Field(90, ge=1, description="Days for which runs of workflows that are done or discarded are kept.")
    node_name: str = Field(
        "main", pattern=r"^[A-Za-z0-9_-]{1,40}$", description="Name of this process among those that share a database."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["auto", "human", "json"] = Field("auto", description="auto: human on a terminal, JSON elsewhere.")

    @field_validator("date_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        if name and name not in available_timezones():
            raise ValueError(f"{name} is not a time zone; an example is Europe/Lisbon")
        return name

    @field_validator("webhook_retries_seconds", mode="before")
    @classmethod
    def _are_waits(cls, given: Any) -> Any:
        return [wait for wait in given.split(",") if wait.strip()] if isinstance(given, str) else given

    @field_validator("webhook_retries_seconds")
    @classmethod
    def _are_possible_waits(cls, waits: tuple[float, ...]) -> tuple[float, ...]:
        if any(not 0 <= wait <= 30 * 86_400 for wait in waits):
            raise ValueError("each wait must be between 0 seconds and 30 days")
        return waits

    @property
    def is_sqlite(self) -> bool:
        return not self.database_url

    @property
    def sqlite_file(self) -> Path:
        return self.home / "cuprum.db"

    @property
    def engine_file(self) -> Path:
        return self.home / "jobs.db"
