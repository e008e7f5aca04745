"""Who is asking, and by which way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Role = Literal["owner", "admin", "member"]
ROLES: tuple[Role, ...] = ("owner", "admin", "member")
ADMINS: tuple[Role, ...] = ("owner", "admin")


@dataclass(frozen=True)
class Actor:
    """A user at work. `face` is where they came in (api, web, cli, …), `via` the key or app that acts for them."""

    user_id: int
    role: Role
    name: str
    email: str
    team_ids: tuple[int, ...] = ()
    face: str = "api"
    via: str | None = None

    @property
    def is_admin(self) -> bool:
        return self.role in ADMINS

    @cached_property
    def grantees(self) -> tuple[str, ...]:
        """The names under which records are shared with this user (`record_share.grantee`)."""
        return (f"u{self.user_id}", *(f"t{team}" for team in self.team_ids))
