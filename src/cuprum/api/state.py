"""What the faces share: the database, the caches, and whom to wake after a commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from cuprum.auth.api_keys import LastUsed
from cuprum.auth.sign_in import SignInLimits
from cuprum.config import Settings
from cuprum.events.log import Listener
from cuprum.records.vocabulary import VocabularyCache
from cuprum.storage.database import Database
from cuprum.storage.oauth_tables import oauth_grant

if TYPE_CHECKING:
    from cuprum.api.copper_limits import CopperLimits
    from cuprum.automation.starting import Starter
    from cuprum.jobs import Engine


@dataclass
class State:
    settings: Settings
    database: Database
    vocabulary: VocabularyCache = field(default_factory=VocabularyCache)
    last_used: LastUsed = field(default_factory=LastUsed)
    grants_last_used: LastUsed = field(default_factory=lambda: LastUsed(oauth_grant))
    limits: CopperLimits | None = None
    listeners: tuple[Listener, ...] = ()
    after_commit: Callable[[], None] = lambda: None
    # Whoever waits for news is answered: the server is to end.
    is_ending: bool = False
    # A notification of another server is in the inbox.
    notified: Callable[[], None] = lambda: None
    # None as long as the engine is not there.
    engine: Callable[[], Engine | None] = lambda: None
    # Whom to tell that workflows were changed.
    workflows_changed: Callable[[], None] = lambda: None

    @cached_property
    def sign_in_limits(self) -> SignInLimits:
        """Failures to sign in, as this process saw them."""
        return SignInLimits()

    def starter(self) -> Starter:
        """What starts runs of workflows."""
        from cuprum.automation.starting import Starter

        return Starter(self.database, self.engine)
