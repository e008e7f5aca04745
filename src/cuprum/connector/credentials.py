"""Who calls: the headers of an API key or of an OAuth token (copper-api/part1.md §1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Credentials(Protocol):
    def headers(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class ApiKey:
    """Copper's three headers."""

    email: str
    key: str = field(repr=False)

    def headers(self) -> Mapping[str, str]:
        return {
            "X-PW-AccessToken": self.key,
            "X-PW-Application": "developer_api",
            "X-PW-UserEmail": self.email,
        }


@dataclass(frozen=True)
class Bearer:
    """An OAuth 2.0 access token."""

    access_token: str = field(repr=False)

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.access_token}"}
